"""The list of people that one door keeps, and the log position at which it stands."""

from rekey.domain.door_log import EMPTY_HEAD, DoorEntry, EntryKind, chain
from rekey.domain.ids import DoorId
from rekey.drivers.simulated.errors import ListFull, LogFork, LogGap, LogRollback
from rekey.ports.door_driver import Batch


class DoorList:
    """Follows the server's log and nothing else: every head is computed again before a line counts."""

    def __init__(self, door_id: DoorId) -> None:
        self._door_id = door_id
        self._heads = [EMPTY_HEAD]
        self.people: dict[str, str] = {}

    @property
    def seq(self) -> int:
        return len(self._heads) - 1

    def verify(self, batch: Batch) -> list[bytes]:
        """Give the heads of the log up to the batch's end, if the batch continues or repeats this log.

        Raises: LogRollback, LogGap or LogFork; nothing changed.
        """
        if batch.seq < self.seq:
            raise LogRollback(f"the batch ends at {batch.seq}, the door stands at {self.seq}")
        first = batch.entries[0].seq if batch.entries else self.seq + 1
        heads = self._heads[: max(first, 1)]
        for entry in batch.entries:
            if entry.seq != len(heads):
                raise LogGap(f"line {entry.seq} came, line {len(heads)} is due")
            heads.append(self._head_after(heads[-1], entry))
        if len(heads) - 1 != batch.seq:
            raise LogGap(f"the batch says that it ends at {batch.seq}, its lines end at {len(heads) - 1}")
        if heads[-1] != batch.head:
            raise LogFork(f"the heads at {batch.seq} differ")
        return heads

    def apply(self, batch: Batch, heads: list[bytes], *, capacity: int, keeps_deleted: bool) -> None:
        """Take away, then change, then add; of several lines on one person the last one counts.

        Lines that the door has already had count again, so that what it failed to do is made good.
        Raises: ListFull when people did not fit; the position stays.
        """
        last = {entry.person_id: entry for entry in batch.entries}
        puts = {person: entry.terms for person, entry in last.items() if entry.kind is EntryKind.PUT}
        if not keeps_deleted:
            for person in last.keys() - puts.keys():
                self.people.pop(person, None)
        self.people.update((person, terms) for person, terms in puts.items() if person in self.people)
        added = [(person, terms) for person, terms in puts.items() if person not in self.people]
        room = max(capacity - len(self.people), 0)
        self.people.update(added[:room])
        if added[room:]:
            raise ListFull([person for person, _ in added[room:]], capacity)
        self._heads = heads

    def _head_after(self, head: bytes, entry: DoorEntry) -> bytes:
        after = chain(head, seq=entry.seq, kind=entry.kind, person_id=entry.person_id, terms=entry.terms)
        known = self._heads[entry.seq] if entry.seq <= self.seq else after
        if entry.door_id != self._door_id or not after == entry.head == known:
            raise LogFork(f"line {entry.seq} does not belong to the log of this door")
        return after
