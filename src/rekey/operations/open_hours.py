"""The open hours of a door: its weekly unlock rule, as the wire APIs that know only one see it."""

from rekey.domain.calendar import CalendarRule, Consequence, Weekly
from rekey.domain.scope import Scope
from rekey.operations.act import Act
from rekey.operations.calendar_rules import checked_timing, new_rule
from rekey.operations.door_hours import watch_hours
from rekey.ports.store import View


async def open_hours_of(view: View, door_id: str) -> CalendarRule | None:
    """Give the newest enabled weekly rule that unlocks the door, or None if there is none."""
    rules = await view.calendar.of(Scope.door(door_id), Consequence.UNLOCK)
    weekly = [
        rule for rule in rules if isinstance(rule.timing, Weekly) and rule.enabled and not rule.override
    ]
    return weekly[-1] if weekly else None


async def set_open_hours(act: Act, door_id: str, hours: Weekly) -> None:
    """Put these hours in place of the door's open hours; other rules of its calendar stay.

    Raises: Invalid (time_zone).
    """
    checked_timing(hours)
    standing = await open_hours_of(act.work, door_id)
    if standing is not None:
        await act.work.calendar.end(standing.id)
    await act.work.calendar.add(new_rule(act, Scope.door(door_id), Consequence.UNLOCK, hours))
    await watch_hours(act, door_id)


async def close_open_hours(act: Act, door_id: str) -> None:
    """End every rule that unlocks the door, so that "no open hours" is true in every wire API."""
    for rule in await act.work.calendar.of(Scope.door(door_id), Consequence.UNLOCK):
        await act.work.calendar.end(rule.id)
    await watch_hours(act, door_id)
