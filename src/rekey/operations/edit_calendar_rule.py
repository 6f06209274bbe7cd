"""edit_calendar_rule: a rule gets other times, another name, or stops counting."""

from dataclasses import dataclass, replace

from rekey.domain.calendar import CalendarRule, Consequence, Timing
from rekey.domain.role import Permission
from rekey.operations.act import Act, operation
from rekey.operations.add_calendar_rule import record_rule
from rekey.operations.calendar_rules import checked_subject, checked_timing, follow
from rekey.operations.find import find_calendar_rule
from rekey.operations.stamping import stamped, unchanged_mark
from rekey.operations.texts import clean_text


@dataclass(frozen=True, slots=True, kw_only=True)
class EditCalendarRule:
    """None leaves a field as it is."""

    rule_id: str
    timing: Timing | None = None
    name: str | None = None
    consequence: Consequence | None = None
    enabled: bool | None = None
    override: bool | None = None


@operation(Permission.ESTATE_WRITE)
async def edit_calendar_rule(act: Act, wanted: EditCalendarRule) -> CalendarRule:
    """Change a rule. Raises: NotFound, Gone, Invalid (consequence, time_zone, exceptions, name)."""
    rule = await find_calendar_rule(act.work, wanted.rule_id)
    await act.require(rule.subject)
    consequence = wanted.consequence or rule.consequence
    site_id = await checked_subject(act, rule.subject, consequence)
    edited = replace(
        rule,
        timing=rule.timing if wanted.timing is None else checked_timing(wanted.timing),
        name=rule.name if wanted.name is None else clean_text(wanted.name, "name"),
        consequence=consequence,
        enabled=rule.enabled if wanted.enabled is None else wanted.enabled,
        override=rule.override if wanted.override is None else wanted.override,
    )
    edited = stamped(rule, edited, act.now)
    await act.work.calendar.replace(edited)
    for touched in {rule.consequence, edited.consequence}:
        await follow(act, rule.subject, touched)
    further = unchanged_mark(rule, edited)
    await record_rule(act, "calendar_rule.edited", edited, site_id, further=further)
    return edited
