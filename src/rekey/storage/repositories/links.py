"""Links: holders that stand for themselves."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from rekey.domain.ids import Position
from rekey.domain.link import Link, LinkState
from rekey.ports.listing import Listing, Part
from rekey.storage.conditions import as_of as as_of_past
from rekey.storage.conditions import contains, equals, in_organization, pattern
from rekey.storage.engine.clauses import one_of
from rekey.storage.engine.row import Row
from rekey.storage.engine.statement import Statement
from rekey.storage.repositories.base import NumberedRepository
from rekey.storage.rows import Values
from rekey.storage.session import Session
from rekey.storage.tables import links
from rekey.storage.times import instant_of, instant_or_none, micros, micros_or_none, validity_of
from rekey.storage.versions import Versions


def read_link(row: Row) -> Link:
    return Link(
        id=row.id,
        number=row.number,
        name=row.name,
        email=row.email,
        phone=row.phone,
        made_by=row.made_by,
        for_person_id=row.for_person_id,
        validity=validity_of(row.valid_from, row.valid_until),
        max_uses=row.max_uses,
        uses=row.uses,
        origin=row.origin,
        state=LinkState.ACTIVE if row.ended_at is None else LinkState.ENDED,
        last_used_at=instant_or_none(row.last_used_at),
        created_at=instant_of(row.created_at),
        updated_at=instant_of(row.updated_at),
        ended_at=instant_or_none(row.ended_at),
    )


def _write(link: Link) -> Values:
    return {
        "id": link.id,
        "number": link.number,
        "name": link.name,
        "email": link.email,
        "phone": link.phone,
        "made_by": link.made_by,
        "for_person_id": link.for_person_id,
        "valid_from": micros_or_none(link.validity.start),
        "valid_until": micros_or_none(link.validity.end),
        "max_uses": link.max_uses,
        "uses": link.uses,
        "origin": link.origin,
        "last_used_at": micros_or_none(link.last_used_at),
        "created_at": micros(link.created_at),
        "updated_at": micros(link.updated_at),
        "ended_at": micros_or_none(link.ended_at),
    }


LINKS = Versions(
    links,
    read=read_link,
    write=_write,
    filters={
        "for_person_id": equals(links.c.for_person_id, "for_person_id"),
        "made_by": equals(links.c.made_by, "made_by"),
        "ids": one_of(links.c.id, "ids"),
        "origin": equals(links.c.origin, "origin"),
        "query": contains("query", links.c.name, links.c.email, links.c.phone),
    },
)


_MADE_FOR = Statement(
    sa.select(links)
    .where(in_organization(links), equals(links.c.for_person_id, "person"), as_of_past(links))
    .order_by(links.c.number)
)


class SqlLinks(NumberedRepository[Link]):
    def __init__(self, session: Session) -> None:
        super().__init__(session, LINKS)

    async def list(
        self,
        part: Part,
        *,
        for_person_id: str | None = None,
        made_by: str | None = None,
        ids: Sequence[str] | None = None,
        origin: str | None = None,
        query: str | None = None,
    ) -> Listing[Link]:
        return await LINKS.list(
            self._session,
            part,
            for_person_id=for_person_id,
            made_by=made_by,
            ids=None if ids is None else list(ids),
            origin=origin,
            query=pattern(query),
        )

    async def made_for(self, person_id: str, as_of: Position) -> tuple[Link, ...]:
        rows = await self._session.fetch(_MADE_FOR, person=person_id, as_of=as_of)
        return tuple(map(read_link, rows))

    async def used(self, link_id: str, at: datetime) -> None:
        """Note when the link was last used; that is no new version."""
        await LINKS.set(self._session, link_id, last_used_at=micros(at))

    async def end(self, link_id: str, at: datetime) -> bool:
        return await LINKS.end(self._session, link_id, ended_at=micros(at))

    async def last_known(self, link_id: str) -> Link | None:
        return await LINKS.last_known(self._session, link_id)
