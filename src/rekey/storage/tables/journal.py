"""Tables of the journal, its tree, and the memory of signed operations."""

import sqlalchemy as sa

from rekey.storage.tables.base import flag, look_up, plain, raw, text, unique, whole

# One row for each organization, held by the writer while a batch runs: this is what puts the acts of
# all processes into one order. The journal's tree is as large as the position, one leaf for each act.
organization_heads = plain(
    "organization_heads",
    whole("position"),
    whole("next_number"),
    raw("frontier"),
    sa.ForeignKeyConstraint(["organization_id"], ["organizations.organization_id"]),
    kind="organization head",
    key=(),
)

journal = plain(
    "journal",
    whole("position"),
    text("id"),
    whole("at"),
    text("action"),
    text("outcome"),
    text("via"),
    text("operator_id", nullable=True),
    text("key_id", nullable=True),
    text("person_id", nullable=True),
    text("door_id", nullable=True),
    text("site_id", nullable=True),
    text("detail"),
    raw("leaf"),
    flag("has_parts", default="false"),
    unique("journal", "id"),
    look_up("journal", "at"),
    look_up("journal", "action", "position"),
    look_up("journal", "position", where=sa.text("has_parts")),
    look_up("journal", "person_id", "position", where=sa.text("person_id IS NOT NULL")),
    look_up("journal", "door_id", "position", where=sa.text("door_id IS NOT NULL")),
    kind="journal row",
    key=("position",),
)

checkpoints = plain("checkpoints", whole("size"), text("note"), kind="checkpoint", key=("size",))

seen_operations = plain(
    "seen_operations",
    text("issuer"),
    text("token_id"),
    text("digest"),
    whole("expires_at"),
    look_up("seen_operations", "expires_at"),
    kind="signed operation",
    key=("issuer", "token_id"),
)
