"""Tables of calendars and of the hours that doors keep by them."""

from rekey.storage.tables.base import flag, look_up, only_one, plain, text, versioned, whole

calendar_rules = versioned(
    "calendar_rules",
    whole("number"),
    text("subject_kind"),
    text("subject_id"),
    text("consequence"),
    text("name"),
    text("timing"),
    flag("enabled"),
    flag("overrides"),
    whole("created_at"),
    whole("updated_at"),
    only_one("calendar_rules", "number"),
    look_up("calendar_rules", "subject_id", "until"),
    kind="calendar rule",
)

door_hours = plain(
    "door_hours",
    text("door_id"),
    whole("free_since", nullable=True),
    whole("free_until", nullable=True),
    whole("armed_at", nullable=True),
    whole("armed_until", nullable=True),
    whole("arrived_at", nullable=True),
    whole("paused_until", nullable=True),
    text("order_id", nullable=True),
    whole("tries"),
    whole("due_at", nullable=True),
    look_up("door_hours", "due_at"),
    kind="hours of a door",
    key=("door_id",),
)
