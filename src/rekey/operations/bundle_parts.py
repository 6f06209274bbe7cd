"""What the operations on bundles share: the doors they reach, and their grants."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from rekey.domain.bundle import Bundle, Medium, MediumKind, bundle_of
from rekey.domain.door_code import DoorCode
from rekey.domain.errors import Invalid, NotFound
from rekey.domain.grant import Grant, Holder
from rekey.domain.journal import JsonValue
from rekey.domain.scope import Scope, ScopeKind
from rekey.operations.act import Act
from rekey.operations.bundle_media import WantedMedium, code_line, follow_doors, medium_line, put_medium
from rekey.operations.find import find_door, find_door_group
from rekey.operations.grant_access import GrantsGiven, NewGrant, give_within
from rekey.operations.leavers import leaver_block
from rekey.operations.pins import DoorFacts
from rekey.ports.door_driver import Ability
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.doors import ChangeKind
from rekey.ports.repositories.rights import GrantFilter
from rekey.ports.store import View

MAX_PLACES = 500


async def find_bundle(view: View, bundle_id: str) -> Bundle:
    """Raises: NotFound, also for a bundle that has ended or whose person is gone."""
    bundle = await view.bundles.get(bundle_id)
    if bundle is None or await view.people.get(bundle.person_id) is None:
        raise NotFound("bundle", bundle_id)
    return bundle


async def find_medium(view: View, medium_id: str) -> tuple[Medium, Bundle]:
    """Raises: NotFound."""
    medium = await view.media.get(medium_id)
    bundle = None if medium is None else await view.bundles.get(medium.bundle_id)
    if medium is None or bundle is None or await view.people.get(bundle.person_id) is None:
        raise NotFound("medium", medium_id)
    return medium, bundle


async def doors_of_places(
    view: View, door_ids: Iterable[str], door_group_ids: Iterable[str]
) -> tuple[str, ...]:
    """Give each door once: those named, then those of the groups."""
    doors = [*door_ids]
    for group_id in door_group_ids:
        places = await view.door_groups.places(WHOLE, door_group_id=group_id)
        doors += [place.door_id for place in places.items]
    return tuple(dict.fromkeys(doors))


async def reached(view: View, bundle: Bundle) -> tuple[str, ...]:
    """Give the doors that the bundle's grants still reach by name: whoever ends one of those takes its doors.

    A door that a later stay took over is reached no more.
    """
    scopes = {grant.scope for grant in await grants_of_bundle(view, bundle)}
    doors = await doors_of_places(
        view,
        (id_ for id_ in bundle.door_ids if Scope.door(id_) in scopes),
        (id_ for id_ in bundle.door_group_ids if Scope.door_group(id_) in scopes),
    )
    lost = await lost_doors(view, bundle)
    return tuple(id_ for id_ in doors if id_ not in lost)


async def lost_doors(view: View, bundle: Bundle) -> frozenset[str]:
    """Name the doors that later stays took over."""
    if bundle.stay_key is None:
        return frozenset()
    return frozenset(one.door_id for one in await view.takeovers.of([bundle.id]))


async def grants_of_bundle(view: View, bundle: Bundle) -> tuple[Grant, ...]:
    """Give the grants that still stand."""
    matching = GrantFilter(holder=Holder.person(bundle.person_id), origin=bundle.origin)
    return (await view.grants.list(WHOLE, matching)).items


async def media_of(view: View, bundle: Bundle) -> tuple[Medium, ...]:
    return (await view.media.list(WHOLE, bundle_ids=[bundle.id])).items


def scopes_of(bundle: Bundle) -> tuple[Scope, ...]:
    return (*map(Scope.door, bundle.door_ids), *map(Scope.door_group, bundle.door_group_ids))


async def check_places(act: Act, door_ids: Sequence[str], door_group_ids: Sequence[str]) -> None:
    """Refuse places that are not there, and none at all. Raises: Invalid (door_ids), NotFound, Gone."""
    if not 1 <= len(door_ids) + len(door_group_ids) <= MAX_PLACES:
        raise Invalid("door_ids", f"must name from 1 to {MAX_PLACES} places")
    for door_id in door_ids:
        await find_door(act.work, door_id)
    for group_id in door_group_ids:
        await find_door_group(act.work, group_id)


async def places_of(view: View, bundle: Bundle) -> list[Scope]:
    """Give the places where changing the bundle has to be allowed: wherever it opens, else the whole organization."""
    grants = await grants_of_bundle(view, bundle)
    scopes = {grant.scope for grant in grants} or {Scope.organization(view.organization_id)}
    return sorted(scopes, key=lambda one: (one.kind.value, one.id))


async def give_places(act: Act, bundle: Bundle, scopes: Iterable[Scope]) -> GrantsGiven:
    """Give the bundle's grants within an act that records it. Raises: as `grant_access`."""
    return await give_within(
        act,
        tuple(
            NewGrant(
                holder=Holder.person(bundle.person_id),
                scope=scope,
                validity=bundle.validity,
                origin=bundle.origin,
            )
            for scope in scopes
        ),
    )


async def end_grants(act: Act, grants: Iterable[Grant]) -> None:
    """End grants within an act that asked for the permission and records it."""
    for grant in grants:
        await act.work.grants.end(grant.id, act.now)
        await act.changed(ChangeKind.PERSON, grant.holder.id, grant.scope)


async def follow_group(act: Act, door_group_id: str) -> list[JsonValue]:
    """Bring the media of every bundle at the group after its doors; give what the act's row tells of it."""
    scope = Scope.door_group(door_group_id)
    given = await act.work.grants.list(WHOLE, GrantFilter(scope=scope))
    ids = {id_ for grant in given.items if (id_ := bundle_of(grant.origin)) is not None}
    return [line for id_ in sorted(ids) for line in await _follow(act, id_)]


async def leave_group(act: Act, bundle_ids: Iterable[str]) -> list[JsonValue]:
    """Do the same once a group has ended, for the bundles that had it."""
    return [line for id_ in sorted(bundle_ids) for line in await _follow(act, id_)]


async def bundles_at(view: View, door_group_id: str) -> frozenset[str]:
    """Name the bundles that have grants at the group."""
    given = await view.grants.list(WHOLE, GrantFilter(scope=Scope.door_group(door_group_id)))
    return frozenset(id_ for grant in given.items if (id_ := bundle_of(grant.origin)) is not None)


async def _follow(act: Act, bundle_id: str) -> list[JsonValue]:
    bundle = await act.work.bundles.get(bundle_id)
    if bundle is None or await act.work.people.get(bundle.person_id) is None:
        return []
    if await leaver_block(act, bundle.person_id) is not None:
        return []
    doors = await reached(act.work, bundle)
    before = await doors_with_media(act.work, bundle)
    facts = await _facts_at(act, bundle, doors)
    before_codes = await codes_of_bundle(act.work, bundle)
    for medium in await media_of(act.work, bundle):
        await follow_doors(act, bundle, medium, facts)
    bundle, made, missing = await _belated(act, bundle, facts)
    line = bundle_doors_line(
        bundle,
        # The doors of the first medium are told of once it is ready.
        joined=[] if made is not None and not before else [id_ for id_ in doors if id_ not in before],
        left=sorted(before - {*doors}),
        missing=missing,
    )
    codes = [one for one in await codes_of_bundle(act.work, bundle) if one not in before_codes]
    if made is not None:
        line["media"] = [medium_line(made, codes)]
    else:
        line["codes"] = [code_line(code) for code in codes]
    news = ("joined", "left", "missing", "media", "codes")
    return [line] if any(line.get(name) for name in news) else []


async def _belated(
    act: Act, bundle: Bundle, doors: Sequence[DoorFacts]
) -> tuple[Bundle, Medium | None, tuple[str, ...]]:
    """Give the PIN that no door could have until now, and name the doors that newly can't have one."""
    standing = await media_of(act.work, bundle)
    ever = [*standing, *await act.work.media.ended_of(bundle.id)]
    codes = any(one.kind is MediumKind.CODE for one in standing)
    # Every other medium is given whatever its doors can do.
    waits = not any(one.kind is MediumKind.CODE for one in ever) and (not ever or bundle.missing_door_ids)
    if not codes and not waits:
        return bundle, None, ()
    made = None
    if waits and any(door.lengths for door in doors):
        made = (await put_medium(act, bundle, WantedMedium(kind=MediumKind.CODE), doors)).medium
    unable = tuple(door.door_id for door in doors if not door.lengths)
    fresh = tuple(id_ for id_ in unable if id_ not in bundle.missing_door_ids)
    if unable == bundle.missing_door_ids:
        return bundle, made, ()
    noted = replace(bundle, missing_door_ids=unable, updated_at=act.now)
    await act.work.bundles.replace(noted)
    return noted, made, fresh


async def codes_of_bundle(view: View, bundle: Bundle) -> tuple[DoorCode, ...]:
    """Give the codes of a bundle's media that have not gone from their doors."""
    ids = [medium.id for medium in await media_of(view, bundle)]
    return (await view.door_codes.list(WHOLE, medium_ids=ids)).items if ids else ()


async def _facts_at(act: Act, bundle: Bundle, door_ids: Sequence[str]) -> list[DoorFacts]:
    """Say of each door whether it takes the bundle's PIN: one with a keypad, which was not asked for more."""
    lengths = await _lengths_at(act, bundle)
    doors = (await act.work.doors.list(WHOLE, ids=[*door_ids])).items if door_ids else ()
    keypads = {str(door.id) for door in doors if Ability.KEYPAD in act.abilities(door.driver)}
    return [DoorFacts(door_id=id_, lengths=lengths if id_ in keypads else ()) for id_ in door_ids]


async def doors_with_media(view: View, bundle: Bundle) -> set[str]:
    """Give the doors for which the bundle's media have anything that has not ended."""
    return await doors_of_media(view, await media_of(view, bundle))


async def doors_of_media(view: View, media: Sequence[Medium]) -> set[str]:
    """Give the doors for which these media have anything that has not ended."""
    codes = await view.door_codes.list(WHOLE, medium_ids=[medium.id for medium in media]) if media else None
    doors: set[str] = set()
    for code in () if codes is None else codes.items:
        held = await view.credentials.get(code.id)
        doors |= set() if held is None or held.ended_at is not None else {code.door_id}
    for medium in media:
        held = None if medium.credential_id is None else await view.credentials.get(medium.credential_id)
        doors |= set() if held is None or held.ended_at is not None else held.door_ids
    return doors


async def _lengths_at(act: Act, bundle: Bundle) -> tuple[int, ...]:
    """Give the length of the PIN that the bundle has, for a door whose keypad was not asked."""
    lengths = set()
    for medium in await media_of(act.work, bundle):
        for code in (await act.work.door_codes.list(WHOLE, medium_ids=[medium.id])).items:
            credential = await act.work.credentials.get(code.id)
            if credential is not None and credential.sealed_part:
                lengths.add(len(act.secrets.unseal(credential.sealed_part)))
    return tuple(sorted(lengths)) or (4, 5, 6)


async def issue_line(view: View, bundle: Bundle, before: Iterable[Medium]) -> dict[str, JsonValue]:
    """Give what the journal tells once a medium was issued: the doors if it is the first, and whether none waits.

    `before` are the media of the bundle as they were.
    """
    first = all(one.issues == 0 for one in before)
    complete = all(one.issued_at is not None for one in await media_of(view, bundle))
    return {"now_open": [*await reached(view, bundle)] if first else [], "complete": complete}


def bundle_doors_line(
    bundle: Bundle, *, joined: list[str], left: list[str], missing: Iterable[str]
) -> dict[str, JsonValue]:
    """Give what the journal tells of a bundle whose doors came and went.

    `missing` are those that can't have its PIN and were not noted as such before.
    """
    return {
        "bundle": bundle.id,
        "external_key": bundle.external_key,
        "person": bundle.person_id,
        "joined": [*joined],
        "left": [*left],
        "missing": [*missing],
    }


def bundle_line(
    bundle: Bundle, media: Iterable[tuple[Medium, Sequence[DoorCode]]] = ()
) -> dict[str, JsonValue]:
    """Give what the journal tells of a bundle."""
    start, end = bundle.validity.start, bundle.validity.end
    return {
        "bundle": bundle.id,
        "name": bundle.name,
        "external_key": bundle.external_key,
        "stay": bundle.stay_key,
        "start": None if start is None else start.isoformat(),
        "end": None if end is None else end.isoformat(),
        "doors": [*bundle.door_ids],
        "door_groups": [*bundle.door_group_ids],
        "missing": [*bundle.missing_door_ids],
        "media": [medium_line(medium, codes) for medium, codes in media],
    }


def facts_of(facts: Iterable[DoorFacts], door_ids: Iterable[str]) -> list[DoorFacts]:
    """Give the facts of these doors in their order; a door that nothing is known of has no keypad."""
    known: Mapping[str, DoorFacts] = {door.door_id: door for door in facts}
    return [known.get(id_, DoorFacts(door_id=id_)) for id_ in door_ids]


def only_door(scopes: Iterable[Scope]) -> str | None:
    """Give the one door that is named, for the row's own column."""
    doors = {scope.id for scope in scopes if scope.kind is ScopeKind.DOOR}
    return next(iter(doors)) if len(doors) == 1 else None
