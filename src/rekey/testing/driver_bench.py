"""What the driver suite needs beside the driver: hands at the door, and a log to write."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from rekey.domain.access import DoorRecord
from rekey.domain.door_log import EMPTY_HEAD, DoorEntry, EntryKind, chain
from rekey.domain.door_order import DoorOrder, OrderKind, OrderState
from rekey.domain.ids import DoorId, Number, OrderId, OrganizationId, PersonId, Position, SiteId
from rekey.ports.door_driver import Batch, DoorDriver, Reading

_TEN_SECONDS = timedelta(seconds=10)
ALWAYS_TERMS = '{"paths":[{"end":null,"schedule":null,"start":null}]}'


class DriverBench(Protocol):
    """One real or simulated door on the bench, with the hands to disturb and to watch it.

    The door starts in reach, locked, with an empty list and without a lease. `reset`, `limit_list` and
    `present` are called only when the driver claims KEEPS_LIST, `advance` only when it claims
    HONOURS_LEASE or KEEPS_LIST, `read` only when it claims KEYPAD or READER.
    """

    @property
    def driver(self) -> DoorDriver: ...

    @property
    def door(self) -> DoorRecord: ...

    def now(self) -> datetime:
        """Give the true time, whatever the door's own clock shows."""
        ...

    def advance(self, by: timedelta) -> None:
        """Let time pass for driver and door."""
        ...

    def cut_off(self) -> None:
        """Take the door out of the driver's reach; the door itself goes on working."""
        ...

    def reconnect(self) -> None:
        """Bring the door back into reach."""
        ...

    def openings(self) -> int:
        """Count how often the barrier was released, as seen at the barrier and not in the driver."""
        ...

    def reset(self) -> None:
        """Reset the door to the state in which it left the factory."""
        ...

    def limit_list(self, people: int) -> None:
        """Let the door's list hold this many people."""
        ...

    def present(self, person_id: str) -> bool:
        """Present the person's credential at the door and say whether the barrier was released."""
        ...

    def read(self, reading: Reading) -> bool:
        """Type a code or hold a card to the reader, and say whether the barrier was released."""
        ...


def bench_id(serial: int) -> str:
    """Give the n-th id of the suite: a fixed UUID, equal in every run."""
    return str(UUID(int=serial, version=4))


def bench_door(driver: str = "bench", zone: str = "Europe/Berlin") -> DoorRecord:
    """Give a door that needs no store, for benches that have no reason to choose."""
    return DoorRecord(
        organization_id=OrganizationId(bench_id(1)),
        door_id=DoorId(bench_id(2)),
        name="Bench door",
        site_id=SiteId(bench_id(3)),
        zone=ZoneInfo(zone),
        driver=driver,
    )


def bench_order(
    door: DoorRecord, kind: OrderKind, *, now: datetime, serial: int = 1, lasts: timedelta = _TEN_SECONDS
) -> DoorOrder:
    """Give an order for the door that may run until `now + lasts`."""
    return DoorOrder(
        id=OrderId(bench_id(1000 + serial)),
        number=Number(serial),
        door_id=door.door_id,
        kind=kind,
        state=OrderState.SENT,
        position=Position(serial),
        created_at=min(now, now + lasts),
        expires_at=now + lasts,
    )


@dataclass(frozen=True, slots=True)
class _Line:
    kind: EntryKind
    person_id: str
    terms: str


class ScriptedLog:
    """A door log that a test writes line by line; `batch` gives it as the server would send it."""

    def __init__(self, door: DoorRecord, at: datetime = datetime(2026, 6, 1, tzinfo=UTC)) -> None:
        self._door = door
        self._at = at
        self.entries: list[DoorEntry] = []

    @property
    def head(self) -> bytes:
        return self.entries[-1].head if self.entries else EMPTY_HEAD

    def put(self, person_id: str, terms: str = ALWAYS_TERMS) -> "ScriptedLog":
        return self._append(_Line(EntryKind.PUT, person_id, terms))

    def delete(self, person_id: str) -> "ScriptedLog":
        return self._append(_Line(EntryKind.DEL, person_id, ""))

    def batch(
        self,
        lease_end: datetime | None = None,
        *,
        after: int = 0,
        readings: Mapping[str, str] | None = None,
    ) -> Batch:
        """Give the lines after that number up to the head, with a lease or without one."""
        return Batch(
            entries=self.entries[after:],
            seq=len(self.entries),
            head=self.head,
            lease_end=lease_end,
            readings=readings or {},
        )

    def _append(self, line: _Line) -> "ScriptedLog":
        seq = len(self.entries) + 1
        head = chain(self.head, seq=seq, kind=line.kind, person_id=line.person_id, terms=line.terms)
        self.entries.append(
            DoorEntry(
                door_id=self._door.door_id,
                seq=seq,
                kind=line.kind,
                person_id=PersonId(line.person_id),
                terms=line.terms,
                position=Position(seq),
                head=head,
                at=self._at,
            )
        )
        return self
