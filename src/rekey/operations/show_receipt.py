"""show_receipt: what every door that a revocation concerns has proved of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from rekey.domain.access import DoorRecord, HolderRecord
from rekey.domain.credential import Credential
from rekey.domain.door_log import DoorEntry, DoorSync, EntryKind
from rekey.domain.door_terms import terms_of
from rekey.domain.grant import Holder, HolderKind
from rekey.domain.ids import Position
from rekey.domain.revocation import DoorReceipt, DoorStatus, Receipt, Revocation
from rekey.domain.scope import ScopeKind
from rekey.operations.computed_codes import OPENS_UNTIL_ITS_END, WINDOW_OVER
from rekey.operations.find import find_revocation
from rekey.operations.holders import record_of
from rekey.ports.door_driver import Ability, DoorDriver
from rekey.ports.store import View

_WORSE = (
    DoorStatus.CONFIRMED,
    DoorStatus.PENDING,
    DoorStatus.EXPOSED,
    DoorStatus.UNVERIFIABLE,
    DoorStatus.UNBOUNDED,
    DoorStatus.REFUTED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One holder whom a revocation concerns: as the holder stood just before, and the newest line at each door.

    `computed` are the PINs that locks work out, whose windows had not ended: no door can be told that they are over.
    """

    holder: Holder
    before: HolderRecord | None
    entries: Mapping[str, DoorEntry]
    computed: tuple[Credential, ...] = ()

    def opens_until(self, door_id: str) -> datetime | None:
        """Say when the last of them ends at a door."""
        here = [one.validity.end for one in self.computed if one.counts_at(door_id)]
        return max((end for end in here if end is not None), default=None)


async def show_receipt(
    view: View, revocation_id: str, drivers: Mapping[str, DoorDriver], now: datetime
) -> Receipt:
    """Give the receipt as it stands; it follows from the journal and the door logs alone.

    A door that a person could open by a link as well counts as proved when both are gone from it.
    Raises: NotFound.
    """
    revocation = await find_revocation(view, revocation_id)
    worst: dict[str, DoorReceipt] = {}
    for case in await _cases(view, revocation):
        for door in await _affected_doors(view, revocation, case):
            line = await _line(view, revocation, door, case=case, driver=drivers.get(door.driver), now=now)
            until = case.opens_until(door.door_id)
            if until is not None and not await _granted_again(view, case.holder, door):
                line = _not_before(line, until, now)
            known = worst.get(door.door_id)
            if known is None or _severity(line) > _severity(known):
                worst[door.door_id] = line
    return Receipt(revocation=revocation, doors=_sorted(worst.values()))


async def plan_receipt(view: View, planned: Revocation) -> Receipt:
    """Give the doors that a revocation which was only rehearsed would concern, all still pending."""
    lines: dict[str, DoorReceipt] = {}
    for case in await _cases(view, planned):
        for door in await _affected_doors(view, planned, case):
            until = case.opens_until(door.door_id)
            detail = "" if until is None else f"{OPENS_UNTIL_ITS_END}: {until.isoformat()}"
            known = lines.get(door.door_id)
            if known is None or detail:
                lines[door.door_id] = _receipt(door, DoorStatus.PENDING, detail=detail)
    return Receipt(revocation=planned, doors=_sorted(lines.values()))


async def _cases(view: View, revocation: Revocation) -> list[_Case]:
    """Give the holder who was revoked, and of a person the links that were made for that person."""
    before = Position(revocation.position - 1)
    holders = [Holder(revocation.holder_kind, revocation.person_id)]
    if revocation.holder_kind is HolderKind.PERSON:
        made = await view.links.made_for(revocation.person_id, before)
        holders.extend(link.holder for link in made)
    lasting = await view.credentials.computed(revocation.at)
    return [
        _Case(
            holder=holder,
            before=await record_of(view, holder, before),
            entries={entry.door_id: entry for entry in await view.door_logs.of_person(holder.id)},
            computed=tuple(
                one for one in lasting if one.holder == holder and one.created_at <= revocation.at
            ),
        )
        for holder in holders
    ]


async def _affected_doors(view: View, revocation: Revocation, case: _Case) -> list[DoorRecord]:
    """Give the doors that the holder could have opened just before, and those that still list the holder."""
    before = Position(revocation.position - 1)
    holder, scope = case.before, revocation.scope
    if scope.kind is ScopeKind.DOOR:
        candidates = {scope.id}
    else:
        near = () if holder is None else await view.access.doors_near(holder, before)
        candidates = {*case.entries, *near, *(id_ for one in case.computed for id_ in one.door_ids)}
    affected: list[DoorRecord] = []
    for door_id in sorted(candidates):
        door = await view.access.door(door_id, before) or await view.access.door(door_id)
        if door is None or not door.is_covered_by(revocation.scope):
            continue
        could_open = holder is not None and terms_of(holder, door) is not None
        entry = case.entries.get(door_id)
        listed = entry is not None and _was_listed(entry, revocation)
        if could_open or listed or case.opens_until(door_id) is not None:
            affected.append(door)
    return affected


def _was_listed(entry: DoorEntry, revocation: Revocation) -> bool:
    """Say whether the door's newest word on the holder is younger than the revocation, or still a PUT."""
    return entry.kind is EntryKind.PUT or entry.position >= revocation.position


def _severity(line: DoorReceipt) -> tuple[int, datetime]:
    since = line.effective_by or line.effective_at or datetime.max.replace(tzinfo=UTC)
    return _WORSE.index(line.status), since


def _sorted(lines: Iterable[DoorReceipt]) -> tuple[DoorReceipt, ...]:
    return tuple(sorted(lines, key=lambda line: (line.door_name, line.door_id)))


async def _line(
    view: View,
    revocation: Revocation,
    door: DoorRecord,
    *,
    case: _Case,
    driver: DoorDriver | None,
    now: datetime,
) -> DoorReceipt:
    entry = case.entries.get(door.door_id)
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
    if not gone and await _granted_again(view, case.holder, door):
        return _receipt(
            door, DoorStatus.CONFIRMED, entry, effective_at=revocation.at, witness="granted again since"
        )
    return _unconfirmed(case.holder, door, entry, sync=sync, abilities=abilities, now=now)


def _unconfirmed(
    holder: Holder,
    door: DoorRecord,
    entry: DoorEntry,
    *,
    sync: DoorSync,
    abilities: frozenset[Ability],
    now: datetime,
) -> DoorReceipt:
    if holder.id in sync.refuted:
        detail = f"the door still lists the {holder.kind.value} although it said that the entry was deleted"
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


def _not_before(line: DoorReceipt, until: datetime, now: datetime) -> DoorReceipt:
    """Put the end of a computed code's window to a line: nothing else proves that the door is shut to it."""
    confirmed = line.status is DoorStatus.CONFIRMED
    if until <= now:
        if not confirmed or (line.effective_at is not None and line.effective_at >= until):
            return line
        return replace(line, effective_at=until, witness=WINDOW_OVER)
    if confirmed or (
        line.status in {DoorStatus.PENDING, DoorStatus.EXPOSED} and line.effective_by is not None
    ):
        by = until if line.effective_by is None else max(line.effective_by, until)
        return replace(
            line,
            status=DoorStatus.EXPOSED,
            effective_at=None,
            effective_by=by,
            witness=None,
            detail=OPENS_UNTIL_ITS_END,
        )
    return line


async def _granted_again(view: View, whose: Holder, door: DoorRecord) -> bool:
    holder = await record_of(view, whose)
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
