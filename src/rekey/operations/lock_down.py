"""lock_down and release: a door, a site or the organization refuses all but release."""

from dataclasses import dataclass

from rekey.domain.block import Block, BlockCause, Subject, SubjectKind
from rekey.domain.door_order import OrderFailure, OrderState
from rekey.domain.errors import Invalid
from rekey.domain.ids import BlockId, OperatorId
from rekey.domain.role import Permission
from rekey.domain.scope import Scope, ScopeKind
from rekey.operations.act import Act, operation
from rekey.operations.authority import containing
from rekey.operations.end_orders import end_orders
from rekey.operations.find import check_scope
from rekey.ports.repositories.doors import ChangeKind

_SUBJECTS = {
    ScopeKind.DOOR: (SubjectKind.DOOR, ChangeKind.DOOR),
    ScopeKind.SITE: (SubjectKind.SITE, ChangeKind.SITE),
    ScopeKind.ORGANIZATION: (SubjectKind.ORGANIZATION, ChangeKind.ORGANIZATION),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LockDown:
    scope: Scope
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    scope: Scope
    reason: str = ""


@operation(Permission.DOORS_CONTROL)
async def lock_down(act: Act, wanted: LockDown) -> Block:
    """Refuse every entry at the scope until it is released; repeating it is not an error.

    Exits are hardware's and stay free. Raises: NotFound, Gone, Invalid (a door group).
    """
    subject, change = await _prepare(act, wanted.scope)
    standing = await act.work.blocks.standing(subject, cause=BlockCause.LOCKDOWN)
    block = standing[0] if standing else await _place(act, subject, wanted.reason)
    for order in await act.work.orders.unfinished():
        if wanted.scope in await containing(act.work, Scope.door(order.door_id)):
            await end_orders(act, (order,), OrderState.CANCELLED, OrderFailure.DOOR_REFUSED)
    await act.changed(change, subject.id)
    await _record(act, "lockdown.started", wanted.scope, wanted.reason)
    return block


@operation(Permission.DOORS_CONTROL)
async def release(act: Act, wanted: Release) -> bool:
    """End the lockdown of exactly this scope; a wider one stays. False if none stood.

    Raises: NotFound, Gone, Invalid (a door group).
    """
    subject, change = await _prepare(act, wanted.scope)
    standing = await act.work.blocks.standing(subject, cause=BlockCause.LOCKDOWN)
    for block in standing:
        await act.work.blocks.lift(block.id)
    await act.changed(change, subject.id)
    await _record(act, "lockdown.ended", wanted.scope, wanted.reason)
    return bool(standing)


async def _prepare(act: Act, scope: Scope) -> tuple[Subject, ChangeKind]:
    await act.require(scope)
    await check_scope(act.work, scope)
    found = _SUBJECTS.get(scope.kind)
    if found is None:
        raise Invalid("scope", "must be a door, a site or the organization")
    return Subject(found[0], scope.id), found[1]


async def _place(act: Act, subject: Subject, reason: str) -> Block:
    block = Block(
        id=BlockId(act.new_id()),
        subject=subject,
        cause=BlockCause.LOCKDOWN,
        placed_at=act.position,
        placed_by=OperatorId(act.actor.operator_id),
        reason=reason,
        created_at=act.now,
    )
    await act.work.blocks.place(block)
    return block


async def _record(act: Act, action: str, scope: Scope, reason: str) -> None:
    await act.record(
        action,
        door_id=scope.id if scope.kind is ScopeKind.DOOR else None,
        site_id=scope.id if scope.kind is ScopeKind.SITE else None,
        detail={"scope": scope.id, "scope_kind": scope.kind.value, "reason": reason},
    )
