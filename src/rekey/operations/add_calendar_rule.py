"""add_calendar_rule: a door or a door group gets hours."""

from dataclasses import dataclass, replace

from rekey.domain.calendar import CalendarRule, Consequence, Timing
from rekey.domain.journal import JsonValue
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.calendar_rules import checked_subject, checked_timing, follow, new_rule


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCalendarRule:
    """`subject` is a door, or with allowed hours a door group; what overrides is taken from the others."""

    subject: Scope
    consequence: Consequence
    timing: Timing
    name: str = ""
    enabled: bool = True
    override: bool = False


@operation(Permission.ESTATE_WRITE)
async def add_calendar_rule(act: Act, wanted: AddCalendarRule) -> CalendarRule:
    """Add a rule to a calendar. Raises: NotFound, Gone, Invalid (subject, consequence, time_zone, exceptions, name)."""
    await act.require(wanted.subject)
    site_id = await checked_subject(act, wanted.subject, wanted.consequence)
    plain = new_rule(act, wanted.subject, wanted.consequence, checked_timing(wanted.timing), name=wanted.name)
    rule = replace(plain, enabled=wanted.enabled, override=wanted.override)
    await act.work.calendar.add(rule)
    await follow(act, rule.subject, rule.consequence)
    await record_rule(act, "calendar_rule.added", rule, site_id)
    return rule


async def record_rule(
    act: Act,
    action: str,
    rule: CalendarRule,
    site_id: str | None,
    *,
    further: dict[str, JsonValue] | None = None,
) -> None:
    """Record what became of a rule, with all that it says, and these further members."""
    is_door = rule.subject.kind.value == "door"
    await act.record(
        action,
        door_id=rule.subject.id if is_door else None,
        site_id=site_id,
        detail={
            "calendar_rule": rule.id,
            "number": rule.number,
            "name": rule.name,
            "subject": rule.subject.id,
            "subject_kind": rule.subject.kind.value,
            "consequence": rule.consequence.value,
            "timing": type(rule.timing).__name__,
            "enabled": rule.enabled,
            "override": rule.override,
            **(further or {}),
        },
    )
