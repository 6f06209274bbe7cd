"""What stays, apps of others and long lists need beside the tables of the second release."""

from rekey.storage.migrations.tables_0003 import ADDED, INDEXES, TABLES
from rekey.storage.migrations.written import (
    add_column,
    create_indexes,
    create_tables,
    keys_and_indexes,
    tell_sqlite,
)

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for added in ADDED:
        add_column(added.table, added.column, added.default)
    create_indexes(INDEXES)
    create_tables(TABLES)
    tell_sqlite([*INDEXES, *keys_and_indexes(TABLES)], analyze=False)
