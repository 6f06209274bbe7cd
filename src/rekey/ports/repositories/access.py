"""The records that decisions are made from."""

from datetime import datetime
from typing import Protocol

from rekey.domain.access import DoorRecord, HolderRecord
from rekey.domain.ids import Position


class AccessRepository(Protocol):
    """Indexed reads; `as_of` gives the records as they stood at a past position."""

    async def holder(self, person_id: str, as_of: Position | None = None) -> HolderRecord | None: ...

    async def link(self, link_id: str, as_of: Position | None = None) -> HolderRecord | None:
        """Give a link's record; None once it, or the person that it was made for, is gone."""
        ...

    async def door(self, door_id: str, as_of: Position | None = None) -> DoorRecord | None: ...

    async def people_near(self, door: DoorRecord, as_of: Position | None = None) -> tuple[str, ...]:
        """Give everyone whom any grant, own or a team's, reaches this door; the rule decides who may."""
        ...

    async def links_near(self, door: DoorRecord, as_of: Position | None = None) -> tuple[str, ...]:
        """Give every link whose grant reaches this door; the rule decides which may open it."""
        ...

    async def doors_near(self, holder: HolderRecord, as_of: Position | None = None) -> tuple[str, ...]:
        """Give every door that any grant of the holder reaches; the rule decides which may be opened."""
        ...

    async def position_at(self, instant: datetime) -> Position:
        """Give the newest position whose act happened at or before the instant, 0 if none."""
        ...
