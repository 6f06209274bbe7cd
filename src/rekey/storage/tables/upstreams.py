"""Tables of where doors come from, of client sessions, and of people who were merged."""

import sqlalchemy as sa

from rekey.storage.tables.base import flag, look_up, plain, raw, text, unique, whole

upstreams = plain(
    "upstreams",
    text("id"),
    whole("number"),
    text("name"),
    text("driver"),
    text("user_name"),
    text("customer_key", nullable=True),
    flag("adopts"),
    whole("disconnected_at", nullable=True),
    whole("created_at"),
    whole("updated_at"),
    whole("ended_at", nullable=True),
    unique("upstreams", "number"),
    kind="upstream",
)

client_sessions = plain(
    "client_sessions",
    text("id"),
    whole("number"),
    text("key_id"),
    text("person_id", nullable=True),
    text("external_key", nullable=True),
    text("customer_key", nullable=True),
    text("upstream_ids"),
    text("page_ids"),
    flag("read_only"),
    raw("sealed_token"),
    whole("created_at"),
    whole("updated_at"),
    whole("revoked_at", nullable=True),
    whole("ended_at", nullable=True),
    unique("client_sessions", "number"),
    unique("client_sessions", "key_id"),
    unique("client_sessions", "external_key", where=sa.text("revoked_at IS NULL AND ended_at IS NULL")),
    look_up("client_sessions", "person_id", "number"),
    look_up("client_sessions", "external_key", "number"),
    look_up("client_sessions", "customer_key", "number"),
    kind="client session",
)

merged_people = plain(
    "merged_people",
    text("id"),
    text("survivor_id"),
    text("external_key", nullable=True),
    whole("merged_at"),
    look_up("merged_people", "survivor_id"),
    look_up("merged_people", "external_key"),
    kind="merged person",
)
