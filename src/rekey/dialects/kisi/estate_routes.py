"""The routes of places and what is in them."""

from collections.abc import Awaitable, Callable

from rekey.dialects.kisi.doors import Doors
from rekey.dialects.kisi.elevator_stops import ElevatorStops
from rekey.dialects.kisi.estate import Places
from rekey.dialects.kisi.floors import Elevators, Floors
from rekey.dialects.kisi.group_contents import LOCKS, STOPS, GroupContents
from rekey.dialects.kisi.groups import Groups
from rekey.dialects.kisi.hardware import MISSING, Missing, NotHere
from rekey.dialects.kisi.kit import Kit
from rekey.dialects.kisi.unlocking import Unlocking
from rekey.webkit.message import Reply, Request

Row = tuple[str, str, str, Callable[[Request], Awaitable[Reply]]]


def estate_rows(kit: Kit) -> tuple[Row, ...]:
    missing = [row for one in MISSING for row in _missing(kit, one)]
    return (*_places(kit), *_locks(kit), *_groups(kit), *_elevators(kit), *missing)


def _places(kit: Kit) -> tuple[Row, ...]:
    places, floors = Places(kit), Floors(kit)
    return (
        ("GET", "/places", "read", places.list),
        ("POST", "/places", "add_site, annotate", places.create),
        ("GET", "/places/{id}", "read", places.get),
        ("PATCH", "/places/{id}", "edit_site, annotate", places.update),
        ("DELETE", "/places/{id}", "retire_site", places.delete),
        ("POST", "/places/{id}/lock_down", "lock_down", places.lock_down),
        ("POST", "/places/{id}/cancel_lockdown", "release", places.cancel_lockdown),
        ("POST", "/places/{id}/favorite", "keep_preference", places.favorite),
        ("POST", "/places/{id}/unfavorite", "keep_preference", places.unfavorite),
        ("GET", "/floors", "read", floors.list),
        ("POST", "/floors", "add_document", floors.create),
        ("GET", "/floors/{id}", "read", floors.get),
        ("PATCH", "/floors/{id}", "edit_document", floors.update),
    )


def _locks(kit: Kit) -> tuple[Row, ...]:
    doors, unlocking = Doors(kit), Unlocking(kit)
    return (
        ("GET", "/locks", "read", doors.list),
        ("POST", "/locks", "add_door, annotate, keep_preference", doors.create),
        ("GET", "/locks/{id}", "read", doors.get),
        ("PATCH", "/locks/{id}", "edit_door, annotate", doors.update),
        ("DELETE", "/locks/{id}", "retire_door", doors.delete),
        ("POST", "/locks/{id}/unlock", "open_door", unlocking.unlock),
        ("POST", "/locks/{id}/first_to_arrive", "arm_first_to_arrive", unlocking.first_to_arrive),
        ("POST", "/locks/{id}/last_to_leave", "undo_first_to_arrive", unlocking.last_to_leave),
        ("POST", "/locks/{id}/lock_down", "lock_down", doors.lock_down),
        ("POST", "/locks/{id}/cancel_lockdown", "release", doors.cancel_lockdown),
        ("POST", "/locks/{id}/favorite", "keep_preference", doors.favorite),
        ("POST", "/locks/{id}/unfavorite", "keep_preference", doors.unfavorite),
    )


def _groups(kit: Kit) -> tuple[Row, ...]:
    groups, locks, stops = Groups(kit), GroupContents(kit, LOCKS), GroupContents(kit, STOPS)
    return (
        ("GET", "/groups", "read", groups.list),
        ("POST", "/groups", "add_door_group, put_door_in_group", groups.create),
        ("GET", "/groups/{id}", "read", groups.get),
        ("PATCH", "/groups/{id}", "edit_door_group", groups.update),
        ("DELETE", "/groups/{id}", "end_door_group", groups.delete),
        ("GET", "/group_locks", "read", locks.list),
        ("POST", "/group_locks", "put_door_in_group", locks.add),
        ("GET", "/group_locks/{id}", "read", locks.get),
        ("DELETE", "/group_locks/{id}", "take_door_out_of_group", locks.remove),
        ("GET", "/group_elevator_stops", "read", stops.list),
        ("POST", "/group_elevator_stops", "put_door_in_group", stops.add),
        ("GET", "/group_elevator_stops/{id}", "read", stops.get),
        ("DELETE", "/group_elevator_stops/{id}", "take_door_out_of_group", stops.remove),
    )


def _elevators(kit: Kit) -> tuple[Row, ...]:
    elevators, stops = Elevators(kit), ElevatorStops(kit)
    return (
        ("GET", "/elevators", "read", elevators.list),
        ("POST", "/elevators", "add_document", elevators.create),
        ("GET", "/elevators/{id}", "read", elevators.get),
        ("PATCH", "/elevators/{id}", "edit_document", elevators.update),
        ("DELETE", "/elevators/{id}", "end_document, retire_door", elevators.delete),
        ("GET", "/elevator_stops", "read", stops.list),
        ("POST", "/elevator_stops", "add_door, annotate", stops.create),
        ("GET", "/elevator_stops/{id}", "read", stops.get),
        ("PATCH", "/elevator_stops/{id}", "annotate", stops.update),
        ("DELETE", "/elevator_stops/{id}", "retire_door", stops.delete),
        ("POST", "/elevator_stops/{id}/lock_down", "lock_down", stops.lock_down),
        ("POST", "/elevator_stops/{id}/cancel_lockdown", "release", stops.cancel_lockdown),
    )


def _missing(kit: Kit, missing: Missing) -> tuple[Row, ...]:
    none = NotHere(kit, missing)
    return (
        ("GET", missing.path, "read", none.list),
        ("POST", missing.path, "read", none.refuse),
        ("GET", missing.path + "/{id}", "read", none.refuse),
        ("PATCH", missing.path + "/{id}", "read", none.refuse),
        ("DELETE", missing.path + "/{id}", "read", none.refuse),
    )
