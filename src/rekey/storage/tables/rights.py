"""Tables of what gives access and what takes it away."""

import sqlalchemy as sa

from rekey.storage.tables.base import CURRENT, flag, look_up, only_one, plain, text, versioned, whole

grants = versioned(
    "grants",
    whole("number"),
    text("holder_kind"),
    text("holder_id"),
    text("scope_kind"),
    text("scope_id"),
    text("role"),
    whole("valid_from", nullable=True),
    whole("valid_until", nullable=True),
    text("schedule_id", nullable=True),
    whole("named_at"),
    flag("by_automation"),
    text("made_by", nullable=True),
    text("origin"),
    whole("created_at"),
    whole("updated_at"),
    whole("ended_at", nullable=True),
    only_one("grants", "number"),
    look_up("grants", "holder_id", "until"),
    look_up("grants", "scope_id", "until"),
    look_up("grants", "made_by", where=CURRENT),
    look_up("grants", "scope_kind", "holder_kind", "number", where=CURRENT),
    # Few grants allow more than to pass.
    look_up("grants", "role", where=sa.text("until IS NULL AND role <> 'basic'")),
    kind="grant",
)

revocations = plain(
    "revocations",
    text("id"),
    text("person_id"),
    text("scope_kind"),
    text("scope_id"),
    flag("leaving"),
    whole("position"),
    flag("by_automation"),
    text("revoked_by", nullable=True),
    text("via"),
    text("reason"),
    whole("at"),
    # `person_id` names the holder, of whichever kind.
    text("holder_kind", default="'person'"),
    look_up("revocations", "person_id", "position"),
    look_up("revocations", "position"),
    kind="revocation",
)

blocks = versioned(
    "blocks",
    text("subject_kind"),
    text("subject_id"),
    text("cause"),
    whole("stands_until", nullable=True),
    whole("placed_at"),
    text("placed_by", nullable=True),
    flag("by_automation"),
    text("reason"),
    text("revocation_id", nullable=True),
    whole("created_at"),
    look_up("blocks", "subject_id", "until"),
    kind="block",
)

conflicts = plain(
    "conflicts",
    text("id"),
    whole("number"),
    text("person_id"),
    whole("at"),
    text("via"),
    text("wanted"),
    text("against"),
    look_up("conflicts", "number"),
    look_up("conflicts", "person_id", "number"),
    kind="conflict",
)
