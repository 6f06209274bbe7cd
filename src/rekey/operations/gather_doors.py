"""gather_doors, regather_doors: a door group with its doors and its maker's own names, in one act."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from rekey.domain.document import DocumentBody
from rekey.domain.errors import Invalid
from rekey.domain.estate import DoorGroup, DoorGroupDoor
from rekey.domain.ids import DoorGroupId
from rekey.domain.journal import JsonValue
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.annotate import annotation_of, put_annotation
from rekey.operations.bundle_parts import follow_group
from rekey.operations.find import find_door, find_door_group
from rekey.operations.own_session import own_session
from rekey.operations.reach import bound_customer
from rekey.operations.texts import clean_name
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.doors import ChangeKind

MAX_DOORS = 1000
_MARKS, _REFERENCE = "customer", "reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class GatherDoors:
    """A new group of the whole organization. `notes` is its annotation in the namespace `origin` begins with.

    One that `is_reference` is only named so far: whoever makes a group by its key next, takes it up.
    """

    name: str
    origin: str
    door_ids: tuple[str, ...] = ()
    external_key: str | None = None
    customer_key: str | None = None
    notes: DocumentBody = field(default_factory=dict)
    is_reference: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RegatherDoors:
    """None leaves a field; `door_ids` replaces all doors, `adds` and `removes` change some."""

    door_group_id: str
    name: str | None = None
    external_key: str | None = None
    door_ids: tuple[str, ...] | None = None
    adds: tuple[str, ...] = ()
    removes: tuple[str, ...] = ()
    notes: DocumentBody = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    group: DoorGroup
    door_ids: tuple[str, ...]


@operation(Permission.ESTATE_WRITE)
async def gather_doors(act: Act, wanted: GatherDoors) -> Gathered:
    """Make a door group of these doors, or take up the one that is only named by the key yet.

    It names no person, so it brings nobody back.

    Raises: NotFound, Gone (door), Invalid (name, door_ids), AlreadyExists (external_key), NotAllowed.
    """
    await act.require(Scope.organization(act.work.organization_id))
    door_ids = await _checked(act, wanted.door_ids)
    noted = await _only_noted(act, wanted)
    group = await _new(act, wanted) if noted is None else await _take_up(act, noted, wanted)
    await _put(act, group, door_ids)
    if wanted.notes:
        await put_annotation(act, _namespace(group), group.id, wanted.notes)
    gathered = Gathered(group=group, door_ids=door_ids)
    if noted is None:
        await _record(act, "door_group.gathered", gathered)
    else:
        followed = await follow_group(act, group.id)
        await _record(act, "door_group.regathered", gathered, bundles=followed)
    return gathered


async def _only_noted(act: Act, wanted: GatherDoors) -> DoorGroup | None:
    """Give the group that a customer's push has made of a bare reference, which no door was put into yet."""
    key = wanted.external_key
    known = None if key is None else await act.work.door_groups.by_external_key(key)
    customer = bound_customer(await own_session(act), wanted.customer_key)
    if known is None or known.origin != wanted.origin or known.customer_key is None:
        return None
    if customer not in {None, known.customer_key} or await doors_of(act, known.id):
        return None
    marks = await annotation_of(act.work, _MARKS, known.id)
    return known if marks.get(_REFERENCE) is True else None


async def _take_up(act: Act, group: DoorGroup, wanted: GatherDoors) -> DoorGroup:
    taken = replace(group, name=clean_name(wanted.name), updated_at=act.now)
    await act.work.door_groups.replace(taken)
    await put_annotation(act, _MARKS, group.id, {_REFERENCE: None})
    return taken


async def _new(act: Act, wanted: GatherDoors) -> DoorGroup:
    group = DoorGroup(
        id=DoorGroupId(act.new_id()),
        number=act.next_number(),
        name=clean_name(wanted.name),
        origin=wanted.origin,
        external_key=None if wanted.external_key is None else clean_name(wanted.external_key, "external_key"),
        customer_key=bound_customer(await own_session(act), wanted.customer_key),
        created_at=act.now,
        updated_at=act.now,
    )
    await act.work.door_groups.add(group)
    if wanted.is_reference:
        await put_annotation(act, _MARKS, group.id, {_REFERENCE: True})
    return group


@operation(Permission.ESTATE_WRITE)
async def regather_doors(act: Act, wanted: RegatherDoors) -> Gathered:
    """Change a group's names and doors at once; whoever holds it gains and loses those doors.

    Raises: NotFound, Gone (door), Invalid (name, door_ids), AlreadyExists (external_key), NotAllowed.
    """
    group = await find_door_group(act.work, wanted.door_group_id)
    await act.require(Scope.door_group(group.id))
    held = await doors_of(act, group.id)
    meant = held if wanted.door_ids is None else wanted.door_ids
    meant = tuple(dict.fromkeys(id_ for id_ in (*meant, *wanted.adds) if id_ not in wanted.removes))
    joining = await _checked(act, [id_ for id_ in meant if id_ not in held])
    key = group.external_key if wanted.external_key is None else clean_name(wanted.external_key)
    edited = replace(
        group,
        name=group.name if wanted.name is None else clean_name(wanted.name),
        external_key=key,
        updated_at=act.now,
    )
    await act.work.door_groups.replace(edited)
    await _put(act, edited, joining)
    for door_id in held:
        if door_id not in meant:
            await act.work.door_groups.remove_door(group.id, door_id)
            await act.changed(ChangeKind.DOOR, door_id)
    if wanted.notes:
        await put_annotation(act, _namespace(group), group.id, wanted.notes)
    gathered = Gathered(group=edited, door_ids=meant)
    await _record(act, "door_group.regathered", gathered, bundles=await follow_group(act, group.id))
    return gathered


async def doors_of(act: Act, door_group_id: str) -> tuple[str, ...]:
    """Give the ids of a group's doors."""
    places = await act.work.door_groups.places(WHOLE, door_group_id=door_group_id)
    return tuple(place.door_id for place in places.items)


async def _checked(act: Act, door_ids: Iterable[str]) -> tuple[str, ...]:
    """Give each id once. Raises: NotFound, Gone, NotAllowed (a door that is not the caller's), Invalid."""
    ids = tuple(dict.fromkeys(door_ids))
    if len(ids) > MAX_DOORS:
        raise Invalid("door_ids", f"must be at most {MAX_DOORS}")
    for door_id in ids:
        await find_door(act.work, door_id)
        # Else a door could be moved into one's own group to gain it.
        await act.require(Scope.door(door_id))
    return ids


async def _put(act: Act, group: DoorGroup, door_ids: Iterable[str]) -> None:
    for door_id in door_ids:
        door = await find_door(act.work, door_id)
        await act.work.door_groups.add_door(
            DoorGroupDoor(
                id=act.new_id(),
                number=act.next_number(),
                door_group_id=group.id,
                door_id=door.id,
                created_at=act.now,
            )
        )
        await act.changed(ChangeKind.DOOR, door.id)


def _namespace(group: DoorGroup) -> str:
    return group.origin.partition(":")[0]


async def _record(act: Act, action: str, gathered: Gathered, *, bundles: Sequence[JsonValue] = ()) -> None:
    group = gathered.group
    await act.record(
        action,
        site_id=group.site_id,
        detail={
            "door_group": group.id,
            "name": group.name,
            "external_key": group.external_key,
            "origin": group.origin,
            "doors": [*gathered.door_ids],
            "bundles": [*bundles],
        },
    )
