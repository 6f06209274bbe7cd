import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekey.webkit.throttle import Bucket, Rate, Throttle

SECOND = 1_000_000_000


class Hands:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.now = 1_000 * SECOND

    def __call__(self) -> int:
        return self.now


def test_a_burst_passes_and_the_next_call_waits() -> None:
    throttle = Throttle(Rate(count=5, burst=5), clock=Hands())
    assert [throttle.wait_of("a") for _ in range(6)] == [0, 0, 0, 0, 0, 1]


def test_the_wait_is_as_long_as_said() -> None:
    hands = Hands()
    throttle = Throttle(Rate(count=1, seconds=10), clock=hands)
    throttle.wait_of("a")
    assert throttle.wait_of("a") == 10
    hands.now += 10 * SECOND
    assert throttle.wait_of("a") == 0


def test_a_refused_call_does_not_lengthen_the_wait() -> None:
    throttle = Throttle(Rate(count=1, seconds=10), clock=Hands())
    assert [throttle.wait_of("a") for _ in range(4)] == [0, 10, 10, 10]


def test_callers_do_not_share_a_bucket() -> None:
    throttle = Throttle(Rate(count=1), clock=Hands())
    assert (throttle.wait_of("a"), throttle.wait_of("b")) == (0, 0)


def test_an_idle_bucket_holds_no_more_than_a_burst() -> None:
    hands = Hands()
    throttle = Throttle(Rate(count=1, burst=2), clock=hands)
    hands.now += 3_600 * SECOND
    assert [throttle.wait_of("a") for _ in range(3)] == [0, 0, 1]


def test_the_store_is_bounded() -> None:
    throttle = Throttle(Rate(count=1), clock=Hands(), capacity=3)
    for caller in range(100):
        throttle.wait_of(caller)
    assert len(throttle) == 3


def test_a_caller_that_keeps_calling_is_not_forgotten() -> None:
    throttle = Throttle(Rate(count=1, seconds=60), clock=Hands(), capacity=2)
    throttle.wait_of("busy")
    for caller in range(10):
        throttle.wait_of(caller)
        assert throttle.wait_of("busy") == 60


@pytest.mark.parametrize(("count", "seconds", "burst"), [(0, 1, 1), (1, 0, 1), (1, 1, 0)])
def test_a_rate_is_made_of_positive_numbers(count: int, seconds: int, burst: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        Rate(count=count, seconds=seconds, burst=burst)


@given(st.lists(st.integers(0, 3 * SECOND), max_size=60), st.integers(1, 5), st.integers(1, 5))
def test_no_window_lets_more_pass_than_burst_and_rate(gaps: list[int], count: int, burst: int) -> None:
    rate, bucket, now, passed = Rate(count=count, burst=burst), Bucket(), 0, []
    for gap in gaps:
        now += gap
        bucket, wait = bucket.take(rate, now)
        passed += [] if wait else [now]
    for first, start in enumerate(passed):
        within = [at for at in passed[first:] if at - start < SECOND]
        assert len(within) <= burst + count
