"""Calendars, and how doors stand on theirs."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from rekey.domain.calendar import CalendarRule, Consequence
from rekey.domain.door_hours import DoorHours
from rekey.domain.scope import Scope
from rekey.ports.listing import Listing, Part


class CalendarRepository(Protocol):
    async def add(self, rule: CalendarRule) -> None: ...

    async def get(self, rule_id: str) -> CalendarRule | None: ...

    async def by_number(self, number: int) -> CalendarRule | None: ...

    async def list(
        self,
        part: Part,
        *,
        subject: Scope | None = None,
        consequence: Consequence | None = None,
        ids: Sequence[str] | None = None,
    ) -> Listing[CalendarRule]: ...

    async def of(self, subject: Scope, consequence: Consequence | None = None) -> tuple[CalendarRule, ...]:
        """Give every rule of a door or a door group, oldest first."""
        ...

    async def replace(self, rule: CalendarRule) -> None: ...

    async def end(self, rule_id: str) -> None: ...

    async def end_of(self, subject: Scope) -> int:
        """End every rule of a door or a door group and say how many."""
        ...


class DoorHoursRepository(Protocol):
    async def get(self, door_id: str) -> DoorHours | None: ...

    async def save(self, hours: DoorHours) -> None:
        """Keep where the door stands now."""
        ...

    async def of(self, door_ids: Collection[str]) -> tuple[DoorHours, ...]:
        """Give the rows of these doors; a door that keeps no hours has none."""
        ...

    async def due(self, now: datetime) -> tuple[DoorHours, ...]:
        """Give the rows whose time to be looked at has come."""
        ...

    async def forget(self, door_id: str) -> None:
        """Take the row of a door that keeps no hours any more."""
        ...
