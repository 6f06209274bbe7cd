"""note_foreign, adopt_code and erase_code: PINs that were programmed at the door itself."""

from dataclasses import dataclass, field, replace

from rekey.domain.credential import CredentialKind
from rekey.domain.door_code import DoorCode
from rekey.domain.errors import AlreadyExists
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.domain.validity import ALWAYS
from rekey.operations.act import Act, operation
from rekey.operations.add_link import AddLink, LinkGrant, put_link
from rekey.operations.code_parts import ORIGIN, UNNAMED, CodesDone, code_row, find_foreign, new_code
from rekey.operations.find import find_door
from rekey.operations.imprints import pin_imprint
from rekey.operations.issue_credential import NewCredential, hold_credential
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.doors import ChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteForeign:
    """What a door is known to hold, before its own read-back says so."""

    door_id: str
    digits: str = field(repr=False)
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptCode:
    code_id: str
    lets_change: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseCode:
    code_id: str


@operation(Permission.ESTATE_WRITE)
async def note_foreign(act: Act, wanted: NoteForeign) -> DoorCode:
    """Note a PIN that nobody here gave. Raises: NotFound, Gone, Invalid (code), AlreadyExists (code)."""
    door = await find_door(act.work, wanted.door_id)
    await act.require(Scope.door(door.id))
    fingerprint = pin_imprint(act.secrets, wanted.digits).fingerprint
    alike = await act.work.credentials.sharing(CredentialKind.PIN, fingerprint)
    if any(credential.counts_at(door.id) for credential in alike):
        raise AlreadyExists("code", "code")
    known = await _noted(act, door.id, act.secrets.fingerprint(wanted.digits))
    if known is not None:
        # Whoever reads the door was faster, and knows no names.
        named = replace(known, name=wanted.name, updated_at=act.now)
        await act.work.door_codes.replace(named)
        await act.record("codes.noted", door_id=door.id, detail={"found": []})
        return named
    code = await put_foreign(act, door.id, wanted.digits, name=wanted.name)
    await act.record("codes.noted", door_id=door.id, detail={"found": [code_row(code, ALWAYS)]})
    return code


async def _noted(act: Act, door_id: str, fingerprint: str) -> DoorCode | None:
    codes = (await act.work.door_codes.list(WHOLE, door_id=door_id)).items
    return next((code for code in codes if code.foreign and code.fingerprint == fingerprint), None)


async def put_foreign(act: Act, door_id: str, digits: str, *, name: str = "") -> DoorCode:
    """Store a foreign code within an act that records it."""
    code = replace(
        new_code(act, door_id, name),
        id=act.new_id(),
        foreign=True,
        fingerprint=act.secrets.fingerprint(digits),
        sealed_part=act.secrets.seal(digits.encode()),
    )
    await act.work.door_codes.add(code)
    return code


@operation(Permission.GRANTS_WRITE)
async def adopt_code(act: Act, wanted: AdoptCode) -> DoorCode:
    """Take a foreign code over under its id: the server keeps it from now on, and the hand-made one is erased.

    Raises: NotFound, NotAllowed, AlreadyExists (code).
    """
    foreign = await find_foreign(act.work, wanted.code_id)
    await act.require(Scope.door(foreign.door_id))
    scope = Scope.door(foreign.door_id)
    added = await put_link(
        act,
        AddLink(
            name=foreign.name or UNNAMED,
            grants=(LinkGrant(scope=scope, origin=ORIGIN),),
            origin=ORIGIN,
        ),
    )
    alike = await act.work.credentials.sharing(CredentialKind.PIN, foreign.fingerprint)
    if any(credential.counts_at(foreign.door_id) for credential in alike):
        raise AlreadyExists("code", "code")
    new = NewCredential(
        kind=CredentialKind.PIN,
        fingerprint=foreign.fingerprint,
        sealed_part=foreign.sealed_part,
        label=foreign.name,
        door_ids=frozenset({foreign.door_id}),
        origin=ORIGIN,
    )
    await hold_credential(act, new, added.link.holder, known_id=foreign.id)
    adopted = replace(
        foreign,
        foreign=False,
        holder_id=added.link.id,
        lets_change=wanted.lets_change,
        erasing=True,
        stage_since=act.now,
        updated_at=act.now,
    )
    await act.work.door_codes.replace(adopted)
    await act.record("code.adopted", door_id=foreign.door_id, detail=code_row(adopted, ALWAYS))
    return adopted


@operation(Permission.GRANTS_WRITE)
async def erase_code(act: Act, wanted: EraseCode) -> CodesDone:
    """Have a foreign code taken from its door, for as long as that takes. Raises: NotFound, NotAllowed."""
    foreign = await find_foreign(act.work, wanted.code_id)
    await act.require(Scope.door(foreign.door_id))
    erased = replace(foreign, erasing=True, updated_at=act.now)
    await act.work.door_codes.replace(erased)
    await act.changed(ChangeKind.DOOR, foreign.door_id)
    row = await act.record("code.erased", door_id=foreign.door_id, detail=code_row(foreign, ALWAYS))
    return CodesDone(codes=(erased,), row=row)
