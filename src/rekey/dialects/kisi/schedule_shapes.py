"""Schedules, exactly with the keys of the contract's section 7.1; pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from rekey.dialects.kisi.schedule_timing import in_zone
from rekey.dialects.kisi.shapes import Shape, instant, ref, stamps, with_ref
from rekey.domain.calendar import (
    LOOK_AHEAD,
    AllDay,
    CalendarRule,
    Consequence,
    Holidays,
    SingleEvent,
    Weekly,
    spans,
)
from rekey.domain.estate import Door, DoorGroup, DoorKind, Site
from rekey.domain.schedule import Weekday
from rekey.domain.validity import Validity

GROUP = "Group"
LOCK = "Lock"
STOP = "ElevatorStop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """What a schedule is for, the place it belongs to, and the zone by whose clock it is read."""

    subject: Door | DoorGroup
    site: Site | None
    zone: ZoneInfo

    @property
    def type(self) -> str:
        if isinstance(self.subject, DoorGroup):
            return GROUP
        return STOP if self.subject.kind is DoorKind.ELEVATOR_STOP else LOCK


def word_of(consequence: Consequence, kind: str) -> str:
    """Give the API's word: what unlocks a lock permits a stop."""
    return "permit" if consequence is Consequence.UNLOCK and kind == STOP else consequence.value


def show_schedule(rule: CalendarRule, scheduled: Scheduled, now: datetime) -> Shape:
    subject, site = scheduled.subject, scheduled.site
    kind, own = _timing(rule, scheduled, now)
    return {
        "id": rule.number,
        "resource_type": "Schedule",
        **stamps(rule.created_at, rule.updated_at),
        "name": rule.name or None,
        "type": kind,
        "enabled": rule.enabled,
        "override": rule.override,
        "consequence": word_of(rule.consequence, scheduled.type),
        "scheduleable_type": scheduled.type,
        "scheduleable_id": subject.number,
        "scheduleable": {"id": subject.number, "type": scheduled.type, "name": subject.name},
        **with_ref("place", None if site is None else ref("Place", site.number, site.name)),
        "integration_id": None,
        **own,
    }


def _timing(rule: CalendarRule, scheduled: Scheduled, now: datetime) -> tuple[str, Shape]:
    """Give the kind of a schedule and the members that only this kind has."""
    timing = rule.timing
    match timing:
        case Holidays():
            return "holiday_calendar", _holidays(timing)
        case SingleEvent(start=start, end=end):
            return "single_event", {"starts_at": instant(start), "ends_at": instant(end)}
        case AllDay(first=first, last=last):
            dates = {"starts_at_date": first.isoformat(), "ends_at_date": last.isoformat()}
            return "single_all_day_event", {**dates}
        case Weekly():
            shown = _weekly(in_zone(timing, scheduled.zone, now))
            return "recurring_event", {**shown, "next_occurence": _next(rule, scheduled.zone, now)}
        case _:
            assert_never(timing)


def _holidays(timing: Holidays) -> Shape:
    counting = timing.dates()
    return {
        "region": timing.region,
        "observed": timing.observed,
        "ignored_holidays": sorted(timing.ignored),
        "holidays": [
            {"date": holiday.day.isoformat(), "name": holiday.name}
            for holiday in timing.days
            if holiday.day in counting
        ],
    }


def _weekly(timing: Weekly) -> Shape:
    window = timing.window
    return {
        **{day.name.lower(): day in window.days for day in Weekday},
        "starts_at_time": f"{window.start:%H:%M}",
        "ends_at_time": f"{window.end:%H:%M}",
    }


def _next(rule: CalendarRule, zone: ZoneInfo, now: datetime) -> str | None:
    """Give when the schedule begins next; None if it is off, or does not begin within eight days."""
    ahead = Validity(now, now + LOOK_AHEAD)
    begins = (span.start for span in spans((replace(rule, override=False),), ahead, zone))
    return instant(next((start for start in begins if start is not None and start > now), None))
