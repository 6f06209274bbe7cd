"""The tables of the first release.

A revision is history: it says its tables in its own words and never imports those of the code.
"""

from rekey.storage.migrations.tables_0001 import TABLES
from rekey.storage.migrations.written import create_tables, keys_and_indexes, tell_sqlite

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_tables(TABLES)
    tell_sqlite(keys_and_indexes(TABLES), analyze=True)
