"""Enrolments of people at sites."""

import sqlalchemy as sa

from rekey.domain.people import Enrolment
from rekey.ports.listing import Listing, Part
from rekey.storage.conditions import contains, current, equals, in_organization, pattern
from rekey.storage.engine.row import Row
from rekey.storage.repositories.base import VersionedRepository
from rekey.storage.rows import Values
from rekey.storage.session import Session
from rekey.storage.tables import enrolments, people
from rekey.storage.times import instant_of, micros, micros_or_none, validity_of
from rekey.storage.versions import Versions


def read_enrolment(row: Row) -> Enrolment:
    return Enrolment(
        id=row.id,
        number=row.number,
        person_id=row.person_id,
        site_id=row.site_id,
        validity=validity_of(row.valid_from, row.valid_until),
        created_at=instant_of(row.created_at),
        updated_at=instant_of(row.updated_at),
    )


def _write(enrolment: Enrolment) -> Values:
    return {
        "id": enrolment.id,
        "number": enrolment.number,
        "person_id": enrolment.person_id,
        "site_id": enrolment.site_id,
        "valid_from": micros_or_none(enrolment.validity.start),
        "valid_until": micros_or_none(enrolment.validity.end),
        "created_at": micros(enrolment.created_at),
        "updated_at": micros(enrolment.updated_at),
    }


_people_found = sa.select(people.c.id).where(
    in_organization(people), current(people), contains("query", people.c.name, people.c.email)
)
ENROLMENTS = Versions(
    enrolments,
    read=read_enrolment,
    write=_write,
    unique=(("person_id", "site_id"),),
    filters={
        "site_id": equals(enrolments.c.site_id, "site_id"),
        "person_id": equals(enrolments.c.person_id, "person_id"),
        "query": enrolments.c.person_id.in_(_people_found),
    },
)


class SqlEnrolments(VersionedRepository[Enrolment]):
    def __init__(self, session: Session) -> None:
        super().__init__(session, ENROLMENTS)

    async def at(self, person_id: str, site_id: str) -> Enrolment | None:
        return await ENROLMENTS.find(self._session, person_id=person_id, site_id=site_id)

    async def list(
        self,
        part: Part,
        *,
        site_id: str | None = None,
        person_id: str | None = None,
        query: str | None = None,
    ) -> Listing[Enrolment]:
        """List enrolments; `query` is a case-insensitive part of the person's name or e-mail."""
        return await ENROLMENTS.list(
            self._session, part, site_id=site_id, person_id=person_id, query=pattern(query)
        )

    async def end(self, enrolment_id: str) -> None:
        await ENROLMENTS.end(self._session, enrolment_id)
