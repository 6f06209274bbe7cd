"""What revision 0002 adds, in its own words; history once it is released, so never changed after that."""

from dataclasses import dataclass

from rekey.storage.migrations.written import Index, Table


@dataclass(frozen=True, slots=True)
class Added:
    """A column added to a table that is there: `column` is written name:type; `default` fills the rows that exist."""

    table: str
    column: str
    default: str | None = None


ADDED: tuple[Added, ...] = (
    Added("people", "is_guest:flag", "false"),
    Added("people", "password_sign_in:flag", "true"),
)

# Indexes on tables that revision 0001 made.
INDEXES: tuple[tuple[str, Index], ...] = ()

TABLES: tuple[Table, ...] = (
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
)
