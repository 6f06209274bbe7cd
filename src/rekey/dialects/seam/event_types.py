"""Every type of event that the contract lists, its namespace and what it carries. Source: contract section 10.

A name that ends in `!` is always there. Types that are not about access have no namespace: they are known to
filters and subscriptions, and never told.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

_DEVICE: Final = "device_id! connected_account_id! device_custom_metadata connected_account_custom_metadata"
_DOOR: Final = f"{_DEVICE} customer_key"
_ACCOUNT: Final = "connected_account_id! connected_account_custom_metadata"
_ACCOUNT_STATE: Final = "connected_account_errors! connected_account_warnings!"
_STATE: Final = f"device_errors! device_warnings! {_ACCOUNT_STATE}"
_CODE: Final = f"{_DEVICE} access_code_id!"
_CODE_STATE: Final = f"{_CODE} access_code_errors! access_code_warnings! {_STATE}"
_CHANGE: Final = f"{_CODE} description! from! to!"
_GRANT: Final = "access_grant_id!"
_METHOD: Final = "access_method_id! access_grant_ids! access_grant_keys"
_SYSTEM: Final = "acs_system_id! connected_account_id"
_WHO: Final = "access_code_id user_identity_id acs_user_id acs_entrance_id acs_system_id"
_HOW: Final = "action_attempt_id code access_code_is_managed is_via_bluetooth is_via_nfc method!"
_AT_LOCK: Final = f"{_ACCOUNT} device_id device_custom_metadata customer_key"
_ATTEMPT: Final = "action_attempt_id! action_type! status! device_id connected_account_id"
_SPACE: Final = "space_id! space_key device_ids! acs_entrance_ids!"

# Namespace, types without their subject, what they carry.
_FORMS: Final = (
    (
        "/access_codes",
        "access_code: created removed_from_device modified_external_to_seam deleted_external_to_seam",
        _CODE,
    ),
    ("/access_codes", "access_code: scheduled_on_device set_on_device deleted", f"{_CODE} code!"),
    ("/access_codes", "access_code: name_changed code_changed time_frame_changed", _CHANGE),
    ("/access_codes", "access_code: changed", f"{_CODE} change_reason changed_properties"),
    ("/access_codes", "access_code: mutations_requested", f"{_CODE} requested_mutations!"),
    ("/access_codes", "access_code: backup_access_code_pulled", f"{_CODE} backup_access_code_id!"),
    (
        "/access_codes",
        (
            "access_code: delay_in_setting_on_device failed_to_set_on_device delay_in_removing_from_device "
            "failed_to_remove_from_device"
        ),
        _CODE_STATE,
    ),
    ("/access_codes/unmanaged", "access_code.unmanaged: converted_to_managed created removed", _CODE),
    ("/access_codes/unmanaged", "access_code.unmanaged: failed_to_convert_to_managed", _CODE_STATE),
    ("/access_grants", "access_grant: created deleted access_granted_to_all_doors", _GRANT),
    (
        "/access_grants",
        "access_grant: access_granted_to_door access_to_door_lost",
        f"{_GRANT} acs_entrance_id!",
    ),
    (
        "/access_grants",
        "access_grant: access_times_changed",
        f"{_GRANT} access_grant_key starts_at ends_at",
    ),
    (
        "/access_grants",
        "access_grant: could_not_create_requested_access_methods",
        f"{_GRANT} error_message! missing_device_ids",
    ),
    ("/access_methods", "access_method: issued reissued", f"{_METHOD} code is_backup_code"),
    (
        "/access_methods",
        "access_method: created revoked card_encoding_required deleted delay_in_issuing failed_to_issue",
        _METHOD,
    ),
    ("/acs/access_groups", "acs_access_group: deleted", f"acs_access_group_id! {_SYSTEM}"),
    (
        "/acs/credentials",
        "acs_credential: deleted issued reissued invalidated",
        f"acs_credential_id! {_SYSTEM}",
    ),
    ("/acs/encoders", "acs_encoder: added removed", f"acs_encoder_id! {_SYSTEM}"),
    ("/acs/entrances", "acs_entrance: added removed", f"acs_entrance_id! {_SYSTEM}"),
    ("/acs/systems", "acs_system: connected added", _SYSTEM),
    (
        "/acs/systems",
        "acs_system: disconnected",
        f"{_SYSTEM} acs_system_errors! acs_system_warnings! {_ACCOUNT_STATE}",
    ),
    ("/acs/users", "acs_user: created deleted", f"acs_user_id! {_SYSTEM}"),
    ("/action_attempts", "action_attempt.lock_door: succeeded failed", _ATTEMPT),
    ("/action_attempts", "action_attempt.unlock_door: succeeded failed", _ATTEMPT),
    ("/action_attempts", "action_attempt.simulate_keypad_code_entry: succeeded failed", _ATTEMPT),
    ("/action_attempts", "action_attempt.simulate_manual_lock_via_keypad: succeeded failed", _ATTEMPT),
    ("/client_sessions", "client_session: deleted", "client_session_id!"),
    ("/connect_webviews", "connect_webview: login_failed", "connect_webview_id!"),
    (
        "/connect_webviews",
        "connect_webview: login_succeeded",
        f"{_ACCOUNT} connect_webview_id! customer_key",
    ),
    (
        "/connected_accounts",
        "connected_account: completed_first_sync completed_first_sync_after_reconnection",
        _ACCOUNT,
    ),
    ("/connected_accounts", "connected_account: created successful_login", f"{_ACCOUNT} connect_webview_id!"),
    (
        "/connected_accounts",
        "connected_account: connected",
        f"{_ACCOUNT} connect_webview_id customer_key",
    ),
    (
        "/connected_accounts",
        "connected_account: disconnected reauthorization_requested",
        f"{_ACCOUNT} {_ACCOUNT_STATE}",
    ),
    (
        "/connected_accounts",
        "connected_account: deleted",
        f"{_ACCOUNT} connected_account_type customer_key",
    ),
    (
        "/devices",
        (
            "device: accessory_keypad_connected added connected connection_stabilized converted_to_unmanaged "
            "removed tampered third_party_integration_detected third_party_integration_no_longer_detected"
        ),
        _DOOR,
    ),
    ("/devices", "device.salto: privacy_mode_activated privacy_mode_deactivated", _DOOR),
    ("/devices", "device.error.subscription_required: resolved", _DOOR),
    ("/devices", "device.error: subscription_required", f"{_DOOR} {_STATE}"),
    (
        "/devices",
        "device: accessory_keypad_disconnected connection_became_flaky",
        f"{_DOOR} {_STATE}",
    ),
    ("/devices", "device: battery_status_changed", f"{_DOOR} battery_level! battery_status!"),
    ("/devices", "device: deleted", f"{_DOOR} device_name"),
    ("/devices", "device: disconnected", f"{_DOOR} error_code! {_STATE}"),
    ("/devices", "device: doorbell_rang", f"{_DOOR} image_url video_url media_ids"),
    (
        "/devices",
        "device: low_battery",
        f"{_DOOR} battery_level! accessory_keypad_battery_level device_battery_level",
    ),
    ("/devices", "device: name_changed", f"{_DOOR} device_name!"),
    ("/devices/unmanaged", "device.unmanaged: connected converted_to_managed", _DOOR),
    ("/devices/unmanaged", "device.unmanaged: disconnected", f"{_DOOR} error_code! {_STATE}"),
    ("/locks", "lock: access_denied", f"{_AT_LOCK} {_WHO} reason"),
    ("/locks", "lock: unlocked", f"{_AT_LOCK} {_WHO} {_HOW}"),
    ("/locks", "lock: locked", f"{_DOOR} {_WHO} {_HOW}"),
    ("/phones", "phone: deactivated", "device_id! device_custom_metadata"),
    ("/spaces", "space: created deleted device_membership_changed", _SPACE),
    ("/user_identities", "enrollment_automation: deleted", "enrollment_automation_id!"),
    ("", "camera: activated", ""),
    ("", "noise_sensor: noise_threshold_triggered", ""),
    (
        "",
        (
            "thermostat: climate_preset_activated manually_adjusted temperature_changed "
            "temperature_reached_set_point temperature_threshold_exceeded "
            "temperature_threshold_no_longer_exceeded"
        ),
        "",
    ),
)


@dataclass(frozen=True, slots=True)
class EventForm:
    """What an event of a type carries beside what all have, and the namespace that it belongs to."""

    namespace: str
    always: frozenset[str]
    sometimes: frozenset[str]


def _forms() -> Iterable[tuple[str, EventForm]]:
    for namespace, types, fields in _FORMS:
        subject, _, several = types.partition(": ")
        named = fields.split()
        always = frozenset(name.removesuffix("!") for name in named if name.endswith("!"))
        form = EventForm(namespace, always, frozenset(named) - {f"{name}!" for name in always})
        for happened in several.split():
            yield f"{subject}.{happened}", form


EVENT_FORMS: Final[Mapping[str, EventForm]] = dict(_forms())
EVENT_TYPES: Final = frozenset(EVENT_FORMS)
# A subscription may also name this one, which stands for every type.
EVERY_TYPE: Final = "*"
