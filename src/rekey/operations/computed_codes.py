"""PINs that a lock works out by itself: chosen by nobody, told to no door, open until their windows end."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from rekey.domain.access import DoorRecord, HolderRecord
from rekey.domain.credential import Credential, CredentialKind, CredentialState
from rekey.domain.door_terms import terms_of
from rekey.domain.errors import Conflict, Unsupported
from rekey.domain.validity import Validity
from rekey.operations.act import Act
from rekey.operations.pins import DoorFacts, is_taken

ROUNDING = timedelta(hours=1)
OPENS_UNTIL_ITS_END = "the lock works out the code by itself and takes it until its window ends"
WINDOW_OVER = "end of the code's window"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputedPin:
    """The digits, and the window in which the lock takes them."""

    digits: str = field(repr=False)
    window: Validity


async def computed_pin(
    act: Act, door: DoorFacts, asked: Validity, *, once: bool = False, rounding: timedelta = ROUNDING
) -> ComputedPin:
    """Work out a PIN that nobody has had in this window: an older one still opens for whoever had it.

    Raises: Unsupported (the lock does not work out codes), Invalid (start, end), Conflict (the lock has no
    other code for this window).
    """
    if door.computer is None:
        raise Unsupported("the lock of this door does not work out codes by itself")
    window = door.computer.code_window(door.door_id, asked, once=once, rounding=rounding)
    for turn in count():
        digits = door.computer.compute_code(door.door_id, window, once=once, turn=turn)
        if digits is None:
            break
        if not await _was_given(act, digits, door.door_id):
            return ComputedPin(digits=digits, window=window)
    raise Conflict("the lock has no other code for this window: choose another window")


async def _was_given(act: Act, digits: str, door_id: str) -> bool:
    if await is_taken(act, digits, door_id):
        return True
    fingerprint = act.secrets.fingerprint(digits)
    return await act.work.credentials.by_fingerprint(CredentialKind.PIN, fingerprint) is not None


def stands_at(credential: Credential, holder: HolderRecord, door: DoorRecord, now: datetime) -> bool:
    """Say whether a computed code is meant to open the door in its window, as the holder stands."""
    blocked = any(block.subject.id == credential.id and block.stands(now) for block in holder.blocks)
    usable = credential.state is CredentialState.ACTIVE and not credential.is_used_up
    return usable and not blocked and terms_of(holder, door) is not None


def refuse_computed(credential: Credential) -> None:
    """Refuse to change or take back what no lock can be told of. Raises: Unsupported."""
    if credential.computed:
        raise Unsupported(
            "the lock works this code out by itself, so it can't be changed or deleted: it ends with its window"
        )
