"""enrol_second_factor, activate_second_factor, deactivate_second_factor, make_backup_codes: one's own."""

from dataclasses import dataclass, replace

from rekey.domain.errors import Conflict, NotSignedIn, WrongCode
from rekey.domain.operator import Actor, Operator
from rekey.domain.second_factor import SecondFactor
from rekey.operations.act import Act, Operation, operation
from rekey.operations.authority import signed_in
from rekey.operations.core import Core
from rekey.operations.prove_second_factor import (
    NoteWrongCode,
    backup_imprint,
    find_factor,
    note_wrong_code,
    take_code,
)
from rekey.operations.totp import SECRET_BYTES, otpauth_uri, shown_secret

BACKUP_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz"
_LENGTH = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolSecondFactor:
    """`password_hash` is the one that the password given anew has matched; it must still be the stored one."""

    password_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFactor:
    """What the authenticator needs; shown once."""

    secret: str
    uri: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSecondFactor:
    """As `EnrolSecondFactor`, with a code of the factor itself."""

    password_hash: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeBackupCodes:
    """As `EnrolSecondFactor`."""

    password_hash: str


@operation(None)
async def enrol_second_factor(act: Act, wanted: EnrolSecondFactor) -> NewFactor:
    """Make a secret for the caller's authenticator; it counts once a code of it was given.

    Raises: NotSignedIn, Conflict (there is an active one).
    """
    operator = await _own(act, wanted.password_hash)
    known = await act.work.second_factors.get(operator.id)
    if known is not None and known.active_at is not None:
        raise Conflict("you have an active second factor: deactivate it first")
    secret = act.entropy.token_bytes(SECRET_BYTES)
    failures, failed_at = (0, None) if known is None else (known.failures, known.failed_at)
    await act.work.second_factors.put(
        SecondFactor(
            operator_id=operator.id,
            sealed_secret=act.secrets.seal(secret),
            failures=failures,
            failed_at=failed_at,
        )
    )
    organization = await act.work.organizations.get()
    person = None if operator.person_id is None else await act.work.people.get(operator.person_id)
    account = operator.name if person is None or person.email is None else person.email
    await _record(act, operator, "second_factor.enrolled")
    uri = otpauth_uri(secret, issuer=organization.name, account=account)
    return NewFactor(secret=shown_secret(secret), uri=uri)


@operation(None)
async def activate_second_factor(act: Act, wanted: ChangeSecondFactor) -> SecondFactor:
    """Let the second factor count from now on. Raises: NotSignedIn, NotFound, WrongCode, TooManyRequests."""
    operator = await _own(act, wanted.password_hash)
    factor = take_code(act, await find_factor(act, operator.id), wanted.code)
    active = replace(factor, active_at=factor.active_at or act.now)
    await act.work.second_factors.put(active)
    await _record(act, operator, "second_factor.activated")
    return active


@operation(None)
async def deactivate_second_factor(act: Act, wanted: ChangeSecondFactor) -> SecondFactor:
    """Sign in without the second factor again. Raises: NotSignedIn, NotFound, WrongCode, TooManyRequests."""
    operator = await _own(act, wanted.password_hash)
    factor = take_code(act, await find_factor(act, operator.id), wanted.code)
    await act.work.second_factors.remove(operator.id)
    await _record(act, operator, "second_factor.deactivated")
    return factor


@operation(None)
async def make_backup_codes(act: Act, wanted: MakeBackupCodes) -> tuple[str, ...]:
    """Give ten codes, each good for one sign-in, in the place of earlier ones. Raises: NotSignedIn, NotFound."""
    operator = await _own(act, wanted.password_hash)
    factor = await find_factor(act, operator.id)
    codes = tuple(_backup_code(act) for _ in range(BACKUP_CODES))
    prints = tuple(backup_imprint(act, operator.id, code) for code in codes)
    await act.work.second_factors.put(replace(factor, backup_fingerprints=prints))
    await _record(act, operator, "second_factor.backup_codes_made")
    return codes


async def perform_with_code(
    core: Core,
    change: Operation[ChangeSecondFactor, SecondFactor],
    actor: Actor,
    wanted: ChangeSecondFactor,
) -> None:
    """Change the factor, and count a wrong code. Raises: as the operation."""
    try:
        await core.perform(change, actor, wanted)
    except WrongCode:
        await core.perform(note_wrong_code, actor, NoteWrongCode(operator_id=actor.operator_id))
        raise


def _backup_code(act: Act) -> str:
    """Letters alone, so that nobody takes one for an authenticator's code."""
    number = int.from_bytes(act.entropy.token_bytes(16), "big")
    letters = []
    for _ in range(_LENGTH):
        number, place = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[place])
    return "".join(letters)


async def _own(act: Act, password_hash: str) -> Operator:
    act.waive("the password, given anew, stands in for it")
    operator, _key = await signed_in(act.work, act.actor, act.now)
    if await act.work.operators.password_hash(operator.id) != password_hash:
        raise NotSignedIn("the password was changed meanwhile")
    return operator


async def _record(act: Act, operator: Operator, action: str) -> None:
    await act.record(action, person_id=operator.person_id, detail={"operator": operator.id})
