"""What a door, or a door group, asks of the circumstances beside a grant.

A door's conditions bind everybody who opens it. Those of a door group bind only the paths whose grant
is at that group, so another path may pass where one does not.
"""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from rekey.domain.circumstances import Circumstances, Location, Means
from rekey.domain.decision import DenyReason
from rekey.domain.schedule import WeeklyWindow
from rekey.domain.validity import as_utc

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# A reader hangs at the door: whoever stands before it is near, and has no address.
_AT_THE_DOOR = frozenset({Means.READER})
# Visitors' links prove nothing of where their bearer is. Source: kisi.md 5.3.
_NOT_LOCATED = frozenset({Means.READER, Means.LINK})


@dataclass(frozen=True, slots=True)
class UsageWindow:
    """Weekly hours by the wall clock of a zone of their own, in which a door may be used."""

    window: WeeklyWindow
    time_zone: str

    def covers(self, instant: datetime) -> bool:
        """Say whether the instant lies inside; one beyond the calendar of the zone does not."""
        try:
            local = as_utc(instant).astimezone(_zone(self.time_zone)).replace(tzinfo=None)
            return self.window.day_it_began(local) is not None
        except OverflowError:
            return False


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorConditions:
    """What a door asks of everybody; the default asks nothing.

    `permitted_addresses` are IP addresses and networks, none meaning any; `geofence_radius` is in metres
    around the door, or around its site if the door's own location is not known; `allowed_hours` means
    only inside what the door's calendar allows.
    """

    permitted_addresses: tuple[str, ...] = ()
    usage_windows: tuple[UsageWindow, ...] = ()
    geofence_radius: int | None = None
    proximity: bool = False
    allowed_hours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupConditions:
    """What a door group asks of the paths through it; the default asks nothing.

    `app_allowed` False and `tap_only` leave the reader alone; the login conditions ask that the login be the
    person's primary one, or a managed one.
    """

    app_allowed: bool = True
    tap_only: bool = False
    primary_login: bool = False
    managed_login: bool = False
    geofence_radius: int | None = None
    proximity: bool = False
    allowed_hours: bool = False


NO_DOOR_CONDITIONS = DoorConditions()
NO_GROUP_CONDITIONS = GroupConditions()


def failing_of_group(
    asked: GroupConditions, given: Circumstances, *, open_now: bool, door_at: Location | None
) -> Iterator[DenyReason]:
    """Yield each condition of a group that fails, in the order of the rule.

    Takes: open_now, whether the group's calendar allows this instant; door_at, where the door is.
    """
    by_hand = given.means in _AT_THE_DOOR
    if not asked.app_allowed and not by_hand:
        yield DenyReason.APP_NOT_ALLOWED
    if asked.allowed_hours and not open_now:
        yield DenyReason.OUTSIDE_ALLOWED_HOURS
    if asked.primary_login and not by_hand and not given.primary_login:
        yield DenyReason.NOT_PRIMARY_LOGIN
    if asked.managed_login and not by_hand and not given.managed_login:
        yield DenyReason.NOT_MANAGED_LOGIN
    if asked.tap_only and not by_hand:
        yield DenyReason.TAP_REQUIRED
    yield from _failing_nearness(asked.geofence_radius, given, proximity=asked.proximity, door_at=door_at)


def failing_of_door(
    asked: DoorConditions,
    given: Circumstances,
    instant: datetime,
    *,
    open_now: bool,
    door_at: Location | None,
) -> Iterator[DenyReason]:
    """Yield each condition of a door that fails, in the order of the rule.

    Takes: open_now, whether the door's calendar allows this instant; door_at, where the door is.
    """
    elsewhere = asked.permitted_addresses and given.means not in _AT_THE_DOOR
    if elsewhere and not is_permitted(given.address, asked.permitted_addresses):
        yield DenyReason.ADDRESS_NOT_PERMITTED
    if asked.usage_windows and not any(window.covers(instant) for window in asked.usage_windows):
        yield DenyReason.OUTSIDE_USAGE_HOURS
    if asked.allowed_hours and not open_now:
        yield DenyReason.OUTSIDE_ALLOWED_HOURS
    yield from _failing_nearness(asked.geofence_radius, given, proximity=asked.proximity, door_at=door_at)


def _failing_nearness(
    radius: int | None, given: Circumstances, *, proximity: bool, door_at: Location | None
) -> Iterator[DenyReason]:
    if given.means in _NOT_LOCATED:
        return
    if radius is not None:
        if given.location is None:
            yield DenyReason.LOCATION_NOT_PROVED
        elif door_at is None:
            yield DenyReason.DOOR_LOCATION_UNKNOWN
        elif not given.location.metres_to(door_at) <= radius:
            yield DenyReason.TOO_FAR
    if proximity and not given.at_reader:
        yield DenyReason.PROXIMITY_NOT_PROVED


def is_permitted(address: str | None, permitted: tuple[str, ...]) -> bool:
    """Say whether the address is one of these or lies in one of these networks; what cannot be read does not."""
    try:
        client = _unmapped(ipaddress.ip_address(address or ""))
    except ValueError:
        return False
    return any(client.version == network.version and client in network for network in _networks(permitted))


def read_network(written: str) -> _Network:
    """Read an IP address or a network. Raises: ValueError, also for a network whose host bits are set."""
    network = ipaddress.ip_network(written)
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    if mapped is not None and network.prefixlen >= 96:
        return ipaddress.ip_network((mapped, network.prefixlen - 96))
    return network


def _unmapped(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Take an IPv4 address that came in IPv6 clothes for what it is, without the name of a network card."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    return address.ipv4_mapped or ipaddress.IPv6Address(int(address))


@lru_cache(maxsize=1024)
def _networks(permitted: tuple[str, ...]) -> tuple[_Network, ...]:
    """Read the list once; an entry that cannot be read permits nobody."""
    readable = []
    for written in permitted:
        try:
            readable.append(read_network(written))
        except ValueError:
            continue
    return tuple(readable)


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
