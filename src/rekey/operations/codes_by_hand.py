"""PINs that somebody took away or changed at the door itself: let be where that is allowed, else put right."""

from collections.abc import Mapping
from dataclasses import replace

from rekey.domain.credential import Credential, CredentialState
from rekey.domain.door_code import CodeStage, DoorCode
from rekey.domain.errors import AlreadyExists, Invalid
from rekey.operations.act import Act
from rekey.operations.code_progress import PLACED
from rekey.operations.edit_credential import EditCredential, edit_within
from rekey.operations.imprints import pin_imprint
from rekey.operations.issue_credential import note_change
from rekey.operations.pins import is_taken


def happened_by_hand(
    code: DoorCode, credential: Credential, *, lost: frozenset[str], altered: Mapping[str, str]
) -> str | None:
    """Name what somebody did at the door to a code that it had; None for nothing."""
    if code.stage not in PLACED or credential.ended_at is not None:
        return None
    if code.id in altered:
        return "changed_at_door"
    return "erased_at_door" if code.id in lost else None


async def let_be_or_mend(
    act: Act, code: DoorCode, credential: Credential, digits: str | None
) -> tuple[DoorCode, Credential]:
    """Note what was done by hand; `digits` are those found, None for a code that was taken away.

    What may not be changed there, or can't be, is programmed again.
    """
    found = b"" if digits is None else act.secrets.seal(digits.encode())
    code = replace(code, stage=CodeStage.UNSET, changed_at_door=act.now, altered_part=found)
    if not code.lets_change:
        return code, credential
    if digits is not None:
        return await _take_over(act, code, credential, digits)
    rests = replace(credential, state=CredentialState.INACTIVE)
    await act.work.credentials.replace(rests)
    await note_change(act, rests)
    return code, rests


async def _take_over(
    act: Act, code: DoorCode, credential: Credential, digits: str
) -> tuple[DoorCode, Credential]:
    """Let the digits found be the code's own, unless another one at the door has them.

    The code keeps what it was before instead of what was found, since that is what it is now.
    """
    try:
        imprint = pin_imprint(act.secrets, digits)
        if await is_taken(act, digits, code.door_id):
            raise AlreadyExists("code", "code")
    except (Invalid, AlreadyExists):
        return replace(code, changed_at_door=None, altered_part=b""), credential
    await act.work.door_codes.keep_former(code.id, act.position, credential.sealed_part)
    wanted = replace(
        EditCredential.of(credential), fingerprint=imprint.fingerprint, sealed_part=imprint.sealed_part
    )
    return replace(code, altered_part=credential.sealed_part), await edit_within(act, credential, wanted)
