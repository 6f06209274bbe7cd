"""end_calendar_rule: hours end."""

from dataclasses import dataclass

from rekey.domain.calendar import CalendarRule
from rekey.domain.role import Permission
from rekey.domain.scope import ScopeKind
from rekey.operations.act import Act, operation
from rekey.operations.add_calendar_rule import record_rule
from rekey.operations.calendar_rules import follow
from rekey.operations.find import find_calendar_rule


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCalendarRule:
    rule_id: str


@operation(Permission.ESTATE_WRITE)
async def end_calendar_rule(act: Act, wanted: EndCalendarRule) -> CalendarRule:
    """End a rule; a door that it held open is locked. Raises: NotFound."""
    rule = await find_calendar_rule(act.work, wanted.rule_id)
    await act.require(rule.subject)
    await act.work.calendar.end(rule.id)
    await follow(act, rule.subject, rule.consequence)
    site_id = None
    if rule.subject.kind is ScopeKind.DOOR:
        door = await act.work.doors.get(rule.subject.id)
        site_id = None if door is None else door.site_id
    await record_rule(act, "calendar_rule.ended", rule, site_id)
    return rule
