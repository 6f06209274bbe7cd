"""People."""

from collections.abc import Sequence

from rekey.domain.people import Person
from rekey.ports.listing import Listing, Part
from rekey.storage.conditions import contains, equals, pattern
from rekey.storage.engine.clauses import one_of
from rekey.storage.engine.row import Row
from rekey.storage.repositories.base import NumberedRepository
from rekey.storage.rows import Values
from rekey.storage.session import Session
from rekey.storage.tables import people
from rekey.storage.times import instant_of, micros
from rekey.storage.versions import Versions


def _read(row: Row) -> Person:
    return Person(
        id=row.id,
        number=row.number,
        name=row.name,
        email=row.email,
        phone=row.phone,
        external_key=row.external_key,
        customer_key=row.customer_key,
        notes=row.notes,
        is_guest=row.is_guest,
        password_sign_in=row.password_sign_in,
        parted_by=row.parted_by,
        created_at=instant_of(row.created_at),
        updated_at=instant_of(row.updated_at),
    )


def _write(person: Person) -> Values:
    return {
        "id": person.id,
        "number": person.number,
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "external_key": person.external_key,
        "customer_key": person.customer_key,
        "notes": person.notes,
        "is_guest": person.is_guest,
        "password_sign_in": person.password_sign_in,
        "parted_by": person.parted_by,
        "created_at": micros(person.created_at),
        "updated_at": micros(person.updated_at),
    }


PEOPLE = Versions(
    people,
    read=_read,
    write=_write,
    unique=(("email",), ("phone",), ("external_key",)),
    filters={
        "query": contains("query", people.c.name, people.c.email, people.c.notes),
        "named": contains("named", people.c.name, people.c.email),
        "ids": one_of(people.c.id, "ids"),
        "email": equals(people.c.email, "email"),
        "customer_key": equals(people.c.customer_key, "customer_key"),
        "guests": equals(people.c.is_guest, "guests"),
        "parted_by": one_of(people.c.parted_by, "parted_by"),
    },
)


class SqlPeople(NumberedRepository[Person]):
    def __init__(self, session: Session) -> None:
        super().__init__(session, PEOPLE)

    async def by_email(self, email: str) -> Person | None:
        return await PEOPLE.find(self._session, email=email)

    async def by_phone(self, phone: str) -> Person | None:
        return await PEOPLE.find(self._session, phone=phone)

    async def by_external_key(self, key: str) -> Person | None:
        return await PEOPLE.find(self._session, external_key=key)

    async def list(
        self,
        part: Part,
        *,
        query: str | None = None,
        ids: Sequence[str] | None = None,
        email: str | None = None,
        customer_key: str | None = None,
        guests: bool | None = None,
        parted_by: Sequence[str] | None = None,
        newest_first: bool = False,
    ) -> Listing[Person]:
        return await PEOPLE.list(
            self._session,
            part,
            newest_first=newest_first,
            query=pattern(query),
            ids=ids,
            email=email,
            customer_key=customer_key,
            guests=guests,
            parted_by=parted_by,
        )

    async def ids(
        self,
        *,
        query: str | None = None,
        named: str | None = None,
        ids: Sequence[str] | None = None,
        email: str | None = None,
        guests: bool | None = None,
    ) -> tuple[str, ...]:
        return await PEOPLE.ids(
            self._session, query=pattern(query), named=pattern(named), ids=ids, email=email, guests=guests
        )

    async def end(self, person_id: str) -> None:
        await PEOPLE.end(self._session, person_id)

    async def last_known(self, person_id: str) -> Person | None:
        return await PEOPLE.last_known(self._session, person_id)

    async def last_with_email(self, email: str) -> Person | None:
        return await PEOPLE.find(self._session, ended=True, email=email)
