"""What locks, stops and groups ask of those who come: reading the flags of the contract's section 5.3.

A restriction of a lock binds everybody, one of a group only those who come through the group. The radius, which
the vendor fixes at 300 m, may be sent as `geofence_restriction_radius`.
"""

from rekey.dialects.kisi.attributes import Attributes
from rekey.dialects.kisi.estate_shapes import RADIUS
from rekey.domain.conditions import NO_DOOR_CONDITIONS, DoorConditions
from rekey.domain.estate import Site
from rekey.operations.asked import LONGEST_RADIUS, GroupConditionChanges
from rekey.operations.edit_door import EditDoor

_ENABLED = "geofence_restriction_enabled"
_METRES = "geofence_restriction_radius"
_ZONE = "time_restriction_time_zone"


def new_door_conditions(lock: Attributes) -> DoorConditions:
    """Read what a new lock shall ask."""
    return DoorConditions(
        geofence_radius=_radius(lock, None) or None,
        proximity=lock.flag("reader_restriction_enabled") is True,
        allowed_hours=lock.flag("time_restriction_enabled") is True,
    )


def door_changes(door_id: str, lock: Attributes, asked: DoorConditions = NO_DOOR_CONDITIONS) -> EditDoor:
    """Read what a lock or a stop shall ask from now on, and nothing else of it."""
    return EditDoor(
        door_id=door_id,
        geofence_radius=_radius(lock, asked.geofence_radius),
        proximity=lock.flag("reader_restriction_enabled"),
        allowed_hours=lock.flag("time_restriction_enabled"),
    )


def group_changes(group: Attributes, radius: int | None = None) -> GroupConditionChanges:
    """Read what a group shall ask; `radius` is that of its standing geofence."""
    return GroupConditionChanges(
        app_allowed=group.flag("login_enabled"),
        tap_only=group.flag("tap_to_access_restriction_enabled"),
        primary_login=group.flag("primary_device_restriction_enabled"),
        managed_login=group.flag("managed_device_restriction_enabled"),
        geofence_radius=_radius(group, radius),
        proximity=group.flag("reader_restriction_enabled"),
        allowed_hours=group.flag("time_restriction_enabled"),
    )


def refuse_other_zone(attributes: Attributes, site: Site | None) -> None:
    """Refuse hours in another zone than the place's, since they would be kept in that one."""
    zone = attributes.text(_ZONE)
    if zone is not None and (site is None or zone != site.time_zone):
        attributes.refuse(_ZONE, "must be the time zone of the place")


def _radius(attributes: Attributes, standing: int | None) -> int | None:
    """Give the new radius in metres, 0 for none any more, None to leave it."""
    enabled, metres = attributes.flag(_ENABLED), attributes.number(_METRES)
    if metres is not None and metres > LONGEST_RADIUS:
        attributes.refuse(_METRES, f"must be at most {LONGEST_RADIUS} metres")
    if enabled is False:
        return 0
    if enabled:
        return metres or standing or RADIUS
    if metres is not None and standing is None:
        attributes.refuse(_METRES, f"needs {_ENABLED}")
    return metres if standing is not None else None
