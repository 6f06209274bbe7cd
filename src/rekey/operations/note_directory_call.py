"""note_directory_call: every call of the directory and what became of it, for those who must find out why."""

from dataclasses import dataclass

from rekey.domain.directory import CALLS_KEPT, DirectoryAlarm, DirectoryCall
from rekey.operations.act import Act, operation


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDirectoryCall:
    """`sent` holds no secret. `unreadable` says that a change could not be understood, of which owners are told."""

    method: str
    path: str
    status: int
    outcome: str = ""
    sent: str = ""
    subject_id: str | None = None
    unreadable: bool = False


@operation(None)
async def note_directory_call(act: Act, wanted: NoteDirectoryCall) -> None:
    """Keep a call among the newest ten thousand, and note that the directory is alive."""
    act.waive("the wire API tells of a call that has been answered")
    act.work.keep_books()
    state = (await act.work.directory.get()).called(act.now)
    if wanted.unreadable:
        state = state.with_alarm(DirectoryAlarm.UNREADABLE_CHANGE)
        act.work.after_commit(act.wake)
    await act.work.directory.save(state)
    call = DirectoryCall(
        number=state.calls,
        at=act.now,
        method=wanted.method,
        path=wanted.path,
        status=wanted.status,
        outcome=wanted.outcome,
        sent=wanted.sent,
        subject_id=wanted.subject_id,
        key_id=act.actor.key_id,
        address=act.actor.address,
    )
    await act.work.directory.log(call, keep=CALLS_KEPT)
