"""serve_door_log and confirm_door_log: bring a door's list to the head, and note what the door proved.

The entries of a door log follow from the acts in the journal, so both keep books only: they use no
position. A lease is only ever given in the same act that brings the log to the newest head, so no
door can hold a lease that is newer than an act which concerns it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from rekey.domain.access import DoorRecord
from rekey.domain.credential import CredentialKind
from rekey.domain.door_credentials import credential_ids, listed_terms
from rekey.domain.door_log import DoorEntry, DoorSync, EntryKind, chain
from rekey.domain.ids import DoorId, PersonId, Position
from rekey.operations.act import Act, operation
from rekey.operations.holders import record_named
from rekey.ports.door_driver import Batch
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.doors import ChangeKind
from rekey.ports.repositories.people import CredentialFilter

_NAMES_HOLDER = frozenset({ChangeKind.PERSON, ChangeKind.LINK})


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeDoorLog:
    """`lease` is how long the door may act on the list from now; None for a door that knows no lease.

    `resend` gives every entry that counts again, for a door that lost its list. `reads` are the kinds of
    credentials that the door's hardware can read.
    """

    door_id: str
    lease: timedelta | None = None
    resend: bool = False
    reads: frozenset[CredentialKind] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What to deliver; the batch is empty of entries when only the lease is renewed.

    `sealed` gives by its fingerprint what the batch's readings are to be unsealed from.
    """

    door: DoorRecord
    batch: Batch
    sync: DoorSync
    intended: dict[str, str]
    sealed: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmDoorLog:
    """What became of a batch that ended at `seq` and `position`.

    `shown` is who a read-back found on the door's list or behind its codes, None if there was none.
    `refuted` are listed but should not be (people, links and credentials), `missing` should be but are not;
    `problem` says in plain words what went wrong.
    """

    door_id: str
    seq: int
    position: Position
    at: datetime
    shown: frozenset[str] | None = None
    refuted: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    problem: str = ""


@operation(None)
async def serve_door_log(act: Act, wanted: ServeDoorLog) -> Served | None:
    """Append what changed for a door since it was last served; None for a door that has gone."""
    act.waive("door logs follow from acts that were allowed")
    act.work.keep_books()
    door = await act.work.access.door(wanted.door_id)
    if door is None:
        return None
    sync = await act.work.door_logs.sync(door.door_id)
    entries = await _new_entries(act, door, sync, wanted.reads)
    await act.work.door_logs.append(entries)
    lease_end = None if wanted.lease is None else act.now + wanted.lease
    kept = max((end for end in (sync.lease_end, lease_end) if end is not None), default=None)
    forward = replace(
        sync,
        seq=entries[-1].seq if entries else sync.seq,
        head=entries[-1].head if entries else sync.head,
        served_position=newest_act(act),
        lease_end=kept,
    )
    await act.work.door_logs.save_sync(forward)
    after = 0 if wanted.resend else sync.confirmed_seq
    pending = await act.work.door_logs.since(door.door_id, after)
    batch = Batch(entries=pending, seq=forward.seq, head=forward.head, lease_end=lease_end)
    intended = await _intended(act, door.door_id)
    sealed = await _sealed(act, {entry.person_id for entry in pending}, intended)
    return Served(door=door, batch=batch, sync=forward, intended=intended, sealed=sealed)


@operation(None)
async def confirm_door_log(act: Act, wanted: ConfirmDoorLog) -> DoorSync:
    """Note what the door holds.

    Only a read-back that shows all that is intended confirms the log; one that misses somebody, or that
    still shows somebody, proves at least the deletes of everybody who is no longer listed.
    """
    act.waive("the server's own worker tells what a door showed")
    act.work.keep_books()
    sync = await act.work.door_logs.sync(wanted.door_id)
    clean = not (wanted.refuted or wanted.missing or wanted.problem)
    noted = replace(sync, refuted=wanted.refuted, problem=wanted.problem or _missing(wanted.missing))
    if clean and wanted.seq >= sync.confirmed_seq:
        noted = replace(
            noted,
            confirmed_seq=wanted.seq,
            confirmed_position=max(sync.confirmed_position, wanted.position),
            confirmed_at=wanted.at,
        )
        await act.work.door_logs.confirm(wanted.door_id, wanted.seq, wanted.at)
    elif wanted.shown is not None:
        await act.work.door_logs.confirm_deletes(
            wanted.door_id, wanted.seq, wanted.at, still_listed=wanted.shown
        )
    await act.work.door_logs.save_sync(noted)
    return noted


async def _new_entries(
    act: Act, door: DoorRecord, sync: DoorSync, reads: frozenset[CredentialKind]
) -> Sequence[DoorEntry]:
    people = await _concerned(act, door, sync)
    if not people:
        return ()
    intended = await act.work.door_logs.intended(door.door_id, people)
    entries: list[DoorEntry] = []
    seq, head = sync.seq, sync.head
    for person_id in people:
        terms = await _terms(act, door, person_id, reads)
        known = intended.get(person_id)
        if terms == (known.terms if known is not None and known.kind is EntryKind.PUT else None):
            continue
        kind = EntryKind.DEL if terms is None else EntryKind.PUT
        seq += 1
        head = chain(head, seq=seq, kind=kind, person_id=person_id, terms=terms or "")
        entries.append(
            _entry(
                act, door.door_id, person_id, seq=seq, head=head, terms=terms, exposed_until=sync.lease_end
            )
        )
    return entries


async def _terms(act: Act, door: DoorRecord, holder_id: str, reads: frozenset[CredentialKind]) -> str | None:
    holder = await record_named(act.work, holder_id)
    if holder is None:
        return None
    matching = CredentialFilter(holder=holder.holder)
    held = (await act.work.credentials.list(WHOLE, matching=matching)).items if reads else ()
    return listed_terms(holder, door, held, reads=reads)


async def _sealed(act: Act, concerned: set[str], intended: dict[str, str]) -> dict[str, bytes]:
    """Give what the credentials of these holders, as they are intended, and their second PINs were sealed to."""
    ids = {one for holder_id in concerned for one in credential_ids(intended.get(holder_id, ""))}
    if not ids:
        return {}
    found = await act.work.credentials.list(WHOLE, matching=CredentialFilter(ids=tuple(sorted(ids))))
    sealed = {credential.fingerprint: credential.sealed_part for credential in found.items}
    for credential in found.items:
        if credential.second_fingerprint:
            sealed[credential.second_fingerprint] = credential.second_sealed_part
    return sealed


def _entry(
    act: Act,
    door_id: DoorId,
    person_id: str,
    *,
    seq: int,
    head: bytes,
    terms: str | None,
    exposed_until: datetime | None,
) -> DoorEntry:
    return DoorEntry(
        door_id=door_id,
        seq=seq,
        kind=EntryKind.DEL if terms is None else EntryKind.PUT,
        person_id=PersonId(person_id),
        terms=terms or "",
        position=newest_act(act),
        head=head,
        at=act.now,
        exposed_until=exposed_until,
    )


def newest_act(act: Act) -> Position:
    """Give the newest position that has an act; this one only keeps books and uses none."""
    return Position(act.position - 1)


async def _concerned(act: Act, door: DoorRecord, sync: DoorSync) -> list[str]:
    """Give the holders whose terms at the door may have changed since it was served, in a fixed order."""
    newer = await act.work.changes.since(sync.served_position)
    changes = [change for change in newer if change.scope is None or door.is_covered_by(change.scope)]
    people = {change.subject_id for change in changes if change.kind in _NAMES_HOLDER}
    for change in changes:
        if change.kind is ChangeKind.PERSON:
            links = await act.work.links.list(WHOLE, for_person_id=change.subject_id)
            people.update(link.id for link in links.items)
    if any(change.kind not in _NAMES_HOLDER for change in changes):
        people.update(await act.work.access.people_near(door))
        people.update(await act.work.access.links_near(door))
        people.update(await act.work.door_logs.intended(door.door_id))
    return sorted(people)


async def _intended(act: Act, door_id: str) -> dict[str, str]:
    newest = await act.work.door_logs.intended(door_id)
    return {person_id: entry.terms for person_id, entry in newest.items() if entry.kind is EntryKind.PUT}


def _missing(people: frozenset[str]) -> str:
    return f"{len(people)} people are missing from the door's list" if people else ""
