"""How late a medium is: measured by its window, since nobody waits for a code before it opens anything."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from rekey.domain.bundle import Bundle, Medium
from rekey.domain.door_code import CodeStage, DoorCode, Lateness
from rekey.operations.code_progress import FAILED_AFTER, LATE_AFTER

SHORTLY = timedelta(minutes=10)


def medium_lateness(medium: Medium, bundle: Bundle, codes: Sequence[DoorCode], now: datetime) -> Lateness:
    """Say how late a medium is whose codes are still to reach their doors.

    Late shortly before its window begins, failed once it has begun; never before a door had the usual time to
    take it, unless the door has refused.
    """
    late_at, failed_at = medium_edges(medium, bundle)
    start = bundle.validity.start
    refused = any(code.stage is CodeStage.SETTING and code.problem.startswith("refused") for code in codes)
    if now >= failed_at or (refused and (start is None or now >= start)):
        return Lateness.FAILED
    return Lateness.LATE if now >= late_at or refused else Lateness.IN_TIME


def medium_edges(medium: Medium, bundle: Bundle) -> tuple[datetime, datetime]:
    """Give the instants at which a medium that is still not issued is late, and has failed."""
    since, start = medium.updated_at, bundle.validity.start
    late_at, failed_at = since + LATE_AFTER, since + FAILED_AFTER
    return (late_at, failed_at) if start is None else (max(late_at, start - SHORTLY), max(failed_at, start))


def edges_after(medium: Medium, bundle: Bundle, now: datetime) -> Iterable[datetime]:
    """Give the later instants at which a medium that is not issued becomes later."""
    if medium.issued_at is not None:
        return ()
    return (edge for edge in medium_edges(medium, bundle) if edge > now)
