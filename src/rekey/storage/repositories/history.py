"""What things were at a position: the versions that other repositories pass over."""

from collections.abc import Collection

from rekey.domain.estate import Door, DoorGroup, DoorGroupDoor, Site
from rekey.domain.grant import Grant
from rekey.domain.ids import Position
from rekey.domain.people import Enrolment, Membership, Person, Team
from rekey.ports.repositories.history import Span
from rekey.storage.repositories.door_groups import GROUPS, PLACES
from rekey.storage.repositories.doors import DOORS
from rekey.storage.repositories.enrolments import ENROLMENTS
from rekey.storage.repositories.grants import GRANTS
from rekey.storage.repositories.people import PEOPLE
from rekey.storage.repositories.sites import SITES
from rekey.storage.repositories.teams import MEMBERSHIPS, TEAMS
from rekey.storage.session import Session


class SqlHistory:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def person(self, id: str, at: Position) -> Person | None:  # noqa: A002  # a column
        return await PEOPLE.known_at(self._session, id, at)

    async def team(self, id: str, at: Position) -> Team | None:  # noqa: A002  # a column
        return await TEAMS.known_at(self._session, id, at)

    async def membership(self, id: str, at: Position) -> Membership | None:  # noqa: A002  # a column
        return await MEMBERSHIPS.known_at(self._session, id, at)

    async def enrolment(self, id: str, at: Position) -> Enrolment | None:  # noqa: A002  # a column
        return await ENROLMENTS.known_at(self._session, id, at)

    async def site(self, id: str, at: Position) -> Site | None:  # noqa: A002  # a column
        return await SITES.known_at(self._session, id, at)

    async def door(self, id: str, at: Position) -> Door | None:  # noqa: A002  # a column
        return await DOORS.known_at(self._session, id, at)

    async def door_group(self, id: str, at: Position) -> DoorGroup | None:  # noqa: A002  # a column
        return await GROUPS.known_at(self._session, id, at)

    async def place_in_group(self, id: str, at: Position) -> DoorGroupDoor | None:  # noqa: A002  # a column
        return await PLACES.known_at(self._session, id, at)

    async def grant(self, id: str, at: Position) -> Grant | None:  # noqa: A002  # a column
        return await GRANTS.known_at(self._session, id, at)

    async def people(self, ids: Collection[str], at: Position) -> dict[str, Span[Person]]:
        return await PEOPLE.spans_at(self._session, ids, at)

    async def teams(self, ids: Collection[str], at: Position) -> dict[str, Span[Team]]:
        return await TEAMS.spans_at(self._session, ids, at)

    async def sites(self, ids: Collection[str], at: Position) -> dict[str, Span[Site]]:
        return await SITES.spans_at(self._session, ids, at)

    async def doors(self, ids: Collection[str], at: Position) -> dict[str, Span[Door]]:
        return await DOORS.spans_at(self._session, ids, at)

    async def door_groups(self, ids: Collection[str], at: Position) -> dict[str, Span[DoorGroup]]:
        return await GROUPS.spans_at(self._session, ids, at)

    async def grants(self, ids: Collection[str], at: Position) -> dict[str, Span[Grant]]:
        return await GRANTS.spans_at(self._session, ids, at)
