"""Table of what wire APIs keep beside the core."""

import sqlalchemy as sa

from rekey.storage.tables.base import look_up, plain, text, unique, whole

documents = plain(
    "documents",
    text("id"),
    whole("number"),
    text("kind"),
    text("handle", nullable=True),
    text("parent_id", nullable=True),
    text("body"),
    whole("created_at"),
    whole("updated_at"),
    whole("ended_at", nullable=True),
    unique("documents", "number"),
    unique("documents", "kind", "handle", where=sa.text("ended_at IS NULL")),
    look_up("documents", "kind", "number"),
    look_up("documents", "kind", "parent_id", "number"),
    kind="document",
)
