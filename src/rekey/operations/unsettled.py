"""What doors have yet to prove of people: where somebody's intended line is not what a read-back has shown."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rekey.domain.access import DoorRecord, HolderRecord
from rekey.domain.credential import Credential, CredentialKind
from rekey.domain.door_credentials import listed_terms
from rekey.domain.door_log import DoorEntry, DoorSync, EntryKind
from rekey.domain.grant import Holder
from rekey.domain.ids import DoorId
from rekey.ports.door_driver import Ability, DoorDriver, kinds_read
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.doors import ChangeKind
from rekey.ports.repositories.people import CredentialFilter
from rekey.ports.store import View

_PROVES = frozenset({Ability.KEEPS_LIST, Ability.READS_BACK})


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingDoor:
    """A door that keeps a list and can prove it, and where it stands."""

    door_id: str
    sync: DoorSync
    reads: frozenset[CredentialKind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsettled:
    """The doors at which a person is not yet what was decided.

    All acts up to `since` are proved at each of them. `known` says that some door has proved a line of the
    person before.
    """

    doors: tuple[DoorRecord, ...]
    since: int
    known: bool


async def listing_doors(
    view: View, drivers: Mapping[str, DoorDriver], *, site_id: str | None = None, ids: list[str] | None = None
) -> tuple[ListingDoor, ...]:
    """Give the doors whose hardware keeps a list and can be read back; others prove nothing in between."""
    found = []
    for door in (await view.doors.list(WHOLE, site_id=site_id, ids=ids)).items:
        driver = drivers.get(door.driver)
        if driver is not None and driver.abilities >= _PROVES:
            sync = await view.door_logs.sync(door.id)
            found.append(ListingDoor(door_id=door.id, sync=sync, reads=kinds_read(driver.abilities)))
    return tuple(found)


async def unsettled_people(
    view: View, person_ids: Collection[str], doors: Sequence[ListingDoor], now: datetime
) -> dict[str, Unsettled]:
    """Give those of the people of whom one of the doors has something left to prove, at the instant."""
    found = {}
    for person_id in await _suspects(view, person_ids, doors):
        unsettled = await _unsettled(view, person_id, doors, now)
        if unsettled is not None:
            found[person_id] = unsettled
    return found


async def _suspects(view: View, person_ids: Collection[str], doors: Sequence[ListingDoor]) -> list[str]:
    """Narrow to those whose line is unproved somewhere, or who were changed since a door was served."""
    if not doors or not person_ids:
        return []
    changes = await view.changes.since(min(door.sync.served_position for door in doors))
    suspects = {change.subject_id for change in changes if change.kind is ChangeKind.PERSON}
    for door in doors:
        if door.sync.seq > door.sync.confirmed_seq:
            newest = await view.door_logs.intended(door.door_id, [*person_ids])
            suspects |= {id_ for id_, entry in newest.items() if entry.confirmed_at is None}
    return [person_id for person_id in dict.fromkeys(person_ids) if person_id in suspects]


async def _unsettled(
    view: View, person_id: str, doors: Sequence[ListingDoor], now: datetime
) -> Unsettled | None:
    holder = await view.access.holder(person_id)
    if holder is None:
        return None
    matching = CredentialFilter(holder=Holder.person(person_id))
    held = (await view.credentials.list(WHOLE, matching=matching)).items
    newest = {entry.door_id: entry for entry in await view.door_logs.of_person(person_id)}
    behind: list[DoorRecord] = []
    proved: list[int] = []
    for door in doors:
        record = await view.access.door(door.door_id)
        if record is None or _is_proved(_terms(holder, record, held, door), newest.get(record.door_id), now):
            continue
        behind.append(record)
        # What a door has proved of its log it has proved of everybody, also of whom the log did not name.
        proved.append(door.sync.confirmed_position)
    if not behind:
        return None
    known = await _is_known(view, person_id, doors, newest)
    return Unsettled(doors=tuple(behind), since=min(proved), known=known)


async def _is_known(
    view: View, person_id: str, doors: Sequence[ListingDoor], newest: Mapping[DoorId, DoorEntry]
) -> bool:
    here = [entry for entry in newest.values() if entry.door_id in {door.door_id for door in doors}]
    if any(entry.confirmed_at is not None for entry in here):
        return True
    for entry in here:
        lines = await view.door_logs.lines_of(entry.door_id, person_id)
        if any(line.confirmed_at is not None for line in lines):
            return True
    return False


def _terms(
    holder: HolderRecord, record: DoorRecord, held: Sequence[Credential], door: ListingDoor
) -> str | None:
    return listed_terms(holder, record, held, reads=door.reads)


def _is_proved(terms: str | None, entry: DoorEntry | None, now: datetime) -> bool:
    if entry is None:
        return terms is None
    if terms is not None:
        return entry.kind is EntryKind.PUT and entry.terms == terms and entry.confirmed_at is not None
    ran_out = entry.exposed_until is not None and entry.exposed_until <= now
    return entry.kind is EntryKind.DEL and (entry.confirmed_at is not None or ran_out)
