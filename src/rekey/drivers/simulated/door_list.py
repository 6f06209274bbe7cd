"""The list of people that one door keeps, and the log position at which it stands."""

from rekey.domain.door_log import EMPTY_HEAD, DoorEntry, EntryKind, chain
from rekey.domain.ids import DoorId
from rekey.drivers.simulated.errors import ListFull, LogFork, LogGap, LogRollback
from rekey.ports.door_driver import Batch


class DoorList:
    """Follows the server's log and nothing else: every head is computed again before a line counts."""

    def __init__(self, door_id: DoorId) -> None:
        self._door_id = door_id
        self.people: dict[str, str] = {}
        self.seq = 0
        self.head = EMPTY_HEAD

    def verify(self, batch: Batch) -> tuple[DoorEntry, ...]:
        """Give the lines that are new to the door; lines that it already holds may come again.

        Raises: LogRollback, LogGap or LogFork; nothing changed.
        """
        if batch.seq < self.seq:
            raise LogRollback(f"the batch ends at {batch.seq}, the door stands at {self.seq}")
        seq, head, new = self.seq, self.head, []
        for entry in batch.entries:
            if entry.seq <= self.seq:
                self._recognise(entry)
                continue
            if entry.seq != seq + 1:
                raise LogGap(f"line {entry.seq} came, line {seq + 1} is due")
            head = self._head_after(head, entry)
            seq += 1
            new.append(entry)
        if seq != batch.seq:
            raise LogGap(f"the batch says that it ends at {batch.seq}, its lines end at {seq}")
        if head != batch.head:
            raise LogFork(f"the heads at {seq} differ")
        return tuple(new)

    def apply(self, batch: Batch, new: tuple[DoorEntry, ...], *, capacity: int, keeps_deleted: bool) -> None:
        """Take away, then change, then add; of several lines on one person the last one counts.

        Raises: ListFull when people did not fit; the position stays, so that the lines come again.
        """
        last = {entry.person_id: entry for entry in new}
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
        self.seq, self.head = batch.seq, batch.head

    def _recognise(self, entry: DoorEntry) -> None:
        if entry.seq == self.seq and entry.head != self.head:
            raise LogFork(f"line {entry.seq} is not the one that the door holds")

    def _head_after(self, head: bytes, entry: DoorEntry) -> bytes:
        after = chain(head, seq=entry.seq, kind=entry.kind, person_id=entry.person_id, terms=entry.terms)
        if after != entry.head or entry.door_id != self._door_id:
            raise LogFork(f"line {entry.seq} does not continue the log of this door")
        return after
