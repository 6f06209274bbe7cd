"""Rate limits: a bucket as one number, and a bounded store of them by caller."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

_SECOND = 1_000_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """`count` calls in `seconds`, of which `burst` may come at once."""

    count: int
    seconds: int = 1
    burst: int = 1

    def __post_init__(self) -> None:
        if self.count < 1 or self.seconds < 1 or self.burst < 1:
            raise ValueError("a rate is made of positive numbers")


@dataclass(frozen=True, slots=True)
class Bucket:
    """A token bucket, held as the instant at which it will be full again (nanoseconds)."""

    full_at: int = 0

    def take(self, rate: Rate, now: int) -> "tuple[Bucket, int]":
        """Take one token: the bucket after it, and 0; or the same bucket, and how long to wait.

        Takes: now in nanoseconds of a clock that never steps back. Gives: the wait in
        nanoseconds. Source: generic cell rate algorithm, ITU-T I.371 (virtual scheduling).
        """
        cost = rate.seconds * _SECOND // rate.count
        full_at = max(self.full_at, now) + cost
        wait = full_at - now - cost * rate.burst
        return (self, wait) if wait > 0 else (Bucket(full_at), 0)


class Throttle:
    """Buckets by caller, at most `capacity` of them; the caller longest unseen is forgotten."""

    def __init__(self, rate: Rate, *, clock: Callable[[], int], capacity: int = 65_536) -> None:
        self._rate = rate
        self._clock = clock
        self._capacity = capacity
        self._buckets: OrderedDict[Hashable, Bucket] = OrderedDict()

    def wait_of(self, caller: Hashable) -> int:
        """Count one call; give 0 if it may pass, else the whole seconds until one may."""
        before = self._buckets.get(caller, Bucket())
        bucket, wait = before.take(self._rate, self._clock())
        self._buckets[caller] = bucket
        self._buckets.move_to_end(caller)
        if len(self._buckets) > self._capacity:
            self._buckets.popitem(last=False)
        return -(-wait // _SECOND)

    def wait_now(self, caller: Hashable) -> int:
        """Give what `wait_of` would, and count nothing."""
        _bucket, wait = self._buckets.get(caller, Bucket()).take(self._rate, self._clock())
        return -(-wait // _SECOND)

    def give_back(self, caller: Hashable) -> None:
        """Uncount a call that came to nothing."""
        bucket = self._buckets.get(caller)
        if bucket is not None:
            cost = self._rate.seconds * _SECOND // self._rate.count
            self._buckets[caller] = Bucket(bucket.full_at - cost)

    def __len__(self) -> int:
        return len(self._buckets)
