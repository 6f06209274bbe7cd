"""Tables of subscriptions and of what is on its way to their receivers."""

import sqlalchemy as sa

from rekey.storage.tables.base import flag, look_up, plain, raw, text, unique, whole

subscriptions = plain(
    "subscriptions",
    text("id"),
    whole("number"),
    text("form"),
    text("name"),
    text("url"),
    text("events"),
    text("site_id", nullable=True),
    flag("enabled"),
    text("owner_id"),
    whole("warned_at", nullable=True),
    whole("stopped_at", nullable=True),
    whole("created_at"),
    whole("updated_at"),
    whole("ended_at", nullable=True),
    raw("secret"),
    raw("older_secret"),
    whole("older_until", nullable=True),
    whole("read_position"),
    text("reader"),
    whole("held_until", nullable=True),
    unique("subscriptions", "number"),
    look_up("subscriptions", "owner_id", "number"),
    kind="subscription",
)

deliveries = plain(
    "deliveries",
    text("id"),
    whole("number"),
    text("subscription_id"),
    whole("position"),
    text("event_id"),
    text("event_type"),
    raw("body"),
    text("state"),
    whole("attempts"),
    whole("due_at"),
    text("answer"),
    whole("created_at"),
    whole("ended_at", nullable=True),
    look_up("deliveries", "subscription_id", "number"),
    look_up("deliveries", "subscription_id", "due_at", where=sa.text("ended_at IS NULL")),
    look_up("deliveries", "ended_at", where=sa.text("ended_at IS NOT NULL")),
    kind="delivery",
)
