"""Teams and the people in them."""

from collections.abc import Sequence

import sqlalchemy as sa

from rekey.domain.people import Membership, Team
from rekey.ports.listing import Listing, Part
from rekey.storage.conditions import contains, current, equals, in_organization, pattern
from rekey.storage.engine.clauses import one_of
from rekey.storage.engine.row import Row
from rekey.storage.engine.statement import Statement
from rekey.storage.repositories.base import NumberedRepository
from rekey.storage.rows import Values
from rekey.storage.session import Session
from rekey.storage.tables import memberships, teams
from rekey.storage.times import instant_of, micros
from rekey.storage.versions import Versions


def _read(row: Row) -> Team:
    return Team(
        id=row.id,
        number=row.number,
        name=row.name,
        created_at=instant_of(row.created_at),
        updated_at=instant_of(row.updated_at),
    )


def _write(team: Team) -> Values:
    return {
        "id": team.id,
        "number": team.number,
        "name": team.name,
        "created_at": micros(team.created_at),
        "updated_at": micros(team.updated_at),
    }


def read_membership(row: Row) -> Membership:
    return Membership(
        id=row.id,
        number=row.number,
        team_id=row.team_id,
        person_id=row.person_id,
        named_at=row.named_at,
        by_automation=row.by_automation,
        created_at=instant_of(row.created_at),
    )


def _write_membership(membership: Membership) -> Values:
    return {
        "id": membership.id,
        "number": membership.number,
        "team_id": membership.team_id,
        "person_id": membership.person_id,
        "named_at": membership.named_at,
        "by_automation": membership.by_automation,
        "created_at": micros(membership.created_at),
    }


TEAMS = Versions(
    teams,
    read=_read,
    write=_write,
    filters={"query": contains("query", teams.c.name), "ids": one_of(teams.c.id, "ids")},
)
MEMBERSHIPS = Versions(
    memberships,
    read=read_membership,
    write=_write_membership,
    unique=(("team_id", "person_id"),),
    filters={
        "team_id": equals(memberships.c.team_id, "team_id"),
        "person_id": equals(memberships.c.person_id, "person_id"),
        "person_ids": one_of(memberships.c.person_id, "person_ids"),
    },
)
# Of a large team the ids alone are read many times faster than whole memberships.
MEMBER_IDS = Statement(
    sa.select(memberships.c.person_id)
    .where(in_organization(memberships), current(memberships), equals(memberships.c.team_id, "team_id"))
    .order_by(memberships.c.number)
)


class SqlTeams(NumberedRepository[Team]):
    def __init__(self, session: Session) -> None:
        super().__init__(session, TEAMS)

    async def list(
        self, part: Part, *, query: str | None = None, ids: Sequence[str] | None = None
    ) -> Listing[Team]:
        return await TEAMS.list(self._session, part, query=pattern(query), ids=ids)

    async def end(self, team_id: str) -> None:
        await TEAMS.end(self._session, team_id)
        await MEMBERSHIPS.end_where(self._session, team_id=team_id)

    async def add_member(self, membership: Membership) -> None:
        await MEMBERSHIPS.add(self._session, membership)

    async def remove_member(self, team_id: str, person_id: str) -> bool:
        return await MEMBERSHIPS.end_where(self._session, team_id=team_id, person_id=person_id) > 0

    async def membership(self, team_id: str, person_id: str) -> Membership | None:
        return await MEMBERSHIPS.find(self._session, team_id=team_id, person_id=person_id)

    async def member_ids(self, team_id: str) -> tuple[str, ...]:
        rows = await self._session.fetch(MEMBER_IDS, team_id=team_id)
        return tuple([row.person_id for row in rows])

    async def membership_by_number(self, number: int) -> Membership | None:
        return await MEMBERSHIPS.find(self._session, number=number)

    async def memberships(
        self,
        part: Part,
        *,
        team_id: str | None = None,
        person_id: str | None = None,
        person_ids: Sequence[str] | None = None,
    ) -> Listing[Membership]:
        return await MEMBERSHIPS.list(
            self._session, part, team_id=team_id, person_id=person_id, person_ids=person_ids
        )
