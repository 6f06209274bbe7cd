"""The spans of a calendar, its next change and what it covers are three views of one thing."""

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from rekey.domain.calendar import CalendarRule, covers, next_change, spans
from rekey.domain.validity import Validity
from tests.property.records import _rule
from tests.property.worlds import ZONES, _Dice
from tests.property.worlds import _rule as random_rule

WORLDS = 150
STEP = timedelta(minutes=15)
AROUND = timedelta(days=3)


def _calendar(seed: int) -> tuple[tuple[CalendarRule, ...], datetime, ZoneInfo]:
    dice = _Dice(Random(seed))
    rows = [random_rule(dice, ("door", "d1")) for _ in range(1 + dice.up_to(3))]
    return tuple(map(_rule, rows)), dice.around, ZoneInfo(dice.pick(ZONES))


@pytest.mark.parametrize("part", range(4))
def test_an_instant_is_covered_if_and_only_if_it_lies_in_a_span(part: int) -> None:
    for seed in range(part, WORLDS, 4):
        rules, around, zone = _calendar(seed)
        found = spans(rules, Validity(around - AROUND, around + AROUND), zone)
        instant = around - AROUND
        while instant < around + AROUND:
            inside = any(span.covers(instant) for span in found)
            assert inside is covers(rules, instant, zone), f"seed {seed}: {instant}"
            instant += STEP


def test_the_next_change_is_where_a_span_begins_or_ends() -> None:
    for seed in range(WORLDS):
        rules, around, zone = _calendar(seed)
        start = around - AROUND
        found = spans(rules, Validity(start, around + AROUND), zone)
        edges = [edge for span in found for edge in (span.start, span.end) if edge is not None]
        expected = next((edge for edge in edges if start < edge < around + AROUND), None)
        changed = next_change(rules, start, zone, within=2 * AROUND - STEP)
        assert changed == expected or (expected is not None and expected > around + AROUND - STEP), (
            f"seed {seed}"
        )
