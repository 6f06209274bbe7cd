"""The tables of the first release.

A revision is history: it says its tables in its own words and never imports those of the code.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TYPES = {"text": sa.Text, "int": sa.BigInteger, "flag": sa.Boolean, "raw": sa.LargeBinary}


@dataclass(frozen=True, slots=True)
class _Index:
    name: str
    columns: str
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """Columns are written name:type, with a question mark if they may be null."""

    name: str
    key: str
    columns: str
    indexes: tuple[_Index, ...] = ()
    refers: tuple[tuple[str, str], ...] = ()


def upgrade() -> None:
    for table in _TABLES:
        _create(table)
        for index in table.indexes:
            where = sa.text(index.where) if index.where else None
            op.create_index(
                index.name,
                table.name,
                index.columns.split(),
                unique=index.name.startswith("uq_"),
                sqlite_where=where,
                postgresql_where=where,
            )


def _create(table: _Table) -> None:
    op.create_table(
        table.name,
        *map(_column, table.columns.split()),
        sa.PrimaryKeyConstraint(*table.key.split(), name=f"pk_{table.name}"),
        *(
            sa.ForeignKeyConstraint([column], [target], name=f"fk_{table.name}_{column}")
            for column, target in table.refers
        ),
        sqlite_with_rowid=False,
    )


def _column(written: str) -> "sa.Column[object]":
    name, _, kind = written.partition(":")
    return sa.Column(name, _TYPES[kind.rstrip("?")](), nullable=kind.endswith("?"))


_TABLES = (
    _Table(
        name="blocks",
        key="organization_id id since",
        columns=(
            "organization_id:text id:text since:int until:int? subject_kind:text subject_id:text "
            "cause:text stands_until:int? placed_at:int placed_by:text? by_automation:flag reason:text "
            "revocation_id:text? created_at:int"
        ),
        indexes=(
            _Index("ix_blocks_subject_id_until", "organization_id subject_id until"),
            _Index("uq_blocks_id", "organization_id id", "until IS NULL"),
        ),
    ),
    _Table(
        name="changes",
        key="organization_id position kind subject_id",
        columns="organization_id:text position:int kind:text subject_id:text",
    ),
    _Table(
        name="checkpoints",
        key="organization_id size",
        columns="organization_id:text size:int note:text",
    ),
    _Table(
        name="conflicts",
        key="organization_id id",
        columns=(
            "organization_id:text id:text number:int person_id:text at:int via:text wanted:text against:text"
        ),
        indexes=(
            _Index("ix_conflicts_number", "organization_id number"),
            _Index("ix_conflicts_person_id_number", "organization_id person_id number"),
        ),
    ),
    _Table(
        name="credentials",
        key="organization_id id",
        columns=(
            "organization_id:text id:text number:int person_id:text kind:text fingerprint:text label:text "
            "public_part:raw sealed_part:raw state:text valid_from:int? valid_until:int? created_at:int "
            "ended_at:int?"
        ),
        indexes=(
            _Index("ix_credentials_kind_fingerprint_number", "organization_id kind fingerprint number"),
            _Index("ix_credentials_person_id_number", "organization_id person_id number"),
            _Index("uq_credentials_kind_fingerprint", "organization_id kind fingerprint", "state <> 'ended'"),
            _Index("uq_credentials_number", "organization_id number"),
        ),
    ),
    _Table(
        name="door_entries",
        key="organization_id door_id seq",
        columns=(
            "organization_id:text door_id:text seq:int kind:text person_id:text terms:text position:int "
            "head:raw at:int confirmed_at:int? exposed_until:int?"
        ),
        indexes=(
            _Index("ix_door_entries_door_id_seq", "organization_id door_id seq", "confirmed_at IS NULL"),
        ),
    ),
    _Table(
        name="door_group_doors",
        key="organization_id id since",
        columns=(
            "organization_id:text id:text since:int until:int? number:int door_group_id:text door_id:text "
            "created_at:int"
        ),
        indexes=(
            _Index("ix_door_group_doors_door_group_id_until", "organization_id door_group_id until"),
            _Index("ix_door_group_doors_door_id_until", "organization_id door_id until"),
            _Index(
                "uq_door_group_doors_door_group_id_door_id",
                "organization_id door_group_id door_id",
                "until IS NULL",
            ),
            _Index("uq_door_group_doors_id", "organization_id id", "until IS NULL"),
            _Index("uq_door_group_doors_number", "organization_id number", "until IS NULL"),
        ),
    ),
    _Table(
        name="door_groups",
        key="organization_id id since",
        columns=(
            "organization_id:text id:text since:int until:int? number:int name:text description:text "
            "site_id:text? created_at:int updated_at:int"
        ),
        indexes=(
            _Index("uq_door_groups_id", "organization_id id", "until IS NULL"),
            _Index("uq_door_groups_number", "organization_id number", "until IS NULL"),
        ),
    ),
    _Table(
        name="door_orders",
        key="organization_id id",
        columns=(
            "organization_id:text id:text number:int door_id:text kind:text seconds:int? person_id:text? "
            "operator_id:text? via:text waits:flag state:text failure:text? position:int created_at:int "
            "expires_at:int ended_at:int? is_over:flag"
        ),
        indexes=(
            _Index("ix_door_orders_door_id", "organization_id door_id", "NOT is_over"),
            _Index("ix_door_orders_door_id_number", "organization_id door_id number"),
            _Index("ix_door_orders_expires_at", "organization_id expires_at", "NOT is_over"),
            _Index("ix_door_orders_person_id", "organization_id person_id", "NOT is_over"),
            _Index("uq_door_orders_number", "organization_id number"),
        ),
    ),
    _Table(
        name="door_syncs",
        key="organization_id door_id",
        columns=(
            "organization_id:text door_id:text seq:int head:raw served_position:int confirmed_seq:int "
            "confirmed_position:int confirmed_at:int? lease_end:int? refuted:text problem:text"
        ),
    ),
    _Table(
        name="doors",
        key="organization_id id since",
        columns=(
            "organization_id:text id:text since:int until:int? number:int site_id:text name:text "
            "description:text driver:text driver_settings:text mode:text settings:text created_at:int "
            "updated_at:int"
        ),
        indexes=(
            _Index("ix_doors_site_id_until", "organization_id site_id until"),
            _Index("uq_doors_id", "organization_id id", "until IS NULL"),
            _Index("uq_doors_number", "organization_id number", "until IS NULL"),
        ),
    ),
    _Table(
        name="enrolments",
        key="organization_id id since",
        columns=(
            "organization_id:text id:text since:int until:int? number:int person_id:text site_id:text "
            "valid_from:int? valid_until:int? created_at:int updated_at:int"
        ),
        indexes=(
            _Index("ix_enrolments_person_id_until", "organization_id person_id until"),
            _Index("ix_enrolments_site_id_until", "organization_id site_id until"),
            _Index("uq_enrolments_id", "organization_id id", "until IS NULL"),
            _Index("uq_enrolments_number", "organization_id number", "until IS NULL"),
            _Index("uq_enrolments_person_id_site_id", "organization_id person_id site_id", "until IS NULL"),
        ),
    ),
    _Table(
        name="grants",
        key="organization_id id since",
        columns=(
            "organization_id:text id:text since:int until:int? number:int holder_kind:text holder_id:text "
            "scope_kind:text scope_id:text role:text valid_from:int? valid_until:int? schedule_id:text? "
            "named_at:int by_automation:flag made_by:text? origin:text created_at:int updated_at:int "
            "ended_at:int?"
        ),
        indexes=(
            _Index("ix_grants_holder_id_until", "organization_id holder_id until"),
            _Index("ix_grants_made_by", "organization_id made_by", "until IS NULL"),
            _Index("ix_grants_scope_id_until", "organization_id scope_id until"),
            _Index("uq_grants_id", "organization_id id", "until IS NULL"),
            _Index("uq_grants_number", "organization_id number", "until IS NULL"),
        ),
    ),
    _Table(
        name="journal",
        key="organization_id position",
        columns=(
            "organization_id:text position:int id:text at:int action:text outcome:text via:text "
            "operator_id:text? key_id:text? person_id:text? door_id:text? site_id:text? detail:text "
            "leaf:raw"
        ),
        indexes=(
            _Index("ix_journal_at", "organization_id at"),
            _Index("ix_journal_door_id_position", "organization_id door_id position", "door_id IS NOT NULL"),
            _Index(
                "ix_journal_person_id_position", "organization_id person_id position", "person_id IS NOT NULL"
            ),
            _Index("uq_journal_id", "organization_id id"),
        ),
    ),
    _Table(
        name="keys",
        key="organization_id id",
        columns=(
            "organization_id:text id:text number:int operator_id:text kind:text name:text via:text "
            "hint:text permissions:text? expires_at:int? created_at:int ended_at:int? "
            "secret_fingerprint:text"
        ),
        indexes=(
            _Index("ix_keys_operator_id_number", "organization_id operator_id number"),
            _Index("uq_keys_number", "organization_id number"),
            _Index("uq_keys_secret_fingerprint", "secret_fingerprint"),
        ),
    ),
    _Table(
        name="memberships",
        key="organization_id id since",
        columns=(
            "organization_id:text id:text since:int until:int? number:int team_id:text person_id:text "
            "named_at:int by_automation:flag created_at:int"
        ),
        indexes=(
            _Index("ix_memberships_person_id_until", "organization_id person_id until"),
            _Index("ix_memberships_team_id_until", "organization_id team_id until"),
            _Index("uq_memberships_id", "organization_id id", "until IS NULL"),
            _Index("uq_memberships_number", "organization_id number", "until IS NULL"),
            _Index("uq_memberships_team_id_person_id", "organization_id team_id person_id", "until IS NULL"),
        ),
    ),
    _Table(
        name="newest_door_entries",
        key="organization_id person_id door_id",
        columns="organization_id:text person_id:text door_id:text seq:int",
        indexes=(_Index("ix_newest_door_entries_door_id", "organization_id door_id"),),
    ),
    _Table(
        name="operators",
        key="organization_id id",
        columns=(
            "organization_id:text id:text number:int name:text person_id:text? email_verified:flag "
            "is_automation:flag created_at:int password_hash:text? until:int?"
        ),
        indexes=(
            _Index("uq_operators_number", "organization_id number"),
            _Index("uq_operators_person_id", "organization_id person_id", "until IS NULL"),
        ),
    ),
    _Table(
        name="organizations",
        key="organization_id",
        columns="organization_id:text name:text domain:text created_at:int",
        indexes=(
            _Index("ix_organizations_created_at", "created_at organization_id"),
            _Index("uq_organizations_domain", "domain"),
        ),
    ),
    _Table(
        name="people",
        key="organization_id id since",
        columns=(
            "organization_id:text id:text since:int until:int? number:int name:text email:text? "
            "phone:text? external_key:text? notes:text created_at:int updated_at:int"
        ),
        indexes=(
            _Index("uq_people_email", "organization_id email", "until IS NULL"),
            _Index("uq_people_external_key", "organization_id external_key", "until IS NULL"),
            _Index("uq_people_id", "organization_id id", "until IS NULL"),
            _Index("uq_people_number", "organization_id number", "until IS NULL"),
            _Index("uq_people_phone", "organization_id phone", "until IS NULL"),
        ),
    ),
    _Table(
        name="revocations",
        key="organization_id id",
        columns=(
            "organization_id:text id:text person_id:text scope_kind:text scope_id:text leaving:flag "
            "position:int by_automation:flag revoked_by:text? via:text reason:text at:int"
        ),
        indexes=(
            _Index("ix_revocations_person_id_position", "organization_id person_id position"),
            _Index("ix_revocations_position", "organization_id position"),
        ),
    ),
    _Table(
        name="schedules",
        key="organization_id id since",
        columns=(
            "organization_id:text id:text since:int until:int? number:int name:text windows:text "
            "exceptions:text"
        ),
        indexes=(
            _Index("uq_schedules_id", "organization_id id", "until IS NULL"),
            _Index("uq_schedules_number", "organization_id number", "until IS NULL"),
        ),
    ),
    _Table(
        name="seen_operations",
        key="organization_id issuer token_id",
        columns="organization_id:text issuer:text token_id:text digest:text expires_at:int",
        indexes=(_Index("ix_seen_operations_expires_at", "organization_id expires_at"),),
    ),
    _Table(
        name="sites",
        key="organization_id id since",
        columns=(
            "organization_id:text id:text since:int until:int? number:int name:text time_zone:text "
            "address:text created_at:int updated_at:int"
        ),
        indexes=(
            _Index("uq_sites_id", "organization_id id", "until IS NULL"),
            _Index("uq_sites_number", "organization_id number", "until IS NULL"),
        ),
    ),
    _Table(
        name="teams",
        key="organization_id id since",
        columns=(
            "organization_id:text id:text since:int until:int? number:int name:text created_at:int "
            "updated_at:int"
        ),
        indexes=(
            _Index("uq_teams_id", "organization_id id", "until IS NULL"),
            _Index("uq_teams_number", "organization_id number", "until IS NULL"),
        ),
    ),
    _Table(
        name="organization_heads",
        key="organization_id",
        columns="organization_id:text position:int next_number:int frontier:raw",
        refers=(("organization_id", "organizations.organization_id"),),
    ),
)
