"""Devices, locks, action attempts, and what is simulated on them."""

from typing import Any

from tests.acceptance.seam_sdk.step import Step, call, refused, unknown

_FRONT: dict[str, Any] = {"device_id": "{front}"}
_SPARE: dict[str, Any] = {"device_id": "{spare}"}

DOORS: tuple[Step, ...] = (
    call("devices.get", **_FRONT),
    unknown("devices.get", "device_id"),
    call("devices.list"),
    call("devices.list", device_ids=["{front}", "{side}"], limit=1),
    refused(400, "invalid_input", "devices.list", limit=0),
    call("devices.list_device_providers"),
    refused(401, "unauthorized", "devices.list_device_providers", by="stranger"),
    call("devices.update", custom_metadata={"floor": "2"}, name="Front {tag}", **_FRONT),
    unknown("devices.update", "device_id", name="Nothing"),
    call(
        "devices.report_provider_metadata",
        devices=[{"device_id": "{front}", "time_zone": "Europe/Berlin"}],
    ),
    refused(400, "invalid_input", "devices.report_provider_metadata", devices="{front}"),
    call("devices.update", is_managed=False, **_SPARE),
    call("devices.unmanaged.get", **_SPARE),
    unknown("devices.unmanaged.get", "device_id"),
    call("devices.unmanaged.list"),
    refused(400, "invalid_input", "devices.unmanaged.list", limit=0),
    call("devices.unmanaged.update", is_managed=True, **_SPARE),
    unknown("devices.unmanaged.update", "device_id", is_managed=True),
)
LOCKS: tuple[Step, ...] = (
    call("locks.get", **_FRONT),
    unknown("locks.get", "device_id"),
    call("locks.list"),
    refused(401, "unauthorized", "locks.list", by="stranger"),
    call("locks.unlock_door", {"attempt": "action_attempt.action_attempt_id"}, **_FRONT),
    unknown("locks.unlock_door", "device_id"),
    call("locks.lock_door", **_FRONT),
    unknown("locks.lock_door", "device_id"),
    call("locks.configure_auto_lock", auto_lock_enabled=True, auto_lock_delay_seconds=7, **_FRONT),
    unknown("locks.configure_auto_lock", "device_id", auto_lock_enabled=True, auto_lock_delay_seconds=7),
    call("action_attempts.get", action_attempt_id="{attempt}"),
    unknown("action_attempts.get", "action_attempt_id"),
    call("action_attempts.list", action_attempt_ids=["{attempt}"]),
    refused(
        404,
        "action_attempts_not_found",
        "action_attempts.list",
        action_attempt_ids=["00000000-0000-4000-8000-000000000000"],
    ),
)
SIMULATED: tuple[Step, ...] = (
    call("devices.simulate.disconnect", **_SPARE),
    call("devices.get", **_SPARE),
    refused(200, "device_offline", "locks.unlock_door", **_SPARE),
    unknown("devices.simulate.disconnect", "device_id"),
    call("devices.simulate.connect", **_SPARE),
    unknown("devices.simulate.connect", "device_id"),
    call("devices.simulate.disconnect_from_hub", **_SPARE),
    call("devices.get", **_SPARE),
    unknown("devices.simulate.disconnect_from_hub", "device_id"),
    call("devices.simulate.connect_to_hub", **_SPARE),
    unknown("devices.simulate.connect_to_hub", "device_id"),
    call("devices.simulate.paid_subscription", is_expired=True, **_SPARE),
    call("devices.get", **_SPARE),
    call("devices.simulate.paid_subscription", is_expired=False, **_SPARE),
    unknown("devices.simulate.paid_subscription", "device_id", is_expired=True),
)
# A door that was taken off the wall stays so; nothing else needs it any more.
REMOVED: tuple[Step, ...] = (
    call("devices.simulate.remove", **_SPARE),
    call("devices.get", **_SPARE),
    unknown("devices.simulate.remove", "device_id"),
)
