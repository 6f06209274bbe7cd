"""What revision 0003 adds, in its own words; history once it is released, so never changed after that."""

from rekey.storage.migrations.written import Added, Index, Table

ADDED: tuple[Added, ...] = ()

INDEXES: tuple[tuple[str, Index], ...] = ()

TABLES: tuple[Table, ...] = ()
