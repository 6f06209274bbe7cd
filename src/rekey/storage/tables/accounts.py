"""Tables of what accounts need beside operators and keys."""

from rekey.storage.tables.base import look_up, plain, raw, text, whole

challenges = plain(
    "challenges",
    text("id"),
    text("purpose"),
    text("subject_id"),
    text("address"),
    text("fingerprint"),
    raw("sealed_part"),
    whole("tries_left"),
    whole("created_at"),
    whole("expires_at"),
    whole("spent_at", nullable=True),
    look_up("challenges", "fingerprint"),
    look_up("challenges", "subject_id", "created_at"),
    look_up("challenges", "expires_at"),
    kind="challenge",
)

second_factors = plain(
    "second_factors",
    text("id"),
    raw("sealed_secret"),
    whole("active_at", nullable=True),
    whole("last_step"),
    text("backup_fingerprints"),
    whole("failures"),
    whole("failed_at", nullable=True),
    kind="second factor",
)

outbox = plain(
    "outbox",
    text("id"),
    raw("sealed_notice"),
    text("subject"),
    whole("tries"),
    whole("created_at"),
    whole("due_at"),
    whole("expires_at"),
    look_up("outbox", "due_at"),
    kind="notice",
)
