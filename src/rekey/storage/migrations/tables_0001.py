"""The tables of revision 0001 in its own words; history, so never changed."""

from rekey.storage.migrations.written import Index, Table

TABLES = (
    Table(
        name="blocks",
        key="organization_id id since",
        columns=(
            "organization_id:text id:text since:int until:int? subject_kind:text subject_id:text "
            "cause:text stands_until:int? placed_at:int placed_by:text? by_automation:flag reason:text "
            "revocation_id:text? created_at:int"
        ),
        indexes=(
            Index("ix_blocks_subject_id_until", "organization_id subject_id until"),
            Index("uq_blocks_id", "organization_id id", "until IS NULL"),
        ),
    ),
    Table(
        name="changes",
        key="organization_id position kind subject_id scope_id",
        columns="organization_id:text position:int kind:text subject_id:text scope_kind:text scope_id:text",
    ),
    Table(
        name="checkpoints",
        key="organization_id size",
        columns="organization_id:text size:int note:text",
    ),
    Table(
        name="conflicts",
        key="organization_id id",
        columns=(
            "organization_id:text id:text number:int person_id:text at:int via:text wanted:text against:text"
        ),
        indexes=(
            Index("ix_conflicts_number", "organization_id number"),
            Index("ix_conflicts_person_id_number", "organization_id person_id number"),
        ),
    ),
    Table(
        name="credentials",
        key="organization_id id",
        columns=(
            "organization_id:text id:text number:int person_id:text kind:text fingerprint:text label:text "
            "public_part:raw sealed_part:raw state:text valid_from:int? valid_until:int? created_at:int "
            "ended_at:int?"
        ),
        indexes=(
            Index("ix_credentials_kind_fingerprint_number", "organization_id kind fingerprint number"),
            Index("ix_credentials_person_id_number", "organization_id person_id number"),
            Index("uq_credentials_kind_fingerprint", "organization_id kind fingerprint", "state <> 'ended'"),
            Index("uq_credentials_number", "organization_id number"),
        ),
    ),
    Table(
        name="door_entries",
        key="organization_id door_id seq",
        columns=(
            "organization_id:text door_id:text seq:int kind:text person_id:text terms:text position:int "
            "head:raw at:int confirmed_at:int? exposed_until:int?"
        ),
        indexes=(
            Index("ix_door_entries_door_id_seq", "organization_id door_id seq", "confirmed_at IS NULL"),
        ),
    ),
    Table(
        name="door_group_doors",
        key="organization_id id since",
        columns=(
            "organization_id:text id:text since:int until:int? number:int door_group_id:text door_id:text "
            "created_at:int"
        ),
        indexes=(
            Index("ix_door_group_doors_door_group_id_until", "organization_id door_group_id until"),
            Index("ix_door_group_doors_door_id_until", "organization_id door_id until"),
            Index(
                "uq_door_group_doors_door_group_id_door_id",
                "organization_id door_group_id door_id",
                "until IS NULL",
            ),
            Index("uq_door_group_doors_id", "organization_id id", "until IS NULL"),
            Index("uq_door_group_doors_number", "organization_id number", "until IS NULL"),
        ),
    ),
    Table(
        name="door_groups",
        key="organization_id id since",
        columns=(
            "organization_id:text id:text since:int until:int? number:int name:text description:text "
            "site_id:text? created_at:int updated_at:int"
        ),
        indexes=(
            Index("uq_door_groups_id", "organization_id id", "until IS NULL"),
            Index("uq_door_groups_number", "organization_id number", "until IS NULL"),
        ),
    ),
    Table(
        name="door_orders",
        key="organization_id id",
        columns=(
            "organization_id:text id:text number:int door_id:text kind:text seconds:int? person_id:text? "
            "operator_id:text? via:text waits:flag state:text failure:text? position:int created_at:int "
            "expires_at:int ended_at:int? is_over:flag"
        ),
        indexes=(
            Index("ix_door_orders_door_id", "organization_id door_id", "NOT is_over"),
            Index("ix_door_orders_door_id_number", "organization_id door_id number"),
            Index("ix_door_orders_expires_at", "organization_id expires_at", "NOT is_over"),
            Index("ix_door_orders_person_id", "organization_id person_id", "NOT is_over"),
            Index("uq_door_orders_number", "organization_id number"),
        ),
    ),
    Table(
        name="door_syncs",
        key="organization_id door_id",
        columns=(
            "organization_id:text door_id:text seq:int head:raw served_position:int confirmed_seq:int "
            "confirmed_position:int confirmed_at:int? lease_end:int? refuted:text problem:text"
        ),
    ),
    Table(
        name="doors",
        key="organization_id id since",
        columns=(
            "organization_id:text id:text since:int until:int? number:int site_id:text name:text "
            "description:text driver:text driver_settings:text mode:text settings:text created_at:int "
            "updated_at:int"
        ),
        indexes=(
            Index("ix_doors_site_id_until", "organization_id site_id until"),
            Index("uq_doors_id", "organization_id id", "until IS NULL"),
            Index("uq_doors_number", "organization_id number", "until IS NULL"),
        ),
    ),
    Table(
        name="enrolments",
        key="organization_id id since",
        columns=(
            "organization_id:text id:text since:int until:int? number:int person_id:text site_id:text "
            "valid_from:int? valid_until:int? created_at:int updated_at:int"
        ),
        indexes=(
            Index("ix_enrolments_person_id_until", "organization_id person_id until"),
            Index("ix_enrolments_site_id_until", "organization_id site_id until"),
            Index("uq_enrolments_id", "organization_id id", "until IS NULL"),
            Index("uq_enrolments_number", "organization_id number", "until IS NULL"),
            Index("uq_enrolments_person_id_site_id", "organization_id person_id site_id", "until IS NULL"),
        ),
    ),
    Table(
        name="grants",
        key="organization_id id since",
        columns=(
            "organization_id:text id:text since:int until:int? number:int holder_kind:text holder_id:text "
            "scope_kind:text scope_id:text role:text valid_from:int? valid_until:int? schedule_id:text? "
            "named_at:int by_automation:flag made_by:text? origin:text created_at:int updated_at:int "
            "ended_at:int?"
        ),
        indexes=(
            Index("ix_grants_holder_id_until", "organization_id holder_id until"),
            Index("ix_grants_made_by", "organization_id made_by", "until IS NULL"),
            Index("ix_grants_scope_id_until", "organization_id scope_id until"),
            Index("uq_grants_id", "organization_id id", "until IS NULL"),
            Index("uq_grants_number", "organization_id number", "until IS NULL"),
        ),
    ),
    Table(
        name="journal",
        key="organization_id position",
        columns=(
            "organization_id:text position:int id:text at:int action:text outcome:text via:text "
            "operator_id:text? key_id:text? person_id:text? door_id:text? site_id:text? detail:text "
            "leaf:raw"
        ),
        indexes=(
            Index("ix_journal_at", "organization_id at"),
            Index("ix_journal_door_id_position", "organization_id door_id position", "door_id IS NOT NULL"),
            Index(
                "ix_journal_person_id_position", "organization_id person_id position", "person_id IS NOT NULL"
            ),
            Index("uq_journal_id", "organization_id id"),
        ),
    ),
    Table(
        name="keys",
        key="organization_id id",
        columns=(
            "organization_id:text id:text number:int operator_id:text kind:text name:text via:text "
            "hint:text permissions:text? expires_at:int? created_at:int ended_at:int? "
            "secret_fingerprint:text"
        ),
        indexes=(
            Index("ix_keys_operator_id_number", "organization_id operator_id number"),
            Index("uq_keys_number", "organization_id number"),
            Index("uq_keys_secret_fingerprint", "secret_fingerprint"),
        ),
    ),
    Table(
        name="memberships",
        key="organization_id id since",
        columns=(
            "organization_id:text id:text since:int until:int? number:int team_id:text person_id:text "
            "named_at:int by_automation:flag created_at:int"
        ),
        indexes=(
            Index("ix_memberships_person_id_until", "organization_id person_id until"),
            Index("ix_memberships_team_id_until", "organization_id team_id until"),
            Index("uq_memberships_id", "organization_id id", "until IS NULL"),
            Index("uq_memberships_number", "organization_id number", "until IS NULL"),
            Index("uq_memberships_team_id_person_id", "organization_id team_id person_id", "until IS NULL"),
        ),
    ),
    Table(
        name="newest_door_entries",
        key="organization_id person_id door_id",
        columns="organization_id:text person_id:text door_id:text seq:int",
        indexes=(Index("ix_newest_door_entries_door_id", "organization_id door_id"),),
    ),
    Table(
        name="operators",
        key="organization_id id",
        columns=(
            "organization_id:text id:text number:int name:text person_id:text? email_verified:flag "
            "is_automation:flag created_at:int password_hash:text? until:int?"
        ),
        indexes=(
            Index("uq_operators_number", "organization_id number"),
            Index("uq_operators_person_id", "organization_id person_id", "until IS NULL"),
        ),
    ),
    Table(
        name="organizations",
        key="organization_id",
        columns="organization_id:text name:text domain:text created_at:int",
        indexes=(
            Index("ix_organizations_created_at", "created_at organization_id"),
            Index("uq_organizations_domain", "domain"),
        ),
    ),
    Table(
        name="people",
        key="organization_id id since",
        columns=(
            "organization_id:text id:text since:int until:int? number:int name:text email:text? "
            "phone:text? external_key:text? notes:text created_at:int updated_at:int"
        ),
        indexes=(
            Index("uq_people_email", "organization_id email", "until IS NULL"),
            Index("uq_people_external_key", "organization_id external_key", "until IS NULL"),
            Index("uq_people_id", "organization_id id", "until IS NULL"),
            Index("uq_people_number", "organization_id number", "until IS NULL"),
            Index("uq_people_phone", "organization_id phone", "until IS NULL"),
        ),
    ),
    Table(
        name="revocations",
        key="organization_id id",
        columns=(
            "organization_id:text id:text person_id:text scope_kind:text scope_id:text leaving:flag "
            "position:int by_automation:flag revoked_by:text? via:text reason:text at:int"
        ),
        indexes=(
            Index("ix_revocations_person_id_position", "organization_id person_id position"),
            Index("ix_revocations_position", "organization_id position"),
        ),
    ),
    Table(
        name="schedules",
        key="organization_id id since",
        columns=(
            "organization_id:text id:text since:int until:int? number:int name:text windows:text "
            "exceptions:text"
        ),
        indexes=(
            Index("uq_schedules_id", "organization_id id", "until IS NULL"),
            Index("uq_schedules_number", "organization_id number", "until IS NULL"),
        ),
    ),
    Table(
        name="seen_operations",
        key="organization_id issuer token_id",
        columns="organization_id:text issuer:text token_id:text digest:text expires_at:int",
        indexes=(Index("ix_seen_operations_expires_at", "organization_id expires_at"),),
    ),
    Table(
        name="sites",
        key="organization_id id since",
        columns=(
            "organization_id:text id:text since:int until:int? number:int name:text time_zone:text "
            "address:text created_at:int updated_at:int"
        ),
        indexes=(
            Index("uq_sites_id", "organization_id id", "until IS NULL"),
            Index("uq_sites_number", "organization_id number", "until IS NULL"),
        ),
    ),
    Table(
        name="teams",
        key="organization_id id since",
        columns=(
            "organization_id:text id:text since:int until:int? number:int name:text created_at:int "
            "updated_at:int"
        ),
        indexes=(
            Index("uq_teams_id", "organization_id id", "until IS NULL"),
            Index("uq_teams_number", "organization_id number", "until IS NULL"),
        ),
    ),
    Table(
        name="organization_heads",
        key="organization_id",
        columns="organization_id:text position:int next_number:int frontier:raw",
        refers=(("organization_id", "organizations.organization_id"),),
    ),
)
