"""What goes out of accounts, sessions, spaces and customers."""

from msgspec import UNSET, UnsetType

from rekey.dialects.seam.wire import (
    AcsAccessGroup,
    AcsEntrance,
    AcsSystem,
    Device,
    Problem,
    UserIdentity,
    Wire,
)
from rekey.dialects.seam.wire_access import AccessGrant, AccessMethod


class ClientSession(Wire):
    """The token is given whole, as the contract has it."""

    client_session_id: str
    workspace_id: str
    token: str
    user_identifier_key: str | None
    user_identity_id: str | UnsetType
    user_identity_ids: list[str]
    customer_key: str | UnsetType
    connect_webview_ids: list[str]
    connected_account_ids: list[str]
    device_count: int
    expires_at: str
    created_at: str


class ConnectWebview(Wire):
    connect_webview_id: str
    workspace_id: str
    connected_account_id: str | None
    url: str
    status: str
    login_successful: bool
    selected_provider: str | None
    authorized_at: str | None
    accepted_capabilities: list[str]
    accepted_providers: list[str]
    accepted_devices: list[str]
    any_provider_allowed: bool
    any_device_allowed: bool
    device_selection_mode: str
    automatically_manage_new_devices: bool
    wait_for_device_creation: bool
    custom_metadata: dict[str, str | bool]
    custom_redirect_url: str | None
    custom_redirect_failure_url: str | None
    customer_key: str | UnsetType
    created_at: str


class UserIdentifier(Wire):
    email: str | UnsetType = UNSET
    username: str | UnsetType = UNSET


class ConnectedAccount(Wire):
    connected_account_id: str
    account_type: str
    account_type_display_name: str
    display_name: str
    user_identifier: UserIdentifier
    accepted_capabilities: list[str]
    automatically_manage_new_devices: bool
    custom_metadata: dict[str, str | bool]
    customer_key: str | UnsetType
    errors: list[Problem]
    warnings: list[Problem]
    created_at: str


class CustomerData(Wire):
    address: str | UnsetType | None = UNSET
    default_checkin_time: str | UnsetType | None = UNSET
    default_checkout_time: str | UnsetType | None = UNSET
    time_zone: str | UnsetType | None = UNSET


class Space(Wire):
    space_id: str
    workspace_id: str
    name: str
    display_name: str
    space_key: str | UnsetType
    customer_key: str | UnsetType
    customer_data: CustomerData | UnsetType
    device_count: int
    acs_entrance_count: int
    warnings: list[Problem]
    created_at: str


class DeviceProvider(Wire):
    device_provider_name: str
    display_name: str
    image_url: str
    provider_categories: list[str]
    can_remotely_lock: bool
    can_remotely_unlock: bool
    can_configure_auto_lock: bool
    can_program_online_access_codes: bool
    can_program_offline_access_codes: bool
    can_unlock_with_code: bool
    can_simulate_connection: bool
    can_simulate_disconnection: bool
    can_simulate_hub_connection: bool
    can_simulate_hub_disconnection: bool
    can_simulate_paid_subscription: bool
    can_simulate_removal: bool


class CustomerPortal(Wire):
    url: str
    customer_key: str
    workspace_id: str
    expires_at: str
    created_at: str


class Batch(Wire):
    """Resources of several kinds at once; a kind that was not asked for is left out."""

    spaces: list[Space] | UnsetType = UNSET
    devices: list[Device] | UnsetType = UNSET
    acs_entrances: list[AcsEntrance] | UnsetType = UNSET
    connected_accounts: list[ConnectedAccount] | UnsetType = UNSET
    acs_systems: list[AcsSystem] | UnsetType = UNSET
    user_identities: list[UserIdentity] | UnsetType = UNSET
    acs_access_groups: list[AcsAccessGroup] | UnsetType = UNSET
    access_grants: list[AccessGrant] | UnsetType = UNSET
    access_methods: list[AccessMethod] | UnsetType = UNSET
    instant_keys: list[Wire] | UnsetType = UNSET
    client_sessions: list[ClientSession] | UnsetType = UNSET
    acs_credentials: list[Wire] | UnsetType = UNSET
