"""claim_notices, settle_notice: how notices leave the outbox."""

from dataclasses import dataclass, replace
from datetime import timedelta

from rekey.domain.outbox import QueuedNotice
from rekey.operations.act import Act, operation

AT_ONCE = 20
# Longer than a notifier may take, so that no other process sends the same notice meanwhile.
CLAIM = timedelta(minutes=2)
LONGEST_PAUSE = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimNotices:
    """`expired` ones are given up by the same act."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleNotice:
    """`refused` None means that it went out; `for_good` that trying again is of no use."""

    notice: QueuedNotice
    refused: str | None = None
    for_good: bool = False


@operation(None)
async def claim_notices(act: Act, _wanted: ClaimNotices) -> tuple[QueuedNotice, ...]:
    """Take the notices that are due, for two minutes; those that nobody needs any more are given up."""
    act.waive("the server's own worker sends what an act has queued")
    due = await act.work.outbox.due(act.now, limit=AT_ONCE)
    expired = [notice for notice in due if notice.expires_at <= act.now]
    claimed = tuple(
        replace(notice, tries=notice.tries + 1, due_at=act.now + CLAIM)
        for notice in due
        if notice.expires_at > act.now
    )
    for notice in expired:
        await act.work.outbox.remove(notice.id)
    for notice in claimed:
        await act.work.outbox.replace(notice)
    if not expired:
        act.work.keep_books()
        return claimed
    await act.record(
        "notices.given_up",
        detail={"notices": [notice.id for notice in expired], "reason": "nobody needs them any more"},
    )
    return claimed


@operation(None)
async def settle_notice(act: Act, wanted: SettleNotice) -> None:
    """Note what became of a notice: it went out, is tried again later, or is given up."""
    act.waive("the server's own worker tells what a mail server answered")
    notice = wanted.notice
    if wanted.refused is not None and not wanted.for_good:
        pause = min(LONGEST_PAUSE, timedelta(seconds=10 * 2 ** min(notice.tries, 10)))
        await act.work.outbox.replace(replace(notice, due_at=act.now + pause))
        act.work.keep_books()
        return
    await act.work.outbox.remove(notice.id)
    if wanted.refused is None:
        act.work.keep_books()
        return
    await act.record("notices.given_up", detail={"notices": [notice.id], "reason": wanted.refused})
