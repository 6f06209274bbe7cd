"""Judging the code of a second factor; part of signing in and of changing the factor itself."""

from dataclasses import dataclass, replace

from rekey.domain.errors import NotFound, SecondFactorNeeded, TooManyRequests, WrongCode
from rekey.domain.second_factor import SecondFactor
from rekey.operations.act import Act, operation
from rekey.operations.totp import DIGITS, step_of


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWrongCode:
    """Follows an act that a wrong code has stopped, since a stopped act keeps nothing."""

    operator_id: str


@operation(None)
async def note_wrong_code(act: Act, wanted: NoteWrongCode) -> None:
    """Count a wrong code of an operator, so that nobody tries many."""
    act.waive("counting a wrong code takes nothing from anybody")
    act.work.keep_books()
    factor = await act.work.second_factors.get(wanted.operator_id)
    if factor is not None:
        await act.work.second_factors.put(replace(factor, failures=factor.failures + 1, failed_at=act.now))


async def require_second_factor(act: Act, operator_id: str, code: str | None) -> None:
    """Go on where the operator has no active factor, or the code is right; it never counts again.

    Raises: SecondFactorNeeded, WrongCode, TooManyRequests.
    """
    factor = await act.work.second_factors.get(operator_id)
    if factor is None or factor.active_at is None:
        return
    if not code:
        raise SecondFactorNeeded("this account signs in with a second factor: send its code")
    await act.work.second_factors.put(take_code(act, factor, code))


async def find_factor(act: Act, operator_id: str) -> SecondFactor:
    """Raises: NotFound."""
    factor = await act.work.second_factors.get(operator_id)
    if factor is None:
        raise NotFound("second factor", operator_id)
    return factor


def take_code(act: Act, factor: SecondFactor, code: str) -> SecondFactor:
    """Give the factor after the right code was taken. Raises: WrongCode, TooManyRequests."""
    rest = factor.rest(act.now)
    if rest:
        raise TooManyRequests(rest)
    code = code.replace(" ", "").strip()
    if len(code) == DIGITS and code.isascii() and code.isdigit():
        step = step_of(code, act.secrets.unseal(factor.sealed_secret), act.now, after=factor.last_step)
        if step is None:
            raise WrongCode
        return replace(factor, last_step=step, failures=0, failed_at=None)
    used = backup_imprint(act, factor.operator_id, code)
    if used not in factor.backup_fingerprints:
        raise WrongCode(backup=True)
    left = tuple(one for one in factor.backup_fingerprints if one != used)
    return replace(factor, backup_fingerprints=left, failures=0, failed_at=None)


def backup_imprint(act: Act, operator_id: str, code: str) -> str:
    """Give the hash under which a backup code is stored; letter case does not matter."""
    return act.secrets.fingerprint(f"backup:{operator_id}:{code.lower()}")
