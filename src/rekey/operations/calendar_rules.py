"""What the operations on calendars share: which rules are valid, and what follows from a change."""

from rekey.domain.calendar import CalendarRule, Consequence, Timing, Weekly
from rekey.domain.errors import Invalid
from rekey.domain.ids import CalendarRuleId
from rekey.domain.scope import Scope, ScopeKind
from rekey.operations.act import Act
from rekey.operations.add_site import checked_zone
from rekey.operations.door_hours import watch_hours
from rekey.operations.find import find_door, find_door_group
from rekey.operations.texts import clean_text
from rekey.ports.repositories.doors import ChangeKind

MOST_EXCEPTIONS = 1_000


def new_rule(
    act: Act, subject: Scope, consequence: Consequence, timing: Timing, *, name: str = ""
) -> CalendarRule:
    """Make a rule that counts and overrides nothing."""
    return CalendarRule(
        id=CalendarRuleId(act.new_id()),
        number=act.next_number(),
        subject=subject,
        consequence=consequence,
        timing=timing,
        name=clean_text(name, "name"),
        created_at=act.now,
        updated_at=act.now,
    )


async def checked_subject(act: Act, subject: Scope, consequence: Consequence) -> str | None:
    """Give the site of the door or door group that the rule is for.

    Raises: NotFound, Gone; Invalid for another scope, and for a door group with anything but allowed hours.
    """
    if subject.kind is ScopeKind.DOOR:
        return (await find_door(act.work, subject.id)).site_id
    if subject.kind is not ScopeKind.DOOR_GROUP:
        raise Invalid("subject", "must be a door or a door group")
    if consequence is not Consequence.ALLOW:
        raise Invalid("consequence", "of a door group must be allow")
    return (await find_door_group(act.work, subject.id)).site_id


def checked_timing(timing: Timing) -> Timing:
    """Give the timing back. Raises: Invalid (time_zone, exceptions)."""
    if isinstance(timing, Weekly):
        if timing.time_zone is not None:
            checked_zone(timing.time_zone)
        if len(timing.exceptions) > MOST_EXCEPTIONS:
            raise Invalid("exceptions", f"must hold at most {MOST_EXCEPTIONS} dates")
    return timing


async def follow(act: Act, subject: Scope, consequence: Consequence) -> None:
    """Have everything follow that rests on the calendar of the subject."""
    if subject.kind is ScopeKind.DOOR_GROUP:
        await act.changed(ChangeKind.DOOR_GROUP, subject.id)
        return
    await act.changed(ChangeKind.DOOR, subject.id)
    if consequence is not Consequence.ALLOW:
        await watch_hours(act, subject.id)
