"""Attempts at codes: the row of the act says what was asked for, the door says how far it has come."""

from collections.abc import Mapping

from rekey.dialects.seam.code_shapes import Seen, see_codes, show_codes
from rekey.dialects.seam.kit import Call, Kit
from rekey.dialects.seam.wire import AttemptError
from rekey.dialects.seam.wire_access import AccessCodeResult, AccessMethod, CardAttempt, CodeAttempt
from rekey.domain.door_code import CodeStage, DoorCode
from rekey.domain.journal import JournalRow
from rekey.domain.role import Permission
from rekey.ports.store import View

ATTEMPTS: Mapping[str, str] = {
    "code.added": "CREATE_ACCESS_CODE",
    "code.edited": "UPDATE_ACCESS_CODE",
    "code.ended": "DELETE_ACCESS_CODE",
    "code.erased": "DELETE_ACCESS_CODE",
}


async def show_code_attempt(kit: Kit, call: Call, row: JournalRow) -> CodeAttempt:
    """Show the attempt that an act began; it is never given up, as the server never gives up the door."""
    code_id = _code_of(row)

    async def look(view: View) -> tuple[DoorCode | None, list[Seen]]:
        code = await view.door_codes.get(code_id)
        return code, [] if code is None else await see_codes(kit, view, [code])

    code, seen = await kit.read(call, Permission.ESTATE_READ, look)
    action = ATTEMPTS[row.action]
    pending = CodeAttempt(
        action_attempt_id=row.id, action_type=action, status="pending", result=None, error=None
    )
    if action == "DELETE_ACCESS_CODE":
        there = bool(seen) or (code is not None and code.foreign)
        return pending if there else _done(pending, AccessCodeResult())
    if seen and _waits(seen[0], row):
        return pending
    shown = await show_codes(kit, call, seen)
    return _done(pending, AccessCodeResult(access_code=shown[0]) if shown else AccessCodeResult())


def _waits(one: Seen, row: JournalRow) -> bool:
    """Say whether the door has yet to follow the act; once it has, later acts do not count."""
    if one.code.settled >= row.position:
        return False
    return one.progress.stage is CodeStage.SETTING or one.code.wish is not None


def show_card_attempt(attempt_id: str, method: AccessMethod | None) -> CardAttempt:
    """Show an attempt to bind a card, which ended at once: with the method, or without any such card."""
    error = None
    if method is None:
        error = AttemptError(type="credential_not_found", message="No free card has this number.")
    return CardAttempt(
        action_attempt_id=attempt_id,
        action_type="ASSIGN_CREDENTIAL",
        status="error" if method is None else "success",
        result=method,
        error=error,
    )


def _done(pending: CodeAttempt, result: AccessCodeResult) -> CodeAttempt:
    return CodeAttempt(
        action_attempt_id=pending.action_attempt_id,
        action_type=pending.action_type,
        status="success",
        result=result,
        error=None,
    )


def _code_of(row: JournalRow) -> str:
    lines = row.detail.get("codes")
    first = lines[0] if isinstance(lines, list) and lines else row.detail
    return str(first.get("code")) if isinstance(first, dict) else ""
