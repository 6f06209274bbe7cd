"""The holidays of the world's regions. Source: contract 7.1; both lists are unpaged."""

from rekey.dialects.kisi.errors import BadQuery
from rekey.dialects.kisi.kit import Kit
from rekey.dialects.kisi.lists import flag_of, plain
from rekey.dialects.kisi.schedule_timing import region_code
from rekey.dialects.kisi.shapes import Shape
from rekey.domain.errors import NotFound
from rekey.ports.holidays import Region
from rekey.webkit.message import Reply, Request


class HolidayRegions:
    """Handlers of what everybody with a login may ask."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def regions(self, request: Request) -> Reply:  # a handler
        """Map the countries by their code; the parts of one are named by code, and are regions as well."""
        known = self._kit.services.core.holidays.regions()
        return plain({region.code: _shape(region) for region in known if region.code == region.country})

    async def holidays(self, request: Request) -> Reply:
        """List the holidays of a year. Raises: BadQuery, NotFound for a region that is unknown."""
        query, code = request.query(), region_code(request.params["region"])
        year, observed = query.one("year") or "", flag_of(request, "observed")
        if not (year.isascii() and year.isdigit() and len(year) == 4) or observed is None:
            raise BadQuery("year, as four digits, and observed are required")
        calendars = self._kit.services.core.holidays
        if code not in {region.code for region in calendars.regions()}:
            raise NotFound("region", code)
        days = calendars.days(code, int(year), observed=observed)
        if days is None:
            raise BadQuery("the holidays of this year are not known")
        return plain([{"date": holiday.day.isoformat(), "name": holiday.name} for holiday in days])


def _shape(region: Region) -> Shape:
    """Show a country; of continents and regions of the world nothing is known here."""
    return {
        "alpha2": region.country,
        "alpha3": region.alpha3 or None,
        "name": region.name,
        "continent": None,
        "country_code": region.country,
        "world_region": None,
        "subregions": list(region.subregions),
    }
