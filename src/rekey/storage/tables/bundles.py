"""Tables of what is given together, and of PINs at doors."""

import sqlalchemy as sa

from rekey.storage.tables.base import flag, look_up, plain, raw, text, unique, whole

_STANDS = sa.text("ended_at IS NULL")
_WAITING_CARD = sa.text("ended_at IS NULL AND issued_at IS NULL AND kind = 'card'")

bundles = plain(
    "bundles",
    text("id"),
    whole("number"),
    text("name"),
    text("external_key", nullable=True),
    text("stay_key", nullable=True),
    text("person_id"),
    whole("valid_from", nullable=True),
    whole("valid_until", nullable=True),
    text("door_ids"),
    text("door_group_ids"),
    text("missing_door_ids"),
    text("made_by", nullable=True),
    whole("created_at"),
    whole("updated_at"),
    whole("ended_at", nullable=True),
    text("used_door_ids", default="'[]'"),
    unique("bundles", "number"),
    unique("bundles", "external_key", where=_STANDS),
    look_up("bundles", "person_id", "number", where=_STANDS),
    look_up("bundles", "stay_key", "number", where=_STANDS),
    kind="bundle",
)

takeovers = plain(
    "takeovers",
    text("bundle_id"),
    text("door_id"),
    text("by_bundle_id"),
    whole("position"),
    whole("at"),
    kind="takeover",
    key=("bundle_id", "door_id"),
)

media = plain(
    "media",
    text("id"),
    whole("number"),
    text("bundle_id"),
    text("kind"),
    whole("max_uses", nullable=True),
    text("credential_id", nullable=True),
    raw("asked"),
    text("refused_door_ids"),
    whole("issued_at", nullable=True),
    whole("issues"),
    whole("created_at"),
    whole("updated_at"),
    whole("ended_at", nullable=True),
    text("web_key_id", nullable=True),
    whole("moved_at", nullable=True),
    whole("former_from", nullable=True),
    whole("former_until", nullable=True),
    text("lateness", default="'in_time'"),
    unique("media", "number"),
    look_up("media", "bundle_id", "number", where=_STANDS),
    look_up("media", "bundle_id"),
    look_up("media", "credential_id", where=_STANDS),
    look_up("media", "number", where=_WAITING_CARD),
    kind="medium",
)

door_codes = plain(
    "door_codes",
    text("id"),
    whole("number"),
    text("door_id"),
    text("name"),
    flag("is_foreign"),
    text("holder_id", nullable=True),
    text("medium_id", nullable=True),
    text("common_key", nullable=True),
    flag("native"),
    flag("lets_change"),
    whole("due_at", nullable=True),
    text("reserve"),
    text("stands_in_for", nullable=True),
    text("fingerprint"),
    raw("sealed_part"),
    flag("erasing"),
    text("stage"),
    whole("stage_since"),
    text("lateness"),
    text("problem"),
    whole("changed_at_door", nullable=True),
    raw("altered_part", nullable=True),
    text("wish", default="''"),
    flag("given_up", default="false"),
    whole("settled", default="0"),
    whole("created_at"),
    whole("updated_at"),
    whole("ended_at", nullable=True),
    unique("door_codes", "number"),
    look_up("door_codes", "door_id", "number", where=_STANDS),
    look_up("door_codes", "medium_id", "number", where=_STANDS),
    look_up("door_codes", "common_key", "number", where=_STANDS),
    kind="code",
)

# The PIN that a code at a door had until the act at `until`, sealed; events of the past are told with it.
former_pins = plain(
    "former_pins",
    text("code_id"),
    whole("until"),
    raw("sealed_part"),
    kind="former PIN",
    key=("code_id", "until"),
)
