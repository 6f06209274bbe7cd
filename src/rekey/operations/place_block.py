"""place_block and lift_block: a "no" that beats every grant, by its source."""

from dataclasses import dataclass
from datetime import datetime

from rekey.domain.block import Block, BlockCause, Subject, SubjectKind
from rekey.domain.errors import Invalid, NotAllowed
from rekey.domain.grant import Holder
from rekey.domain.ids import BlockId, OperatorId
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.authority import highest_rank, rank_over_people
from rekey.operations.find import find_enrolment, find_link, find_person, find_team
from rekey.operations.owners import keep_another_owner
from rekey.operations.touching import touch_person
from rekey.ports.repositories.doors import ChangeKind

_CHANGES = {SubjectKind.TEAM: ChangeKind.TEAM, SubjectKind.LINK: ChangeKind.LINK}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceBlock:
    """One block per subject and cause stands at a time; placing it again changes `until` and `reason`."""

    subject: Subject
    cause: BlockCause
    until: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftBlock:
    """Lifts only the block of this cause; another source's "no" stays."""

    subject: Subject
    cause: BlockCause


@dataclass(frozen=True, slots=True, kw_only=True)
class BlocksNow:
    """The blocks that stand on the subject after the act, of every cause."""

    changed: bool
    standing: tuple[Block, ...]


@operation(Permission.PEOPLE_WRITE)
async def place_block(act: Act, wanted: PlaceBlock) -> BlocksNow:
    """Block a person, an enrolment, a team or a link; repeating it is not an error.

    What an automation wants changes nothing of an operator's block, which stands as it was.
    Raises: NotFound, Invalid (a cause or subject of another operation, an `until` in the past), LastOwner,
    NotAllowed (a person whose role is above one's own).
    """
    where = await _check_subject(act, wanted.subject, wanted.cause)
    if wanted.until is not None and wanted.until <= act.now:
        raise Invalid("until", "must be in the future")
    if wanted.subject.kind is SubjectKind.PERSON:
        await keep_another_owner(act, Holder.person(wanted.subject.id))
    await _refuse_above(act, wanted.subject, where)
    before = await act.work.blocks.standing(wanted.subject, cause=wanted.cause)
    if not (act.actor.is_automation and any(not block.by_automation for block in before)):
        await _place(act, wanted, before)
    await _record(act, "block.placed", wanted, where)
    return BlocksNow(changed=not before, standing=await act.work.blocks.standing(wanted.subject))


@operation(Permission.PEOPLE_WRITE)
async def lift_block(act: Act, wanted: LiftBlock) -> BlocksNow:
    """Lift the blocks of one cause from a subject; none standing is not an error.

    Raises: NotFound, Invalid, NotAllowed (an automation lifting an operator's block, one's own, or that of a
    person whose role is above one's own).
    """
    where = await _check_subject(act, wanted.subject, wanted.cause)
    operator = await act.work.operators.get(act.actor.operator_id)
    if operator is not None and operator.person_id is not None and where == operator.person_id:
        raise NotAllowed("you may not lift a block from yourself")
    await _refuse_above(act, wanted.subject, where)
    before = await act.work.blocks.standing(wanted.subject, cause=wanted.cause)
    if act.actor.is_automation and any(not block.by_automation for block in before):
        raise NotAllowed("an automation may not lift an operator's block")
    for block in before:
        await act.work.blocks.lift(block.id)
    await _record(act, "block.lifted", wanted, where)
    return BlocksNow(changed=bool(before), standing=await act.work.blocks.standing(wanted.subject))


async def _place(act: Act, wanted: PlaceBlock, before: tuple[Block, ...]) -> None:
    for block in before:
        await act.work.blocks.lift(block.id)
    await act.work.blocks.place(
        Block(
            id=BlockId(act.new_id()),
            subject=wanted.subject,
            cause=wanted.cause,
            until=wanted.until,
            placed_at=act.position,
            placed_by=OperatorId(act.actor.operator_id),
            by_automation=act.actor.is_automation,
            reason=wanted.reason,
            created_at=act.now,
        )
    )


async def _check_subject(act: Act, subject: Subject, cause: BlockCause) -> str | None:
    """Ask for the permission, refuse what is not ours, and give the person that the subject belongs to."""
    if cause in {BlockCause.LOCKDOWN, BlockCause.LEAVER}:
        raise Invalid("cause", "is placed by lock_down or by a revocation")
    organization = Scope.organization(act.work.organization_id)
    if subject.kind is SubjectKind.PERSON:
        await act.require(organization)
        return (await find_person(act.work, subject.id)).id
    if subject.kind is SubjectKind.ENROLMENT:
        enrolment = await find_enrolment(act.work, subject.id)
        await act.require(Scope.site(enrolment.site_id))
        return enrolment.person_id
    if subject.kind is SubjectKind.TEAM:
        await act.require(organization)
        await find_team(act.work, subject.id)
        return None
    if subject.kind is SubjectKind.LINK:
        await act.require(organization)
        await find_link(act.work, subject.id)
        return None
    raise Invalid(
        "subject", "must be a person, an enrolment, a team or a link; doors and sites are locked down"
    )


async def _refuse_above(act: Act, subject: Subject, person_id: str | None) -> None:
    """Refuse to block or free a person whose role there is above one's own. Raises: NotFound, NotAllowed."""
    if person_id is None:
        return
    scope = Scope.organization(act.work.organization_id)
    if subject.kind is SubjectKind.ENROLMENT:
        scope = Scope.site((await find_enrolment(act.work, subject.id)).site_id)
    theirs = await highest_rank(act.work, person_id, Permission.GRANTS_READ, scope, now=act.now)
    if theirs is not None and theirs > await rank_over_people(act.work, act.actor, scope, act.now):
        raise NotAllowed("you may not block or free a person whose role is above your own")


async def _record(act: Act, action: str, wanted: PlaceBlock | LiftBlock, person_id: str | None) -> None:
    subject = wanted.subject
    await act.changed(_CHANGES.get(subject.kind, ChangeKind.PERSON), person_id or subject.id)
    if subject.kind is SubjectKind.PERSON:
        await touch_person(act, subject.id)
    await act.record(
        action,
        person_id=person_id,
        detail={"subject": subject.id, "subject_kind": subject.kind.value, "cause": wanted.cause.value},
    )
