"""Reading where a thing is."""

from dataclasses import dataclass

from rekey.dialects.kisi.attributes import Attributes
from rekey.domain.circumstances import Location


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A change of a location: a new one, or none any more, or neither."""

    location: Location | None
    clears: bool


def whereabouts_of(attributes: Attributes, standing: Location | None = None) -> Whereabouts:
    """Read `latitude` and `longitude`; one alone goes with the other as it stands, null takes both away."""
    given = {name: attributes.decimal(name) for name in ("latitude", "longitude") if attributes.has(name)}
    if not given:
        return Whereabouts(None, clears=False)
    if None in given.values():
        return Whereabouts(None, clears=True)
    latitude = given.get("latitude") or (standing.latitude if standing and "latitude" not in given else 0.0)
    longitude = given.get("longitude") or (
        standing.longitude if standing and "longitude" not in given else 0.0
    )
    if standing is None and len(given) < 2:
        attributes.refuse("latitude", "goes with longitude")
    try:
        return Whereabouts(Location(latitude, longitude), clears=False)
    except ValueError:
        attributes.refuse("latitude", "lies within -90 and 90, and longitude within -180 and 180")
        return Whereabouts(None, clears=False)
