"""Tables of orders, door logs and the changes that door logs follow from."""

import sqlalchemy as sa

from rekey.storage.tables.base import flag, look_up, plain, raw, text, unique, whole

door_orders = plain(
    "door_orders",
    text("id"),
    whole("number"),
    text("door_id"),
    text("kind"),
    whole("seconds", nullable=True),
    text("person_id", nullable=True),
    text("operator_id", nullable=True),
    text("via"),
    flag("waits"),
    text("state"),
    text("failure", nullable=True),
    whole("position"),
    whole("created_at"),
    whole("expires_at"),
    whole("ended_at", nullable=True),
    text("circumstances"),
    flag("is_over"),
    text("credential_id", nullable=True),
    text("link_id", nullable=True),
    unique("door_orders", "number"),
    look_up("door_orders", "door_id", "number"),
    look_up("door_orders", "door_id", where=sa.text("NOT is_over")),
    look_up("door_orders", "person_id", where=sa.text("NOT is_over")),
    look_up("door_orders", "expires_at", where=sa.text("NOT is_over")),
    kind="door order",
)

changes = plain(
    "changes",
    whole("position"),
    text("kind"),
    text("subject_id"),
    text("scope_kind"),
    text("scope_id"),
    kind="change",
    key=("position", "kind", "subject_id", "scope_id"),
)

door_entries = plain(
    "door_entries",
    text("door_id"),
    whole("seq"),
    text("kind"),
    text("person_id"),
    text("terms"),
    whole("position"),
    raw("head"),
    whole("at"),
    whole("confirmed_at", nullable=True),
    whole("exposed_until", nullable=True),
    look_up("door_entries", "door_id", "seq", where=sa.text("confirmed_at IS NULL")),
    look_up("door_entries", "person_id", "door_id", "seq"),
    kind="door entry",
    key=("door_id", "seq"),
)

# The log stays append-only; which of its entries is a person's newest is kept beside it.
newest_door_entries = plain(
    "newest_door_entries",
    text("person_id"),
    text("door_id"),
    whole("seq"),
    look_up("newest_door_entries", "door_id"),
    kind="newest door entry",
    key=("person_id", "door_id"),
)

door_syncs = plain(
    "door_syncs",
    text("door_id"),
    whole("seq"),
    raw("head"),
    whole("served_position"),
    whole("confirmed_seq"),
    whole("confirmed_position"),
    whole("confirmed_at", nullable=True),
    whole("lease_end", nullable=True),
    text("refuted"),
    text("problem"),
    kind="door sync",
    key=("door_id",),
)

# How each door was when its driver last looked; a row is written only when that changes.
door_contacts = plain(
    "door_contacts",
    text("door_id"),
    text("trouble"),
    whole("since"),
    whole("relocked_at", nullable=True),
    kind="contact of a door",
    key=("door_id",),
)
