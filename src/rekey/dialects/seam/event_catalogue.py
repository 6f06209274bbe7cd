"""Which act tells each type of event, and why some types are told by none; every type of the contract is here."""

from collections.abc import Iterator, Mapping
from typing import Final

from rekey.dialects.seam.event_map import EVENTS
from rekey.dialects.seam.event_types import EVENT_TYPES

_UNREPORTED: Final = "no driver here reports it"
_ELSEWHERE: Final = "it is not about access"
_AT_ONCE: Final = "adopting a code is done or refused at once"
_OWN: Final = "a system is a site of this server, so nothing lies between them that could break"
_PROOFLESS: Final = "an account that is lost is disconnected; it is never asked to prove itself again"
_MAKERS: Final = "it is a word of one maker, whose locks no driver here speaks to"
_AUTOMATIONS: Final = "nobody is enrolled by automations here"

NEVER_TOLD: Final[Mapping[str, str]] = {
    "access_code.unmanaged.failed_to_convert_to_managed": _AT_ONCE,
    "acs_system.disconnected": _OWN,
    "connected_account.reauthorization_requested": _PROOFLESS,
    "device.accessory_keypad_connected": _UNREPORTED,
    "device.accessory_keypad_disconnected": _UNREPORTED,
    "device.battery_status_changed": _UNREPORTED,
    "device.connection_became_flaky": _UNREPORTED,
    "device.connection_stabilized": _UNREPORTED,
    "device.doorbell_rang": _UNREPORTED,
    "device.low_battery": _UNREPORTED,
    "device.tampered": _UNREPORTED,
    "device.third_party_integration_detected": _UNREPORTED,
    "device.third_party_integration_no_longer_detected": _UNREPORTED,
    "device.salto.privacy_mode_activated": _MAKERS,
    "device.salto.privacy_mode_deactivated": _MAKERS,
    "enrollment_automation.deleted": _AUTOMATIONS,
    "camera.activated": _ELSEWHERE,
    "noise_sensor.noise_threshold_triggered": _ELSEWHERE,
    "thermostat.climate_preset_activated": _ELSEWHERE,
    "thermostat.manually_adjusted": _ELSEWHERE,
    "thermostat.temperature_changed": _ELSEWHERE,
    "thermostat.temperature_reached_set_point": _ELSEWHERE,
    "thermostat.temperature_threshold_exceeded": _ELSEWHERE,
    "thermostat.temperature_threshold_no_longer_exceeded": _ELSEWHERE,
}


def acts_of(type_: str) -> tuple[str, ...]:
    """Name the actions of the journal that tell a type."""
    return tuple(sorted(action for action, event in EVENTS.items() if type_ in event.types))


def table() -> Iterator[str]:
    """Give the lines of the table in the dialect's page."""
    for type_ in sorted(EVENT_TYPES):
        acts = ", ".join(f"`{action}`" for action in acts_of(type_))
        yield f"| `{type_}` | {acts or f'never: {NEVER_TOLD[type_]}'} |"
