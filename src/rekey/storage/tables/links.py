"""Tables of holders that stand for themselves, and of the doors that credentials are limited to."""

from rekey.storage.tables.base import CURRENT, look_up, only_one, plain, text, versioned, whole

links = versioned(
    "links",
    whole("number"),
    text("name"),
    text("email", nullable=True),
    text("phone", nullable=True),
    text("made_by", nullable=True),
    text("for_person_id", nullable=True),
    whole("valid_from", nullable=True),
    whole("valid_until", nullable=True),
    whole("max_uses", nullable=True),
    whole("uses"),
    text("origin"),
    whole("last_used_at", nullable=True),
    whole("created_at"),
    whole("updated_at"),
    whole("ended_at", nullable=True),
    only_one("links", "number"),
    look_up("links", "for_person_id", "until"),
    look_up("links", "made_by", where=CURRENT),
    kind="link",
)

# The credential says so itself; this is the same once more, to be found by door.
credential_doors = plain(
    "credential_doors",
    text("door_id"),
    text("credential_id"),
    look_up("credential_doors", "credential_id"),
    kind="door of a credential",
    key=("door_id", "credential_id"),
)
