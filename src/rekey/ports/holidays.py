"""The holidays of the world's regions, as one asks for them year by year."""

from dataclasses import dataclass
from typing import Protocol

from rekey.domain.calendar import Holiday


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A country, or a part of one such as DE-BY; `alpha3` is the country's three-letter code if it is known."""

    code: str
    name: str
    country: str
    alpha3: str = ""
    subregions: tuple[str, ...] = ()


class HolidayCalendars(Protocol):
    """Who knows the holidays; what it answers for a year may still be corrected in a later release."""

    def regions(self) -> tuple[Region, ...]: ...

    def days(self, region: str, year: int, *, observed: bool) -> tuple[Holiday, ...] | None:
        """List the holidays of a year in order, None for a region that is unknown.

        `observed` adds the day off in lieu of a holiday that falls on a weekend.
        """
        ...


class NoHolidays:
    """Know no region at all, where nobody was put in place."""

    def regions(self) -> tuple[Region, ...]:
        return ()

    def days(self, region: str, year: int, *, observed: bool) -> tuple[Holiday, ...] | None:
        return None
