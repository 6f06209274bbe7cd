"""What things were at a position, also those that have ended."""

from typing import Protocol

from rekey.domain.estate import Door, DoorGroup, DoorGroupDoor, Site
from rekey.domain.grant import Grant
from rekey.domain.ids import Position
from rekey.domain.people import Enrolment, Membership, Person, Team


class HistoryRepository(Protocol):
    """Gives the newest version that an act at or before the position wrote; one that had ended, as it ended.

    So the row of an act that removes somebody still names who was removed. None for what was not there yet.
    """

    async def person(self, id: str, at: Position) -> Person | None: ...  # noqa: A002  # a column

    async def team(self, id: str, at: Position) -> Team | None: ...  # noqa: A002  # a column

    async def membership(self, id: str, at: Position) -> Membership | None: ...  # noqa: A002  # a column

    async def enrolment(self, id: str, at: Position) -> Enrolment | None: ...  # noqa: A002  # a column

    async def site(self, id: str, at: Position) -> Site | None: ...  # noqa: A002  # a column

    async def door(self, id: str, at: Position) -> Door | None: ...  # noqa: A002  # a column

    async def door_group(self, id: str, at: Position) -> DoorGroup | None: ...  # noqa: A002  # a column

    async def place_in_group(self, id: str, at: Position) -> DoorGroupDoor | None: ...  # noqa: A002  # a column

    async def grant(self, id: str, at: Position) -> Grant | None: ...  # noqa: A002  # a column
