"""The routes of schedules and holidays."""

from collections.abc import Awaitable, Callable

from rekey.dialects.kisi.calendar_summary import CalendarSummaries
from rekey.dialects.kisi.holiday_calendars import HolidayRegions
from rekey.dialects.kisi.kit import Kit
from rekey.dialects.kisi.schedules import Schedules
from rekey.webkit.message import Reply, Request

Row = tuple[str, str, str, Callable[[Request], Awaitable[Reply]]]


def schedule_rows(kit: Kit) -> tuple[Row, ...]:
    schedules, summaries, regions = Schedules(kit), CalendarSummaries(kit), HolidayRegions(kit)
    return (
        ("GET", "/schedules", "read", schedules.list),
        ("POST", "/schedules", "add_calendar_rule", schedules.create),
        ("GET", "/schedules/{id}", "read", schedules.get),
        ("PATCH", "/schedules/{id}", "edit_calendar_rule", schedules.update),
        ("DELETE", "/schedules/{id}", "end_calendar_rule", schedules.delete),
        ("GET", "/calendar/summary", "read", summaries.get),
        ("GET", "/holiday_calendars/regions", "read", regions.regions),
        ("GET", "/holiday_calendars/{region}/holidays", "read", regions.holidays),
    )
