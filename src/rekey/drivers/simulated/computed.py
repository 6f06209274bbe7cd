"""The codes that a simulated lock works out by itself from a secret and from its clock."""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rekey.domain.errors import Invalid
from rekey.domain.validity import Validity

TURNS = 3
LENGTH = 12
ONCE = timedelta(hours=24)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_MOST_HOURS, _MOST_DAYS = 672, 367
_SPANS, _DAYS_FROM, _ONCE_FROM = 10_000, 1_000, 5_000
_PROOFS = 10**8


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """How long a code counts, in whole hours, and whether it counts once."""

    hours: int
    once: bool

    @property
    def number(self) -> int:
        """Give the number by which a code tells its span: up to 28 days by the hour, up to 367 by the day."""
        span = self.hours if self.hours <= _MOST_HOURS else _DAYS_FROM + self.hours // 24
        return span + (_ONCE_FROM if self.once else 0)


def span_numbered(number: int) -> Span | None:
    """Read what `Span.number` gave; None for a number that stands for no span."""
    once, rest = number >= _ONCE_FROM, number % _ONCE_FROM
    if 1 <= rest <= _MOST_HOURS:
        return Span(hours=rest, once=once)
    days = rest - _DAYS_FROM
    return Span(hours=days * 24, once=once) if _MOST_HOURS // 24 < days <= _MOST_DAYS else None


def fit(asked: Validity, *, once: bool, rounding: timedelta, now: datetime) -> Validity:
    """Give the shortest window by whole hours, or by whole days where it is longer than 28, that covers it.

    Raises: Invalid (start, end).
    """
    if not once and (asked.start is None or asked.end is None):
        raise Invalid(
            "end", "and start must be given: a code of this lock can't be taken back before its end"
        )
    start = _hour_of(asked.start or now)
    end = asked.end or (asked.start or now) + ONCE
    if start > now + timedelta(days=_MOST_DAYS):
        raise Invalid("start", f"must be within {_MOST_DAYS} days")
    hours = -((start - end) // _HOUR)
    if hours > _MOST_HOURS:
        if hours % 24 and rounding < _DAY:
            raise Invalid("end", f"must be whole days after the start, beyond {_MOST_HOURS} hours")
        hours = -(-hours // 24) * 24
    if hours > _MOST_DAYS * 24:
        raise Invalid("end", f"must be at most {_MOST_DAYS} days after the start")
    return Validity(start=start, end=start + hours * _HOUR)


class LockSecret:
    """What one lock and the server share. Four digits of a code tell its span, eight prove it."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._mask = int.from_bytes(self._hash("span"), "big") % _SPANS

    def digits(self, window: Validity, *, once: bool, turn: int) -> str | None:
        """Work out the code of a window that `fit` gave; None after the last turn."""
        if window.start is None or window.end is None or turn >= TURNS:
            return None
        span = Span(hours=(window.end - window.start) // _HOUR, once=once)
        proof = self._proofs(_hour_of(window.start), span)[turn]
        return f"{(span.number + self._mask) % _SPANS:04}{proof}"

    def recognize(self, digits: str, now: datetime) -> Span | None:
        """Find the span of a code that counts at the instant, by the lock's clock and nothing else."""
        if len(digits) != LENGTH or not (digits.isascii() and digits.isdigit()):
            return None
        span = span_numbered((int(digits[:4]) - self._mask) % _SPANS)
        if span is None:
            return None
        this_hour, proof = _hour_of(now), digits[4:]
        starts = (this_hour - ago * _HOUR for ago in range(span.hours))
        return span if any(proof in self._proofs(start, span) for start in starts) else None

    def _proofs(self, start: datetime, span: Span) -> tuple[str, ...]:
        made = self._hash(f"code {start.timestamp():.0f} {span.number}")
        parts = (int.from_bytes(made[turn * 8 : turn * 8 + 8], "big") for turn in range(TURNS))
        return tuple(f"{part % _PROOFS:08}" for part in parts)

    def _hash(self, text: str) -> bytes:
        return hmac.digest(self._secret, text.encode(), "sha256")


def _hour_of(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
