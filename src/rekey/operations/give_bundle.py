"""give_bundle: a person is given grants at several places, with the media that open them, in one act."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rekey.domain.bundle import Bundle, Medium
from rekey.domain.door_code import DoorCode
from rekey.domain.errors import Invalid
from rekey.domain.ids import OperatorId, PersonId
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.domain.validity import Validity
from rekey.operations.act import Act, operation
from rekey.operations.add_person import AddPerson, put_person
from rekey.operations.bundle_media import MAX_MEDIA, MediumPut, WantedMedium, put_medium
from rekey.operations.bundle_parts import (
    bundle_line,
    check_places,
    doors_of_places,
    facts_of,
    give_places,
    issue_line,
    only_door,
    scopes_of,
)
from rekey.operations.find import find_person
from rekey.operations.grant_access import enrolled_line, grant_line
from rekey.operations.pins import DoorFacts
from rekey.operations.stays import join_stay
from rekey.operations.texts import clean_name, clean_text


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveBundle:
    """Who is a known person, or a newcomer; `facts` says what the hardware of the doors can do.

    `doors_may_wait` lets a bundle belong to a stay before any of its door groups has a door.
    """

    person_id: str | None = None
    newcomer: AddPerson | None = None
    name: str = ""
    external_key: str | None = None
    stay_key: str | None = None
    validity: Validity
    door_ids: tuple[str, ...] = ()
    door_group_ids: tuple[str, ...] = ()
    media: tuple[WantedMedium, ...] = ()
    facts: tuple[DoorFacts, ...] = ()
    doors_may_wait: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleGiven:
    bundle: Bundle
    media: tuple[Medium, ...]
    codes: tuple[DoorCode, ...]


@operation(Permission.GRANTS_WRITE)
async def give_bundle(act: Act, wanted: GiveBundle) -> BundleGiven:
    """Give a bundle.

    Raises: NotFound, Gone, Invalid, PersonLeft, NotAllowed, AlreadyExists (external_key; of a newcomer:
    email, phone, external_key), Conflict (the stay's doors or windows; no code is free).
    """
    await check_places(act, wanted.door_ids, wanted.door_group_ids)
    bundle = await _make(act, wanted)
    given = await give_places(act, bundle, scopes_of(bundle))
    door_ids = await doors_of_places(act.work, bundle.door_ids, bundle.door_group_ids)
    facts = facts_of(wanted.facts, door_ids)
    await join_stay(act, bundle, door_ids, may_wait=wanted.doors_may_wait)
    await act.work.bundles.add(bundle)
    bundle, put = await put_media(act, bundle, wanted.media, facts)
    media = [(one.medium, one.codes) for one in put if one.medium is not None]
    await act.record(
        "bundle.given",
        person_id=bundle.person_id,
        door_id=only_door(scopes_of(bundle)),
        detail={
            **bundle_line(bundle, media),
            **await issue_line(act.work, bundle, ()),
            "grants": [grant_line(grant, given.former) for grant in given.grants],
            "conflicts": len(given.conflicts),
            **enrolled_line(given),
        },
    )
    return BundleGiven(
        bundle=bundle,
        media=tuple(medium for medium, _codes in media),
        codes=tuple(code for _medium, codes in media for code in codes),
    )


async def put_media(
    act: Act, bundle: Bundle, media: Sequence[WantedMedium], facts: Sequence[DoorFacts]
) -> tuple[Bundle, list[MediumPut]]:
    """Add media within an act that records it, and note the doors that can't have them. Raises: as `put_medium`."""
    if not 1 <= len(media) <= MAX_MEDIA:
        raise Invalid("media", f"must be from 1 to {MAX_MEDIA}")
    put = [await put_medium(act, bundle, one, facts) for one in media]
    missing = tuple(dict.fromkeys((*bundle.missing_door_ids, *(id_ for one in put for id_ in one.missing))))
    if missing == bundle.missing_door_ids:
        return bundle, put
    noted = replace(bundle, missing_door_ids=missing, updated_at=act.now)
    await act.work.bundles.replace(noted)
    return noted, put


async def _make(act: Act, wanted: GiveBundle) -> Bundle:
    person_id = await _person(act, wanted)
    if wanted.validity.is_over(act.now):
        raise Invalid("end", "must be in the future")
    key = wanted.external_key
    return Bundle(
        id=act.new_id(),
        number=act.next_number(),
        name=clean_text(wanted.name, "bundle_name", limit=200),
        external_key=None if key is None else clean_name(key, "external_key"),
        stay_key=None if wanted.stay_key is None else clean_name(wanted.stay_key, "stay_key"),
        person_id=PersonId(person_id),
        validity=wanted.validity,
        door_ids=tuple(dict.fromkeys(wanted.door_ids)),
        door_group_ids=tuple(dict.fromkeys(wanted.door_group_ids)),
        made_by=OperatorId(act.actor.operator_id),
        created_at=act.now,
        updated_at=act.now,
    )


async def _person(act: Act, wanted: GiveBundle) -> str:
    if wanted.newcomer is not None:
        await act.require(Scope.organization(act.work.organization_id), Permission.PEOPLE_WRITE)
        return (await put_person(act, wanted.newcomer)).id
    if wanted.person_id is None:
        raise Invalid("person_id", "must be given: a bundle is somebody's")
    return (await find_person(act.work, wanted.person_id)).id
