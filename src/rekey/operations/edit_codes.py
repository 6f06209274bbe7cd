"""edit_codes, end_code, pull_code: a PIN at a door changes, ends, or is stood in for."""

from dataclasses import dataclass, field, replace

from rekey.domain.credential import Credential, CredentialState
from rekey.domain.door_code import CodeStage, DoorCode, Reserve
from rekey.domain.errors import Conflict, Invalid, NotFound
from rekey.domain.journal import JournalRow, JsonValue
from rekey.domain.revocation import Revocation
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.domain.validity import Validity
from rekey.operations.act import Act, operation
from rekey.operations.code_parts import (
    UNNAMED,
    CodesDone,
    code_row,
    door_in_common,
    due_of,
    fill_reserve,
    find_code,
    reserve_at,
    span_row,
    state_for,
)
from rekey.operations.code_progress import PLACED
from rekey.operations.code_wishes import Changes, is_at_door, wish_after
from rekey.operations.computed_codes import refuse_computed
from rekey.operations.edit_credential import EditCredential, edit_within
from rekey.operations.edit_link import EditLink, edit_link_within, grants_of_link
from rekey.operations.end_credential import end_within
from rekey.operations.end_link import end_link_within
from rekey.operations.find import find_link
from rekey.operations.imprints import pin_imprint
from rekey.operations.leavers import refuse_leaver
from rekey.operations.pins import DoorFacts, require_free, require_terms
from rekey.operations.texts import clean_text
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.journal import JournalFilter

# A door that cannot be reached keeps what was ended there; who repeats does so soon.
_LAST_ENDS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class EditCodes:
    """None leaves a field. `facts` is needed where the PIN changes."""

    code_ids: tuple[str, ...]
    name: str | None = None
    validity: Validity | None = None
    digits: str | None = field(default=None, repr=False)
    native: bool | None = None
    lets_change: bool | None = None
    facts: tuple[DoorFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCode:
    code_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeEnded:
    """`revocation` is that of the code's own link; a code of a bundle has none."""

    code: DoorCode
    revocation: Revocation | None
    row: JournalRow


@dataclass(frozen=True, slots=True, kw_only=True)
class PullCode:
    code_id: str
    facts: DoorFacts


@operation(Permission.GRANTS_WRITE)
async def edit_codes(act: Act, wanted: EditCodes) -> CodesDone:
    """Change codes; a new PIN counts at once, and the door has it once it proves so.

    Raises: NotFound, NotAllowed, Invalid (code, code_name, start, end), AlreadyExists (code), Conflict (the
    window of a bundle), PersonLeft, Unsupported (a computed code).
    """
    found = [await find_code(act.work, id_) for id_ in dict.fromkeys(wanted.code_ids)]
    if not found:
        raise Invalid("code_ids", "must name a code")
    for _code, credential in found:
        refuse_computed(credential)
    lines: list[JsonValue] = []
    edited = []
    for code, credential in found:
        await act.require(Scope.door(code.door_id))
        changed, changes = await _edit(act, wanted, code, credential)
        lines.append(_changes(act, code, credential, changed=changed, wanted=wanted, changes=changes))
        edited.append(changed)
    row = await act.record("code.edited", door_id=door_in_common(edited), detail={"codes": lines})
    return CodesDone(codes=tuple(edited), row=row)


async def _edit(
    act: Act, wanted: EditCodes, code: DoorCode, credential: Credential
) -> tuple[DoorCode, Changes]:
    validity = credential.validity if wanted.validity is None else wanted.validity
    if validity != credential.validity:
        if code.medium_id is not None:
            raise Conflict("this code belongs to what was given together: change the window there")
        if validity.is_over(act.now):
            raise Invalid("end", "must be in the future")
    name = code.name if wanted.name is None else clean_text(wanted.name, "code_name", limit=200)
    native = code.native if wanted.native is None else wanted.native
    due_at = due_of(validity, native=native)
    edit = replace(EditCredential.of(credential), label=name, validity=validity)
    await _check_terms(act, wanted, code, name=name, validity=validity)
    if wanted.digits is not None:
        edit = await _new_digits(act, wanted, code, edit)
    if code.medium_id is None:
        await _edit_link(act, code, name, validity)
        state = state_for(act, due_at)
        if credential.state is not state and code.stage is CodeStage.UNSET:
            credential = replace(credential, state=state)
    elif credential.person_id is not None:
        await refuse_leaver(act, credential.person_id)
    changes = Changes(
        name=name != code.name,
        window=validity != credential.validity,
        digits=edit.fingerprint != credential.fingerprint,
    )
    if changes.digits:
        await act.work.door_codes.keep_former(code.id, act.position, credential.sealed_part)
    wish = wish_after(act, code, credential, changes)
    await edit_within(act, credential, edit)
    changed = replace(
        code,
        name=name,
        native=native,
        due_at=due_at,
        lets_change=code.lets_change if wanted.lets_change is None else wanted.lets_change,
        changed_at_door=None,
        altered_part=b"",
        wish=wish,
        settled=_settled_by(act, code, changes, waits=credential.state is CredentialState.INACTIVE),
        updated_at=act.now,
    )
    await act.work.door_codes.replace(changed)
    return changed, changes


def _settled_by(act: Act, code: DoorCode, changes: Changes, *, waits: bool) -> int:
    """An edit that asks nothing of the door, or only later, is settled by itself."""
    asks_nothing = not changes and code.wish is None and code.stage in PLACED
    return act.position if asks_nothing or waits else code.settled


async def _check_terms(act: Act, wanted: EditCodes, code: DoorCode, *, name: str, validity: Validity) -> None:
    facts = next((door for door in wanted.facts if door.door_id == code.door_id), None)
    if facts is not None and (wanted.name is not None or wanted.validity is not None):
        await require_terms(act, name, validity, facts, besides=code.id)


async def _new_digits(act: Act, wanted: EditCodes, code: DoorCode, edit: EditCredential) -> EditCredential:
    digits = wanted.digits or ""
    imprint = pin_imprint(act.secrets, digits)
    if imprint.fingerprint == edit.fingerprint:
        return edit
    facts = next((door for door in wanted.facts if door.door_id == code.door_id), None)
    await require_free(act, digits, facts or DoorFacts(door_id=code.door_id))
    return replace(edit, fingerprint=imprint.fingerprint, sealed_part=imprint.sealed_part)


async def _edit_link(act: Act, code: DoorCode, name: str, validity: Validity) -> None:
    link = await find_link(act.work, code.holder_id or "")
    wanted = replace(EditLink.of(link), name=name or UNNAMED, validity=validity)
    await edit_link_within(act, link, wanted, grants=await grants_of_link(act, link.id))


def _changes(
    act: Act,
    code: DoorCode,
    credential: Credential,
    *,
    changed: DoorCode,
    wanted: EditCodes,
    changes: Changes,
) -> JsonValue:
    """Give what was changed, with the values from before; a PIN is never told.

    `at_once` says that there is no door which has to follow.
    """
    validity = credential.validity if wanted.validity is None else wanted.validity
    line = code_row(changed, validity) | {"at_once": not is_at_door(code), "asked": act.position}
    if changes.name:
        line["old_name"] = code.name
    if changes.window:
        line["old_window"] = span_row(credential.validity)
    return {**line, "new_digits": changes.digits}


@operation(Permission.GRANTS_WRITE)
async def end_code(act: Act, wanted: EndCode) -> CodeEnded:
    """End a code. Until its door has proved that it is gone, it may still open; ending it again gives the first end.

    Raises: NotFound, NotAllowed, Unsupported (a computed code: no door can be told; whoever holds it is revoked).
    """
    code, credential = await _find_ending(act, wanted.code_id)
    await act.require(Scope.door(code.door_id))
    refuse_computed(credential)
    if credential.ended_at is not None:
        known = await _ended_before(act, code)
        if known is not None:
            act.work.keep_books()
            return known
        revocation = None
    else:
        revocation = await end_code_within(act, code, credential)
    row = await act.record(
        "code.ended",
        person_id=credential.person_id,
        door_id=code.door_id,
        detail={
            **code_row(code, credential.validity),
            "revocation": None if revocation is None else revocation.id,
        },
    )
    return CodeEnded(code=code, revocation=revocation, row=row)


async def _find_ending(act: Act, code_id: str) -> tuple[DoorCode, Credential]:
    """Find a code that has not gone from its door, ended or not. Raises: NotFound."""
    code = await act.work.door_codes.get(code_id)
    credential = None if code is None or code.foreign else await act.work.credentials.get(code_id)
    if code is None or credential is None:
        raise NotFound("code", code_id)
    return code, credential


async def _ended_before(act: Act, code: DoorCode) -> CodeEnded | None:
    """Give how a code was ended, if somebody ended it alone."""
    ends = JournalFilter(door_id=code.door_id, action="code.ended", since=code.created_at)
    rows = await act.work.journal.rows(limit=_LAST_ENDS, matching=ends, newest_first=True)
    row = next((one.row for one in rows if one.row.detail.get("code") == code.id), None)
    if row is None:
        return None
    named = row.detail.get("revocation")
    revocation = await act.work.revocations.get(named) if isinstance(named, str) else None
    return CodeEnded(code=code, revocation=revocation, row=row)


async def end_code_within(act: Act, code: DoorCode, credential: Credential) -> Revocation | None:
    """End a code, with its own link if it has one, within an act that records it."""
    if credential.link_id is not None:
        link = await act.work.links.get(credential.link_id)
        if link is not None:
            return (await end_link_within(act, link)).revocation
    await end_within(act, credential)
    return None


@operation(Permission.GRANTS_WRITE)
async def pull_code(act: Act, wanted: PullCode) -> DoorCode:
    """Let a code from the door's reserve stand in for another one until that one's end; repeating gives it again.

    Raises: NotFound, NotAllowed, Invalid (a code without an end), Conflict (the reserve is empty).
    """
    code, credential = await find_code(act.work, wanted.code_id)
    await act.require(Scope.door(code.door_id))
    if credential.validity.end is None:
        raise Invalid("validity", "must have an end: a code without one has nothing to stand in for")
    codes = (await act.work.door_codes.list(WHOLE, door_id=code.door_id)).items
    pulled = next((one for one in codes if one.stands_in_for == code.id), None)
    again = pulled is not None
    if pulled is None:
        pulled = await _pull(act, code, credential.validity)
        await fill_reserve(act, wanted.facts)
    await act.record(
        "code.pulled",
        door_id=code.door_id,
        detail={"code": code.id, "door": code.door_id, "reserve": pulled.id, "again": again},
    )
    return pulled


async def _pull(act: Act, code: DoorCode, validity: Validity) -> DoorCode:
    waiting = await reserve_at(act.work, code.door_id)
    ready = [one for one in waiting if one.stage is CodeStage.SET] or waiting
    if not ready:
        raise Conflict("no code waits at this door to stand in")
    chosen = ready[0]
    credential = await act.work.credentials.get(chosen.id)
    if credential is None:
        raise Conflict("no code waits at this door to stand in")
    until = Validity(end=validity.end)
    await edit_within(
        act, credential, replace(EditCredential.of(credential), validity=until, label=code.name)
    )
    pulled = replace(
        chosen, name=code.name, reserve=Reserve.PULLED, stands_in_for=code.id, updated_at=act.now
    )
    await act.work.door_codes.replace(pulled)
    return pulled
