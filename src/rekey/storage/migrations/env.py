"""Run by Alembic with the connection and metadata that rekey.storage.migrate hands over.

The whole upgrade is one transaction, begun outside: a server killed at any statement leaves
the old schema.
"""

from alembic import context

_given = context.config.attributes

context.configure(
    connection=_given["connection"],
    target_metadata=_given["metadata"],
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
