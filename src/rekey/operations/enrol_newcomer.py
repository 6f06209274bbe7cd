"""enrol_newcomer: somebody becomes known to the organization and at sites in one act."""

from dataclasses import dataclass, replace

from rekey.domain.errors import AlreadyExists
from rekey.domain.grant import Holder
from rekey.domain.people import Enrolment, Person
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.domain.validity import ALWAYS, Validity
from rekey.operations.act import Act, operation
from rekey.operations.add_person import AddPerson, put_person
from rekey.operations.enrol_person import put_enrolment
from rekey.operations.find import find_person, find_site
from rekey.operations.grant_access import NewGrant, give_within
from rekey.operations.texts import clean_email, clean_phone
from rekey.ports.repositories.doors import ChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolNewcomer:
    """Who: a known person by `person_id`, or `person`. With `match`, a known one of the same e-mail or phone.

    `grants` are given in the same act; their holder is filled in.
    """

    person: AddPerson
    site_ids: tuple[str, ...]
    person_id: str | None = None
    match: bool = False
    validity: Validity = ALWAYS
    grants: tuple[NewGrant, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    person: Person
    enrolments: tuple[Enrolment, ...]


@operation(Permission.PEOPLE_WRITE)
async def enrol_newcomer(act: Act, wanted: EnrolNewcomer) -> Newcomer:
    """Add a person, or take a known one, and enrol at every site named; access only by the grants named.

    Raises: NotFound (person, site), Invalid, AlreadyExists (person: email, phone, external_key; enrolment),
    and for the grants as `grant_access`.
    """
    await act.require(Scope.organization(act.work.organization_id))
    sites = [await find_site(act.work, site_id) for site_id in wanted.site_ids]
    person = await _person(act, wanted)
    enrolments = []
    for site in sites:
        if await act.work.enrolments.at(person.id, site.id) is not None:
            raise AlreadyExists("enrolment", "person_id")
        enrolments.append(await put_enrolment(act, person.id, site.id, wanted.validity))
    given = await give_within(
        act, tuple(replace(new, holder=Holder.person(person.id)) for new in wanted.grants)
    )
    await act.changed(ChangeKind.PERSON, person.id)
    await act.record(
        "person.enrolled",
        person_id=person.id,
        site_id=sites[0].id if len(sites) == 1 else None,
        detail={
            "name": person.name,
            "enrolments": [enrolment.id for enrolment in enrolments],
            "grants": [grant.id for grant in given.grants],
        },
    )
    return Newcomer(person=person, enrolments=tuple(enrolments))


async def _person(act: Act, wanted: EnrolNewcomer) -> Person:
    if wanted.person_id is not None:
        return await find_person(act.work, wanted.person_id)
    known = await _known(act, wanted.person) if wanted.match else None
    return known or await put_person(act, wanted.person)


async def _known(act: Act, person: AddPerson) -> Person | None:
    email, phone = clean_email(person.email), clean_phone(person.phone)
    known = None if email is None else await act.work.people.by_email(email)
    if known is None and phone is not None:
        known = await act.work.people.by_phone(phone)
    return known
