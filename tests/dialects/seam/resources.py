"""What clients may rely on in each resource: our own short form of the contract, and its checker.

A rule is a word for a kind, ending in `?` where null is allowed; a list of one rule for an array; a dict of
members for an object, where a name ending in `?` may be absent; a set of the values that are known. Members
that are not named are faults too.
"""

import re
from collections.abc import Iterator
from typing import Any

from tests.dialects.seam.resources_access import (
    ACCESS_CODE,
    ACCESS_GRANT,
    ACCESS_METHOD,
    UNMANAGED_ACCESS_CODE,
)
from tests.dialects.seam.resources_credentials import CREDENTIAL_KEYS

_PATTERNS = {
    "id": re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
    "time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"),
    "text": re.compile(r"(?s).*"),
}
_KINDS: dict[str, type] = {"flag": bool, "object": dict, "number": int, "nothing": type(None)}

ERRORS = [
    {
        "error_code": "text",
        "message": "text",
        "created_at": "time",
        "is_device_error?": "flag",
        "is_connected_account_error?": "flag",
    }
]
WARNINGS = [{"warning_code": "text", "message": "text", "created_at": "time"}]
_COMMON = {"created_at": "time", "errors": ERRORS, "warnings": WARNINGS}
_ACCOUNT = {"connected_account_id": "id"}

WORKSPACE = {
    "workspace_id": "id",
    "name": "text",
    "company_name": "text",
    "connect_partner_name": "text?",
    "connect_webview_customization": "object",
    "is_publishable_key_auth_enabled": "flag",
    "is_sandbox": "flag",
    "is_suspended": "flag",
    "organization_id": "id?",
    "publishable_key?": "text",
}
USER_IDENTITY = {
    **_COMMON,
    "user_identity_id": "id",
    "workspace_id": "id",
    "user_identity_key": "text?",
    "full_name": "text?",
    "email_address": "text?",
    "phone_number": "text?",
    "display_name": "text",
    "acs_user_ids": ["id"],
    "merged_user_identity_ids?": ["id"],
    "merged_user_identity_keys?": ["text"],
}
_ABILITIES = {
    "can_remotely_lock": "flag",
    "can_remotely_unlock": "flag",
    "can_program_online_access_codes": "flag",
    "can_program_offline_access_codes?": "flag",
    "can_unlock_with_code": "flag",
}
_MORE_ABILITIES = {
    **_ABILITIES,
    "can_configure_auto_lock": "flag",
    "can_simulate_connection": "flag",
    "can_simulate_disconnection": "flag",
    "can_simulate_hub_connection": "flag",
    "can_simulate_hub_disconnection": "flag",
    "can_simulate_paid_subscription": "flag",
    "can_simulate_removal": "flag",
}
_PLACE = {"location_name": "text", "time_zone": "text", "timezone": "text"}
DEVICE = {
    **_MORE_ABILITIES,
    **_COMMON,
    **_ACCOUNT,
    "device_id": "id",
    "workspace_id": "id",
    "device_type": {"controlbyweb_device"},
    "display_name": "text",
    "nickname": "text",
    "is_managed": {True},
    "capabilities_supported": [{"lock", "access_code"}],
    "custom_metadata": "object",
    "space_ids": ["id"],
    "location": _PLACE,
    "properties": {
        "online": "flag",
        "name": "text",
        "appearance": {"name": "text"},
        "model": {"display_name": "text", "manufacturer_display_name": "text"},
        "locked?": "flag",
        "door_open?": "flag",
        "auto_lock_enabled?": "flag",
        "auto_lock_delay_seconds?": "number",
        "online_access_codes_enabled?": "flag",
        "offline_access_codes_enabled?": "flag",
        "supports_offline_access_codes?": "flag",
        "supported_code_lengths?": ["number"],
        "max_active_codes_supported?": "number",
        "code_constraints?": [{"constraint_type": "text", "min_length?": "number", "max_length?": "number"}],
        "supports_backup_access_code_pool?": "flag",
        "backup_access_code_pool_enabled?": "flag",
    },
}
ACS_SYSTEM = {
    **_COMMON,
    **_ACCOUNT,
    "acs_system_id": "id",
    "workspace_id": "id",
    "connected_account_ids": ["id"],
    "name": "text",
    "location": {"time_zone": "text?"},
    "is_credential_manager": "flag",
    "image_url": "text",
    "image_alt_text": "text",
}
ACS_USER = {
    **_COMMON,
    **_ACCOUNT,
    "acs_user_id": "id",
    "acs_system_id": "id",
    "workspace_id": "id",
    "display_name": "text",
    "full_name?": "text",
    "email?": "text",
    "email_address?": "text",
    "phone_number?": "text",
    "user_identity_id": "id",
    "user_identity_full_name": "text?",
    "user_identity_email_address": "text?",
    "user_identity_phone_number": "text?",
    "is_suspended": "flag",
    "is_managed": {True},
    "access_schedule?": {"starts_at": "time", "ends_at": "time?"},
    "last_successful_sync_at": "time?",
    "pending_mutations": ["object"],
}
ACS_ENTRANCE = {
    **_COMMON,
    **_ACCOUNT,
    "acs_entrance_id": "id",
    "acs_system_id": "id",
    "display_name": "text",
    "can_belong_to_reservation": "flag",
    "can_unlock_with_card": "flag",
    "can_unlock_with_cloud_key": "flag",
    "can_unlock_with_code": "flag",
    "can_unlock_with_mobile_key": "flag",
    "space_ids": ["id"],
    "hotek_metadata?": "object",
}
ACS_ACCESS_GROUP = {
    **_COMMON,
    **_ACCOUNT,
    "acs_access_group_id": "id",
    "acs_system_id": "id",
    "workspace_id": "id",
    "name": "text",
    "display_name": "text",
    "access_group_type": {"brivo_group"},
    "access_group_type_display_name": "text",
    "external_type": {"brivo_group"},
    "external_type_display_name": "text",
    "is_managed": {True},
    "pending_mutations": ["object"],
}
ACTION_ATTEMPT = {
    "action_attempt_id": "id",
    "action_type": {
        "LOCK_DOOR",
        "UNLOCK_DOOR",
        "CONFIGURE_AUTO_LOCK",
        "RESET_SANDBOX_WORKSPACE",
        "ENCODE_CREDENTIAL",
        "SCAN_CREDENTIAL",
        "SCAN_TO_ASSIGN_CREDENTIAL",
        "SIMULATE_KEYPAD_CODE_ENTRY",
        "SIMULATE_MANUAL_LOCK_VIA_KEYPAD",
    },
    "status": {"pending", "success", "error"},
    "result": "object?",
    "error": "object?",
}
CLIENT_SESSION = {
    "client_session_id": "id",
    "workspace_id": "id",
    "token": "text",
    "user_identifier_key": "text?",
    "user_identity_id?": "id",
    "user_identity_ids": ["id"],
    "customer_key?": "text",
    "connect_webview_ids": ["id"],
    "connected_account_ids": ["id"],
    "device_count": "number",
    "expires_at": "time",
    "created_at": "time",
}
CONNECT_WEBVIEW = {
    "connect_webview_id": "id",
    "workspace_id": "id",
    "connected_account_id": "id?",
    "url": "text",
    "status": {"pending", "failed", "authorized"},
    "login_successful": "flag",
    "selected_provider": "text?",
    "authorized_at": "time?",
    "accepted_capabilities": ["text"],
    "accepted_providers": ["text"],
    "accepted_devices": ["text"],
    "any_provider_allowed": "flag",
    "any_device_allowed": "flag",
    "device_selection_mode": {"none", "single", "multiple"},
    "automatically_manage_new_devices": "flag",
    "wait_for_device_creation": "flag",
    "custom_metadata": "object",
    "custom_redirect_url": "text?",
    "custom_redirect_failure_url": "text?",
    "customer_key?": "text",
    "created_at": "time",
}
CONNECTED_ACCOUNT = {
    **_COMMON,
    "connected_account_id": "id",
    "account_type": "text",
    "account_type_display_name": "text",
    "display_name": "text",
    "user_identifier": {"email?": "text", "username?": "text"},
    "accepted_capabilities": ["text"],
    "automatically_manage_new_devices": "flag",
    "custom_metadata": "object",
    "customer_key?": "text",
}
SPACE = {
    "space_id": "id",
    "workspace_id": "id",
    "name": "text",
    "display_name": "text",
    "space_key?": "text",
    "customer_key?": "text",
    "customer_data?": {
        "address?": "text?",
        "default_checkin_time?": "text?",
        "default_checkout_time?": "text?",
        "time_zone?": "text?",
    },
    "device_count": "number",
    "acs_entrance_count": "number",
    "warnings": WARNINGS,
    "created_at": "time",
}
DEVICE_PROVIDER = {
    **_MORE_ABILITIES,
    "device_provider_name": {"controlbyweb"},
    "display_name": "text",
    "image_url": "text",
    "provider_categories": ["text"],
}
CUSTOMER_PORTAL = {
    "url": "text",
    "customer_key": "text",
    "workspace_id": "id",
    "expires_at": "time",
    "created_at": "time",
}
UNMANAGED_DEVICE = {
    **_COMMON,
    **_ACCOUNT,
    **_ABILITIES,
    "device_id": "id",
    "workspace_id": "id",
    "device_type": {"controlbyweb_device"},
    "display_name": "text",
    "is_managed": {False},
    "capabilities_supported": [{"lock", "access_code"}],
    "custom_metadata": "object",
    "location": _PLACE,
    "properties": {
        "name": "text",
        "online": "flag",
        "model": {"display_name": "text", "manufacturer_display_name": "text"},
    },
}
BATCH = {
    "spaces?": [SPACE],
    "devices?": [DEVICE],
    "acs_entrances?": [ACS_ENTRANCE],
    "connected_accounts?": [CONNECTED_ACCOUNT],
    "acs_systems?": [ACS_SYSTEM],
    "user_identities?": [USER_IDENTITY],
    "acs_access_groups?": [ACS_ACCESS_GROUP],
    "access_grants?": [ACCESS_GRANT],
    "access_methods?": [ACCESS_METHOD],
    "instant_keys?": ["object"],
    "client_sessions?": [CLIENT_SESSION],
    "acs_credentials?": ["object"],
}
PAGINATION = {"has_next_page": "flag", "next_page_cursor": "text?", "next_page_url": "text?"}
KEYS: dict[str, Any] = {
    "ok": {True},
    "workspace": WORKSPACE,
    "workspaces": [WORKSPACE],
    "user_identity": USER_IDENTITY,
    "user_identities": [USER_IDENTITY],
    "device": DEVICE,
    "lock": DEVICE,
    "devices": [DEVICE],
    "locks": [DEVICE],
    "accessible_devices": [DEVICE],
    "acs_system": ACS_SYSTEM,
    "acs_systems": [ACS_SYSTEM],
    "acs_user": ACS_USER,
    "acs_users": [ACS_USER],
    "acs_entrance": ACS_ENTRANCE,
    "acs_entrances": [ACS_ENTRANCE],
    "acs_access_group": ACS_ACCESS_GROUP,
    "acs_access_groups": [ACS_ACCESS_GROUP],
    "action_attempt": ACTION_ATTEMPT,
    "action_attempts": [ACTION_ATTEMPT],
    "client_session": CLIENT_SESSION,
    "client_sessions": [CLIENT_SESSION],
    "connect_webview": CONNECT_WEBVIEW,
    "connect_webviews": [CONNECT_WEBVIEW],
    "connected_account": CONNECTED_ACCOUNT,
    "connected_accounts": [CONNECTED_ACCOUNT],
    "space": SPACE,
    "spaces": [SPACE],
    "batch": BATCH,
    "access_code": ACCESS_CODE,
    "access_codes": [ACCESS_CODE],
    "unmanaged_access_code": UNMANAGED_ACCESS_CODE,
    "access_grant": ACCESS_GRANT,
    "access_grants": [ACCESS_GRANT],
    "access_method": ACCESS_METHOD,
    "access_methods": [ACCESS_METHOD],
    **CREDENTIAL_KEYS,
    "device_providers": [DEVICE_PROVIDER],
    "customer_portal": CUSTOMER_PORTAL,
    "pagination": PAGINATION,
}


def faults(rule: Any, value: Any, path: str = "$") -> Iterator[str]:
    """Give every place where the value breaks the rule."""
    if isinstance(rule, dict):
        yield from _in_object(rule, value, path)
    elif isinstance(rule, list):
        if not isinstance(value, list):
            yield f"{path} is no array"
            return
        for place, item in enumerate(value):
            yield from faults(rule[0], item, f"{path}[{place}]")
    elif isinstance(rule, set):
        if value not in rule:
            yield f"{path} is {value!r}"
    elif value is None:
        if not rule.endswith("?"):
            yield f"{path} is null"
    elif not _is_of(rule.removesuffix("?"), value):
        yield f"{path} is no {rule}: {value!r}"


def _in_object(rule: dict[str, Any], value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path} is no object"
        return
    known = {name.removesuffix("?"): part for name, part in rule.items()}
    yield from (f"{path}.{name} is missing" for name in rule if not name.endswith("?") and name not in value)
    yield from (f"{path}.{name} is unknown" for name in value if name not in known)
    for name, part in value.items():
        if name in known:
            yield from faults(known[name], part, f"{path}.{name}")


def _is_of(kind: str, value: Any) -> bool:
    if kind in _KINDS:
        return isinstance(value, _KINDS[kind])
    return isinstance(value, str) and _PATTERNS[kind].fullmatch(value) is not None
