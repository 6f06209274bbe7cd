"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta

from rekey.domain.validity import require_zone

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


class FrozenClock:
    """Implements `ports.clock.Clock`; `sleep` serves code that takes a pause as a port."""

    def __init__(self, start: datetime = NOON) -> None:
        self._now = require_zone(start).astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> None:
        """Let time pass; a negative span steps the clock back."""
        self._now += by

    def set(self, instant: datetime) -> None:
        """Jump to an instant with a zone, forwards or back."""
        self._now = require_zone(instant).astimezone(UTC)

    async def sleep(self, seconds: float) -> None:
        """Let that many seconds pass without waiting for them."""
        self.advance(timedelta(seconds=seconds))
