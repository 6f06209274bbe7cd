"""offer_ownership, accept_ownership, withdraw_ownership, decline_ownership: the organization gets another owner."""

from dataclasses import dataclass, replace

from rekey.domain.block import Subject, SubjectKind
from rekey.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from rekey.domain.grant import Grant, Holder
from rekey.domain.handover import Handover, HandoverState
from rekey.domain.ids import GrantId, OperatorId, PersonId, Position
from rekey.domain.people import Person
from rekey.domain.role import ROLES, Permission, Role
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.authority import highest_rank, is_suspended, signed_in
from rekey.operations.consents import refuse_application
from rekey.operations.find import find_person
from rekey.operations.leavers import refuse_leaver
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.doors import ChangeKind
from rekey.ports.repositories.rights import GrantFilter


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferOwnership:
    person_id: str


@operation(None)
async def offer_ownership(act: Act, wanted: OfferOwnership) -> Handover:
    """Offer the ownership of the organization to a person; nothing changes until that person accepts.

    Raises: NotAllowed for who is no owner, NotFound, PersonLeft, Conflict (an offer stands, the person is
    blocked), Invalid (a guest, an owner, or somebody without an account).
    """
    owner = await _own_person(act)
    await _require_owner(act, owner)
    person = await find_person(act.work, wanted.person_id)
    await refuse_leaver(act, person.id)
    await _check_receiver(act, person)
    await _clear_the_way(act)
    handover = Handover(
        id=act.new_id(),
        number=act.next_number(),
        from_person_id=owner,
        to_person_id=person.id,
        named_at=act.position,
        created_at=act.now,
    )
    await act.work.handovers.add(handover)
    await _record(act, "ownership.offered", handover)
    return handover


@operation(None)
async def accept_ownership(act: Act, _wanted: None) -> Handover:
    """Become the owner; the former one becomes an administrator in the same act.

    Raises: NotFound without an offer to oneself, Conflict (who offered is no owner any more, or the caller
    is blocked or was revoked since), PersonLeft.
    """
    act.waive("the owner's standing offer stands in for it")
    handover = await _offer_to_caller(act)
    await refuse_leaver(act, handover.to_person_id)
    await _refuse_blocked(act, handover.to_person_id)
    await _refuse_revoked_since(act, handover)
    if not await _is_owner(act, handover.from_person_id):
        raise Conflict("who offered this is no owner any more: ask for a new offer")
    for grant in await _owner_grants(act, handover.from_person_id):
        await act.work.grants.end(grant.id, act.now)
    await _give(act, handover.from_person_id, Role.ADMINISTRATOR, act.position)
    await _give(act, handover.to_person_id, Role.OWNER, handover.named_at)
    return await _settle(act, handover, HandoverState.ACCEPTED)


@operation(None)
async def withdraw_ownership(act: Act, _wanted: None) -> Handover:
    """Take the standing offer back. Raises: NotAllowed for who is no owner, NotFound without an offer."""
    await _require_owner(act, await _own_person(act))
    handover = await act.work.handovers.standing()
    if handover is None:
        raise NotFound("handover", "standing")
    return await _settle(act, handover, HandoverState.WITHDRAWN)


@operation(None)
async def decline_ownership(act: Act, _wanted: None) -> Handover:
    """Refuse an offer that was made to the caller. Raises: NotFound without one."""
    act.waive("everybody may refuse what was offered to him")
    return await _settle(act, await _offer_to_caller(act), HandoverState.DECLINED)


async def _own_person(act: Act) -> PersonId:
    await refuse_application(act)
    operator, _key = await signed_in(act.work, act.actor, act.now)
    if operator.person_id is None:
        raise NotAllowed("only a person can hand over or take over an organization")
    return operator.person_id


async def _require_owner(act: Act, person_id: PersonId) -> None:
    await act.require(Scope.organization(act.work.organization_id), Permission.ORGANIZATION_WRITE)
    if not await _is_owner(act, person_id):
        raise NotAllowed("only the owner can do this")


async def _is_owner(act: Act, person_id: PersonId) -> bool:
    """Say whether the person holds the role himself, and neither a revocation nor a block silences it."""
    everywhere = Scope.organization(act.work.organization_id)
    rank = await highest_rank(act.work, person_id, Permission.ORGANIZATION_WRITE, everywhere, now=act.now)
    if rank != ROLES[Role.OWNER].rank or await is_suspended(act.work, person_id, now=act.now):
        return False
    return bool(await _owner_grants(act, person_id))


async def _owner_grants(act: Act, person_id: PersonId) -> tuple[Grant, ...]:
    everywhere = Scope.organization(act.work.organization_id)
    matching = GrantFilter(holder=Holder.person(person_id), scope=everywhere, roles=(Role.OWNER.value,))
    return (await act.work.grants.list(WHOLE, matching)).items


async def _check_receiver(act: Act, person: Person) -> None:
    if person.is_guest:
        raise Invalid("person", "is a guest, who can't own an organization")
    if await act.work.operators.of_person(person.id) is None:
        raise Invalid("person", "has no account yet")
    if await _owner_grants(act, person.id):
        raise Invalid("person", "is an owner already")
    await _refuse_blocked(act, person.id)


async def _refuse_blocked(act: Act, person_id: str) -> None:
    standing = await act.work.blocks.standing(Subject(SubjectKind.PERSON, person_id))
    if any(block.stands(act.now) for block in standing):
        raise Conflict("this person is blocked: an organization needs an owner who can act")


async def _refuse_revoked_since(act: Act, handover: Handover) -> None:
    """Refuse an offer older than a revocation, whose power would be silent and leave no owner. Raises: Conflict."""
    everywhere = Scope.organization(act.work.organization_id)
    listed = await act.work.revocations.list(WHOLE, person_id=handover.to_person_id)
    if any(one.scope == everywhere and one.position >= handover.named_at for one in listed.items):
        raise Conflict("you were revoked since this was offered: ask for a new offer")


async def _clear_the_way(act: Act) -> None:
    """Refuse a second offer; one to somebody who was removed since then is withdrawn. Raises: Conflict."""
    standing = await act.work.handovers.standing()
    if standing is None:
        return
    if await act.work.people.get(standing.to_person_id) is not None:
        raise Conflict("another offer stands: withdraw it first")
    await act.work.handovers.replace(replace(standing, state=HandoverState.WITHDRAWN, settled_at=act.now))


async def _offer_to_caller(act: Act) -> Handover:
    person_id, handover = await _own_person(act), await act.work.handovers.standing()
    if handover is None or handover.to_person_id != person_id:
        raise NotFound("handover", "standing")
    return handover


async def _give(act: Act, person_id: PersonId, role: Role, named_at: Position) -> None:
    grant = Grant(
        id=GrantId(act.new_id()),
        number=act.next_number(),
        holder=Holder.person(person_id),
        scope=Scope.organization(act.work.organization_id),
        role=role,
        named_at=named_at,
        made_by=OperatorId(act.actor.operator_id),
        created_at=act.now,
        updated_at=act.now,
    )
    await act.work.grants.add(grant)
    await act.changed(ChangeKind.PERSON, person_id, grant.scope)


async def _settle(act: Act, handover: Handover, state: HandoverState) -> Handover:
    settled = replace(handover, state=state, settled_at=act.now)
    await act.work.handovers.replace(settled)
    await _record(act, f"ownership.{state.value}", settled)
    return settled


async def _record(act: Act, action: str, handover: Handover) -> None:
    await act.record(
        action,
        person_id=handover.to_person_id,
        detail={
            "handover": handover.id,
            "from": handover.from_person_id,
            "to": handover.to_person_id,
        },
    )
