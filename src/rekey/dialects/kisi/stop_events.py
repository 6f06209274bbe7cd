"""Events of elevators' stops, which are doors of their kind: what they are called where a lock's is told."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from rekey.dialects.kisi.event_scene import GROUP_STOP, STOP, Draft

STOP_TYPES: Final[Mapping[str, str]] = {
    "lock.create": "elevator_stop.create",
    "lock.update": "elevator_stop.update",
    "lock.destroy": "elevator_stop.destroy",
    "lock.lock_down": "elevator_stop.lock_down",
    "lock.cancel_lockdown": "elevator_stop.cancel_lockdown",
    "lock.scheduled_unlock_started": "elevator_stop.scheduled_permit_started",
    "lock.scheduled_unlock_ended": "elevator_stop.scheduled_permit_ended",
    "lock.unlock": "elevator.permit",
    "group_lock.create": "group_elevator_stop.create",
    "group_lock.destroy": "group_elevator_stop.destroy",
}


def with_stops(types: Iterable[str]) -> frozenset[str]:
    """Add what these types are called where they are about a stop."""
    types = frozenset(types)
    return types | {STOP_TYPES[type_] for type_ in types if type_ in STOP_TYPES}


def as_told(draft: Draft) -> Draft:
    """Give the event as it is called; what is only said of locks keeps its name."""
    if draft.about.shape["resource_type"] not in {STOP, GROUP_STOP}:
        return draft
    return replace(draft, type=STOP_TYPES.get(draft.type, draft.type))
