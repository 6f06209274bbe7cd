"""What comes in about hours and about what doors ask, and how it is told of; translations are pure."""

from datetime import date, datetime, time
from typing import Literal, TypeAlias, assert_never

from msgspec import field

from rekey.dialects.native.errors import Unfit
from rekey.dialects.native.kit import instant_in
from rekey.dialects.native.translate import Shown, instant, show_window
from rekey.dialects.native.wire import Body, GrantSchedule, Window
from rekey.domain import calendar as core
from rekey.domain.conditions import DoorConditions, GroupConditions, UsageWindow
from rekey.domain.ids import ScheduleId
from rekey.domain.schedule import Schedule, Weekday, WeeklyWindow


class ZonedWindow(Window, kw_only=True):
    time_zone: str


class Weekly(Window, kw_only=True, tag_field="kind", tag="weekly"):
    """In the site's zone unless one is named."""

    time_zone: str | None = None
    exceptions: list[date] = field(default_factory=list)


class SingleEvent(Body, kw_only=True, tag_field="kind", tag="single"):
    start: datetime
    end: datetime


class AllDay(Body, kw_only=True, tag_field="kind", tag="all_day"):
    """Both days are included."""

    first: date
    last: date


class Holidays(Body, kw_only=True, tag_field="kind", tag="holidays"):
    """`ignored` names days by name or date."""

    region: str
    observed: bool = False
    ignored: list[str] = field(default_factory=list)


Timing: TypeAlias = Weekly | SingleEvent | AllDay | Holidays


class NewCalendarRule(Body, kw_only=True):
    """Exactly one of door and door group."""

    consequence: Literal["unlock", "allow", "first_to_arrive"]
    timing: Timing
    door: str | int | None = None
    door_group: str | int | None = None
    name: str = ""
    enabled: bool = True
    override: bool = False


class CalendarRuleEdit(Body, kw_only=True):
    timing: Timing | None = None
    name: str | None = None
    enabled: bool | None = None
    override: bool | None = None


class DoorConditionsEdit(Body, kw_only=True):
    """A member that is absent stays; an empty list, false and a radius of 0 ask nothing."""

    permitted_addresses: list[str] | None = None
    usage_windows: list[ZonedWindow] | None = None
    geofence_radius: int | None = None
    proximity: bool | None = None
    allowed_hours: bool | None = None


class GroupConditionsEdit(Body, kw_only=True):
    """A member that is absent stays; a radius of 0 asks nothing."""

    app_allowed: bool | None = None
    tap_only: bool | None = None
    primary_login: bool | None = None
    managed_login: bool | None = None
    geofence_radius: int | None = None
    proximity: bool | None = None
    allowed_hours: bool | None = None


def to_window(window: Window, field: str) -> WeeklyWindow:
    """Raises: Unfit for times that are none, or no day."""
    try:
        days = frozenset(Weekday[day.upper()] for day in window.days)
        return WeeklyWindow(days, time.fromisoformat(window.start), time.fromisoformat(window.end))
    except ValueError as malformed:
        raise Unfit(field, "must name at least one day, and times as hh:mm") from malformed


def to_usage_windows(windows: list[ZonedWindow] | None) -> tuple[UsageWindow, ...] | None:
    """Raises: Unfit."""
    if windows is None:
        return None
    return tuple(UsageWindow(to_window(window, "usage_windows"), window.time_zone) for window in windows)


def to_schedule(wanted: GrantSchedule, schedule_id: str) -> Schedule:
    """Raises: Unfit."""
    windows = tuple(to_window(window, "schedule") for window in wanted.windows)
    if not windows:
        raise Unfit("schedule", "must have a window: without one it would never let anybody in")
    return Schedule(
        id=ScheduleId(schedule_id),
        name=wanted.name,
        windows=windows,
        exceptions=frozenset(wanted.exceptions),
    )


def to_timing(timing: Weekly | SingleEvent | AllDay) -> core.Timing:
    """Raises: Unfit."""
    try:
        match timing:
            case Weekly():
                return core.Weekly(
                    window=to_window(timing, "timing"),
                    time_zone=timing.time_zone,
                    exceptions=frozenset(timing.exceptions),
                )
            case SingleEvent():
                start, end = instant_in(timing.start, "timing"), instant_in(timing.end, "timing")
                return core.SingleEvent(start or timing.start, end or timing.end)
            case AllDay():
                return core.AllDay(timing.first, timing.last)
            case _:
                assert_never(timing)
    except ValueError as backwards:
        raise Unfit("timing", "must end after it starts") from backwards


def show_rule(rule: core.CalendarRule) -> Shown:
    return {
        "id": rule.id,
        "number": rule.number,
        "subject": {"kind": rule.subject.kind.value, "id": rule.subject.id},
        "consequence": rule.consequence.value,
        "name": rule.name,
        "enabled": rule.enabled,
        "override": rule.override,
        "timing": show_timing(rule.timing),
        "created_at": instant(rule.created_at),
        "updated_at": instant(rule.updated_at),
    }


def show_timing(timing: core.Timing) -> Shown:
    """Show a timing in the form in which it comes in; holidays with the dates that count."""
    match timing:
        case core.Weekly():
            exceptions = [day.isoformat() for day in sorted(timing.exceptions)]
            shown = {**show_window(timing.window), "time_zone": timing.time_zone}
            return {"kind": "weekly", **shown, "exceptions": [*exceptions]}
        case core.SingleEvent():
            return {"kind": "single", "start": instant(timing.start), "end": instant(timing.end)}
        case core.AllDay():
            return {"kind": "all_day", "first": timing.first.isoformat(), "last": timing.last.isoformat()}
        case core.Holidays():
            return {
                "kind": "holidays",
                "region": timing.region,
                "observed": timing.observed,
                "ignored": [*sorted(timing.ignored)],
                "dates": [day.isoformat() for day in sorted(timing.dates())],
            }
        case _:
            assert_never(timing)


def show_door_conditions(asked: DoorConditions) -> Shown:
    return {
        "permitted_addresses": [*asked.permitted_addresses],
        "usage_windows": [
            {**show_window(each.window), "time_zone": each.time_zone} for each in asked.usage_windows
        ],
        "geofence_radius": asked.geofence_radius,
        "proximity": asked.proximity,
        "allowed_hours": asked.allowed_hours,
    }


def show_group_conditions(asked: GroupConditions) -> Shown:
    return {name: getattr(asked, name) for name in GroupConditions.__dataclass_fields__}
