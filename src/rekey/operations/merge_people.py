"""merge_people: several records turn out to be one person."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from rekey.domain.block import Block, BlockCause, Subject, SubjectKind
from rekey.domain.document import DocumentKind
from rekey.domain.door_order import OrderFailure, OrderState
from rekey.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from rekey.domain.grant import Holder
from rekey.domain.ids import BlockId, PersonId, RevocationId
from rekey.domain.people import Enrolment, MergedPerson, Person
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.domain.validity import Validity
from rekey.operations.act import Act, operation
from rekey.operations.authority import highest_rank, rank_over_people
from rekey.operations.end_operator import end_operator_of
from rekey.operations.end_orders import end_orders
from rekey.operations.find import find_person
from rekey.operations.find_application import own_applications
from rekey.operations.leavers import refuse_beyond_own, refuse_leaver
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.doors import ChangeKind
from rekey.ports.repositories.rights import GrantFilter
from rekey.ports.store import View


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePeople:
    """Those in `merged_ids` become the survivor; ids that were merged into it before are passed over."""

    survivor_id: str
    merged_ids: tuple[str, ...]


@operation(Permission.PEOPLE_WRITE)
async def merge_people(act: Act, wanted: MergePeople) -> Person:
    """Fold records of one person together; the union of what they could do, less every "no" of any of them.

    Grants keep the position at which they were given, and every revocation and block of a merged record
    binds the survivor from then on, at its own position: merging opens nothing that was shut. Nobody who
    left is merged, in neither direction.
    Raises: NotFound, PersonLeft, NotAllowed (a role above one's own, one's own record, without the power to
    give grants, an automation), Invalid (itself), Conflict (enrolled at one site for times that have nothing
    in common).
    """
    await act.require(Scope.organization(act.work.organization_id))
    if act.actor.is_automation:
        raise NotAllowed("an automation may not merge people: an operator must")
    survivor = await find_person(act.work, await resolve_person_id(act.work, wanted.survivor_id))
    others = await _others(act, survivor, wanted.merged_ids)
    await refuse_own_gain(act, (survivor, *others))
    for person in (survivor, *others):
        await refuse_leaver(act, person.id)
        await refuse_above(act, person.id)
    for person in others:
        survivor = await fold_within(act, survivor, person)
    await act.changed(ChangeKind.PERSON, survivor.id)
    await act.record(
        "people.merged",
        person_id=survivor.id,
        detail={"name": survivor.name, "merged": [person.id for person in others]},
    )
    return survivor


async def resolve_person_id(view: View, person_id: str) -> str:
    """Give the id of the person that this one became; an id that was never merged is its own."""
    merged = await view.merged_people.get(person_id)
    return person_id if merged is None else merged.survivor_id


async def person_by_any_key(view: View, key: str) -> Person | None:
    """Find a person by the external key, or by that of a record which was merged into it."""
    person = await view.people.by_external_key(key)
    if person is not None:
        return person
    merged = await view.merged_people.by_external_key(key)
    return None if merged is None else await view.people.get(merged.survivor_id)


async def _others(act: Act, survivor: Person, ids: tuple[str, ...]) -> list[Person]:
    found = []
    for person_id in dict.fromkeys(ids):
        if person_id == survivor.id:
            raise Invalid("merged_ids", "must not hold the survivor")
        known = await act.work.merged_people.get(person_id)
        if known is not None and known.survivor_id == survivor.id:
            continue
        if known is not None:
            raise NotFound("person", person_id)
        found.append(await find_person(act.work, person_id))
    return found


async def refuse_own_gain(act: Act, people: tuple[Person, ...]) -> None:
    """Refuse that a merge gives what the actor could not: what moves is given to the survivor. Raises: NotAllowed."""
    everywhere = Scope.organization(act.work.organization_id)
    await act.require(everywhere, Permission.GRANTS_WRITE)
    await refuse_beyond_own(act, everywhere)
    await refuse_own_record(act, [person.id for person in people])


async def refuse_own_record(act: Act, person_ids: Iterable[str]) -> None:
    """Refuse to move about what is the actor's own. Raises: NotAllowed."""
    operator = await act.work.operators.get(act.actor.operator_id)
    own_id = None if operator is None else operator.person_id
    if own_id is not None and own_id in person_ids:
        raise NotAllowed("you may not merge or part your own record: another operator must")


async def refuse_above(act: Act, person_id: str) -> None:
    everywhere = Scope.organization(act.work.organization_id)
    theirs = await highest_rank(act.work, person_id, Permission.DOORS_OPEN, everywhere, now=act.now)
    if theirs is not None and theirs > await rank_over_people(act.work, act.actor, everywhere, act.now):
        raise NotAllowed("you may not merge a person whose role is above your own")


async def fold_within(act: Act, survivor: Person, person: Person) -> Person:
    """Move all of one record to the survivor; what is a "no" goes first."""
    await copy_revocations(act, survivor.id, person.id)
    await copy_blocks(act, Subject(SubjectKind.PERSON, person.id), Subject(SubjectKind.PERSON, survivor.id))
    await _move_enrolments(act, survivor, person)
    await _move_grants(act, survivor, person)
    await _move_bundles(act, survivor, person)
    await _move_memberships(act, survivor, person)
    await _move_proofs(act, survivor, person)
    await _move_phones(act, survivor, person)
    await _move_applications(act, survivor, person)
    unfinished = await act.work.orders.unfinished(person_id=person.id)
    await end_orders(act, unfinished, OrderState.CANCELLED, OrderFailure.PERSON_REVOKED)
    await act.changed(ChangeKind.PERSON, person.id)
    await act.work.people.end(person.id)
    if person.parted_by is None:
        await _remember(act, survivor, person)
    completed = replace(
        survivor,
        email=survivor.email or person.email,
        phone=survivor.phone or person.phone,
        external_key=survivor.external_key or person.external_key,
        customer_key=survivor.customer_key or person.customer_key,
        parted_by=None,
        updated_at=act.now,
    )
    await act.work.people.replace(completed)
    return completed


async def copy_revocations(act: Act, new_id: str, person_id: str) -> None:
    """Let every revocation of a person bind another record too, each at its own position."""
    listed = await act.work.revocations.list(WHOLE, person_id=person_id)
    for revocation in listed.items:
        await act.work.revocations.add(
            replace(
                revocation,
                id=RevocationId(act.new_id()),
                person_id=PersonId(new_id),
                leaving=False,
            )
        )


async def copy_blocks(act: Act, old: Subject, new: Subject) -> None:
    """Let every block stand on the survivor too, unless one of the same cause stands there as long."""
    standing = await act.work.blocks.standing(new)
    for block in await act.work.blocks.standing(old):
        if block.cause is BlockCause.LEAVER or any(_outlasts(other, block) for other in standing):
            continue
        await act.work.blocks.place(replace(block, id=BlockId(act.new_id()), subject=new))


def _outlasts(other: Block, block: Block) -> bool:
    if other.cause is not block.cause:
        return False
    return other.until is None or (block.until is not None and block.until <= other.until)


async def _move_enrolments(act: Act, survivor: Person, person: Person) -> None:
    listed = await act.work.enrolments.list(WHOLE, person_id=person.id)
    for enrolment in listed.items:
        known = await act.work.enrolments.at(survivor.id, enrolment.site_id)
        if known is None:
            moved = replace(enrolment, person_id=PersonId(survivor.id), updated_at=act.now)
            await act.work.enrolments.replace(moved)
            continue
        narrowed = replace(known, validity=_common(known, enrolment), updated_at=act.now)
        await act.work.enrolments.replace(narrowed)
        old, new = (Subject(SubjectKind.ENROLMENT, one.id) for one in (enrolment, known))
        await copy_blocks(act, old, new)
        await act.work.enrolments.end(enrolment.id)


def _common(one: Enrolment, other: Enrolment) -> Validity:
    """Give the time that both allow, as grants of either record must not outlast what bound them.

    Raises: Conflict if there is none.
    """
    starts = [edge for edge in (one.validity.start, other.validity.start) if edge is not None]
    ends = [edge for edge in (one.validity.end, other.validity.end) if edge is not None]
    try:
        return Validity(start=max(starts, default=None), end=min(ends, default=None))
    except ValueError as apart:
        raise Conflict("they are enrolled at one site for times that have nothing in common") from apart


async def _move_grants(act: Act, survivor: Person, person: Person) -> None:
    listed = await act.work.grants.list(WHOLE, GrantFilter(holder=Holder.person(person.id)))
    for grant in listed.items:
        await act.work.grants.replace(replace(grant, holder=Holder.person(survivor.id), updated_at=act.now))


async def _move_bundles(act: Act, survivor: Person, person: Person) -> None:
    """Name the survivor in what was given together, whose grants and credentials move by themselves."""
    for bundle in (await act.work.bundles.list(WHOLE, person_id=person.id)).items:
        moved = replace(bundle, person_id=PersonId(survivor.id), updated_at=act.now)
        await act.work.bundles.replace(moved)


async def _move_memberships(act: Act, survivor: Person, person: Person) -> None:
    listed = await act.work.teams.memberships(WHOLE, person_id=person.id)
    for membership in listed.items:
        await act.work.teams.remove_member(membership.team_id, person.id)
        if await act.work.teams.membership(membership.team_id, survivor.id) is None:
            moved = replace(
                membership, id=act.new_id(), number=act.next_number(), person_id=PersonId(survivor.id)
            )
            await act.work.teams.add_member(moved)


async def _move_proofs(act: Act, survivor: Person, person: Person) -> None:
    """Move credentials, links, the account and client sessions; a second account ends with its keys."""
    credentials = await act.work.credentials.list(WHOLE, person_id=person.id)
    for credential in credentials.items:
        await act.work.credentials.replace(replace(credential, person_id=PersonId(survivor.id)))
    links = await act.work.links.list(WHOLE, for_person_id=person.id)
    for link in links.items:
        await act.work.links.replace(replace(link, for_person_id=PersonId(survivor.id), updated_at=act.now))
    account = await act.work.operators.of_person(person.id)
    if account is not None and await act.work.operators.of_person(survivor.id) is None:
        await act.work.operators.replace(replace(account, person_id=PersonId(survivor.id)))
    else:
        await end_operator_of(act, person.id)
    sessions = await act.work.client_sessions.list(WHOLE, person_id=person.id)
    for session in sessions.items:
        await act.work.client_sessions.replace(replace(session, person_id=survivor.id, updated_at=act.now))


async def _move_phones(act: Act, survivor: Person, person: Person) -> None:
    """Move the phones, which go on carrying their keys."""
    for phone in (await act.work.documents.list(WHOLE, DocumentKind.PHONE, parent_id=person.id)).items:
        await act.work.documents.replace(replace(phone, parent_id=survivor.id, updated_at=act.now))


async def _move_applications(act: Act, survivor: Person, person: Person) -> None:
    """Let the survivor own what the person owned, so that it has no owner once the survivor leaves."""
    for application in await own_applications(act.work, person.id):
        owners = (survivor.id if owner == person.id else owner for owner in application.owners)
        await act.work.applications.replace(replace(application, owners=tuple(dict.fromkeys(owners))))


async def _remember(act: Act, survivor: Person, person: Person) -> None:
    for earlier in await act.work.merged_people.into([person.id]):
        await act.work.merged_people.replace(replace(earlier, survivor_id=PersonId(survivor.id)))
    await act.work.merged_people.add(
        MergedPerson(
            person_id=person.id,
            survivor_id=survivor.id,
            external_key=person.external_key,
            merged_at=act.now,
        )
    )
