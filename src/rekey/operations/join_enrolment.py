"""join_enrolment: an enrolment that was parted from its person gets one again."""

from dataclasses import dataclass, replace

from rekey.domain.errors import AlreadyExists, Conflict
from rekey.domain.grant import Grant, Holder
from rekey.domain.people import Enrolment, Person
from rekey.domain.revocation import Revocation
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.find import find_enrolment, find_person
from rekey.operations.leavers import refuse_leaver
from rekey.operations.merge_people import fold_within, refuse_above, refuse_own_gain, resolve_person_id
from rekey.operations.texts import clean_name
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.doors import ChangeKind
from rekey.ports.repositories.rights import GrantFilter


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinEnrolment:
    """To the person `person_id`; or, with `external_key`, the nameless record itself becomes the person of that key."""

    enrolment_id: str
    person_id: str | None = None
    external_key: str | None = None


@operation(Permission.PEOPLE_WRITE)
async def join_enrolment(act: Act, wanted: JoinEnrolment) -> Person:
    """Give an enrolment that has nobody to a person, with all that lived on with it.

    Every revocation and block of either binds the person, as in a merge. Only what the parting itself shut
    opens again: access of which no other revocation of either is newer counts as given now.
    Raises: NotFound, PersonLeft, NotAllowed (as `merge_people`), Conflict (the enrolment has a person),
    AlreadyExists (the person is enrolled there; the key).
    """
    await act.require(Scope.organization(act.work.organization_id))
    enrolment = await find_enrolment(act.work, wanted.enrolment_id)
    nobody = await find_person(act.work, enrolment.person_id)
    if nobody.parted_by is None:
        raise Conflict("the enrolment belongs to another person: merge the two")
    person = await (
        _become(act, nobody, wanted) if wanted.person_id is None else _join(act, enrolment, wanted)
    )
    await act.changed(ChangeKind.PERSON, person.id)
    await act.record(
        "enrolment.joined",
        person_id=person.id,
        site_id=enrolment.site_id,
        detail={"enrolment": enrolment.id, "name": person.name, "from": nobody.id},
    )
    return person


async def _become(act: Act, nobody: Person, wanted: JoinEnrolment) -> Person:
    """Make a person of the record itself. Raises: AlreadyExists naming the key."""
    key = clean_name(wanted.external_key or "", "external_key")
    person = replace(nobody, external_key=key, parted_by=None, updated_at=act.now)
    await act.work.people.replace(person)
    return person


async def _join(act: Act, enrolment: Enrolment, wanted: JoinEnrolment) -> Person:
    """Fold the record into the person."""
    person = await find_person(act.work, await resolve_person_id(act.work, wanted.person_id or ""))
    nobody = await find_person(act.work, enrolment.person_id)
    await refuse_own_gain(act, (person, nobody))
    for one in (person, nobody):
        await refuse_leaver(act, one.id)
        await refuse_above(act, one.id)
    if await act.work.enrolments.at(person.id, enrolment.site_id) is not None:
        raise AlreadyExists("enrolment", "person_id")
    anew = await _shut_by_parting_alone(act, person, nobody)
    joined = await fold_within(act, person, nobody)
    for grant in anew:
        moved = replace(grant, holder=Holder.person(joined.id), named_at=act.position, updated_at=act.now)
        await act.work.grants.replace(moved)
    return joined


async def _shut_by_parting_alone(act: Act, person: Person, nobody: Person) -> list[Grant]:
    """Give the grants that nothing but the parting would silence: one "no" more, wherever, leaves a grant as it is."""
    others = [
        revocation
        for one in (person, nobody)
        for revocation in (await act.work.revocations.list(WHOLE, person_id=one.id)).items
        if revocation.id != nobody.parted_by
    ]
    grants = await act.work.grants.list(WHOLE, GrantFilter(holder=Holder.person(nobody.id)))
    return [grant for grant in grants.items if not any(_outranks(one, grant) for one in others)]


def _outranks(revocation: Revocation, grant: Grant) -> bool:
    by_operator = grant.by_automation and not revocation.by_automation
    return by_operator or revocation.position >= grant.named_at
