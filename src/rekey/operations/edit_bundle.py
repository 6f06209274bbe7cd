"""edit_bundle: another name, window or other places for what was given together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rekey.domain.bundle import Bundle, Medium
from rekey.domain.credential import Credential
from rekey.domain.door_code import DoorCode
from rekey.domain.errors import Invalid
from rekey.domain.journal import JsonValue
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.domain.validity import Validity
from rekey.operations.act import Act, operation
from rekey.operations.bundle_keys import KEYS, move_key
from rekey.operations.bundle_media import follow_doors, medium_line
from rekey.operations.bundle_parts import (
    bundle_line,
    check_places,
    doors_with_media,
    end_grants,
    facts_of,
    find_bundle,
    give_places,
    grants_of_bundle,
    media_of,
    places_of,
    reached,
    scopes_of,
)
from rekey.operations.code_wishes import Changes, wish_after
from rekey.operations.edit_credential import EditCredential, edit_within
from rekey.operations.edit_grant import EditGrant, edit_grant_within
from rekey.operations.pins import DoorFacts
from rekey.operations.stays import check_stay
from rekey.operations.texts import clean_text
from rekey.ports.listing import WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class EditBundle:
    """None leaves a field; the places replace all of their kind. `facts` is as for `give_bundle`.

    `along` are the other bundles of its stay that change in the same act, so they are not held against it.
    """

    bundle_id: str
    name: str | None = None
    validity: Validity | None = None
    door_ids: tuple[str, ...] | None = None
    door_group_ids: tuple[str, ...] | None = None
    facts: tuple[DoorFacts, ...] = ()
    along: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleEdited:
    """`reissued` are the media that must be ready anew before they open within the new window."""

    bundle: Bundle
    reissued: tuple[Medium, ...]


@operation(Permission.GRANTS_WRITE)
async def edit_bundle(act: Act, wanted: EditBundle) -> BundleEdited:
    """Change a bundle; a PIN and a key keep their values.

    A wider window names the person anew wherever the bundle's grants still stand, as every edit does that
    widens a grant; what somebody ended or revoked stays so.
    Raises: NotFound, Gone, Invalid, PersonLeft, NotAllowed, Conflict (no code is free; the stay's doors or
    windows).
    """
    before = await find_bundle(act.work, wanted.bundle_id)
    for scope in await places_of(act.work, before):
        await act.require(scope)
    bundle = _edited(act, before, wanted)
    await act.work.bundles.replace(bundle)
    reissued: tuple[Medium, ...] = ()
    if bundle.validity != before.validity:
        reissued = await _move(act, before, bundle)
    detail = bundle_line(bundle, [(medium, ()) for medium in reissued])
    if scopes_of(bundle) != scopes_of(before):
        detail |= await _replace(act, before, bundle, wanted.facts)
    doors = await reached(act.work, bundle)
    # One that has lost every door to a later stay may still be put in order.
    if doors and (bundle.validity != before.validity or scopes_of(bundle) != scopes_of(before)):
        await check_stay(act, bundle, doors, along=wanted.along)
    detail["moved"] = bundle.validity != before.validity
    await act.record("bundle.edited", person_id=bundle.person_id, detail=detail)
    return BundleEdited(bundle=bundle, reissued=reissued)


def _edited(act: Act, bundle: Bundle, wanted: EditBundle) -> Bundle:
    validity = bundle.validity if wanted.validity is None else wanted.validity
    if validity != bundle.validity and validity.is_over(act.now):
        raise Invalid("end", "must be in the future")
    name = bundle.name if wanted.name is None else clean_text(wanted.name, "bundle_name", limit=200)
    groups = bundle.door_group_ids if wanted.door_group_ids is None else wanted.door_group_ids
    return replace(
        bundle,
        name=name,
        validity=validity,
        door_ids=bundle.door_ids if wanted.door_ids is None else tuple(dict.fromkeys(wanted.door_ids)),
        door_group_ids=tuple(dict.fromkeys(groups)),
        updated_at=act.now,
    )


async def _move(act: Act, before: Bundle, bundle: Bundle) -> tuple[Medium, ...]:
    """Give grants and credentials the new window; every medium has to be issued again."""
    for grant in await grants_of_bundle(act.work, bundle):
        wanted = EditGrant(
            grant_id=grant.id, role=grant.role, validity=bundle.validity, schedule=grant.schedule
        )
        await edit_grant_within(act, grant, wanted)
    moved = []
    for medium in await media_of(act.work, bundle):
        codes = (await act.work.door_codes.list(WHOLE, medium_ids=[medium.id])).items
        for id_ in [*(code.id for code in codes), *filter(None, [medium.credential_id])]:
            held = await act.work.credentials.get(id_)
            if held is not None and held.ended_at is None:
                await _wish_window(act, held, codes, bundle)
                await edit_within(act, held, replace(EditCredential.of(held), validity=bundle.validity))
        await move_key(act, medium, bundle.validity)
        moved.append(await _reissue(act, medium, before.validity))
    return tuple(moved)


async def _wish_window(act: Act, held: Credential, codes: Sequence[DoorCode], bundle: Bundle) -> None:
    """Note of a code at a door what window it has there until the door has proved the new one."""
    changes = Changes(name=False, window=held.validity != bundle.validity, digits=False)
    for code in codes:
        if code.id == held.id:
            wish = wish_after(act, code, held, changes)
            await act.work.door_codes.replace(replace(code, wish=wish, updated_at=act.now))


async def _reissue(act: Act, medium: Medium, former: Validity) -> Medium:
    """Keys are ready at once; codes once their doors have them, cards once they are written again."""
    is_key = medium.kind in KEYS and medium.credential_id is not None
    # What is still to be ready anew opens by the window that it had when it last was.
    moved = replace(
        medium,
        issued_at=None,
        moved_at=medium.moved_at or act.now,
        former=medium.former or former,
        updated_at=act.now,
    )
    again = medium.ready(act.now) if is_key else moved
    await act.work.media.replace(again)
    return again


async def _replace(
    act: Act, before: Bundle, bundle: Bundle, facts: Sequence[DoorFacts]
) -> dict[str, JsonValue]:
    await check_places(act, bundle.door_ids, bundle.door_group_ids)
    had = await doors_with_media(act.work, before)
    meant = scopes_of(bundle)
    await end_grants(act, [one for one in await grants_of_bundle(act.work, before) if one.scope not in meant])
    joining: list[Scope] = [scope for scope in meant if scope not in scopes_of(before)]
    if joining:
        await give_places(act, bundle, joining)
    doors = await reached(act.work, bundle)
    lines = []
    for medium in await media_of(act.work, bundle):
        followed = await follow_doors(act, bundle, medium, facts_of(facts, doors))
        lines.append(medium_line(followed))
    joined: list[JsonValue] = [id_ for id_ in doors if id_ not in had]
    return {"joined": joined, "left": [*sorted(had - {*doors})], "followed": lines}
