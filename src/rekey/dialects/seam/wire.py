"""What goes out. A member that is UNSET is left out; null is sent where the contract knows null."""

from msgspec import UNSET, Struct, UnsetType
from msgspec import field as msgspec_field

Bounds = dict[str, str | bool | None]


class Wire(Struct, kw_only=True):
    """Base of every resource."""


class Problem(Wire):
    """One entry of `errors` or `warnings`."""

    message: str
    created_at: str
    error_code: str | UnsetType = UNSET
    warning_code: str | UnsetType = UNSET
    is_device_error: bool | UnsetType = UNSET
    is_connected_account_error: bool | UnsetType = UNSET


class PendingChange(Wire):
    """One entry of `pending_mutations`: what is wished for and not proved by every door of the system."""

    mutation_code: str
    message: str
    created_at: str
    before: Bounds | UnsetType = msgspec_field(name="from", default=UNSET)
    to: Bounds | UnsetType = UNSET


class Pagination(Wire):
    has_next_page: bool
    next_page_cursor: str | None
    next_page_url: str | None


class Customization(Wire):
    """How a connect page looks; what was never chosen is left out."""

    inviter_logo_url: str | UnsetType = UNSET
    logo_shape: str | UnsetType = UNSET
    primary_button_color: str | UnsetType = UNSET
    primary_button_text_color: str | UnsetType = UNSET
    success_message: str | UnsetType = UNSET


class Workspace(Wire):
    workspace_id: str
    name: str
    company_name: str
    connect_partner_name: str | None
    connect_webview_customization: Customization
    is_publishable_key_auth_enabled: bool
    is_sandbox: bool
    is_suspended: bool
    organization_id: str | None
    publishable_key: str | UnsetType = UNSET


class Location(Wire):
    location_name: str
    time_zone: str
    timezone: str


class Model(Wire):
    display_name: str
    manufacturer_display_name: str


class Appearance(Wire):
    name: str


class CodeConstraint(Wire):
    """What the device asks of codes; the lengths belong to that of names."""

    constraint_type: str
    min_length: int | UnsetType = UNSET
    max_length: int | UnsetType = UNSET


class DeviceProperties(Wire):
    """`locked` is left out while the door cannot be asked."""

    online: bool
    name: str
    appearance: Appearance
    model: Model
    locked: bool | UnsetType = UNSET
    door_open: bool | UnsetType = UNSET
    auto_lock_enabled: bool | UnsetType = UNSET
    auto_lock_delay_seconds: int | UnsetType = UNSET
    online_access_codes_enabled: bool | UnsetType = UNSET
    offline_access_codes_enabled: bool | UnsetType = UNSET
    supports_offline_access_codes: bool | UnsetType = UNSET
    supported_code_lengths: list[int] | UnsetType = UNSET
    max_active_codes_supported: int | UnsetType = UNSET
    code_constraints: list[CodeConstraint] | UnsetType = UNSET
    supports_backup_access_code_pool: bool | UnsetType = UNSET
    backup_access_code_pool_enabled: bool | UnsetType = UNSET


class Device(Wire):
    device_id: str
    workspace_id: str
    connected_account_id: str
    device_type: str
    display_name: str
    nickname: str
    is_managed: bool
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
    capabilities_supported: list[str]
    properties: DeviceProperties
    location: Location
    custom_metadata: dict[str, str | bool]
    space_ids: list[str]
    errors: list[Problem]
    warnings: list[Problem]
    created_at: str


class SystemLocation(Wire):
    time_zone: str | None


class AcsSystem(Wire):
    acs_system_id: str
    workspace_id: str
    connected_account_id: str
    connected_account_ids: list[str]
    name: str
    location: SystemLocation
    is_credential_manager: bool
    image_url: str
    image_alt_text: str
    errors: list[Problem]
    warnings: list[Problem]
    created_at: str


class AccessSchedule(Wire):
    starts_at: str
    ends_at: str | None


class AcsUser(Wire):
    acs_user_id: str
    acs_system_id: str
    workspace_id: str
    connected_account_id: str
    display_name: str
    full_name: str | UnsetType
    email: str | UnsetType
    email_address: str | UnsetType
    phone_number: str | UnsetType
    user_identity_id: str | UnsetType
    user_identity_full_name: str | None
    user_identity_email_address: str | None
    user_identity_phone_number: str | None
    is_suspended: bool
    is_managed: bool
    access_schedule: AccessSchedule | UnsetType
    last_successful_sync_at: str | None
    pending_mutations: list[PendingChange]
    errors: list[Problem]
    warnings: list[Problem]
    created_at: str


class AcsEntrance(Wire):
    acs_entrance_id: str
    acs_system_id: str
    connected_account_id: str
    display_name: str
    can_belong_to_reservation: bool
    can_unlock_with_card: bool
    can_unlock_with_cloud_key: bool
    can_unlock_with_code: bool
    can_unlock_with_mobile_key: bool
    space_ids: list[str]
    errors: list[Problem]
    warnings: list[Problem]
    created_at: str
    hotek_metadata: dict[str, str] | UnsetType = UNSET


class AcsAccessGroup(Wire):
    acs_access_group_id: str
    acs_system_id: str
    workspace_id: str
    connected_account_id: str
    name: str
    display_name: str
    access_group_type: str
    access_group_type_display_name: str
    external_type: str
    external_type_display_name: str
    is_managed: bool
    pending_mutations: list[PendingChange]
    errors: list[Problem]
    warnings: list[Problem]
    created_at: str


class UserIdentity(Wire):
    user_identity_id: str
    workspace_id: str
    user_identity_key: str | None
    full_name: str | None
    email_address: str | None
    phone_number: str | None
    display_name: str
    acs_user_ids: list[str]
    errors: list[Problem]
    warnings: list[Problem]
    created_at: str
    merged_user_identity_ids: list[str] | UnsetType = UNSET
    merged_user_identity_keys: list[str] | UnsetType = UNSET


class Event(Wire):
    """What every event has; the rest goes by its type."""

    event_id: str
    event_type: str
    workspace_id: str
    created_at: str
    occurred_at: str


class Webhook(Wire):
    """`secret` is sent once, when the webhook is made."""

    webhook_id: str
    url: str
    event_types: list[str]
    secret: str | UnsetType = UNSET


class UnmanagedProperties(Wire):
    name: str
    online: bool
    model: Model


class UnmanagedDevice(Wire):
    device_id: str
    workspace_id: str
    connected_account_id: str
    device_type: str
    display_name: str
    is_managed: bool
    can_remotely_lock: bool
    can_remotely_unlock: bool
    can_program_online_access_codes: bool
    can_program_offline_access_codes: bool
    can_unlock_with_code: bool
    capabilities_supported: list[str]
    properties: UnmanagedProperties
    location: Location
    custom_metadata: dict[str, str | bool]
    errors: list[Problem]
    warnings: list[Problem]
    created_at: str


class UnmanagedUserIdentity(Wire):
    user_identity_id: str
    workspace_id: str
    full_name: str | None
    email_address: str | None
    phone_number: str | None
    display_name: str
    acs_user_ids: list[str]
    errors: list[Problem]
    warnings: list[Problem]
    created_at: str


class DoorResult(Wire):
    """Left out where there is nothing more to say of a success."""

    was_confirmed_by_device: bool | UnsetType = UNSET


class AttemptError(Wire):
    type: str
    message: str


class ActionAttempt(Wire):
    """All five are always there; of result and error at most one is not null."""

    action_attempt_id: str
    action_type: str
    status: str
    result: Wire | None
    error: AttemptError | None
