"""The media of a bundle: PINs at its doors, cards, keys on phones, words to this server."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import assert_never

from rekey.domain.bundle import Bundle, Medium, MediumKind
from rekey.domain.credential import Credential, CredentialKind
from rekey.domain.door_code import DoorCode
from rekey.domain.errors import Invalid, Unsupported
from rekey.domain.grant import Holder
from rekey.domain.journal import JsonValue
from rekey.domain.validity import ALWAYS
from rekey.operations.act import Act
from rekey.operations.assign_credential import unassign_within
from rekey.operations.bundle_keys import end_key, limit_key, put_key, put_web_key
from rekey.operations.computed_codes import ComputedPin, computed_pin
from rekey.operations.edit_credential import EditCredential, edit_within
from rekey.operations.end_credential import end_within
from rekey.operations.imprints import pin_imprint, reveal_code
from rekey.operations.issue_credential import MAX_USES, NewCredential, hold_credential
from rekey.operations.open_client_session import OpenClientSession
from rekey.operations.pins import LONGEST, SHORTEST, DoorFacts, free_pin, known_pin, refusing
from rekey.ports.listing import WHOLE

MAX_MEDIA = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedMedium:
    """`code` is a PIN that is asked for; another one is given where it can't be had.

    `session` has a mobile key come with a web key of `max_uses`, and is the client session that ends with it;
    whose it is and its end follow from the bundle.
    """

    kind: MediumKind
    code: str | None = field(default=None, repr=False)
    max_uses: int | None = None
    session: OpenClientSession | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MediumPut:
    """No medium where no door could have it; `missing` are the doors that could not."""

    medium: Medium | None
    codes: tuple[DoorCode, ...] = ()
    missing: tuple[str, ...] = ()


async def put_medium(act: Act, bundle: Bundle, wanted: WantedMedium, doors: Sequence[DoorFacts]) -> MediumPut:
    """Add a medium within an act that records it. Raises: Invalid, PersonLeft, Conflict (no code is free)."""
    if wanted.max_uses is not None and not 1 <= wanted.max_uses <= MAX_USES:
        raise Invalid("max_uses", f"must be from 1 to {MAX_USES}")
    match wanted.kind:
        case MediumKind.CODE:
            return await _put_codes(act, bundle, wanted, doors)
        case MediumKind.CARD:
            return MediumPut(medium=await _add(act, _new(act, bundle, wanted)))
        case MediumKind.MOBILE_KEY | MediumKind.CLOUD_KEY:
            return MediumPut(medium=await _add(act, await _keyed(act, bundle, wanted, doors)))
        case _:
            assert_never(wanted.kind)


async def end_medium(act: Act, medium: Medium) -> tuple[DoorCode, ...]:
    """End a medium with its credentials within an act that records it; give the codes that must go from doors."""
    codes = (await act.work.door_codes.list(WHOLE, medium_ids=[medium.id])).items
    for id_ in [*(code.id for code in codes), *filter(None, [medium.credential_id])]:
        await end_one(act, id_)
    await end_key(act, medium)
    await act.work.media.replace(replace(medium, updated_at=act.now, ended_at=act.now))
    return codes


async def drop_door(act: Act, medium: Medium, door_id: str) -> tuple[tuple[DoorCode, ...], str | None]:
    """Take one door from a medium for good; give its codes there and the credential that ended with its last door."""
    codes = (await act.work.door_codes.list(WHOLE, medium_ids=[medium.id], door_id=door_id)).items
    for code in codes:
        await end_one(act, code.id)
    held = None if medium.credential_id is None else await act.work.credentials.get(medium.credential_id)
    if held is None or held.ended_at is not None or door_id not in held.door_ids:
        return codes, None
    left = held.door_ids - {door_id}
    await _limit(act, medium, held, left)
    return codes, None if left else held.id


async def end_one(act: Act, credential_id: str) -> None:
    """End a credential that still stands; a card goes back to the organization's stock."""
    credential = await act.work.credentials.get(credential_id)
    if credential is None or credential.ended_at is not None:
        return
    if credential.kind is CredentialKind.CARD and credential.card_type:
        await unassign_within(act, await widen(act, credential))
    else:
        await end_within(act, credential)


async def widen(act: Act, card: Credential) -> Credential:
    """Take the bundle's limits from a card that leaves it."""
    free = replace(EditCredential.of(card), door_ids=frozenset(), validity=ALWAYS)
    return await edit_within(act, card, free)


async def follow_doors(act: Act, bundle: Bundle, medium: Medium, doors: Sequence[DoorFacts]) -> Medium:
    """Give a medium the doors that its bundle has by now, and take from it the others."""
    if medium.kind is MediumKind.CODE:
        return await _follow_codes(act, bundle, medium, doors)
    ids = frozenset(door.door_id for door in doors)
    held = None if medium.credential_id is None else await act.work.credentials.get(medium.credential_id)
    if held is None or held.ended_at is not None or held.door_ids == ids:
        return medium
    return await _limit(act, medium, held, ids)


async def _limit(act: Act, medium: Medium, held: Credential, door_ids: frozenset[str]) -> Medium:
    """Let a medium's one credential, and its web key, open these doors alone."""
    await limit_key(act, medium, door_ids)
    if not door_ids:
        # No doors at all would mean wherever the person may.
        await end_one(act, held.id)
        return await _save(act, replace(medium, credential_id=None, issued_at=None, moved_at=None))
    await edit_within(act, held, replace(EditCredential.of(held), door_ids=door_ids))
    return medium


async def add_code(act: Act, bundle: Bundle, medium: Medium, door_id: str, *, digits: str) -> DoorCode:
    """Give a medium its PIN at one door within an act that records it. Raises: AlreadyExists, PersonLeft."""
    return await _put_code(act, bundle, medium, _new_pin(act, bundle, door_id, digits))


async def _add_computed(
    act: Act, bundle: Bundle, medium: Medium, door_id: str, *, pin: ComputedPin
) -> DoorCode:
    new = replace(_new_pin(act, bundle, door_id, pin.digits), computed=True, validity=pin.window)
    return await _put_code(act, bundle, medium, new)


def _new_pin(act: Act, bundle: Bundle, door_id: str, digits: str) -> NewCredential:
    imprint = pin_imprint(act.secrets, digits)
    return NewCredential(
        kind=CredentialKind.PIN,
        fingerprint=imprint.fingerprint,
        sealed_part=imprint.sealed_part,
        label=bundle.name,
        door_ids=frozenset({door_id}),
        origin=bundle.origin,
        validity=bundle.validity,
    )


async def _put_code(act: Act, bundle: Bundle, medium: Medium, new: NewCredential) -> DoorCode:
    (door_id,) = new.door_ids
    credential = await hold_credential(act, new, Holder.person(bundle.person_id))
    code = DoorCode(
        id=credential.id,
        number=act.next_number(),
        door_id=door_id,
        name=bundle.name,
        holder_id=bundle.person_id,
        medium_id=medium.id,
        stage_since=act.now,
        created_at=act.now,
        updated_at=act.now,
    )
    await act.work.door_codes.add(code)
    return code


def medium_line(medium: Medium, codes: Iterable[DoorCode] = ()) -> JsonValue:
    """Give what the journal tells of a medium."""
    return {
        "medium": medium.id,
        "kind": medium.kind.value,
        "codes": [code_line(code) for code in codes],
        "issued": medium.issued_at is not None,
    }


def code_line(code: DoorCode, what: str = "added") -> dict[str, JsonValue]:
    """Give what the journal tells of a code and what became of it: never its digits."""
    return {"code": code.id, "door": code.door_id, "medium": code.medium_id, "what": what}


async def _put_codes(act: Act, bundle: Bundle, wanted: WantedMedium, doors: Sequence[DoorFacts]) -> MediumPut:
    able = [door for door in doors if any(SHORTEST <= length <= LONGEST for length in door.lengths)]
    worked_out = await _worked_out(act, bundle, [door for door in doors if door not in able])
    missing = tuple(door.door_id for door in doors if door not in able and door.door_id not in worked_out)
    if not able and not worked_out:
        return MediumPut(medium=None, missing=missing)
    digits = await _choose(act, bundle, wanted.code, able)
    medium = _new(act, bundle, wanted)
    refused = tuple(
        id_ for id_, chosen in digits.items() if wanted.code is not None and chosen != wanted.code
    ) + (() if wanted.code is None else tuple(worked_out))
    if refused and wanted.code is not None:
        asked = act.secrets.seal(wanted.code.encode())
        medium = replace(medium, asked=asked, refused_door_ids=refused)
    await act.work.media.add(medium)
    codes = [await add_code(act, bundle, medium, door.door_id, digits=digits[door.door_id]) for door in able]
    codes += [await _add_computed(act, bundle, medium, id_, pin=pin) for id_, pin in worked_out.items()]
    return MediumPut(medium=medium, codes=tuple(codes), missing=missing)


async def _worked_out(act: Act, bundle: Bundle, doors: Sequence[DoorFacts]) -> dict[str, ComputedPin]:
    """Work out the PIN of each of these doors whose lock does so, and can for this window."""
    found = {}
    for door in doors:
        with suppress(Unsupported, Invalid):
            found[door.door_id] = await computed_pin(act, door, bundle.validity)
    return found


async def _choose(act: Act, bundle: Bundle, asked: str | None, doors: Sequence[DoorFacts]) -> dict[str, str]:
    """Give each door its PIN: what was asked for where it can be had, else one that as many doors as can be share."""
    chosen: dict[str, str] = {}
    if asked is not None and asked.isascii() and asked.isdigit():
        refused = await refusing(act, asked, doors)
        chosen = {door.door_id: asked for door in doors if door.door_id not in refused}
    left = [door for door in doors if door.door_id not in chosen]
    while left:
        alike = _alike(left)
        digits = await known_pin(act, bundle.person_id, alike) or await free_pin(act, alike)
        chosen |= {door.door_id: digits for door in alike}
        left = [door for door in left if door not in alike]
    return chosen


def _alike(doors: Sequence[DoorFacts]) -> list[DoorFacts]:
    """Give the doors that can share one PIN: those which take the first length that most of them take."""
    counted: dict[int, int] = {}
    for door in doors:
        for length in door.lengths:
            if SHORTEST <= length <= LONGEST:
                counted[length] = counted.get(length, 0) + 1
    best = max(sorted(counted), key=counted.__getitem__)
    return [door for door in doors if best in door.lengths]


async def _follow_codes(act: Act, bundle: Bundle, medium: Medium, doors: Sequence[DoorFacts]) -> Medium:
    codes = (await act.work.door_codes.list(WHOLE, medium_ids=[medium.id])).items
    standing: dict[str, Credential] = {}
    for code in codes:
        credential = await act.work.credentials.get(code.id)
        if credential is not None and credential.ended_at is None:
            standing[code.door_id] = credential
    wanted = {door.door_id for door in doors}
    for door_id, credential in standing.items():
        if door_id not in wanted:
            await end_within(act, credential)
    new = [door for door in doors if door.door_id not in standing]
    joining = [door for door in new if door.lengths]
    worked_out = await _worked_out(act, bundle, [door for door in new if not door.lengths])
    if not joining and not worked_out:
        return medium
    for id_, pin in worked_out.items():
        await _add_computed(act, bundle, medium, id_, pin=pin)
    shared = (reveal_code(act.secrets, one) for one in standing.values() if not one.computed)
    digits = next(shared, None)
    for door in joining:
        own = digits if digits and not await refusing(act, digits, [door]) else await free_pin(act, [door])
        await add_code(act, bundle, medium, door.door_id, digits=own)
    return await _save(act, replace(medium, issued_at=None))


async def _keyed(act: Act, bundle: Bundle, wanted: WantedMedium, doors: Sequence[DoorFacts]) -> Medium:
    door_ids = frozenset(door.door_id for door in doors)
    key = await put_key(act, bundle, wanted.kind, door_ids)
    web_key = None
    if wanted.session is not None and wanted.kind is MediumKind.MOBILE_KEY:
        uses = wanted.max_uses or 1
        web_key = await put_web_key(act, bundle, wanted.session, max_uses=uses, door_ids=door_ids)
    return replace(
        _new(act, bundle, wanted),
        credential_id=None if key is None else key.id,
        web_key_id=None if web_key is None else web_key.id,
        issued_at=None if key is None else act.now,
        issues=0 if key is None else 1,
    )


def _new(act: Act, bundle: Bundle, wanted: WantedMedium) -> Medium:
    return Medium(
        id=act.new_id(),
        number=act.next_number(),
        bundle_id=bundle.id,
        kind=wanted.kind,
        max_uses=wanted.max_uses,
        created_at=act.now,
        updated_at=act.now,
    )


async def _add(act: Act, medium: Medium) -> Medium:
    await act.work.media.add(medium)
    return medium


async def _save(act: Act, medium: Medium) -> Medium:
    await act.work.media.replace(replace(medium, updated_at=act.now))
    return medium
