"""How access is asked for: by what means, from where, and what was proved of it."""

import math
from dataclasses import dataclass
from enum import StrEnum

_EARTH_RADIUS = 6_371_008.8  # metres; the mean radius of the Earth (IUGG)


class Means(StrEnum):
    """What carried the request to the server, or to the door."""

    APP = "app"
    LINK = "link"
    READER = "reader"
    CLOUD = "cloud"
    DIRECT = "direct"


@dataclass(frozen=True, slots=True)
class Location:
    """A point on the Earth, in degrees.

    Raises: ValueError outside -90..90 and -180..180, and for what is no number.
    """

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        for degrees, most in ((self.latitude, 90), (self.longitude, 180)):
            if not -most <= degrees <= most:
                raise ValueError("a location lies within 90 degrees of latitude and 180 of longitude")

    def metres_to(self, other: "Location") -> float:
        """Give the distance over the ground (haversine; off by half a percent at most)."""
        here, there = math.radians(self.latitude), math.radians(other.latitude)
        across = math.radians(other.longitude - self.longitude)
        half = (
            math.sin((there - here) / 2) ** 2 + math.cos(here) * math.cos(there) * math.sin(across / 2) ** 2
        )
        return 2 * _EARTH_RADIUS * math.asin(math.sqrt(min(1.0, half)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What is known of one request; what is not stated is not proved.

    `address` is the client's IP address as text. `at_reader` says that a reader at the door proved the
    client to be near; `primary_login` and `managed_login` speak of the login that was used.
    """

    means: Means = Means.APP
    address: str | None = None
    location: Location | None = None
    at_reader: bool = False
    primary_login: bool = False
    managed_login: bool = False
    second_factor: bool = False


UNPROVED = Circumstances()
AT_READER = Circumstances(means=Means.READER, at_reader=True)
