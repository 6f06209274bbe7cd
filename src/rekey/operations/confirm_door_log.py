"""confirm_door_log: note what a door proved to hold."""

from dataclasses import dataclass, replace
from datetime import datetime

from rekey.domain.door_log import DoorSync
from rekey.domain.ids import Position
from rekey.operations.act import Act, operation


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmDoorLog:
    """What became of a batch that ended at `seq` and `position`.

    `shown` is whom of those in the batch a read-back found on the door's list or behind its codes, None if
    there was none.
    `refuted` are listed but should not be (people, links and credentials), `missing` should be but are not;
    `problem` says in plain words what went wrong. Without `whole` only the batch's own lines were held
    against the door.
    """

    door_id: str
    seq: int
    position: Position
    at: datetime
    shown: frozenset[str] | None = None
    refuted: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    problem: str = ""
    whole: bool = True

    @property
    def is_clean(self) -> bool:
        return not (self.refuted or self.missing or self.problem)


@operation(None)
async def confirm_door_log(act: Act, wanted: ConfirmDoorLog) -> DoorSync:
    """Note what the door holds.

    Only a read-back that shows all that is intended confirms the log; one that misses somebody, or that
    still shows somebody, proves at least the deletes of everybody who is no longer listed. One that looked
    at a part proves that part's lines, and says nothing new of the rest.
    """
    act.waive("the server's own worker tells what a door showed")
    act.work.keep_books()
    sync = await act.work.door_logs.sync(wanted.door_id)
    if wanted.whole and sync.seq != wanted.seq:
        # Another server went on with the list: what was held against the door was not this batch's list.
        return sync
    noted = _noted(sync, wanted)
    if wanted.is_clean and wanted.seq >= sync.confirmed_seq:
        noted = replace(noted, confirmed_seq=wanted.seq, confirmed_at=wanted.at)
        if wanted.seq > sync.confirmed_seq:
            await act.work.door_logs.confirm(wanted.door_id, wanted.seq, wanted.at)
    elif wanted.shown is not None:
        await act.work.door_logs.confirm_deletes(
            wanted.door_id, wanted.seq, wanted.at, still_listed=wanted.shown
        )
    await act.work.door_logs.save_sync(noted)
    return noted


def _noted(sync: DoorSync, wanted: ConfirmDoorLog) -> DoorSync:
    if not wanted.whole:
        return replace(sync, refuted=sync.refuted | wanted.refuted, problem=wanted.problem or sync.problem)
    noted = replace(sync, refuted=wanted.refuted, problem=wanted.problem or _missing(wanted.missing))
    if not wanted.is_clean or wanted.seq < sync.confirmed_seq:
        return noted
    return replace(noted, confirmed_position=max(sync.confirmed_position, wanted.position))


def _missing(people: frozenset[str]) -> str:
    return f"{len(people)} people are missing from the door's list" if people else ""
