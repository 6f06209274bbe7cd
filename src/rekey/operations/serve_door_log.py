"""serve_door_log: bring a door's list forward, all at once or a part at a time.

The entries of a door log follow from the acts in the journal, so this keeps books only: it uses no
position. A lease is only ever given in the same act that brings the log to the newest head, so no
door can hold a lease that is newer than an act which concerns it. An act looks at few holders, since every
other act waits for it: what many hold is read beside the writer and comes here in parts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rekey.domain.access import DoorRecord
from rekey.domain.credential import CredentialKind
from rekey.domain.door_log import DoorEntry, DoorSync, EntryKind, chain
from rekey.domain.ids import PersonId, Position
from rekey.operations.act import Act, operation
from rekey.operations.door_news import DoorNews, news_of, terms_at

MOST_AT_ONCE = 50
"""How many holders, or changes, one act looks at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPart:
    """Some holders' terms at a door as they were read at the position `taken_at`, outside of any act.

    The parts of one pass follow each other without a gap: what changed after `seen` has not been looked at
    yet. The `last` one says that with it everybody has been looked at whom a change up to `seen` concerns.
    """

    seen: Position
    taken_at: Position
    terms: Mapping[str, str | None]
    last: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeDoorLog:
    """`lease` is how long the door may act on the list from now; None for a door that knows no lease.

    `reads` are the kinds of credentials that the door's hardware can read.
    """

    door_id: str
    lease: timedelta | None = None
    reads: frozenset[CredentialKind] = frozenset()
    part: ListPart | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Where the log stands now. Only a `complete` one includes every act that concerns the door.

    `position` is the newest act when this was done. `overtaken` says that a change meanwhile may concern
    anybody, and `takes_away` that an entry of this act takes from what the door's list has.
    """

    door: DoorRecord
    sync: DoorSync
    position: Position
    complete: bool
    overtaken: bool = False
    takes_away: bool = False
    lease_end: datetime | None = None


@operation(None)
async def serve_door_log(act: Act, wanted: ServeDoorLog) -> Served | None:
    """Append what changed for a door since it was last served; None for a door that has gone.

    Without a part nothing is appended, and the log is not complete, if that concerns too many.
    """
    act.waive("door logs follow from acts that were allowed")
    act.work.keep_books()
    door = await act.work.access.door(wanted.door_id)
    if door is None:
        return None
    sync = await act.work.door_logs.sync(door.door_id)
    since = sync.served_position if wanted.part is None else wanted.part.seen
    news = await news_of(act.work, door, since, most=MOST_AT_ONCE)
    if wanted.part is None and news.is_wide:
        return Served(door=door, sync=sync, position=newest_act(act), complete=False)
    entries = await _append(act, door, sync, await _terms(act, door, wanted, news))
    complete = wanted.part is None or (wanted.part.last and not news.is_wide)
    lease_end = act.now + wanted.lease if complete and wanted.lease is not None else None
    forward = _forward(act, sync, entries, complete=complete, lease_end=lease_end)
    await act.work.door_logs.save_sync(forward)
    return Served(
        door=door,
        sync=forward,
        position=newest_act(act),
        complete=complete,
        overtaken=wanted.part is not None and news.is_wide,
        takes_away=any(entry.kind is EntryKind.DEL for entry in entries),
        lease_end=lease_end,
    )


async def _terms(act: Act, door: DoorRecord, wanted: ServeDoorLog, news: DoorNews) -> dict[str, str | None]:
    """Give the terms of whom this act looks at as they are now; only those that may be older are made anew."""
    part = wanted.part
    taken = {} if part is None else dict(part.terms)
    aged = set(news.holders)
    if part is not None and (news.is_cut or (news.last_wide or 0) > part.taken_at):
        aged |= taken.keys()
    for holder_id in aged:
        taken[holder_id] = await terms_at(act.work, door, holder_id, wanted.reads)
    return taken


async def _append(
    act: Act, door: DoorRecord, sync: DoorSync, wanted: Mapping[str, str | None]
) -> Sequence[DoorEntry]:
    """Append what differs from the log, what takes away first; each holder's newest line counts."""
    if not wanted:
        return ()
    newest = await act.work.door_logs.intended(door.door_id, sorted(wanted))
    known = {id_: entry.terms for id_, entry in newest.items() if entry.kind is EntryKind.PUT}
    differing = [id_ for id_, terms in wanted.items() if terms != known.get(id_)]
    differing.sort(key=lambda id_: (wanted[id_] is not None, id_ not in known, id_))
    entries: list[DoorEntry] = []
    seq, head = sync.seq, sync.head
    for holder_id in differing:
        terms = wanted[holder_id]
        kind = EntryKind.DEL if terms is None else EntryKind.PUT
        seq += 1
        head = chain(head, seq=seq, kind=kind, person_id=holder_id, terms=terms or "")
        entry = DoorEntry(
            door_id=door.door_id,
            seq=seq,
            kind=kind,
            person_id=PersonId(holder_id),
            terms=terms or "",
            position=newest_act(act),
            head=head,
            at=act.now,
            exposed_until=sync.lease_end,
        )
        entries.append(entry)
    await act.work.door_logs.append(entries)
    return entries


def _forward(
    act: Act,
    sync: DoorSync,
    entries: Sequence[DoorEntry],
    *,
    complete: bool,
    lease_end: datetime | None,
) -> DoorSync:
    ends = [end for end in (sync.lease_end, lease_end) if end is not None]
    return replace(
        sync,
        seq=entries[-1].seq if entries else sync.seq,
        head=entries[-1].head if entries else sync.head,
        served_position=newest_act(act) if complete else sync.served_position,
        lease_end=max(ends, default=None),
    )


def newest_act(act: Act) -> Position:
    """Give the newest position that has an act; this one only keeps books and uses none."""
    return Position(act.position - 1)
