"""Tables of operators and their keys."""

import sqlalchemy as sa

from rekey.storage.tables.base import flag, look_up, only_one, plain, text, unique, whole

operators = plain(
    "operators",
    text("id"),
    whole("number"),
    text("name"),
    text("person_id", nullable=True),
    flag("email_verified"),
    flag("is_automation"),
    whole("created_at"),
    text("password_hash", nullable=True),
    whole("until", nullable=True),
    unique("operators", "number"),
    only_one("operators", "person_id"),
    kind="operator",
)

keys = plain(
    "keys",
    text("id"),
    whole("number"),
    text("operator_id"),
    text("kind"),
    text("name"),
    text("via"),
    text("hint"),
    text("permissions", nullable=True),
    whole("expires_at", nullable=True),
    whole("created_at"),
    whole("ended_at", nullable=True),
    text("secret_fingerprint"),
    flag("is_primary", default="false"),
    whole("last_used_at", nullable=True),
    whole("idle_seconds", nullable=True),
    text("about", nullable=True),
    text("consent_id", nullable=True),
    unique("keys", "number"),
    look_up("keys", "operator_id", "number"),
    # The one look-up that comes before the organization is known.
    sa.Index("uq_keys_secret_fingerprint", "secret_fingerprint", unique=True),
    kind="key",
)
