"""Events of devices that are in contact or not, that lock by themselves, and that are managed here or not."""

from collections.abc import AsyncIterator, Iterable
from datetime import datetime

from rekey.dialects.seam.doors import NAMESPACE, UNMANAGED
from rekey.dialects.seam.event_scene import Draft, Scene
from rekey.dialects.seam.translate import instant
from rekey.dialects.seam.translate_doors import trouble_of
from rekey.domain.door_contact import Trouble
from rekey.domain.estate import Door

DEVICE = "device"
_LISTS = tuple(
    f"{name}_{kind}" for name in ("connected_account", "device") for kind in ("errors", "warnings")
)
# The catalogue knows three reasons; a device that cannot be reached for another one is disconnected.
_REASONS = {Trouble.HUB_DISCONNECTED: "hub_disconnected"}


async def contact_noted(scene: Scene) -> AsyncIterator[Draft]:
    """A device came into contact, lost it, was removed, or its subscription ran out or was paid."""
    door = await scene.door()
    if door is None:
        return
    now, before = _trouble(scene.text("trouble")), _trouble(scene.text("former_trouble"))
    word = device_word(scene.texts("marks"))
    prefix, unmanaged = f"{word}.", word != DEVICE
    was_off, is_off = before is not None and before.cuts_off, now is not None and now.cuts_off
    if before is Trouble.UNPAID and not unmanaged:
        yield Draft("device.error.subscription_required.resolved", await scene.device(door))
    if now is Trouble.REMOVED and not unmanaged:
        yield Draft("device.removed", await scene.device(door))
    elif now is not None and is_off:
        yield Draft(f"{prefix}disconnected", {**await _problem(scene, door, now), "error_code": _reason(now)})
    elif was_off:
        yield Draft(f"{prefix}connected", await scene.device(door))
    if now is Trouble.UNPAID and not unmanaged:
        yield Draft("device.error.subscription_required", await _problem(scene, door, now))


def device_word(marks: Iterable[str]) -> str:
    """Give how the types of events name a device with these marks: managed or not."""
    return f"{DEVICE}.unmanaged" if f"{NAMESPACE}:{UNMANAGED}" in marks else DEVICE


def _trouble(name: str | None) -> Trouble | None:
    return None if name is None else Trouble(name)


def _reason(trouble: Trouble) -> str:
    return _REASONS.get(trouble, "device_disconnected")


async def _problem(scene: Scene, door: Door, trouble: Trouble) -> dict[str, object]:
    code, message = trouble_of(trouble)
    told = {
        "error_code": code,
        "message": message,
        "created_at": instant(scene.row.at),
        "is_device_error": True,
    }
    empty: dict[str, object] = {name: [] for name in _LISTS}
    return {**await scene.device(door), **empty, "device_errors": [told]}


async def relocked(scene: Scene) -> AsyncIterator[Draft]:
    """A door locked again by itself; nobody is named, as nobody did it."""
    door = await scene.door()
    if door is not None:
        at = datetime.fromisoformat(scene.text("at") or scene.row.at.isoformat())
        fields = {**await scene.passage(door), "method": "automatic", "occurred_at": instant(at)}
        yield Draft("lock.locked", fields)


async def noted(scene: Scene) -> AsyncIterator[Draft]:
    """A device has another name, or is managed here no more, or again."""
    door, before = await scene.door(), await scene.door_before()
    if door is None:
        return
    if before is not None and door.name != before.name:
        yield Draft("device.name_changed", {**await scene.device(door), "device_name": door.name})
    if UNMANAGED in scene.texts("changed"):
        is_unmanaged = scene.row.detail.get("unmanaged") is True
        type_ = "device.converted_to_unmanaged" if is_unmanaged else "device.unmanaged.converted_to_managed"
        yield Draft(type_, await scene.device(door))
