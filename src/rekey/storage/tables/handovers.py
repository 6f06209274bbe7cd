"""Offers of ownership."""

import sqlalchemy as sa

from rekey.storage.tables.base import plain, text, unique, whole

handovers = plain(
    "handovers",
    text("id"),
    whole("number"),
    text("from_person_id"),
    text("to_person_id"),
    text("state"),
    whole("named_at"),
    whole("created_at"),
    whole("settled_at", nullable=True),
    unique("handovers", "number"),
    unique("handovers", "state", where=sa.text("state = 'offered'")),
    kind="handover",
)
