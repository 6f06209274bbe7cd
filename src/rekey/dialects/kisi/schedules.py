"""Schedules: when locks are open to all, and when groups, locks and stops let in at all. Source: contract 7.1."""

from dataclasses import dataclass

from rekey.dialects.kisi.attributes import Attributes, unwrap
from rekey.dialects.kisi.errors import BadQuery, Unprocessable
from rekey.dialects.kisi.kit import NO_CONTENT, Kit, path_number, refuse_beyond
from rekey.dialects.kisi.lists import (
    PLAIN,
    choice_of,
    cut,
    number_of,
    numbers_of,
    paged,
    plain,
    unsorted_part,
)
from rekey.dialects.kisi.schedule_shapes import GROUP, LOCK, STOP, Scheduled, show_schedule, word_of
from rekey.dialects.kisi.schedule_timing import HolidaysWanted, Wanted, read_timing
from rekey.dialects.kisi.scheduled import TYPES, is_in_reach, scheduled_by, scheduled_numbered, scope_of
from rekey.dialects.kisi.shapes import Shape
from rekey.domain.calendar import CalendarRule, Consequence, Timing
from rekey.domain.errors import Invalid, NotFound
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.add_calendar_rule import AddCalendarRule, add_calendar_rule
from rekey.operations.core import Core
from rekey.operations.edit_calendar_rule import EditCalendarRule, edit_calendar_rule
from rekey.operations.end_calendar_rule import EndCalendarRule, end_calendar_rule
from rekey.operations.held_powers import Powers
from rekey.operations.holiday_dates import resolve_holidays
from rekey.ports.listing import WHOLE, Listing, Part
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

# What each word means, by what it is said of.
CONSEQUENCES = {
    (GROUP, "allow"): Consequence.ALLOW,
    (LOCK, "allow"): Consequence.ALLOW,
    (STOP, "allow"): Consequence.ALLOW,
    (LOCK, "unlock"): Consequence.UNLOCK,
    (STOP, "permit"): Consequence.UNLOCK,
    (LOCK, "first_to_arrive"): Consequence.FIRST_TO_ARRIVE,
}
WORDS = tuple(dict.fromkeys(word for _type, word in CONSEQUENCES))


@dataclass(frozen=True, slots=True)
class Found:
    """A schedule with what it is for."""

    rule: CalendarRule
    scheduled: Scheduled


class Schedules:
    """Handlers of schedules."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        part, now = unsorted_part(request, PLAIN), self._kit.now()

        async def look(view: View, powers: Powers) -> Reply:
            found = await _find(view, request, part, powers)
            shown = [show_schedule(rule, await scheduled_by(view, rule), now) for rule in found.items]
            return paged(shown, part, found.total)

        return await self._kit.read_within(request, Permission.ESTATE_READ, look)

    async def create(self, request: Request) -> Reply:
        schedule = unwrap(request, "schedule")
        scheduled = await self._subject_of_body(request, schedule)
        consequence = _consequence(schedule, scheduled)
        if consequence is None and not schedule.gives("consequence"):
            schedule.refuse("consequence", "can't be blank")
        wanted = read_timing(schedule, scheduled.zone, self._kit.now())
        name, enabled, override = schedule.text("name"), schedule.flag("enabled"), schedule.flag("override")
        schedule.check()
        adding = AddCalendarRule(
            subject=scope_of(scheduled),
            consequence=consequence or Consequence.ALLOW,
            timing=_required(self._kit.services.core, wanted),
            name=name or "",
            enabled=enabled is not False,
            override=override is True,
        )
        rule = await self._kit.perform(request, add_calendar_rule, adding)
        return plain(self._shape(Found(rule, scheduled)))

    async def get(self, request: Request) -> Reply:
        number = path_number(request, "schedule")

        async def look(view: View, powers: Powers) -> Found:
            found = await _schedule_numbered(view, number)
            refuse_beyond(is_in_reach(found.scheduled, powers))
            return found

        return plain(self._shape(await self._kit.read_within(request, Permission.ESTATE_READ, look)))

    async def update(self, request: Request) -> Reply:
        """Change a schedule; what it is for stays."""
        schedule, number = unwrap(request, "schedule"), path_number(request, "schedule")
        found = await self._kit.look(request, lambda view: _schedule_numbered(view, number))
        _keep_subject(schedule, found.scheduled)
        consequence = _consequence(schedule, found.scheduled)
        wanted = read_timing(schedule, found.scheduled.zone, self._kit.now(), found.rule.timing)
        name, enabled, override = (
            schedule.new_text("name"),
            schedule.flag("enabled"),
            schedule.flag("override"),
        )
        schedule.check()
        editing = EditCalendarRule(
            rule_id=found.rule.id,
            timing=None if wanted is None else _required(self._kit.services.core, wanted),
            name=name,
            consequence=consequence,
            enabled=enabled,
            override=override,
        )
        await self._kit.perform(request, edit_calendar_rule, editing)
        return NO_CONTENT

    async def delete(self, request: Request) -> Reply:
        number = path_number(request, "schedule")
        found = await self._kit.look(request, lambda view: _schedule_numbered(view, number))
        await self._kit.perform(request, end_calendar_rule, EndCalendarRule(rule_id=found.rule.id))
        return NO_CONTENT

    def _shape(self, found: Found) -> Shape:
        return show_schedule(found.rule, found.scheduled, self._kit.now())

    async def _subject_of_body(self, request: Request, schedule: Attributes) -> Scheduled:
        kind, number = (
            schedule.text("scheduleable_type", required=True),
            schedule.number("scheduleable_id", required=True),
        )
        if kind is not None and kind not in TYPES:
            schedule.refuse("scheduleable_type", f"must be one of {', '.join(TYPES)}")
        schedule.check()

        async def look(view: View) -> Scheduled:
            try:
                return await scheduled_numbered(view, kind or "", number or 0)
            except NotFound as unknown:
                raise Unprocessable({"scheduleable": ["must exist"]}) from unknown

        return await self._kit.look(request, look)


def _consequence(schedule: Attributes, scheduled: Scheduled) -> Consequence | None:
    word = schedule.text("consequence")
    if word is None:
        return None
    meant = CONSEQUENCES.get((scheduled.type, word))
    if meant is None:
        schedule.refuse("consequence", f"is none that a {scheduled.type} can have")
    return meant


def _keep_subject(schedule: Attributes, scheduled: Scheduled) -> None:
    """Refuse to move a schedule to something else, since it would stop binding what it is for."""
    kind, number = schedule.text("scheduleable_type"), schedule.number("scheduleable_id")
    if kind not in {None, scheduled.type} or number not in {None, scheduled.subject.number}:
        schedule.refuse("scheduleable_id", "can't be changed")


def _required(core: Core, wanted: Wanted | None) -> Timing:
    """Give the timing with the days of its holidays. Raises: Unprocessable."""
    if wanted is None:
        raise Unprocessable({"base": ["says nothing of when it holds"]})
    if not isinstance(wanted, HolidaysWanted):
        return wanted
    try:
        return resolve_holidays(core, wanted.region, observed=wanted.observed, ignored=wanted.ignored)
    except Invalid as unknown:
        raise Unprocessable({unknown.field: [unknown.reason]}) from unknown


async def _schedule_numbered(view: View, number: int) -> Found:
    """Raises: NotFound."""
    rule = await view.calendar.by_number(number)
    if rule is None:
        raise NotFound("schedule", str(number))
    return Found(rule, await scheduled_by(view, rule))


async def _find(view: View, request: Request, part: Part, powers: Powers) -> Listing[CalendarRule]:
    subject, is_unknown = await _wanted_subject(view, request)
    word, numbers = choice_of(request, "consequence", *WORDS), numbers_of(request, "ids")
    if is_unknown:
        return Listing((), 0)
    ids = None if numbers is None else await _ids(view, numbers)
    consequence = None if word is None else _meaning(word)
    # A stop is a door, so what unlocks locks and what permits stops are told apart here.
    if consequence is not Consequence.UNLOCK and powers.everywhere:
        return await view.calendar.list(part, subject=subject, consequence=consequence, ids=ids)
    listed = await view.calendar.list(WHOLE, subject=subject, consequence=consequence, ids=ids)
    chosen = []
    for rule in listed.items:
        scheduled = await scheduled_by(view, rule)
        suits = word is None or word_of(rule.consequence, scheduled.type) == word
        if suits and is_in_reach(scheduled, powers):
            chosen.append(rule)
    return cut(chosen, part)


def _meaning(word: str) -> Consequence:
    return next(meant for (_type, said), meant in CONSEQUENCES.items() if said == word)


async def _ids(view: View, numbers: tuple[int, ...]) -> list[str]:
    found = [await view.calendar.by_number(number) for number in numbers]
    return [rule.id for rule in found if rule is not None]


async def _wanted_subject(view: View, request: Request) -> tuple[Scope | None, bool]:
    """Find whose schedules are asked for, and whether it is nothing that is here. Raises: BadQuery."""
    kind, number = choice_of(request, "scheduleable_type", *TYPES), number_of(request, "scheduleable_id")
    if (kind is None) is not (number is None):
        raise BadQuery("scheduleable_type and scheduleable_id go together")
    if kind is None or number is None:
        return None, False
    try:
        return scope_of(await scheduled_numbered(view, kind, number)), False
    except NotFound:
        return None, True
