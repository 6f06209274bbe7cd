"""The shapes of credentials, encoders, phones and instant keys, as the contract has them."""

from typing import Any

_ERRORS = [{"error_code": "text", "message": "text", "created_at": "time"}]
_WARNINGS = [{"warning_code": "text", "message": "text", "created_at": "time"}]
_COMMON = {"created_at": "time", "workspace_id": "id", "errors": _ERRORS}
ACS_CREDENTIAL = {
    **_COMMON,
    "warnings": _WARNINGS,
    "acs_credential_id": "id",
    "acs_system_id": "id",
    "connected_account_id": "id",
    "access_method": {"code", "card", "mobile_key", "cloud_key"},
    "display_name": "text",
    "card_number": "text?",
    "code": "text?",
    "is_issued": "flag",
    "issued_at": "time?",
    "is_managed": {True},
    "is_multi_phone_sync_credential": "flag",
    "is_one_time_use": "flag",
    "is_latest_desired_state_synced_with_provider": "flag?",
    "latest_desired_state_synced_with_provider_at": "time?",
    "acs_user_id?": "id",
    "user_identity_id?": "id",
    "parent_acs_credential_id?": "id",
    "starts_at?": "time",
    "ends_at?": "time",
}
ACS_ENCODER = {
    **_COMMON,
    "acs_encoder_id": "id",
    "acs_system_id": "id",
    "connected_account_id": "id",
    "display_name": "text",
}
PHONE = {
    **_COMMON,
    "warnings": _WARNINGS,
    "device_id": "id",
    "device_type": {"ios_phone", "android_phone"},
    "display_name": "text",
    "custom_metadata": "object",
    "properties": "object",
}
INSTANT_KEY = {
    "instant_key_id": "id",
    "workspace_id": "id",
    "client_session_id": "id",
    "user_identity_id": "id",
    "instant_key_url": "text",
    "expires_at": "time",
    "created_at": "time",
}
CREDENTIAL_KEYS: dict[str, Any] = {
    "acs_credential": ACS_CREDENTIAL,
    "acs_credentials": [ACS_CREDENTIAL],
    "acs_encoder": ACS_ENCODER,
    "acs_encoders": [ACS_ENCODER],
    "phone": PHONE,
    "phones": [PHONE],
    "instant_key": INSTANT_KEY,
    "instant_keys": [INSTANT_KEY],
}
