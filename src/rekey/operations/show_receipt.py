"""show_receipt: what every door that a revocation concerns has proved of it."""

from collections.abc import Mapping
from datetime import datetime

from rekey.domain.access import DoorRecord
from rekey.domain.door_log import DoorEntry, DoorSync, EntryKind
from rekey.domain.door_terms import terms_of
from rekey.domain.ids import Position
from rekey.domain.revocation import DoorReceipt, DoorStatus, Receipt, Revocation
from rekey.domain.scope import ScopeKind
from rekey.operations.find import find_revocation
from rekey.ports.door_driver import Ability, DoorDriver
from rekey.ports.store import View


async def show_receipt(
    view: View, revocation_id: str, drivers: Mapping[str, DoorDriver], now: datetime
) -> Receipt:
    """Give the receipt as it stands; it follows from the journal and the door logs alone.

    Raises: NotFound.
    """
    revocation = await find_revocation(view, revocation_id)
    entries: dict[str, DoorEntry] = {
        entry.door_id: entry for entry in await view.door_logs.of_person(revocation.person_id)
    }
    lines = [
        await _line(
            view, revocation, door, entry=entries.get(door.door_id), driver=drivers.get(door.driver), now=now
        )
        for door in await affected_doors(view, revocation, entries)
    ]
    return Receipt(revocation=revocation, doors=tuple(lines))


async def plan_receipt(view: View, planned: Revocation) -> Receipt:
    """Give the doors that a revocation which was only rehearsed would concern, all still pending."""
    entries: dict[str, DoorEntry] = {
        entry.door_id: entry for entry in await view.door_logs.of_person(planned.person_id)
    }
    doors = await affected_doors(view, planned, entries)
    return Receipt(revocation=planned, doors=tuple(_receipt(door, DoorStatus.PENDING) for door in doors))


async def affected_doors(
    view: View, revocation: Revocation, entries: Mapping[str, DoorEntry]
) -> tuple[DoorRecord, ...]:
    """Give the doors that the person could have opened just before, and those that still list the person."""
    before = Position(revocation.position - 1)
    holder = await view.access.holder(revocation.person_id, before)
    scope = revocation.scope
    if scope.kind is ScopeKind.DOOR:
        candidates = {scope.id}
    else:
        candidates = {*entries, *(() if holder is None else await view.access.doors_near(holder, before))}
    affected: list[DoorRecord] = []
    for door_id in sorted(candidates):
        door = await view.access.door(door_id, before) or await view.access.door(door_id)
        if door is None or not door.is_covered_by(revocation.scope):
            continue
        could_open = holder is not None and terms_of(holder, door) is not None
        entry = entries.get(door_id)
        if could_open or (entry is not None and _was_listed(entry, revocation)):
            affected.append(door)
    return tuple(sorted(affected, key=lambda door: (door.name, door.door_id)))


def _was_listed(entry: DoorEntry, revocation: Revocation) -> bool:
    """Say whether the door's newest word on the person is younger than the revocation, or still a PUT."""
    return entry.kind is EntryKind.PUT or entry.position >= revocation.position


async def _line(
    view: View,
    revocation: Revocation,
    door: DoorRecord,
    *,
    entry: DoorEntry | None,
    driver: DoorDriver | None,
    now: datetime,
) -> DoorReceipt:
    abilities = frozenset[Ability]() if driver is None else driver.abilities
    if Ability.KEEPS_LIST not in abilities or entry is None:
        witness = "server decision" if Ability.KEEPS_LIST not in abilities else "door log: never listed"
        return _receipt(door, DoorStatus.CONFIRMED, effective_at=revocation.at, witness=witness)
    sync = await view.door_logs.sync(door.door_id)
    gone = entry.kind is EntryKind.DEL
    if gone and entry.confirmed_at is not None:
        return _receipt(
            door,
            DoorStatus.CONFIRMED,
            entry,
            effective_at=max(entry.confirmed_at, revocation.at),
            witness="read-back",
        )
    if not gone and await _granted_again(view, revocation, door):
        return _receipt(
            door, DoorStatus.CONFIRMED, entry, effective_at=revocation.at, witness="granted again since"
        )
    return _unconfirmed(revocation, door, entry, sync=sync, abilities=abilities, now=now)


def _unconfirmed(
    revocation: Revocation,
    door: DoorRecord,
    entry: DoorEntry,
    *,
    sync: DoorSync,
    abilities: frozenset[Ability],
    now: datetime,
) -> DoorReceipt:
    if revocation.person_id in sync.refuted:
        detail = "the door still lists the person although it said that the entry was deleted"
        return _receipt(door, DoorStatus.REFUTED, entry, detail=detail)
    if Ability.READS_BACK not in abilities:
        return _receipt(door, DoorStatus.UNVERIFIABLE, entry, detail="this hardware cannot be read back")
    # Leases given together with the delete do not count: a door that has them has the delete as well.
    bound = entry.exposed_until if entry.kind is EntryKind.DEL else sync.lease_end
    if Ability.HONOURS_LEASE not in abilities or bound is None:
        status = DoorStatus.UNBOUNDED if sync.problem else DoorStatus.PENDING
        return _receipt(door, status, entry, detail=sync.problem)
    if bound <= now:
        return _receipt(door, DoorStatus.CONFIRMED, entry, effective_at=bound, witness="lease ended")
    status = DoorStatus.EXPOSED if sync.problem else DoorStatus.PENDING
    return _receipt(door, status, entry, effective_by=bound, detail=sync.problem)


async def _granted_again(view: View, revocation: Revocation, door: DoorRecord) -> bool:
    holder = await view.access.holder(revocation.person_id)
    current = await view.access.door(door.door_id)
    return holder is not None and current is not None and terms_of(holder, current) is not None


def _receipt(
    door: DoorRecord,
    status: DoorStatus,
    entry: DoorEntry | None = None,
    *,
    effective_at: datetime | None = None,
    effective_by: datetime | None = None,
    witness: str | None = None,
    detail: str = "",
) -> DoorReceipt:
    return DoorReceipt(
        door_id=door.door_id,
        door_name=door.name,
        status=status,
        effective_at=effective_at,
        effective_by=effective_by,
        witness=witness,
        log_entry=None if entry is None else entry.seq,
        detail=detail,
    )
