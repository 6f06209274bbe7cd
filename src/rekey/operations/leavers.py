"""What holds when access would be given to somebody who was revoked."""

from rekey.domain.block import Block, BlockCause, Subject, SubjectKind
from rekey.domain.challenge import Challenge
from rekey.domain.errors import Gone, NotAllowed, PersonLeft
from rekey.domain.revocation import Revocation
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act
from rekey.operations.authority import containing, highest_rank, rank_over_people
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.rights import AccessConflict
from rekey.ports.store import View


async def refuse_leaver(act: Act, person_id: str) -> None:
    """Refuse to give anything to a person who left. Raises: PersonLeft, naming the revocation."""
    block = await leaver_block(act, person_id)
    if block is not None:
        raise PersonLeft(block.revocation_id or block.id)


async def leaver_block(act: Act, person_id: str) -> Block | None:
    """Give the block that stands because the person left."""
    return await standing_leaver_block(act.work, person_id)


async def standing_leaver_block(view: View, person_id: str) -> Block | None:
    """Give the same outside an act."""
    subject = Subject(SubjectKind.PERSON, person_id)
    standing = await view.blocks.standing(subject, cause=BlockCause.LEAVER)
    return standing[0] if standing else None


async def refuse_stale_code(act: Act, person_id: str, challenge: Challenge) -> None:
    """Refuse a code that was sent before the person left, also after the return. Raises: PersonLeft, Gone."""
    await refuse_leaver(act, person_id)
    listed = await act.work.revocations.list(WHOLE, person_id=person_id)
    if any(revocation.leaving and revocation.at >= challenge.created_at for revocation in listed.items):
        raise Gone("code", challenge.id)


async def refuse_own_return(act: Act, person_id: str, scope: Scope) -> None:
    """Refuse that somebody who was revoked lets himself back in. Raises: NotAllowed."""
    operator = await act.work.operators.get(act.actor.operator_id)
    if operator is None or operator.person_id != person_id:
        return
    if await revocations_touching(act, person_id, scope):
        raise NotAllowed("you were revoked there: another operator must give the access back")


async def refuse_beyond_own(act: Act, scope: Scope) -> None:
    """Refuse to hand out a scope in which the actor was revoked from a part and may still not grant that part.

    Otherwise somebody who was revoked at a door could have it opened by a friend. Raises: NotAllowed.
    """
    operator = await act.work.operators.get(act.actor.operator_id)
    if operator is None or operator.person_id is None:
        return
    for revocation in await revocations_touching(act, operator.person_id, scope):
        part = revocation.scope
        if scope not in await containing(act.work, part):
            continue
        rank = await highest_rank(act.work, operator.person_id, Permission.GRANTS_WRITE, part, now=act.now)
        if rank is None:
            raise NotAllowed("you were revoked at a part of this: name only what is yours to give")


async def refuse_in_name_of(act: Act, person_id: str | None) -> None:
    """Refuse to make what opens in another's name (None: a link's) to who is revoked somewhere, or stands below.

    Otherwise a card in a friend's name opens the door that was closed. Raises: NotAllowed.
    """
    operator = await act.work.operators.get(act.actor.operator_id)
    if operator is None or operator.person_id is None or operator.person_id == person_id:
        return
    everywhere = Scope.organization(act.work.organization_id)
    await refuse_beyond_own(act, everywhere)
    if person_id is None:
        return
    theirs = await highest_rank(act.work, person_id, Permission.GRANTS_READ, everywhere, now=act.now)
    if theirs is not None and theirs > await rank_over_people(act.work, act.actor, everywhere, act.now):
        raise NotAllowed("you may not make a credential of a person whose role is above your own")


async def revocations_touching(act: Act, person_id: str, scope: Scope) -> tuple[Revocation, ...]:
    """Give the person's revocations that share a door with the scope by their names: wider, same or narrower."""
    around = await containing(act.work, scope)
    listed = await act.work.revocations.list(WHOLE, person_id=person_id)
    return tuple(
        [
            revocation
            for revocation in listed.items
            if revocation.scope in around or scope in await containing(act.work, revocation.scope)
        ]
    )


async def note_conflicts(act: Act, person_id: str, scope: Scope, wanted: str) -> tuple[AccessConflict, ...]:
    """Note what an automation wanted against an operator's revocation; the rule keeps the door shut."""
    if not act.actor.is_automation:
        return ()
    touching = await revocations_touching(act, person_id, scope)
    against = [revocation.id for revocation in touching if not revocation.by_automation]
    return tuple([await note_conflict(act, person_id, wanted, one) for one in against])


async def note_conflict(act: Act, person_id: str, wanted: str, against: str) -> AccessConflict:
    """Note a conflict once, however often an automation repeats its wish."""
    for known in (await act.work.conflicts.list(WHOLE, person_id=person_id)).items:
        if (known.via, known.wanted, known.against) == (act.actor.via, wanted, against):
            return known
    conflict = AccessConflict(
        id=act.new_id(), person_id=person_id, at=act.now, via=act.actor.via, wanted=wanted, against=against
    )
    await act.work.conflicts.add(conflict)
    return conflict
