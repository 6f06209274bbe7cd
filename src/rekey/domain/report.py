"""Reports: what state one is in, and when one that is made again and again is due."""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

MOST_DAYS = 180


class ReportState(StrEnum):
    """How far a report has come."""

    WAITING = "waiting"
    IN_PROGRESS = "in_progress"
    FINISHED = "finished"
    FAILED = "failed"


class ReportFormat(StrEnum):
    """In which form a report can be read; `pdf` shows only the first rows of a long one."""

    CSV = "csv"
    PDF = "pdf"


class Period(StrEnum):
    """The unit of a recurrence."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """Every so many periods from the first time on, at the same time of day by the zone's clock."""

    period: Period
    every: int
    first: datetime
    zone: ZoneInfo

    def run(self, count: int) -> datetime:
        """Give the time of the run with this number, 0 for the first; in UTC."""
        local = self.first.astimezone(self.zone)
        day = _moved(local.date(), self.period, self.every * count)
        return datetime.combine(day, local.time(), self.zone).astimezone(UTC)

    def next_after(self, instant: datetime) -> datetime:
        """Give the first run that lies after the instant."""
        first = self.run(0)
        if first > instant:
            return first
        # The longest a period can be, so that the guess is never too late.
        longest = {Period.DAY: 1, Period.WEEK: 7, Period.MONTH: 31}[self.period] * self.every
        count = max(0, (instant - first) // timedelta(days=longest) - 1)
        while self.run(count) <= instant:
            count += 1
        return self.run(count)

    def covered(self, run: datetime) -> tuple[date, date]:
        """Give the first and the last day that a run tells of: those of its periods that are over."""
        today = run.astimezone(self.zone).date()
        first = _moved(today, self.period, -self.every)
        return max(first, today - timedelta(days=MOST_DAYS)), today - timedelta(days=1)


def days_between(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Give the half-open span of these days, both included, in UTC."""
    after = last + timedelta(days=1)
    return (
        datetime.combine(first, time(), zone).astimezone(UTC),
        datetime.combine(after, time(), zone).astimezone(UTC),
    )


def _moved(day: date, period: Period, count: int) -> date:
    match period:
        case Period.DAY:
            return day + timedelta(days=count)
        case Period.WEEK:
            return day + timedelta(weeks=count)
        case Period.MONTH:
            year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
            return day.replace(
                year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1])
            )
