"""What a lock does by itself, as its journal rows tell it: locking again, and being found out of reach or back.

Source: Doordeck contract, sections 3.3 and 5.3.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from rekey.dialects.doordeck.audit import LOCK, AuditEvent
from rekey.domain.journal import JournalRow

_MOVED = frozenset({"door.opened", "door.unlocked", "door.secured"})
QUEUED, SENT = "door.order_queued", "door.order_sent"
DEVICE_ACTIONS = frozenset({QUEUED, SENT})
"""Rows that are read for this alone."""


def device_events(rows: Iterable[JournalRow], door_id: str, now: datetime) -> Iterator[AuditEvent]:
    """Give the events that no person made.

    Takes: rows, those of this one lock, oldest first; now, after which nothing has happened yet. A lock
    counts as connected until an order did not reach it, since nothing asks it in between.
    """
    stays_open, connected = False, True
    for row in rows:
        if row.action in _MOVED | {SENT} and not connected:
            connected = True
            yield _made("DEVICE_CONNECTED", row, door_id, row.at)
        elif _is_out_of_reach(row) and connected:
            connected = False
            yield _made("DEVICE_DISCONNECTED", row, door_id, row.at)
        if row.action in {"door.unlocked", "door.secured"}:
            stays_open = row.action == "door.unlocked"
        seconds = row.detail.get("seconds")
        if row.action == "door.opened" and not stays_open and isinstance(seconds, int):
            ends = row.at + timedelta(seconds=seconds)
            if ends <= now:
                yield _made(LOCK, row, door_id, ends)


def _is_out_of_reach(row: JournalRow) -> bool:
    failed = row.action == "door.order_failed" and row.detail.get("failure") == "door_offline"
    return failed or row.action == QUEUED


def _made(kind: str, row: JournalRow, door_id: str, at: datetime) -> AuditEvent:
    return AuditEvent(row=row, door_id=door_id, at=at, type=kind)
