"""Checks of what a door or a door group is to ask of the circumstances."""

from dataclasses import dataclass, replace

from rekey.domain.conditions import DoorConditions, GroupConditions, UsageWindow, read_network
from rekey.domain.errors import Invalid
from rekey.operations.add_site import checked_zone

MOST_ADDRESSES = 1_000
MOST_WINDOWS = 100
LONGEST_RADIUS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupConditionChanges:
    """What a door group is to ask from now on; None leaves a condition as it is, a radius of 0 takes it away."""

    app_allowed: bool | None = None
    tap_only: bool | None = None
    primary_login: bool | None = None
    managed_login: bool | None = None
    geofence_radius: int | None = None
    proximity: bool | None = None
    allowed_hours: bool | None = None

    def applied_to(self, asked: GroupConditions) -> GroupConditions:
        """Give the conditions after the change. Raises: Invalid (geofence_radius)."""
        given = {name: getattr(self, name) for name in self.__dataclass_fields__}
        changes = {name: value for name, value in given.items() if value is not None}
        return checked_group_conditions(replace(asked, **changes))


NO_CHANGES = GroupConditionChanges()


def checked_addresses(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """Give them back without repetition. Raises: Invalid for what is no IP address or network."""
    if len(addresses) > MOST_ADDRESSES:
        raise Invalid("permitted_addresses", f"must hold at most {MOST_ADDRESSES} entries")
    for address in addresses:
        try:
            read_network(address)
        except ValueError as unreadable:
            raise Invalid(
                "permitted_addresses", "must be IP addresses or networks such as 192.0.2.0/24"
            ) from unreadable
    return tuple(dict.fromkeys(addresses))


def checked_windows(windows: tuple[UsageWindow, ...]) -> tuple[UsageWindow, ...]:
    """Give them back. Raises: Invalid for too many, or an unknown time zone."""
    if len(windows) > MOST_WINDOWS:
        raise Invalid("usage_windows", f"must hold at most {MOST_WINDOWS} windows")
    for window in windows:
        checked_zone(window.time_zone)
    return windows


def checked_radius(radius: int) -> int | None:
    """Give the radius, None for 0. Raises: Invalid beyond 0..100000 metres."""
    if not 0 <= radius <= LONGEST_RADIUS:
        raise Invalid("geofence_radius", f"must be from 0 to {LONGEST_RADIUS} metres")
    return radius or None


def checked_door_conditions(asked: DoorConditions) -> DoorConditions:
    """Give them back. Raises: Invalid (permitted_addresses, usage_windows, geofence_radius)."""
    radius = asked.geofence_radius
    return replace(
        asked,
        permitted_addresses=checked_addresses(asked.permitted_addresses),
        usage_windows=checked_windows(asked.usage_windows),
        geofence_radius=None if radius is None else checked_radius(radius),
    )


def checked_group_conditions(asked: GroupConditions) -> GroupConditions:
    """Give them back. Raises: Invalid (geofence_radius)."""
    return (
        asked
        if asked.geofence_radius is None
        else replace(asked, geofence_radius=checked_radius(asked.geofence_radius))
    )
