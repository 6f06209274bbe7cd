"""arm_first_to_arrive_by_link, undo_first_to_arrive_by_link: whoever shows a link's secret holds a scheduled unlock."""

from dataclasses import dataclass

from rekey.domain.access import DoorRecord, Presented, decide
from rekey.domain.circumstances import Circumstances, Means
from rekey.domain.credential import CredentialKind
from rekey.domain.decision import Denied
from rekey.domain.door_hours import DoorHours
from rekey.domain.errors import AccessDenied, NotFound
from rekey.operations.act import Act, operation
from rekey.operations.find import find_door_record
from rekey.operations.first_to_arrive import arm, undo
from rekey.operations.holders import record_of
from rekey.operations.present_credential import find_presented


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldByLink:
    """The fingerprint of the secret that was shown, and the address that it came from."""

    door_id: str
    fingerprint: str
    address: str | None = None


@operation(None)
async def arm_first_to_arrive_by_link(act: Act, wanted: HoldByLink) -> DoorHours:
    """Hold the scheduled unlock of a door that the link opens.

    Raises: NotFound for a secret that nobody here knows, or a door; Gone, AccessDenied; Conflict if no
    unlock is scheduled within a week.
    """
    return await arm(act, await _opened_by_link(act, wanted))


@operation(None)
async def undo_first_to_arrive_by_link(act: Act, wanted: HoldByLink) -> DoorHours:
    """Let go of the scheduled unlock of a door that the link opens.

    Raises: NotFound for a secret that nobody here knows, or a door; Gone, AccessDenied; Conflict if none
    is held.
    """
    return await undo(act, await _opened_by_link(act, wanted))


async def _opened_by_link(act: Act, wanted: HoldByLink) -> DoorRecord:
    credential = await find_presented(act.work, CredentialKind.LINK, wanted.fingerprint, wanted.door_id)
    if credential is None:
        raise NotFound("link", "")
    act.waive("whoever has the secret has the link, and the rule decides what the link may")
    door = await find_door_record(act.work, wanted.door_id)
    holder = None if credential.holder is None else await record_of(act.work, credential.holder)
    given = Circumstances(means=Means.LINK, address=wanted.address)
    decision = decide(holder, door, act.now, Presented(credential), circumstances=given)
    if isinstance(decision, Denied):
        raise AccessDenied(decision)
    return door
