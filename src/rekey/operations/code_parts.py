"""What the operations on PINs at doors share: their links, when they are programmed, the reserve at a door."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rekey.domain.credential import Credential, CredentialKind, CredentialState
from rekey.domain.door_code import DoorCode, Reserve
from rekey.domain.errors import Conflict, NotFound
from rekey.domain.journal import JournalRow, JsonValue
from rekey.domain.scope import Scope
from rekey.domain.validity import ALWAYS, Validity
from rekey.operations.act import Act
from rekey.operations.add_link import AddLink, LinkGrant, put_link
from rekey.operations.imprints import pin_imprint
from rekey.operations.issue_credential import NewCredential
from rekey.operations.pins import DoorFacts, free_pin
from rekey.ports.listing import WHOLE
from rekey.ports.store import View

ORIGIN = "code"
UNNAMED = "Code"
NATIVE_AHEAD = timedelta(hours=72)
PROGRAMMED_AHEAD = timedelta(minutes=60)
RESERVE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesDone:
    """The codes as they are now, and the row by which the act is found again."""

    codes: tuple[DoorCode, ...]
    row: JournalRow


async def find_code(view: View, code_id: str) -> tuple[DoorCode, Credential]:
    """Find a code of ours that has not been ended, with its credential. Raises: NotFound."""
    code = await view.door_codes.get(code_id)
    credential = None if code is None or code.foreign else await view.credentials.get(code_id)
    if code is None or credential is None or credential.ended_at is not None:
        raise NotFound("code", code_id)
    return code, credential


async def find_foreign(view: View, code_id: str) -> DoorCode:
    """Raises: NotFound."""
    code = await view.door_codes.get(code_id)
    if code is None or not code.foreign:
        raise NotFound("code", code_id)
    return code


def due_of(validity: Validity, *, native: bool) -> datetime | None:
    """Say when a code is programmed: some time before its window begins; None for at once."""
    if validity.start is None:
        return None
    return validity.start - (NATIVE_AHEAD if native else PROGRAMMED_AHEAD)


def state_for(act: Act, due_at: datetime | None) -> CredentialState:
    """A code that is not due yet rests."""
    waits = due_at is not None and due_at > act.now
    return CredentialState.INACTIVE if waits else CredentialState.ACTIVE


async def put_code(
    act: Act,
    wanted: DoorCode,
    *,
    digits: str,
    validity: Validity,
    max_uses: int | None,
    computed: bool = False,
) -> DoorCode:
    """Add a code with a link of its own within an act that records it. Raises: as `add_link`."""
    imprint = pin_imprint(act.secrets, digits)
    due_at = None if computed else due_of(validity, native=wanted.native)
    new = NewCredential(
        kind=CredentialKind.PIN,
        fingerprint=imprint.fingerprint,
        sealed_part=imprint.sealed_part,
        label=wanted.name,
        door_ids=frozenset({wanted.door_id}),
        computed=computed,
        max_uses=max_uses,
        origin=ORIGIN,
        inactive=state_for(act, due_at) is CredentialState.INACTIVE,
        validity=validity,
    )
    link = AddLink(
        name=wanted.name or UNNAMED,
        grants=(LinkGrant(scope=Scope.door(wanted.door_id), origin=ORIGIN),),
        credentials=(new,),
        validity=validity,
        origin=ORIGIN,
    )
    added = await put_link(act, link)
    code = replace(
        wanted,
        id=added.credentials[0].id,
        holder_id=added.link.id,
        due_at=due_at,
        settled=act.position if new.inactive else 0,
        stage_since=act.now,
        created_at=act.now,
        updated_at=act.now,
    )
    await act.work.door_codes.add(code)
    return code


def new_code(act: Act, door_id: str, name: str = "") -> DoorCode:
    """Begin a code; what it is held by comes later."""
    return DoorCode(
        id="",
        number=act.next_number(),
        door_id=door_id,
        name=name,
        stage_since=act.now,
        created_at=act.now,
        updated_at=act.now,
    )


async def fill_reserve(act: Act, door: DoorFacts) -> tuple[DoorCode, ...]:
    """Bring a door's reserve to its full number, as far as codes are free, within an act that records it."""
    waiting = await reserve_at(act.work, door.door_id)
    added = []
    for _missing in range(RESERVE - len(waiting)):
        try:
            digits = await free_pin(act, [door])
        except Conflict:
            break
        wanted = replace(new_code(act, door.door_id, "Backup code"), reserve=Reserve.WAITING)
        added.append(await put_code(act, wanted, digits=digits, validity=ALWAYS, max_uses=None))
    return tuple(added)


async def reserve_at(view: View, door_id: str) -> list[DoorCode]:
    """Give the codes that wait at a door and still stand."""
    codes = (await view.door_codes.list(WHOLE, door_id=door_id)).items
    waiting = [code for code in codes if code.reserve is Reserve.WAITING]
    return [code for code in waiting if await _stands(view, code)]


async def _stands(view: View, code: DoorCode) -> bool:
    credential = await view.credentials.get(code.id)
    return credential is not None and credential.ended_at is None


def code_row(code: DoorCode, validity: Validity) -> dict[str, JsonValue]:
    """Give what the journal tells of a code: never its digits."""
    return {
        "code": code.id,
        "door": code.door_id,
        "medium": code.medium_id,
        "name": code.name,
        **span_row(validity),
    }


def span_row(validity: Validity) -> dict[str, JsonValue]:
    return {
        "start": None if validity.start is None else validity.start.isoformat(),
        "end": None if validity.end is None else validity.end.isoformat(),
    }


def door_in_common(codes: Iterable[DoorCode]) -> str | None:
    doors = {code.door_id for code in codes}
    return next(iter(doors)) if len(doors) == 1 else None
