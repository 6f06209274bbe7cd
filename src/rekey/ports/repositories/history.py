"""What things were at a position, also those that have ended."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from rekey.domain.estate import Door, DoorGroup, DoorGroupDoor, Site
from rekey.domain.grant import Grant
from rekey.domain.ids import Position
from rekey.domain.people import Enrolment, Membership, Person, Team

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Span(Generic[T]):
    """A thing as it was from `since` on; at `until` something else was written of it, None if nothing was yet."""

    value: T
    since: int
    until: int | None

    def covers(self, position: int) -> bool:
        return self.since <= position and (self.until is None or position < self.until)


class HistoryRepository(Protocol):
    """Gives the newest version that an act at or before the position wrote; one that had ended, as it ended.

    So the row of an act that removes somebody still names who was removed. None for what was not there yet.
    Those of several at once say how long each version was the newest; what was not there yet is missing.
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

    async def people(self, ids: Collection[str], at: Position) -> dict[str, Span[Person]]: ...

    async def teams(self, ids: Collection[str], at: Position) -> dict[str, Span[Team]]: ...

    async def sites(self, ids: Collection[str], at: Position) -> dict[str, Span[Site]]: ...

    async def doors(self, ids: Collection[str], at: Position) -> dict[str, Span[Door]]: ...

    async def door_groups(self, ids: Collection[str], at: Position) -> dict[str, Span[DoorGroup]]: ...

    async def grants(self, ids: Collection[str], at: Position) -> dict[str, Span[Grant]]: ...
