"""What keeps a door's hours: the parts that several operations share."""

from dataclasses import replace

from rekey.domain.calendar import Consequence
from rekey.domain.door_hours import DoorHours, HoursRules
from rekey.domain.door_order import DoorOrder
from rekey.domain.estate import zone_named
from rekey.domain.ids import DoorId
from rekey.domain.scope import Scope
from rekey.operations.act import Act
from rekey.ports.store import View


async def watch_hours(act: Act, door_id: str) -> None:
    """Have the hours of a door looked at as soon as this act is durable."""
    standing = await act.work.door_hours.get(door_id)
    hours = standing or DoorHours(door_id=DoorId(door_id))
    await act.work.door_hours.save(replace(hours, due_at=act.now))
    act.work.after_commit(act.wake)


async def hours_rules_of(view: View, door_id: str, zone: str) -> HoursRules:
    """Gather what the hours of a door follow from; `zone` is that of its site."""
    rules = await view.calendar.of(Scope.door(door_id))
    return HoursRules(
        unlock=tuple(rule for rule in rules if rule.consequence is Consequence.UNLOCK),
        first_to_arrive=tuple(rule for rule in rules if rule.consequence is Consequence.FIRST_TO_ARRIVE),
        zone=zone_named(zone),
    )


async def mode_set_by_hand(act: Act, door_id: str, *, locked: bool) -> None:
    """Let a hand on the door win: locking ends the scheduled unlock under way, unlocking lifts such a pause."""
    hours = await act.work.door_hours.get(door_id)
    if hours is None:
        return
    if not locked:
        await act.work.door_hours.save(replace(hours, paused_until=None, due_at=act.now))
    elif hours.free_since is not None and hours.free_until is not None:
        paused = replace(
            hours, free_since=None, free_until=None, paused_until=hours.free_until, order_id=None, tries=0
        )
        await act.work.door_hours.save(replace(paused, due_at=act.now))


async def note_arrival(act: Act, order: DoorOrder) -> None:
    """Note that somebody was admitted, if the door's unlock may wait for that.

    An opening by an operator's permission, without anybody's access, is no arrival.
    """
    if order.person_id is None and order.credential_id is None:
        return
    hours = await act.work.door_hours.get(order.door_id)
    if hours is None:
        return
    await act.work.door_hours.save(replace(hours, arrived_at=act.now, due_at=act.now))
    act.work.after_commit(act.wake)
