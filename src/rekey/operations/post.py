"""Putting a notice into the outbox within an act: it is sent after the commit, again after a crash."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec

from rekey.domain.outbox import QueuedNotice
from rekey.operations.act import Act
from rekey.ports.notifier import Notice
from rekey.ports.secrets import Secrets

KEPT_FOR = timedelta(days=2)
CODE = "{code}"
PERSON = "{person}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a notice says, as the wire API that it belongs to words it.

    `{code}` stands for the code, `{person}` for the id of the person it is for.
    """

    subject: str
    text: str

    def with_code(self, code: str, person_id: str = "") -> "Letter":
        return replace(self, text=self.text.replace(CODE, code).replace(PERSON, person_id))


async def post(act: Act, to: str, letter: Letter, *, until: datetime | None = None) -> None:
    """Queue a notice with the act; after `until` (default: two days) it is not sent any more."""
    notice = Notice(to=to, subject=letter.subject, text=letter.text)
    queued = QueuedNotice(
        id=act.new_id(),
        sealed_notice=act.secrets.seal(msgspec.json.encode(notice)),
        subject=letter.subject,
        created_at=act.now,
        due_at=act.now,
        expires_at=until or act.now + KEPT_FOR,
    )
    await act.work.outbox.add(queued)
    act.work.after_commit(act.wake)


def open_notice(secrets: Secrets, queued: QueuedNotice) -> Notice:
    """Give what the outbox holds. Raises: ValueError if another server's key sealed it."""
    return msgspec.json.decode(secrets.unseal(queued.sealed_notice), type=Notice)
