"""What the complete wire APIs need beside the tables of the first release."""

from alembic import op

from rekey.storage.migrations.open_hours import carry_open_hours
from rekey.storage.migrations.tables_0002 import ADDED, DROPPED, INDEXES, TABLES
from rekey.storage.migrations.written import (
    add_column,
    create_indexes,
    create_tables,
    keys_and_indexes,
    tell_sqlite,
)

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for added in ADDED:
        add_column(added.table, added.column, added.default)
    for table, name in DROPPED:
        op.drop_index(name, table)
    create_indexes(INDEXES)
    create_tables(TABLES)
    carry_open_hours()
    tell_sqlite([*INDEXES, *keys_and_indexes(TABLES)], analyze=False)
