"""open_door: decide, and make the order to the door durable before the door hears of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rekey.domain.access import DoorRecord, Presented, decide, refuse_circumstances
from rekey.domain.block import BlockCause
from rekey.domain.circumstances import UNPROVED, Circumstances
from rekey.domain.decision import Decision, Denied, DenyReason, Granted
from rekey.domain.door_order import DoorOrder, OrderKind, OrderState
from rekey.domain.errors import DoorFree, Invalid, NotAllowed
from rekey.domain.ids import CredentialId, OperatorId, OrderId, PersonId
from rekey.domain.journal import JournalRow, JsonValue, Outcome
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.authority import signed_in
from rekey.operations.find import find_door_record
from rekey.operations.show_hours import stands_free
from rekey.operations.stays import Use, note_use, taken_line

LIFE = timedelta(seconds=10)
LONGEST_LIFE = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDoor:
    """Whose access is used: the person's, or with None the operator's own.

    A person's operator then opens by that person's access; a service, which has none, by its permission.

    `expires_at` is when the order becomes worthless (default: 10 s from now); `waits` lets it wait that
    long for an offline door. `seconds` asks for a shorter opening than the door's own, never for a longer
    one. `circumstances` are how it was asked for, as far as that is proved. `unless_free`
    refuses to open a door that is on its scheduled unlock, to who might open it.
    """

    door_id: str
    person_id: str | None = None
    credential_id: str | None = None
    expires_at: datetime | None = None
    waits: bool = False
    seconds: int | None = None
    circumstances: Circumstances = UNPROVED
    unless_free: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """`order` is None when the decision is Denied; `decision` None when an operator opened by permission.

    `row` is the journal row of the request, by which also a Denied can be found again.
    """

    decision: Decision | None
    order: DoorOrder | None
    door: DoorRecord
    row: JournalRow


@operation(Permission.DOORS_OPEN)
async def open_door(act: Act, wanted: OpenDoor) -> Opening:
    """Decide and order; a Denied is a value and leaves one journal row like a Granted.

    Raises: NotFound, Gone, NotSignedIn, NotAllowed (an operator without a person and without the
    permission), Invalid (expires_at), DoorFree.
    """
    door = await find_door_record(act.work, wanted.door_id)
    wanted = await _authorize(act, wanted)
    expires_at = checked_expiry(act, wanted.expires_at)
    decision = await _decide(act, wanted, door)
    if isinstance(decision, Denied):
        row = await _record(act, wanted, door, decision=decision)
        return Opening(decision=decision, order=None, door=door, row=row)
    if wanted.unless_free and await stands_free(act.work, door.door_id, act.now):
        raise DoorFree("the door is on its scheduled unlock: it is open to all")
    order = DoorOrder(
        id=OrderId(act.new_id()),
        number=act.next_number(),
        door_id=door.door_id,
        kind=OrderKind.OPEN,
        seconds=_seconds(wanted, door),
        person_id=None if wanted.person_id is None else PersonId(wanted.person_id),
        operator_id=OperatorId(act.actor.operator_id),
        credential_id=None if wanted.credential_id is None else CredentialId(wanted.credential_id),
        via=act.actor.via,
        waits=wanted.waits,
        state=OrderState.SENT,
        position=act.position,
        created_at=act.now,
        expires_at=expires_at,
        circumstances=wanted.circumstances,
    )
    await act.work.orders.add(order)
    taken = await _note_use(act, wanted, door, decision)
    row = await _record(act, wanted, door, decision=decision, order=order, taken=taken)
    return Opening(decision=decision, order=order, door=door, row=row)


def _seconds(wanted: OpenDoor, door: DoorRecord) -> int:
    """Give how long the door opens: what was asked for, within the door's own time."""
    own = door.settings.open_seconds
    return own if wanted.seconds is None else max(0, min(wanted.seconds, own))


async def _authorize(act: Act, wanted: OpenDoor) -> OpenDoor:
    """Settle whose access is used: one's own, or with the permission another person's."""
    operator, key = await signed_in(act.work, act.actor, act.now)
    if operator.person_id is None or wanted.person_id not in {None, operator.person_id}:
        await act.require(Scope.door(wanted.door_id))
        return wanted
    if key is not None and key.permissions is not None and Permission.DOORS_OPEN not in key.permissions:
        raise NotAllowed("this key may not open doors")
    act.waive("the decision itself says whether the person may")
    return replace(wanted, person_id=operator.person_id)


async def _decide(act: Act, wanted: OpenDoor, door: DoorRecord) -> Decision | None:
    if wanted.person_id is None:
        return _lockdown_of(act, door) or next(
            refuse_circumstances(door, act.now, wanted.circumstances), None
        )
    holder = await act.work.access.holder(wanted.person_id)
    presented = None
    if wanted.credential_id is not None:
        credential = await act.work.credentials.get(wanted.credential_id)
        is_theirs = credential is not None and credential.person_id == wanted.person_id
        presented = Presented(credential if is_theirs else None)
    return decide(holder, door, act.now, presented, circumstances=wanted.circumstances)


def _lockdown_of(act: Act, door: DoorRecord) -> Denied | None:
    """An operator's permission opens nothing that is blocked or locked down."""
    for block in door.blocks:
        if block.stands(act.now):
            locked_down = block.cause is BlockCause.LOCKDOWN
            return Denied(DenyReason.LOCKED_DOWN if locked_down else DenyReason.BLOCKED, block.id)
    return None


def checked_expiry(act: Act, expires_at: datetime | None) -> datetime:
    """Give when an order becomes worthless. Raises: Invalid for a time that has passed or lies too far ahead."""
    if expires_at is None:
        return act.now + LIFE
    if expires_at <= act.now:
        raise Invalid("expires_at", "has passed: send a fresh request")
    if expires_at > act.now + LONGEST_LIFE:
        raise Invalid("expires_at", "must lie within 14 days")
    return expires_at


async def _note_use(
    act: Act, wanted: OpenDoor, door: DoorRecord, decision: Decision | None
) -> list[JsonValue]:
    """Note what somebody's own access was used for; an operator's permission is no guest's."""
    if not isinstance(decision, Granted) or wanted.person_id is None:
        return []
    holder = await act.work.access.holder(wanted.person_id)
    if holder is None:
        return []
    credential = (
        None if wanted.credential_id is None else await act.work.credentials.get(wanted.credential_id)
    )
    use = Use(
        holder=holder,
        door=door,
        granted=decision,
        credential=credential,
        circumstances=wanted.circumstances,
    )
    return await note_use(act, use)


async def _record(
    act: Act,
    wanted: OpenDoor,
    door: DoorRecord,
    *,
    decision: Decision | None,
    order: DoorOrder | None = None,
    taken: Sequence[JsonValue] = (),
) -> JournalRow:
    detail: dict[str, JsonValue] = {"order": None if order is None else order.id}
    if isinstance(decision, Denied):
        detail |= {"reason": decision.reason.value, "cause": decision.cause_id}
    elif isinstance(decision, Granted):
        detail |= {"grant": decision.path.grant.id, "team": decision.path.team_id}
    detail |= {"means": wanted.circumstances.means.value, "address": wanted.circumstances.address}
    detail |= taken_line([*taken])
    return await act.record(
        "door.open_requested",
        outcome=Outcome.DENIED if isinstance(decision, Denied) else Outcome.GRANTED,
        person_id=wanted.person_id,
        door_id=door.door_id,
        site_id=door.site_id,
        detail=detail,
    )
