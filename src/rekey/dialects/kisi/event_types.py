"""Every type of event that the contract lists. Source: contract section 7.2."""

from collections.abc import Mapping
from typing import Final

# Names with `create` and `destroy`, those with a star also with `update`.
_LIVES: Final = (
    "access_key amenity* camera* controller_input_connection* controller_relay_connection* "
    "controller_wiegand_connection* custom_role* elevator* elevator_stop* event_retention_policy* floor* "
    "group* group_elevator_stop group_link group_lock group_terminal group_zone guest incident_policy* "
    "incident_policy_subscription* integration* intercom_assignment kiosk_shortcut lock* "
    "marketplace_app_share marketplace_installation* marketplace_shortcut* member* "
    "mifare_classic_data_block_configuration place* place_card role_assignment* schedule* "
    "scheduled_report* share* team* team_membership terminal* third_party_hf_uid_read_configuration user* "
    "visualization_page_reporter visualization_page_share wireless_lock_connection* zone* card* report login"
)
_MORE: Final[Mapping[str, str]] = {
    "apple_pass": "destroy",
    "apple_pass_instance": "destroy resume suspend",
    "beacon": "update",
    "booking": "create cancel",
    "camera": "import rate_limited",
    "camera_snapshot_set": "create",
    "card": "activate activate_with_token assign deactivate deassign",
    "communication_policy": "update",
    "controller": "assign deassign reboot tamper update wiegand_board_connect wiegand_board_disconnect",
    "controller_input": "opened closed tamper triggered",
    "controller_wiegand_connection": "excessive_pin_attempts",
    "csv_card_import": "create",
    "csv_user_import": "create",
    "elevator": "permit",
    "elevator_stop": "lock_down cancel_lockdown scheduled_permit_started scheduled_permit_ended",
    "incident": "create update",
    "integration": "warn_due_to_error disable_due_to_error",
    "intercom": (
        "answer_call assign deassign dismiss_call finish_call initiate_streaming miss_call timeout_call "
        "trigger_call update"
    ),
    "intercom_completed_call": "create",
    "invite": "create",
    "kiosk": "assign deassign update",
    "lock": (
        "unlock opened closed locked forced_open held_open tailgate lock_down cancel_lockdown "
        "first_to_arrive last_to_leave scheduled_unlock_started scheduled_unlock_ended"
    ),
    "login": "promote resolve",
    "marketplace_installation": "request_uninstall",
    "mifare_desfire_extra_application_configuration": "create",
    "mifare_desfire_master_key_configuration": "create",
    "mobile_cache_policy": "update invalidate",
    "organization": (
        "create update request_transfer accept_transfer reject_transfer cancel_transfer "
        "generate_next_certificate rotate_certificate reset_scim_token"
    ),
    "place": "lock_down cancel_lockdown occupancy_rate_limit_reach",
    "reader": "access assign deassign reboot reset_tamper tamper update",
    "report": "download finish",
    "subscription": "update",
    "terminal": "trigger",
    "user": (
        "activate_2fa deactivate_2fa create_backup_codes create_password update_password show_confirmation"
    ),
    "wireless_lock": "battery_warning closed disenroll locked opened tampered unlocked update",
    "zone": (
        "external_mode_override override policy_activate policy_override policy_transition policy_violate "
        "reset"
    ),
}


def _actions() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for written in _LIVES.split():
        actions = ("create", "update", "destroy") if written.endswith("*") else ("create", "destroy")
        found[written.rstrip("*")] = actions
    for name, more in _MORE.items():
        found[name] = (*found.get(name, ()), *more.split())
    return dict(sorted(found.items()))


ACTIONS_OF: Final[Mapping[str, tuple[str, ...]]] = _actions()
EVENT_TYPES: Final = tuple(f"{name}.{action}" for name, actions in ACTIONS_OF.items() for action in actions)
