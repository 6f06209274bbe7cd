"""Finding what schedules are for: a group, a lock or an elevator's stop."""

from zoneinfo import ZoneInfo

from rekey.dialects.kisi.doors import lock_numbered
from rekey.dialects.kisi.elevator_stops import stop_numbered
from rekey.dialects.kisi.kit import group_numbered
from rekey.dialects.kisi.schedule_shapes import GROUP, LOCK, STOP, Scheduled
from rekey.domain.calendar import CalendarRule
from rekey.domain.errors import NotFound
from rekey.domain.estate import Door, DoorGroup, zone_named
from rekey.domain.scope import Scope, ScopeKind
from rekey.operations.held_powers import Powers
from rekey.ports.listing import WHOLE
from rekey.ports.store import View

TYPES = (GROUP, LOCK, STOP)


async def scheduled_numbered(view: View, kind: str, number: int) -> Scheduled:
    """Find a group, lock or stop. Raises: NotFound."""
    if kind == GROUP:
        return await _of_group(view, await group_numbered(view, number))
    found = lock_numbered(view, number) if kind == LOCK else stop_numbered(view, number)
    return await _of_door(view, await found)


async def scheduled_by(view: View, rule: CalendarRule) -> Scheduled:
    """Find what a rule is for. Raises: NotFound for what ended meanwhile."""
    if rule.subject.kind is ScopeKind.DOOR_GROUP:
        group = await view.door_groups.get(rule.subject.id)
        if group is not None:
            return await _of_group(view, group)
    else:
        door = await view.doors.get(rule.subject.id)
        if door is not None:
            return await _of_door(view, door)
    raise NotFound("schedule", str(rule.number))


def scope_of(scheduled: Scheduled) -> Scope:
    subject = scheduled.subject
    return Scope.door_group(subject.id) if isinstance(subject, DoorGroup) else Scope.door(subject.id)


def is_in_reach(scheduled: Scheduled, powers: Powers) -> bool:
    subject = scheduled.subject
    return powers.reach_group(subject) if isinstance(subject, DoorGroup) else powers.reach_door(subject)


async def _of_door(view: View, door: Door) -> Scheduled:
    site = await view.sites.get(door.site_id)
    if site is None:
        raise NotFound("door", str(door.number))
    return Scheduled(subject=door, site=site, zone=zone_named(site.time_zone))


async def _of_group(view: View, group: DoorGroup) -> Scheduled:
    site = None if group.site_id is None else await view.sites.get(group.site_id)
    zone = await _common_zone(view, group) if site is None else zone_named(site.time_zone)
    return Scheduled(subject=group, site=site, zone=zone)


async def _common_zone(view: View, group: DoorGroup) -> ZoneInfo:
    """Give the zone of all doors in a group of no place, which each go by their own; UTC where they differ."""
    placed = await view.door_groups.places(WHOLE, door_group_id=group.id)
    ids: list[str] = [place.door_id for place in placed.items]
    doors = await view.doors.list(WHOLE, ids=ids)
    sites = [await view.sites.get(site_id) for site_id in {door.site_id for door in doors.items}]
    zones = {site.time_zone for site in sites if site is not None}
    return zone_named(zones.pop() if len(zones) == 1 else "UTC")
