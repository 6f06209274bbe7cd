"""How often a minute one door is told something, where the server's settings limit it.

Source: the vendor's published limits by device: 15 unlocks, 15 locks, 10 codes made, 10 changed, 20 deleted.
"""

from collections.abc import Mapping
from datetime import datetime

from rekey.domain.errors import TooManyRequests
from rekey.webkit.throttle import Rate, Throttle

_PER_MINUTE: Mapping[str, int] = {
    "unlock": 15,
    "lock": 15,
    "create_code": 10,
    "update_code": 10,
    "delete_code": 20,
}


class DoorLimits:
    """Counts calls by door and verb."""

    def __init__(self, limited: bool) -> None:  # the one thing that it is told
        self._now = 0
        self._throttles = (
            {
                verb: Throttle(Rate(count=count, seconds=60, burst=count), clock=lambda: self._now)
                for verb, count in _PER_MINUTE.items()
            }
            if limited
            else {}
        )

    def count(self, now: datetime, verb: str, door_id: str) -> None:
        """Count one call. Raises: TooManyRequests."""
        throttle = self._throttles.get(verb)
        if throttle is None:
            return
        self._now = int(now.timestamp() * 1_000_000_000)
        wait = throttle.wait_of(door_id)
        if wait:
            raise TooManyRequests(wait)
