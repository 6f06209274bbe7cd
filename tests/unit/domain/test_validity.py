from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from rekey.domain.validity import ALWAYS, Validity, as_utc, require_zone

START = datetime(2026, 6, 11, 8, tzinfo=UTC)
END = datetime(2026, 6, 11, 9, tzinfo=UTC)
TICK = timedelta(microseconds=1)
NAIVE = datetime(2026, 6, 11, 8)  # noqa: DTZ001  # what must be refused
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("instant", "covered"), [(START - TICK, False), (START, True), (END - TICK, True), (END, False)]
)
def test_start_belongs_to_the_span_and_end_does_not(instant: datetime, covered: bool) -> None:
    assert Validity(START, END).covers(instant) is covered


def test_no_start_means_since_ever_and_no_end_for_good() -> None:
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    assert [ALWAYS.covers(first), ALWAYS.covers(last)] == [True, True]


def test_instant_is_exactly_one_of_before_within_and_after() -> None:
    span = Validity(START, END)
    for instant in (START - TICK, START, END - TICK, END):
        assert [span.is_before_start(instant), span.covers(instant), span.is_over(instant)].count(True) == 1


@pytest.mark.parametrize("span", [ALWAYS, Validity(START), Validity(None, END)])
def test_naive_instant_raises_type_error(span: Validity) -> None:
    with pytest.raises(TypeError):
        span.covers(NAIVE)


@pytest.mark.parametrize("edges", [(NAIVE, None), (None, NAIVE)])
def test_naive_edge_raises_type_error(edges: tuple[datetime | None, datetime | None]) -> None:
    with pytest.raises(TypeError):
        Validity(*edges)


def test_naive_time_is_what_require_zone_refuses() -> None:
    with pytest.raises(TypeError):
        require_zone(NAIVE)


@pytest.mark.parametrize("end", [START, START - TICK])
def test_span_that_does_not_end_after_its_start_is_refused(end: datetime) -> None:
    with pytest.raises(ValueError, match="end after it starts"):
        Validity(START, end)


def test_second_showing_of_an_hour_comes_after_the_first() -> None:
    first_half_past = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)
    second_ten_past = datetime(2026, 10, 25, 2, 10, fold=1, tzinfo=BERLIN)
    assert not Validity(None, first_half_past).covers(second_ten_past)
    assert Validity(first_half_past, second_ten_past).covers(first_half_past)


def test_spans_are_equal_when_their_instants_are_in_whatever_zone() -> None:
    assert Validity(START.astimezone(BERLIN), END.astimezone(BERLIN)) == Validity(START, END)


def test_time_that_leaves_the_calendar_in_utc_raises_value_error() -> None:
    with pytest.raises(ValueError, match="9999"):
        as_utc(datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=5))))


@pytest.mark.parametrize(
    ("inner", "outer", "within"),
    [
        (Validity(START, END), ALWAYS, True),
        (Validity(START, END), Validity(START, END), True),
        (Validity(START, END), Validity(None, END), True),
        (ALWAYS, Validity(START), False),
        (ALWAYS, Validity(None, END), False),
        (Validity(START - TICK, END), Validity(START, END), False),
        (Validity(START, END + TICK), Validity(START, END), False),
    ],
)
def test_span_lies_within_another_if_every_instant_does(
    inner: Validity, outer: Validity, within: bool
) -> None:
    assert inner.lies_within(outer) is within
