"""Tables of what a directory provisions, and of its calls."""

from rekey.storage.tables.base import flag, plain, text, unique, whole

directory_entries = plain(
    "directory_entries",
    text("id"),
    text("kind"),
    text("name"),
    text("folded_name"),
    text("external_id", nullable=True),
    text("attributes"),
    whole("created_at"),
    whole("updated_at"),
    unique("directory_entries", "kind", "folded_name"),
    unique("directory_entries", "kind", "external_id"),
    kind="directory_entry",
)

directory_states = plain(
    "directory_states",
    text("id"),
    flag("enabled"),
    flag("configured"),
    flag("ends_sign_ins"),
    whole("silent_after_hours"),
    whole("leaver_limit"),
    whole("leaver_minutes"),
    whole("last_call_at", nullable=True),
    whole("calls"),
    whole("leavers_since", nullable=True),
    whole("leavers"),
    text("due"),
    text("told"),
    flag("links_door_groups"),
    kind="directory",
)

directory_calls = plain(
    "directory_calls",
    whole("number"),
    whole("at"),
    text("method"),
    text("path"),
    whole("status"),
    text("outcome"),
    text("sent"),
    text("subject_id", nullable=True),
    text("key_id", nullable=True),
    text("address", nullable=True),
    kind="directory_call",
    key=("number",),
)
