"""The directory's switch on a person: off closes every door at once; on lifts that alone."""

from dataclasses import dataclass

from rekey.domain.block import Block, BlockCause, Subject, SubjectKind
from rekey.domain.directory import DirectoryAlarm
from rekey.domain.door_order import OrderFailure, OrderState
from rekey.domain.errors import NotSignedIn
from rekey.domain.ids import BlockId, OperatorId
from rekey.domain.journal import JsonValue
from rekey.domain.operator import KeyKind, Operator
from rekey.operations.act import Act
from rekey.operations.end_orders import end_orders
from rekey.operations.last_owner import is_last_owner
from rekey.operations.leavers import note_conflict
from rekey.operations.provisioned import is_active
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.doors import ChangeKind

# Each of them outlives what a directory says; lifting one is an operator's act.
_BEYOND_DIRECTORY = frozenset({BlockCause.OPERATOR, BlockCause.LEAVER})


@dataclass(frozen=True, slots=True)
class Switched:
    """What the switch did, for the journal."""

    detail: dict[str, JsonValue]


async def switch_off(act: Act, person_id: str) -> Switched:
    """Block the person, end sign-ins and waiting orders, and count a leaver, within an act that records it.

    The last owner's doors close too, but one sign-in and the powers stay, so that nobody is locked out.
    """
    owner = await is_last_owner(act.work, person_id, act.now)
    await act.work.blocks.place(
        Block(
            id=BlockId(act.new_id()),
            subject=Subject(SubjectKind.PERSON, person_id),
            cause=BlockCause.DIRECTORY,
            placed_at=act.position,
            placed_by=OperatorId(act.actor.operator_id),
            by_automation=act.actor.is_automation,
            created_at=act.now,
        )
    )
    waiting = await act.work.orders.unfinished(person_id=person_id)
    cancelled = await end_orders(act, waiting, OrderState.CANCELLED, OrderFailure.PERSON_REVOKED)
    state = await act.work.directory.get()
    keys = await _end_sign_ins(act, person_id, keep_one=owner) if state.ends_sign_ins else 0
    await count_leaver(act, last_owner=owner)
    await act.changed(ChangeKind.PERSON, person_id)
    return Switched({"active": False, "cancelled_orders": len(cancelled), "ended_keys": keys})


async def switch_on(act: Act, person_id: str) -> Switched:
    """Lift the directory's block and no other one; what an operator said against the person is shown as a conflict."""
    subject = Subject(SubjectKind.PERSON, person_id)
    for block in await act.work.blocks.standing(subject):
        if block.cause is BlockCause.DIRECTORY and (block.by_automation or not act.actor.is_automation):
            await act.work.blocks.lift(block.id)
        elif block.cause in _BEYOND_DIRECTORY | {BlockCause.DIRECTORY} and block.stands(act.now):
            await note_conflict(act, person_id, "to be active", block.revocation_id or block.id)
    await act.changed(ChangeKind.PERSON, person_id)
    return Switched({"active": True})


async def count_leaver(act: Act, *, last_owner: bool = False) -> None:
    """Count somebody whom the directory switched off or removed; what that raises is told after the commit."""
    state = (await act.work.directory.get()).with_leaver(act.now)
    await act.work.directory.save(state.with_alarm(DirectoryAlarm.LAST_OWNER) if last_owner else state)


async def refuse_switched_off(act: Act, operator: Operator) -> None:
    """Refuse a sign-in of somebody whom the directory switched off, but for the last owner. Raises: NotSignedIn."""
    person_id = operator.person_id
    if person_id is None or await is_active(act.work, person_id, act.now):
        return
    state = await act.work.directory.get()
    if state.ends_sign_ins and not await is_last_owner(act.work, person_id, act.now):
        raise NotSignedIn("the directory has switched this account off")


async def _end_sign_ins(act: Act, person_id: str, *, keep_one: bool) -> int:
    operator = await act.work.operators.of_person(person_id)
    if operator is None:
        return 0
    if not keep_one:
        return await act.work.keys.end_all(operator.id, act.now)
    held = (await act.work.keys.list(WHOLE, operator_id=operator.id)).items
    sessions = [key for key in held if key.kind is KeyKind.SESSION]
    # The keys of one sign-in bear one name.
    kept = sessions[-1].name if sessions else None
    ending = [key for key in held if kept is None or key.name != kept or key.consent_id is not None]
    for key in ending:
        await act.work.keys.end(key.id, act.now)
    return len(ending)
