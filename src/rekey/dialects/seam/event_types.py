"""Every type of event that the contract lists. Source: contract section 10."""

from typing import Final

_BY_SUBJECT: Final = {
    "access_code": (
        "backup_access_code_pulled changed code_changed created delay_in_removing_from_device "
        "delay_in_setting_on_device deleted deleted_external_to_seam failed_to_remove_from_device "
        "failed_to_set_on_device modified_external_to_seam mutations_requested name_changed "
        "removed_from_device scheduled_on_device set_on_device time_frame_changed"
    ),
    "access_code.unmanaged": "converted_to_managed created failed_to_convert_to_managed removed",
    "access_grant": (
        "access_granted_to_all_doors access_granted_to_door access_times_changed "
        "access_to_door_lost could_not_create_requested_access_methods created deleted"
    ),
    "access_method": (
        "card_encoding_required created delay_in_issuing deleted failed_to_issue issued reissued revoked"
    ),
    "acs_access_group": "deleted",
    "acs_credential": "deleted invalidated issued reissued",
    "acs_encoder": "added removed",
    "acs_entrance": "added removed",
    "acs_system": "added connected disconnected",
    "acs_user": "created deleted",
    "action_attempt.lock_door": "failed succeeded",
    "action_attempt.simulate_keypad_code_entry": "failed succeeded",
    "action_attempt.simulate_manual_lock_via_keypad": "failed succeeded",
    "action_attempt.unlock_door": "failed succeeded",
    "camera": "activated",
    "client_session": "deleted",
    "connect_webview": "login_failed login_succeeded",
    "connected_account": (
        "completed_first_sync completed_first_sync_after_reconnection connected created deleted "
        "disconnected reauthorization_requested successful_login"
    ),
    "device": (
        "accessory_keypad_connected accessory_keypad_disconnected added battery_status_changed "
        "connected connection_became_flaky connection_stabilized converted_to_unmanaged deleted "
        "disconnected doorbell_rang low_battery name_changed removed tampered "
        "third_party_integration_detected third_party_integration_no_longer_detected"
    ),
    "device.error": "subscription_required",
    "device.error.subscription_required": "resolved",
    "device.salto": "privacy_mode_activated privacy_mode_deactivated",
    "device.unmanaged": "connected converted_to_managed disconnected",
    "enrollment_automation": "deleted",
    "lock": "access_denied locked unlocked",
    "noise_sensor": "noise_threshold_triggered",
    "phone": "deactivated",
    "space": "created deleted device_membership_changed",
    "thermostat": (
        "climate_preset_activated manually_adjusted temperature_changed "
        "temperature_reached_set_point temperature_threshold_exceeded "
        "temperature_threshold_no_longer_exceeded"
    ),
}
EVENT_TYPES: Final = frozenset(
    f"{subject}.{happened}" for subject, several in _BY_SUBJECT.items() for happened in several.split()
)
# A subscription may also name this one, which stands for every type.
EVERY_TYPE: Final = "*"
