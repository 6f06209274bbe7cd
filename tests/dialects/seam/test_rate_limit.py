"""How often a minute one door is told something."""

from datetime import UTC, datetime, timedelta

import pytest

from rekey.dialects.seam.rate_limit import DoorLimits
from rekey.domain.errors import TooManyRequests

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_the_sixteenth_unlock_of_a_door_in_a_minute_waits() -> None:
    limits = DoorLimits(limited=True)
    for _turn in range(15):
        limits.count(NOW, "unlock", "front")
    with pytest.raises(TooManyRequests) as refused:
        limits.count(NOW, "unlock", "front")
    assert refused.value.retry_after >= 1
    limits.count(NOW, "unlock", "back")
    limits.count(NOW, "lock", "front")
    limits.count(NOW + timedelta(minutes=1), "unlock", "front")


def test_nothing_is_counted_unless_that_was_chosen() -> None:
    limits = DoorLimits(limited=False)
    for _turn in range(100):
        limits.count(NOW, "unlock", "front")
