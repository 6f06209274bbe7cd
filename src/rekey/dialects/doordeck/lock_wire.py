"""The body of PUT /device/{id}, where null has a meaning of its own in two places.

Source: Doordeck contract, section 3.2.
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from rekey.dialects.doordeck.signed_wire import Day, WallTime

Metres = Annotated[int, Meta(ge=1, le=1000)]
Text = Annotated[str, Meta(max_length=2000)]
Rssi = Annotated[int, Meta(ge=-1000, le=1000)]
Status = Literal["SUPPORTED", "UNSUPPORTED"]
Capability = Literal["OPEN_HOURS", "BATCH_SHARING_25", "CONFIGURABLE_UNLOCK_DURATION"]


class TimeRequirement(Struct):
    """Hours on days by the clock of a zone, in which users may unlock."""

    start: WallTime
    end: WallTime
    timezone: str
    days: list[Day]


class LocationRequirement(Struct):
    """Where the vendor's apps let the lock be opened; metres."""

    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    enabled: bool | None = None
    radius: Metres | None = None
    accuracy: Metres | None = None


class UsageRequirements(Struct):
    """`location` null takes the location away, its absence leaves it; so does a null `time`."""

    time: Annotated[list[TimeRequirement], Meta(max_length=100)] | None = None
    location: LocationRequirement | UnsetType | None = UNSET


class SettingsUpdate(Struct, rename="camel"):
    """The lock's part; null leaves a member as it is."""

    default_name: str | None = None
    permitted_addresses: list[str] | None = None
    permitted_address: list[str] | None = None
    hidden: bool | None = None
    delay: Annotated[float, Meta(ge=0, le=86_400_000)] | None = None
    tx_beacon_rssi: Rssi | None = None
    rx_beacon_rssi: Rssi | None = None
    proximity_unlock: bool | None = None
    direct_access_endpoints: Annotated[list[Text], Meta(max_length=20)] | None = None
    capabilities: dict[Capability, Status] | None = None
    usage_requirements: UsageRequirements | None = None


class LockUpdate(Struct):
    """The whole body; a null `name` clears the caller's own name for the lock."""

    name: Annotated[str, Meta(max_length=200)] | UnsetType | None = UNSET
    favourite: bool | None = None
    colour: Annotated[str, Meta(max_length=64)] | None = None
    settings: SettingsUpdate | None = None
