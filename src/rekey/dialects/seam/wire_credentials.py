"""What goes out of credentials, encoders, phones and instant keys."""

from msgspec import UNSET, UnsetType

from rekey.dialects.seam.wire import Problem, Wire


class AcsCredential(Wire):
    """`card_number` and `issued_at` are null where there is none, the rest is left out."""

    acs_credential_id: str
    acs_system_id: str
    workspace_id: str
    connected_account_id: str
    access_method: str
    display_name: str
    card_number: str | None
    code: str | None
    is_issued: bool
    issued_at: str | None
    is_managed: bool
    is_multi_phone_sync_credential: bool
    is_one_time_use: bool
    is_latest_desired_state_synced_with_provider: bool | None
    latest_desired_state_synced_with_provider_at: str | None
    errors: list[Problem]
    warnings: list[Problem]
    created_at: str
    acs_user_id: str | UnsetType = UNSET
    user_identity_id: str | UnsetType = UNSET
    parent_acs_credential_id: str | UnsetType = UNSET
    starts_at: str | UnsetType = UNSET
    ends_at: str | UnsetType = UNSET


class AcsEncoder(Wire):
    acs_encoder_id: str
    acs_system_id: str
    workspace_id: str
    connected_account_id: str
    display_name: str
    errors: list[Problem]
    created_at: str


class CardOnEncoder(Wire):
    """What is written on a card, as far as an encoder reads it."""

    created_at: str | None
    is_issued: bool | None
    starts_at: str | None
    ends_at: str | None
    card_number: str | None


class ScanWarning(Wire):
    warning_code: str
    warning_message: str


class ScanResult(Wire):
    acs_credential_on_encoder: CardOnEncoder | None
    acs_credential_on_seam: AcsCredential | None
    warnings: list[ScanWarning]


class PhoneProperties(Wire):
    """Left empty: no vendor's service stands behind a phone here."""


class Phone(Wire):
    device_id: str
    workspace_id: str
    device_type: str
    display_name: str
    custom_metadata: dict[str, str | bool]
    properties: PhoneProperties
    errors: list[Problem]
    warnings: list[Problem]
    created_at: str


class InstantKey(Wire):
    instant_key_id: str
    workspace_id: str
    client_session_id: str
    user_identity_id: str
    instant_key_url: str
    expires_at: str
    created_at: str
