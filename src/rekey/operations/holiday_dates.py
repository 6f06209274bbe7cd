"""Holidays of a region as a rule keeps them: the days of this year and the next five."""

from rekey.domain.calendar import Holiday, Holidays
from rekey.domain.errors import Invalid
from rekey.operations.core import Core

YEARS_AHEAD = 5


def resolve_holidays(
    core: Core, region: str, *, observed: bool, ignored: frozenset[str] = frozenset()
) -> Holidays:
    """Look up the days of a region, for a calendar rule. Raises: Invalid (region)."""
    first = core.clock.now().year
    days: list[Holiday] = []
    for year in range(first, first + YEARS_AHEAD + 1):
        found = core.holidays.days(region, year, observed=observed)
        if found is None:
            raise Invalid("region", "must be a region whose holidays are known")
        days.extend(found)
    return Holidays(
        region=region, observed=observed, ignored=ignored, days=tuple(days), through=first + YEARS_AHEAD
    )
