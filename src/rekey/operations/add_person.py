"""add_person: somebody who may be given access."""

from dataclasses import dataclass

from rekey.domain.ids import PersonId
from rekey.domain.people import Person
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.own_session import own_session
from rekey.operations.reach import bound_customer
from rekey.operations.texts import clean_email, clean_name, clean_phone, clean_text


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPerson:
    """A person needs a name, an e-mail address or a phone number to be told apart."""

    name: str = ""
    email: str | None = None
    phone: str | None = None
    external_key: str | None = None
    customer_key: str | None = None
    notes: str = ""
    is_guest: bool = False
    password_sign_in: bool = True


@operation(Permission.PEOPLE_WRITE)
async def add_person(act: Act, wanted: AddPerson) -> Person:
    """Add a person without any access. Raises: Invalid, AlreadyExists (email, phone, external_key)."""
    await act.require(Scope.organization(act.work.organization_id))
    person = await put_person(act, wanted)
    await act.record("person.added", person_id=person.id, detail={"name": person.name})
    return person


async def put_person(act: Act, wanted: AddPerson) -> Person:
    """Store a new person within an act that records it. Raises: as `add_person`."""
    email, phone = clean_email(wanted.email), clean_phone(wanted.phone)
    person = Person(
        id=PersonId(act.new_id()),
        number=act.next_number(),
        name=clean_name(wanted.name or email or phone or wanted.external_key or ""),
        email=email,
        phone=phone,
        external_key=None if wanted.external_key is None else clean_name(wanted.external_key, "external_key"),
        customer_key=bound_customer(await own_session(act), wanted.customer_key),
        notes=clean_text(wanted.notes, "notes"),
        is_guest=wanted.is_guest,
        password_sign_in=wanted.password_sign_in,
        created_at=act.now,
        updated_at=act.now,
    )
    await act.work.people.add(person)
    return person
