"""The half-open span of time in which something counts."""

from dataclasses import dataclass
from datetime import UTC, datetime


def require_zone(instant: datetime) -> datetime:
    """Give the instant back if it carries a zone.

    Raises: TypeError for a naive time, because guessing a zone opens doors at the wrong hour.
    """
    if instant.utcoffset() is None:
        raise TypeError("a time without a zone cannot be compared: attach its zone first")
    return instant


def as_utc(instant: datetime) -> datetime:
    """Give the same instant in UTC.

    Python compares two times of one zone by the wall clock alone, so in the night in which the clock
    shows an hour twice it takes the second 02:10 to lie before the first 02:30. In UTC it does not.

    Raises: TypeError for a naive time; ValueError for one that lies outside the calendar in UTC.
    """
    if instant.tzinfo is UTC:
        return instant
    try:
        return require_zone(instant).astimezone(UTC)
    except OverflowError as beyond:
        raise ValueError("a time must lie between the years 1 and 9999 in UTC") from beyond


@dataclass(frozen=True, slots=True)
class Validity:
    """The span [start, end), kept in UTC. No start means since ever, no end means for good.

    Raises: TypeError for a naive edge; ValueError for an edge outside the calendar in UTC, or a span
    that does not end after it starts.
    """

    start: datetime | None = None
    end: datetime | None = None

    def __post_init__(self) -> None:
        for name in ("start", "end"):
            edge = getattr(self, name)
            if edge is not None:
                object.__setattr__(self, name, as_utc(edge))
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise ValueError("a validity must end after it starts")

    def covers(self, instant: datetime) -> bool:
        """Say whether the instant lies in [start, end).

        Takes: instant with a zone; a naive one raises TypeError, never a guess.
        """
        instant = as_utc(instant)
        return not self.is_before_start(instant) and not self.is_over(instant)

    def is_before_start(self, instant: datetime) -> bool:
        return self.start is not None and as_utc(instant) < self.start

    def is_over(self, instant: datetime) -> bool:
        return self.end is not None and as_utc(instant) >= self.end

    def lies_within(self, other: "Validity") -> bool:
        """Say whether every instant of this span belongs to the other one."""
        starts_inside = other.start is None or (self.start is not None and self.start >= other.start)
        ends_inside = other.end is None or (self.end is not None and self.end <= other.end)
        return starts_inside and ends_inside


ALWAYS = Validity()
