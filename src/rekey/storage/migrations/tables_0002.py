"""What revision 0002 adds, in its own words; history once it is released, so never changed after that."""

from rekey.storage.migrations.written import Added, Index, Table

ADDED: tuple[Added, ...] = (
    Added("journal", "has_parts:flag", "false"),
    Added("credentials", "holder_kind:text", "'person'"),
    Added("credentials", "second_fingerprint:text", "''"),
    Added("credentials", "second_sealed_part:raw?"),
    Added("credentials", "card_type:text", "''"),
    Added("credentials", "identifiers:text", "'[]'"),
    Added("credentials", "door_ids:text", "'[]'"),
    Added("credentials", "max_uses:int?"),
    Added("credentials", "uses:int", "0"),
    Added("credentials", "origin:text", "''"),
    Added("credentials", "made_by:text?"),
    Added("credentials", "last_used_at:int?"),
    Added("credentials", "activated_at:int?"),
    Added("revocations", "holder_kind:text", "'person'"),
    Added("organizations", "sign_in:text", "'{}'"),
    Added("sites", "location:text?"),
    Added("doors", "kind:text", "'door'"),
    Added("doors", "location:text?"),
    Added("door_groups", "conditions:text", "'{}'"),
    Added("door_orders", "circumstances:text", "''"),
    Added("keys", "is_primary:flag", "false"),
    Added("keys", "last_used_at:int?"),
    Added("keys", "idle_seconds:int?"),
    Added("keys", "about:text?"),
    Added("door_orders", "credential_id:text?"),
    Added("door_orders", "link_id:text?"),
    Added("people", "customer_key:text?"),
    Added("doors", "upstream_id:text?"),
    Added("door_groups", "origin:text", "''"),
    Added("door_groups", "external_key:text?"),
    Added("door_groups", "customer_key:text?"),
    Added("people", "is_guest:flag", "false"),
    Added("people", "password_sign_in:flag", "true"),
)

# Indexes of revision 0001 that are made anew below, with another condition.
DROPPED: tuple[tuple[str, str], ...] = (("credentials", "uq_credentials_kind_fingerprint"),)

# Indexes on tables that revision 0001 made.
INDEXES: tuple[tuple[str, Index], ...] = (
    ("people", Index("ix_people_email_number", "organization_id email number")),
    (
        "credentials",
        Index(
            "uq_credentials_kind_fingerprint",
            "organization_id kind fingerprint",
            "state <> 'ended' AND kind <> 'pin'",
        ),
    ),
    ("credentials", Index("ix_credentials_made_by", "organization_id made_by", "state <> 'ended'")),
    ("credentials", Index("ix_credentials_ended_at", "organization_id ended_at", "ended_at IS NOT NULL")),
    ("door_entries", Index("ix_door_entries_person_id_door_id_seq", "organization_id person_id door_id seq")),
    ("journal", Index("ix_journal_action_position", "organization_id action position")),
    ("journal", Index("ix_journal_position", "organization_id position", "has_parts", rows=1_000)),
    ("people", Index("ix_people_customer_key_until", "organization_id customer_key until")),
    ("doors", Index("ix_doors_upstream_id_until", "organization_id upstream_id until")),
    ("door_groups", Index("uq_door_groups_external_key", "organization_id external_key", "until IS NULL")),
    ("door_groups", Index("ix_door_groups_origin_until", "organization_id origin until")),
)

TABLES: tuple[Table, ...] = (
    Table(
        name="links",
        key="organization_id id since",
        columns=(
            "organization_id:text id:text since:int until:int? number:int name:text email:text? phone:text? "
            "made_by:text? for_person_id:text? valid_from:int? valid_until:int? max_uses:int? uses:int "
            "origin:text last_used_at:int? created_at:int updated_at:int ended_at:int?"
        ),
        indexes=(
            Index("ix_links_for_person_id_until", "organization_id for_person_id until"),
            Index("ix_links_made_by", "organization_id made_by", "until IS NULL"),
            Index("uq_links_id", "organization_id id", "until IS NULL"),
            Index("uq_links_number", "organization_id number", "until IS NULL"),
        ),
    ),
    Table(
        name="credential_doors",
        key="organization_id door_id credential_id",
        columns="organization_id:text door_id:text credential_id:text",
        indexes=(Index("ix_credential_doors_credential_id", "organization_id credential_id"),),
    ),
    Table(
        name="calendar_rules",
        key="organization_id id since",
        columns=(
            "organization_id:text id:text since:int until:int? number:int subject_kind:text subject_id:text "
            "consequence:text name:text timing:text enabled:flag overrides:flag created_at:int updated_at:int"
        ),
        indexes=(
            Index("ix_calendar_rules_subject_id_until", "organization_id subject_id until"),
            Index("uq_calendar_rules_id", "organization_id id", "until IS NULL"),
            Index("uq_calendar_rules_number", "organization_id number", "until IS NULL"),
        ),
    ),
    Table(
        name="door_hours",
        key="organization_id door_id",
        columns=(
            "organization_id:text door_id:text free_since:int? free_until:int? armed_at:int? armed_until:int? "
            "arrived_at:int? paused_until:int? order_id:text? tries:int due_at:int?"
        ),
        indexes=(Index("ix_door_hours_due_at", "organization_id due_at"),),
    ),
    Table(
        name="challenges",
        key="organization_id id",
        columns=(
            "organization_id:text id:text purpose:text subject_id:text address:text fingerprint:text "
            "sealed_part:raw tries_left:int created_at:int expires_at:int spent_at:int?"
        ),
        indexes=(
            Index("ix_challenges_fingerprint", "organization_id fingerprint"),
            Index("ix_challenges_subject_id_created_at", "organization_id subject_id created_at"),
            Index("ix_challenges_expires_at", "organization_id expires_at"),
        ),
    ),
    Table(
        name="second_factors",
        key="organization_id id",
        columns=(
            "organization_id:text id:text sealed_secret:raw active_at:int? last_step:int "
            "backup_fingerprints:text failures:int failed_at:int?"
        ),
    ),
    Table(
        name="outbox",
        key="organization_id id",
        columns=(
            "organization_id:text id:text sealed_notice:raw subject:text tries:int created_at:int "
            "due_at:int expires_at:int"
        ),
        indexes=(Index("ix_outbox_due_at", "organization_id due_at"),),
    ),
    Table(
        name="upstreams",
        key="organization_id id",
        columns=(
            "organization_id:text id:text number:int name:text driver:text user_name:text customer_key:text? "
            "adopts:flag disconnected_at:int? created_at:int updated_at:int ended_at:int?"
        ),
        indexes=(Index("uq_upstreams_number", "organization_id number"),),
    ),
    Table(
        name="client_sessions",
        key="organization_id id",
        columns=(
            "organization_id:text id:text number:int key_id:text person_id:text? external_key:text? "
            "customer_key:text? upstream_ids:text page_ids:text read_only:flag sealed_token:raw "
            "created_at:int updated_at:int revoked_at:int? ended_at:int?"
        ),
        indexes=(
            Index("ix_client_sessions_customer_key_number", "organization_id customer_key number"),
            Index("ix_client_sessions_external_key_number", "organization_id external_key number"),
            Index("ix_client_sessions_person_id_number", "organization_id person_id number"),
            Index(
                "uq_client_sessions_external_key",
                "organization_id external_key",
                "revoked_at IS NULL AND ended_at IS NULL",
            ),
            Index("uq_client_sessions_key_id", "organization_id key_id"),
            Index("uq_client_sessions_number", "organization_id number"),
        ),
    ),
    Table(
        name="merged_people",
        key="organization_id id",
        columns="organization_id:text id:text survivor_id:text external_key:text? merged_at:int",
        indexes=(
            Index("ix_merged_people_external_key", "organization_id external_key"),
            Index("ix_merged_people_survivor_id", "organization_id survivor_id"),
        ),
    ),
    Table(
        name="documents",
        key="organization_id id",
        columns=(
            "organization_id:text id:text number:int kind:text handle:text? parent_id:text? body:text "
            "created_at:int updated_at:int ended_at:int?"
        ),
        indexes=(
            Index("ix_documents_kind_number", "organization_id kind number"),
            Index("ix_documents_kind_parent_id_number", "organization_id kind parent_id number"),
            Index("uq_documents_kind_handle", "organization_id kind handle", "ended_at IS NULL"),
            Index("uq_documents_number", "organization_id number"),
        ),
    ),
    Table(
        name="applications",
        key="organization_id id",
        columns=(
            "organization_id:text id:text number:int name:text owners:text issuers:text origins:text "
            "keys:text suspended:flag profile:text identity_public:raw identity_sealed:raw created_at:int "
            "updated_at:int ended_at:int?"
        ),
        indexes=(Index("uq_applications_number", "organization_id number"),),
    ),
    Table(
        name="application_urls",
        key="organization_id application_id kind url",
        columns="organization_id:text kind:text url:text application_id:text",
        indexes=(
            Index("ix_application_urls_kind_url", "kind url"),
            Index("uq_application_urls_url", "url", "kind = 'issuer'"),
        ),
    ),
    Table(
        name="foreign_accounts",
        key="organization_id id",
        columns=(
            "organization_id:text id:text application_id:text subject:text name:text? email:text? "
            "email_verified:flag email_listed:flag phone:text? phone_verified:flag phone_listed:flag "
            "told_at:int updated_at:int"
        ),
        indexes=(
            Index("ix_foreign_accounts_application_id_id", "organization_id application_id id"),
            Index(
                "uq_foreign_accounts_application_id_email",
                "organization_id application_id email",
                "email_listed",
            ),
            Index(
                "uq_foreign_accounts_application_id_phone",
                "organization_id application_id phone",
                "phone_listed",
            ),
            Index("uq_foreign_accounts_application_id_subject", "organization_id application_id subject"),
        ),
    ),
    Table(
        name="subscriptions",
        key="organization_id id",
        columns=(
            "organization_id:text id:text number:int form:text name:text url:text events:text site_id:text? "
            "enabled:flag owner_id:text warned_at:int? stopped_at:int? created_at:int updated_at:int "
            "ended_at:int? secret:raw older_secret:raw older_until:int? read_position:int reader:text "
            "held_until:int?"
        ),
        indexes=(
            Index("ix_subscriptions_owner_id_number", "organization_id owner_id number"),
            Index("uq_subscriptions_number", "organization_id number"),
        ),
    ),
    Table(
        name="deliveries",
        key="organization_id id",
        columns=(
            "organization_id:text id:text number:int subscription_id:text position:int event_id:text "
            "event_type:text body:raw state:text attempts:int due_at:int answer:text created_at:int "
            "ended_at:int?"
        ),
        indexes=(
            Index("ix_deliveries_ended_at", "organization_id ended_at", "ended_at IS NOT NULL"),
            Index(
                "ix_deliveries_subscription_id_due_at",
                "organization_id subscription_id due_at",
                "ended_at IS NULL",
                rows=1_000,
            ),
            Index("ix_deliveries_subscription_id_number", "organization_id subscription_id number"),
        ),
    ),
    Table(
        name="file_parts",
        key="organization_id document_id name place",
        columns="organization_id:text document_id:text name:text place:int content:raw",
        indexes=(),
    ),
    Table(
        name="handovers",
        key="organization_id id",
        columns=(
            "organization_id:text id:text number:int from_person_id:text to_person_id:text state:text "
            "named_at:int created_at:int settled_at:int?"
        ),
        indexes=(
            Index("uq_handovers_number", "organization_id number"),
            Index("uq_handovers_state", "organization_id state", "state = 'offered'"),
        ),
    ),
    Table(
        name="directory_entries",
        key="organization_id id",
        columns=(
            "organization_id:text id:text kind:text name:text folded_name:text external_id:text? "
            "attributes:text created_at:int updated_at:int"
        ),
        indexes=(
            Index("uq_directory_entries_kind_external_id", "organization_id kind external_id"),
            Index("uq_directory_entries_kind_folded_name", "organization_id kind folded_name"),
        ),
    ),
    Table(
        name="directory_states",
        key="organization_id id",
        columns=(
            "organization_id:text id:text enabled:flag configured:flag ends_sign_ins:flag "
            "silent_after_hours:int leaver_limit:int leaver_minutes:int last_call_at:int? calls:int "
            "leavers_since:int? leavers:int due:text told:text"
        ),
    ),
    Table(
        name="directory_calls",
        key="organization_id number",
        columns=(
            "organization_id:text number:int at:int method:text path:text status:int outcome:text sent:text "
            "subject_id:text? key_id:text? address:text?"
        ),
    ),
    Table(
        name="bundles",
        key="organization_id id",
        columns=(
            "organization_id:text id:text number:int name:text external_key:text? stay_key:text? "
            "person_id:text valid_from:int? valid_until:int? door_ids:text door_group_ids:text "
            "missing_door_ids:text made_by:text? created_at:int updated_at:int ended_at:int?"
        ),
        indexes=(
            Index("uq_bundles_number", "organization_id number"),
            Index("uq_bundles_external_key", "organization_id external_key", "ended_at IS NULL"),
            Index("ix_bundles_person_id_number", "organization_id person_id number", "ended_at IS NULL"),
            Index("ix_bundles_stay_key_number", "organization_id stay_key number", "ended_at IS NULL"),
        ),
    ),
    Table(
        name="media",
        key="organization_id id",
        columns=(
            "organization_id:text id:text number:int bundle_id:text kind:text max_uses:int? "
            "credential_id:text? asked:raw refused_door_ids:text issued_at:int? issues:int "
            "created_at:int updated_at:int ended_at:int?"
        ),
        indexes=(
            Index("uq_media_number", "organization_id number"),
            Index("ix_media_bundle_id_number", "organization_id bundle_id number", "ended_at IS NULL"),
            Index("ix_media_credential_id", "organization_id credential_id", "ended_at IS NULL"),
        ),
    ),
    Table(
        name="door_codes",
        key="organization_id id",
        columns=(
            "organization_id:text id:text number:int door_id:text name:text is_foreign:flag "
            "holder_id:text? medium_id:text? common_key:text? native:flag lets_change:flag due_at:int? "
            "reserve:text stands_in_for:text? fingerprint:text sealed_part:raw erasing:flag stage:text "
            "stage_since:int lateness:text problem:text changed_at_door:int? created_at:int updated_at:int "
            "ended_at:int?"
        ),
        indexes=(
            Index("uq_door_codes_number", "organization_id number"),
            Index("ix_door_codes_door_id_number", "organization_id door_id number", "ended_at IS NULL"),
            Index("ix_door_codes_medium_id_number", "organization_id medium_id number", "ended_at IS NULL"),
            Index("ix_door_codes_common_key_number", "organization_id common_key number", "ended_at IS NULL"),
        ),
    ),
)
