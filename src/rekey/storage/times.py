"""Instants as the tables hold them: whole microseconds since 1970 UTC."""

from datetime import UTC, datetime, timedelta

from rekey.domain.validity import ALWAYS, Validity

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(instant: datetime) -> int:
    """Count the microseconds, exactly. Raises: TypeError for a naive time."""
    return (instant - _EPOCH) // _MICROSECOND


def micros_or_none(instant: datetime | None) -> int | None:
    return None if instant is None else micros(instant)


def instant_of(count: int) -> datetime:
    return _EPOCH + timedelta(microseconds=count)


def instant_or_none(count: int | None) -> datetime | None:
    return None if count is None else _EPOCH + timedelta(microseconds=count)


def validity_of(start: int | None, end: int | None) -> Validity:
    if start is None and end is None:
        return ALWAYS
    return Validity(instant_or_none(start), instant_or_none(end))
