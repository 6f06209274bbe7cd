"""enrol_person: a person becomes known at a site."""

from dataclasses import dataclass

from rekey.domain.errors import AlreadyExists
from rekey.domain.ids import EnrolmentId, PersonId, SiteId
from rekey.domain.people import Enrolment
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.domain.validity import ALWAYS, Validity
from rekey.operations.act import Act, operation
from rekey.operations.find import find_person, find_site
from rekey.ports.repositories.doors import ChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolPerson:
    """Outside the validity nothing of the site opens to the person, whatever the grants say."""

    person_id: str
    site_id: str
    validity: Validity = ALWAYS


@operation(Permission.PEOPLE_WRITE)
async def enrol_person(act: Act, wanted: EnrolPerson) -> Enrolment:
    """Enrol a person at a site; this gives no access. Raises: NotFound, AlreadyExists."""
    await act.require(Scope.site(wanted.site_id))
    await find_person(act.work, wanted.person_id)
    await find_site(act.work, wanted.site_id)
    if await act.work.enrolments.at(wanted.person_id, wanted.site_id) is not None:
        raise AlreadyExists("enrolment", "person_id")
    enrolment = await put_enrolment(act, wanted.person_id, wanted.site_id, wanted.validity)
    await act.changed(ChangeKind.PERSON, enrolment.person_id)
    await act.record(
        "person.enrolled",
        person_id=enrolment.person_id,
        site_id=enrolment.site_id,
        detail={"enrolment": enrolment.id},
    )
    return enrolment


async def put_enrolment(act: Act, person_id: str, site_id: str, validity: Validity = ALWAYS) -> Enrolment:
    """Store a new enrolment within an act that records it."""
    enrolment = Enrolment(
        id=EnrolmentId(act.new_id()),
        number=act.next_number(),
        person_id=PersonId(person_id),
        site_id=SiteId(site_id),
        validity=validity,
        created_at=act.now,
        updated_at=act.now,
    )
    await act.work.enrolments.add(enrolment)
    return enrolment


async def ensure_enrolled(act: Act, person_id: str, site_id: str) -> Enrolment:
    """Give the person's enrolment at the site, made now if there is none."""
    known = await act.work.enrolments.at(person_id, site_id)
    return known or await put_enrolment(act, person_id, site_id)
