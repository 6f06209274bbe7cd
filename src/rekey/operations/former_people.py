"""That an automation which adds somebody anew lifts no operator's "no"; part of several operations."""

from dataclasses import replace

from rekey.domain.block import Block, BlockCause, Subject, SubjectKind
from rekey.domain.ids import BlockId, PersonId, RevocationId
from rekey.domain.people import Person
from rekey.domain.revocation import Revocation
from rekey.operations.act import Act
from rekey.operations.leavers import note_conflict
from rekey.ports.listing import WHOLE


async def removed_before(act: Act, email: str | None) -> Person | None:
    """Give who had this address last: removed, merged, or renamed since; to be asked before somebody gets it."""
    return None if email is None else await act.work.people.last_with_email(email)


async def carry_revocation(act: Act, person: Person, former: Person | None) -> tuple[Revocation, ...]:
    """Give a person whom an automation adds every operator's "no" to the one who was there before.

    Nothing else is handed on: an operator's new grant counts at once, what an automation gives does not. A
    leaver's block is not carried, as his revocation everywhere is; any other block of an operator is.
    """
    if not act.actor.is_automation or former is None:
        return ()
    merged = await act.work.merged_people.get(former.id)
    ids = [former.id] if merged is None else [former.id, merged.survivor_id]
    carried: list[Revocation] = []
    for known in [one for former_id in ids for one in await _by_operators(act, former_id)]:
        if any(one.scope == known.scope for one in carried):
            continue
        carried.append(_copy(act, person, known))
        await act.work.revocations.add(carried[-1])
        await note_conflict(act, person.id, "to be added anew", known.id)
    for block in [one for former_id in ids for one in await _blocks_by_operators(act, former_id)]:
        subject = Subject(SubjectKind.PERSON, person.id)
        await act.work.blocks.place(replace(block, id=BlockId(act.new_id()), subject=subject))
        await note_conflict(act, person.id, "to be added anew", block.id)
    return tuple(carried)


async def _by_operators(act: Act, former_id: str) -> list[Revocation]:
    listed = await act.work.revocations.list(WHOLE, person_id=former_id)
    return [one for one in listed.items if not one.by_automation]


async def _blocks_by_operators(act: Act, former_id: str) -> list[Block]:
    standing = await act.work.blocks.standing(Subject(SubjectKind.PERSON, former_id))
    return [
        block
        for block in standing
        if not block.by_automation and block.cause is not BlockCause.LEAVER and block.stands(act.now)
    ]


def _copy(act: Act, person: Person, known: Revocation) -> Revocation:
    return Revocation(
        id=RevocationId(act.new_id()),
        person_id=PersonId(person.id),
        scope=known.scope,
        position=act.position,
        by_automation=False,
        revoked_by=known.revoked_by,
        via=known.via,
        reason=f"stood before (revocation {known.id})",
        at=act.now,
    )
