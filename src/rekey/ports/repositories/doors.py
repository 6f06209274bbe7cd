"""Orders to doors, door logs, and the changes that door logs follow from."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from rekey.domain.door_contact import DoorContact
from rekey.domain.door_log import DoorEntry, DoorSync
from rekey.domain.door_order import DoorOrder
from rekey.domain.scope import Scope
from rekey.ports.listing import Listing, Part


class OrderRepository(Protocol):
    async def add(self, order: DoorOrder) -> None: ...

    async def get(self, order_id: str) -> DoorOrder | None: ...

    async def replace(self, order: DoorOrder) -> None: ...

    async def list(
        self,
        part: Part,
        *,
        door_id: str | None = None,
        ids: list[str] | None = None,
        past: int | None = None,
    ) -> Listing[DoorOrder]:
        """List orders, with `past` those of later acts than the one at that position."""
        ...

    async def unfinished(
        self, *, door_id: str | None = None, person_id: str | None = None
    ) -> tuple[DoorOrder, ...]:
        """Give the orders that are queued or sent."""
        ...

    async def overdue(self, now: datetime) -> tuple[DoorOrder, ...]:
        """Give the unfinished orders whose expiry has passed."""
        ...


class DoorContactRepository(Protocol):
    async def get(self, door_id: str) -> DoorContact | None: ...

    async def of(self, door_ids: Collection[str]) -> dict[str, DoorContact]:
        """Give what is known of these doors; one that was never looked at is missing."""
        ...

    async def save(self, contact: DoorContact) -> None: ...


class ChangeKind(StrEnum):
    """Whose access at which doors an act may have changed."""

    PERSON = "person"
    TEAM = "team"
    LINK = "link"
    DOOR = "door"
    DOOR_GROUP = "door_group"
    SITE = "site"
    ORGANIZATION = "organization"


@dataclass(frozen=True, slots=True)
class Change:
    """The one durable row by which an act reaches door logs: O(1), whatever the number of doors.

    `scope` narrows the doors where a person's or team's access may have changed; None means anywhere.
    """

    position: int
    kind: ChangeKind
    subject_id: str
    scope: Scope | None = None


class ChangeRepository(Protocol):
    async def add(self, kind: ChangeKind, subject_id: str, scope: Scope | None = None) -> None: ...

    async def since(self, position: int, *, most: int | None = None) -> tuple[Change, ...]:
        """Give the changes after the position, oldest first; with `most` no more than the first of them."""
        ...


class DoorLogRepository(Protocol):
    """Door logs are append-only; `sync` is where a door stands on its log."""

    async def sync(self, door_id: str) -> DoorSync: ...

    async def save_sync(self, sync: DoorSync) -> None: ...

    async def append(self, entries: Sequence[DoorEntry]) -> None: ...

    async def confirm(self, door_id: str, up_to_seq: int, at: datetime) -> None:
        """Set `confirmed_at` of every entry up to `up_to_seq` that has none yet."""
        ...

    async def confirm_deletes(
        self, door_id: str, up_to_seq: int, at: datetime, *, still_listed: Collection[str]
    ) -> None:
        """Set `confirmed_at` of the DEL entries up to `up_to_seq` of everybody who is not still listed."""
        ...

    async def since(self, door_id: str, seq: int, *, up_to: int | None = None) -> tuple[DoorEntry, ...]:
        """Give the entries after `seq`, in order; with `up_to` none that come after that."""
        ...

    async def listed(self, door_id: str, *, after: str, most: int) -> dict[str, str]:
        """Give the terms of those whose newest entry is a PUT, by their ids in order: `most` after an id."""
        ...

    async def intended(self, door_id: str, person_ids: Sequence[str] | None = None) -> dict[str, DoorEntry]:
        """Give the newest entry of each person (DEL entries too), or of the people named."""
        ...

    async def of_person(self, person_id: str) -> tuple[DoorEntry, ...]:
        """Give the holder's newest entry at each door that has one."""
        ...

    async def lines_of(self, door_id: str, person_id: str) -> tuple[DoorEntry, ...]:
        """Give every entry of one holder at one door, in order."""
        ...
