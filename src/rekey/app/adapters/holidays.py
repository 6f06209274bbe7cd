"""Holidays by the `holidays` package, which computes them and asks nobody."""

from functools import cache

import holidays
from holidays.registry import COUNTRIES

from rekey.domain.calendar import Holiday
from rekey.ports.holidays import Region

_FIRST_YEAR, _LAST_YEAR = 1970, 2100


class WorldHolidays:
    """Every country that the package knows, and the parts of it that have holidays of their own."""

    def regions(self) -> tuple[Region, ...]:
        return _regions()

    def days(self, region: str, year: int, *, observed: bool) -> tuple[Holiday, ...] | None:
        return _days(region, year, observed=observed)


@cache
def _regions() -> tuple[Region, ...]:
    found: list[Region] = []
    for country, (name, alpha3) in sorted(_names().items()):
        parts = _countries().get(country, ())
        codes = tuple(f"{country}-{part}" for part in parts)
        found.append(Region(code=country, name=name, country=country, alpha3=alpha3, subregions=codes))
        for code, part in zip(codes, parts, strict=True):
            found.append(Region(code=code, name=f"{name}, {part}", country=country, alpha3=alpha3))
    return tuple(found)


@cache
def _countries() -> dict[str, tuple[str, ...]]:
    """Give the parts of each country by its two-letter code."""
    listed = holidays.list_supported_countries(include_aliases=False)
    return {code: tuple(listed.get(code, ())) for code in _names()}


@cache
def _names() -> dict[str, tuple[str, str]]:
    """Give the name and the three-letter code of each country that the package knows."""
    return {
        codes[1]: (module.replace("_", " ").title(), codes[2])
        for module, codes in COUNTRIES.items()
        if len(codes) > 2
    }


@cache
def _days(region: str, year: int, *, observed: bool) -> tuple[Holiday, ...] | None:
    country, _, part = region.partition("-")
    if part and part not in _countries().get(country, ()):
        return None
    if country not in _countries() or not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    found = holidays.country_holidays(country, subdiv=part or None, years=year, observed=observed)
    return tuple(Holiday(day, name) for day, name in sorted(found.items()) if day.year == year)
