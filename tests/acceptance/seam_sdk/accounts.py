"""Workspaces, sessions, webviews, accounts, spaces, customers, events and webhooks."""

from typing import Any

from tests.acceptance.seam_sdk.step import UNKNOWN, Step, call, refused, unknown

_SPACE: dict[str, Any] = {"space_id": "{space}"}

WORKSPACES: tuple[Step, ...] = (
    call("workspaces.get"),
    call("workspaces.list"),
    call("workspaces.list", by="person"),
    refused(401, "unauthorized", "workspaces.get", by="stranger"),
    refused(401, "unauthorized", "workspaces.list", by="stranger"),
    call("workspaces.create", name="Second {tag}", company_name="Acme", by="person", is_sandbox=True),
    refused(401, "unauthorized", "workspaces.create", name="Second {tag}"),
    refused(400, "invalid_input", "workspaces.create", name="", by="person"),
    call("workspaces.update", connect_partner_name="Acme {tag}"),
    refused(400, "invalid_input", "workspaces.update", name=""),
)
SESSIONS: tuple[Step, ...] = (
    call(
        "client_sessions.create",
        {"session": "client_session.client_session_id"},
        user_identifier_key="session-{tag}",
    ),
    refused(404, "user_identity_not_found", "client_sessions.create", user_identity_id=UNKNOWN),
    call("client_sessions.get_or_create", user_identifier_key="session-{tag}"),
    refused(404, "user_identity_not_found", "client_sessions.get_or_create", user_identity_id=UNKNOWN),
    call("client_sessions.get", client_session_id="{session}"),
    unknown("client_sessions.get", "client_session_id"),
    call("client_sessions.list"),
    refused(400, "invalid_input", "client_sessions.list", without_user_identifier_key="perhaps"),
    call("client_sessions.grant_access", client_session_id="{session}", connected_account_ids=["{account}"]),
    unknown("client_sessions.grant_access", "client_session_id"),
    call("client_sessions.revoke", client_session_id="{session}"),
    unknown("client_sessions.revoke", "client_session_id"),
    call("client_sessions.delete", client_session_id="{session}"),
    unknown("client_sessions.delete", "client_session_id"),
)
ACCOUNTS: tuple[Step, ...] = (
    call(
        "connect_webviews.create",
        {"webview": "connect_webview.connect_webview_id"},
        custom_metadata={"tag": "{tag}"},
    ),
    refused(400, "invalid_input", "connect_webviews.create", custom_metadata=7),
    call("connect_webviews.get", connect_webview_id="{webview}"),
    unknown("connect_webviews.get", "connect_webview_id"),
    call("connect_webviews.list"),
    refused(400, "invalid_input", "connect_webviews.list", limit=0),
    call("connect_webviews.delete", connect_webview_id="{webview}"),
    unknown("connect_webviews.delete", "connect_webview_id"),
    call("connected_accounts.get", connected_account_id="{account}"),
    unknown("connected_accounts.get", "connected_account_id"),
    call("connected_accounts.list"),
    refused(400, "invalid_input", "connected_accounts.list", limit=0),
    call("connected_accounts.update", connected_account_id="{account}", custom_metadata={"a": "b"}),
    unknown("connected_accounts.update", "connected_account_id"),
    call("connected_accounts.sync", connected_account_id="{account}"),
    unknown("connected_accounts.sync", "connected_account_id"),
    call("connected_accounts.simulate.disconnect", connected_account_id="{lost_account}"),
    unknown("connected_accounts.simulate.disconnect", "connected_account_id"),
    call("connected_accounts.get", connected_account_id="{lost_account}"),
    call("devices.list", connected_account_id="{lost_account}"),
    call("connected_accounts.delete", connected_account_id="{lost_account}"),
    unknown("connected_accounts.delete", "connected_account_id"),
)
SPACES: tuple[Step, ...] = (
    call(
        "spaces.create",
        {"space": "space.space_id"},
        name="Suite {tag}",
        space_key="suite-{tag}",
        device_ids=["{front}"],
        customer_key="customer-{tag}",
    ),
    refused(404, "device_not_found", "spaces.create", name="None", device_ids=[UNKNOWN]),
    call("spaces.get", **_SPACE),
    call("spaces.get", space_key="suite-{tag}"),
    unknown("spaces.get", "space_id"),
    call("spaces.list"),
    refused(400, "invalid_input", "spaces.list", limit=0),
    call("spaces.update", name="Suite two {tag}", **_SPACE),
    unknown("spaces.update", "space_id", name="None"),
    call("spaces.add_devices", device_ids=["{side}"], **_SPACE),
    unknown("spaces.add_devices", "space_id", device_ids=["{side}"]),
    call("spaces.add_acs_entrances", acs_entrance_ids=["{back}"], **_SPACE),
    unknown("spaces.add_acs_entrances", "space_id", acs_entrance_ids=["{back}"]),
    call("spaces.remove_devices", device_ids=["{side}"], **_SPACE),
    unknown("spaces.remove_devices", "space_id", device_ids=["{side}"]),
    call("spaces.remove_acs_entrances", acs_entrance_ids=["{back}"], **_SPACE),
    unknown("spaces.remove_acs_entrances", "space_id", acs_entrance_ids=["{back}"]),
    call("spaces.add_connected_account", connected_account_id="{account}", **_SPACE),
    unknown("spaces.add_connected_account", "space_id", connected_account_id="{account}"),
    call("spaces.remove_connected_account", connected_account_id="{account}", **_SPACE),
    unknown("spaces.remove_connected_account", "space_id", connected_account_id="{account}"),
    call("spaces.get_related", space_ids=["{space}"]),
    refused(400, "invalid_input", "spaces.get_related", space_ids=["{space}"], include=["nonsense"]),
)
CUSTOMERS: tuple[Step, ...] = (
    call(
        "customers.push_data",
        customer_key="pushed-{tag}",
        spaces=[{"space_key": "room-{tag}", "name": "Room"}],
        guests=[{"guest_key": "guest-{tag}", "name": "Gus Guest", "email_address": "gus-{tag}@sdk.test"}],
    ),
    refused(400, "invalid_input", "customers.push_data", customer_key=""),
    call("customers.create_portal", customer_data={"customer_key": "pushed-{tag}", "name": "Pushed"}),
    refused(400, "invalid_input", "customers.create_portal", customer_data=7),
    call("customers.delete_data", guest_keys=["guest-{tag}"], space_keys=["room-{tag}"]),
    refused(401, "unauthorized", "customers.delete_data", guest_keys=["guest-{tag}"], by="stranger"),
    call("spaces.delete", **_SPACE),
    unknown("spaces.delete", "space_id"),
)
FEEDS: tuple[Step, ...] = (
    call("events.list", {"event": "events.0.event_id"}, since="2020-01-01T00:00:00Z", limit=10_000),
    refused(400, "invalid_input", "events.list", since="2020-01-01T00:00:00Z", limit=0),
    call("events.get", event_id="{event}"),
    unknown("events.get", "event_id"),
    call("webhooks.create", {"webhook": "webhook.webhook_id"}, url="https://hooks.sdk.test/{tag}"),
    refused(
        400, "invalid_event_types", "webhooks.create", url="https://hooks.sdk.test", event_types=["no.event"]
    ),
    call("webhooks.get", webhook_id="{webhook}"),
    unknown("webhooks.get", "webhook_id"),
    call("webhooks.list"),
    refused(401, "unauthorized", "webhooks.list", by="stranger"),
    call("webhooks.update", webhook_id="{webhook}", event_types=["lock.unlocked"]),
    unknown("webhooks.update", "webhook_id", event_types=["*"]),
    call("webhooks.delete", webhook_id="{webhook}"),
    unknown("webhooks.delete", "webhook_id"),
)
RESET: tuple[Step, ...] = (
    refused(401, "unauthorized", "workspaces.reset_sandbox", by="stranger"),
    call("workspaces.reset_sandbox"),
    call("devices.list"),
)
