"""What revision 0003 adds, in its own words; history once it is released, so never changed after that."""

from rekey.storage.migrations.written import Added, Index, Table

ADDED: tuple[Added, ...] = (
    Added("applications", "return_urls:text", "'[]'"),
    Added("applications", "secret_fingerprint:text", "''"),
    Added("keys", "consent_id:text?"),
    Added("credentials", "deactivated_at:int?"),
    Added("credentials", "changed_at:int?"),
    Added("credentials", "computed:flag", "false"),
    Added("directory_states", "links_door_groups:flag", "false"),
    Added("door_codes", "altered_part:raw?"),
    Added("bundles", "used_door_ids:text", "'[]'"),
    Added("media", "web_key_id:text?"),
    Added("media", "moved_at:int?"),
    Added("media", "former_from:int?"),
    Added("media", "former_until:int?"),
    Added("media", "lateness:text", "'in_time'"),
    Added("door_codes", "wish:text", "''"),
    Added("door_codes", "given_up:flag", "false"),
    Added("door_codes", "settled:int", "0"),
    Added("people", "parted_by:text?"),
)

INDEXES: tuple[tuple[str, Index], ...] = (
    ("media", Index("ix_media_bundle_id", "organization_id bundle_id")),
    (
        "media",
        Index(
            "ix_media_number",
            "organization_id number",
            "ended_at IS NULL AND issued_at IS NULL AND kind = 'card'",
        ),
    ),
    ("credentials", Index("ix_credentials_valid_until", "organization_id valid_until", "computed")),
    (
        "grants",
        Index(
            "ix_grants_scope_kind_holder_kind_number",
            "organization_id scope_kind holder_kind number",
            "until IS NULL",
        ),
    ),
    ("enrolments", Index("ix_enrolments_site_id_number", "organization_id site_id number", "until IS NULL")),
    (
        "grants",
        Index("ix_grants_role", "organization_id role", "until IS NULL AND role <> 'basic'", rows=1_000),
    ),
    (
        "people",
        Index("ix_people_parted_by", "organization_id parted_by", "until IS NULL AND parted_by IS NOT NULL"),
    ),
)

TABLES: tuple[Table, ...] = (
    Table(
        name="consents",
        key="organization_id id",
        columns=(
            "organization_id:text id:text application_id:text operator_id:text return_url:text "
            "return_named:flag challenge:text created_at:int"
        ),
    ),
    Table(
        name="takeovers",
        key="organization_id bundle_id door_id",
        columns="organization_id:text bundle_id:text door_id:text by_bundle_id:text position:int at:int",
    ),
    Table(
        name="former_pins",
        key="organization_id code_id until",
        columns="organization_id:text code_id:text until:int sealed_part:raw",
    ),
    Table(
        name="door_contacts",
        key="organization_id door_id",
        columns="organization_id:text door_id:text trouble:text since:int relocked_at:int?",
    ),
)
