"""What a door is told lets it decide as the server decides."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from rekey.domain.access import DoorRecord, HolderRecord, decide
from rekey.domain.block import SubjectKind
from rekey.domain.decision import Granted
from rekey.domain.door_terms import terms_allow, terms_of
from tests.unit.drivers.random_worlds import World, world

UTC_ZONE = ZoneInfo("UTC")
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TermsOf = Callable[[HolderRecord, DoorRecord], str | None]


def disagreement(seed: int, write: TermsOf = terms_of) -> str | None:
    """Give a text that names the first instant at which door and server differ in this world."""
    made = world(seed)
    terms = write(made.holder, made.door)
    for instant in made.instants(Random(seed)):
        alone = terms is not None and terms_allow(terms, instant, made.door.zone)
        if alone is not isinstance(decide(made.holder, made.door, instant), Granted):
            return f"seed {seed} at {instant.isoformat()}: the door says {alone}, terms {terms}"
    return None


def test_a_door_decides_as_the_server_in_every_world_at_every_instant() -> None:
    found = next((text for seed in range(12_000) if (text := disagreement(seed))), None)
    assert found is None


def test_the_worlds_are_neither_all_open_nor_all_shut() -> None:
    answers: Counter[bool] = Counter()
    for made in map(world, range(1_000)):
        instants = made.instants(Random(1))
        answers.update(isinstance(decide(made.holder, made.door, at), Granted) for at in instants)
    assert min(answers[True], answers[False]) > 500


def without_team_blocks(holder: HolderRecord, door: DoorRecord) -> str | None:
    kept = tuple(block for block in holder.blocks if block.subject.kind is not SubjectKind.TEAM)
    return terms_of(replace(holder, blocks=kept), door)


def without_ends_of_blocks(holder: HolderRecord, door: DoorRecord) -> str | None:
    return terms_of(replace(holder, blocks=tuple(replace(b, until=None) for b in holder.blocks)), door)


def without_enrolments(holder: HolderRecord, door: DoorRecord) -> str | None:
    return terms_of(replace(holder, enrolments=()), door)


def without_revocations(holder: HolderRecord, door: DoorRecord) -> str | None:
    return terms_of(replace(holder, revocations=()), door)


def without_schedules(holder: HolderRecord, door: DoorRecord) -> str | None:
    return terms_of(replace(holder, grants=tuple(replace(g, schedule=None) for g in holder.grants)), door)


def without_exceptions(holder: HolderRecord, door: DoorRecord) -> str | None:
    grants = tuple(
        replace(g, schedule=g.schedule and replace(g.schedule, exceptions=frozenset())) for g in holder.grants
    )
    return terms_of(replace(holder, grants=grants), door)


def without_door_blocks(holder: HolderRecord, door: DoorRecord) -> str | None:
    return terms_of(holder, replace(door, blocks=()))


def with_ends_inclusive(holder: HolderRecord, door: DoorRecord) -> str | None:
    terms = json.loads(terms_of(holder, door) or '{"paths":[]}')
    for path in terms["paths"]:
        path["end"] = path["end"] and path["end"] + 1
    return json.dumps(terms)


FAULTS = [
    without_team_blocks,
    without_ends_of_blocks,
    without_enrolments,
    without_revocations,
    without_schedules,
    without_exceptions,
    without_door_blocks,
    with_ends_inclusive,
]


@pytest.mark.parametrize("fault", FAULTS)
def test_the_comparison_catches_terms(fault: TermsOf) -> None:
    assert any(disagreement(seed, fault) for seed in range(6_000))


def first_world(fits: Callable[[World], bool]) -> World:
    return next(made for made in map(world, range(10_000)) if fits(made))


def test_no_terms_are_given_when_no_instant_could_ever_open() -> None:
    made = first_world(lambda made: terms_of(made.holder, made.door) is not None)
    assert terms_of(replace(made.holder, grants=()), made.door) is None


def test_equal_rights_give_equal_terms_in_whatever_order_they_are_listed() -> None:
    made = first_world(lambda made: (terms_of(made.holder, made.door) or "").count("start") > 2)
    shuffled = replace(made.holder, grants=made.holder.grants[::-1], blocks=made.holder.blocks[::-1])
    assert terms_of(shuffled, made.door) == terms_of(made.holder, made.door)


def test_terms_hold_no_name_and_no_id_of_a_person_or_a_grant() -> None:
    words = {"person", "team", "grant-0", "Hours", "schedule-1"}
    for made in map(world, range(2_000)):
        terms = terms_of(made.holder, made.door) or ""
        assert not [word for word in words if word in terms]


def test_the_written_form_of_terms_stays_as_it_is() -> None:
    schedule = '{"exceptions":["2026-12-25"],"windows":[{"days":[0],"end":1080,"start":480}]}'
    terms = '{"paths":[{"end":1780315200000000,"schedule":' + schedule + ',"start":null}]}'
    monday_noon = datetime(2026, 6, 1, 11, 59, 59, tzinfo=UTC)
    assert terms_allow(terms, monday_noon, UTC_ZONE)
    assert not terms_allow(terms, monday_noon + timedelta(seconds=1), UTC_ZONE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"paths":[{}]}',
        '{"paths":[{"start":"0","end":null,"schedule":null}]}',
        '{"paths":[{"start":null,"end":true,"schedule":null}]}',
        '{"paths":[{"start":null,"end":null,"schedule":[]}]}',
        '{"paths":[{"start":null,"end":null,"schedule":{"windows":[{"days":[7],"start":0,"end":1}],"exceptions":[]}}]}',
        '{"paths":[{"start":null,"end":null,"schedule":{"windows":[{"days":[0],"start":0,"end":1440}],"exceptions":[]}}]}',
    ],
)
def test_text_that_is_no_terms_is_an_error_and_never_an_opening(text: str) -> None:
    with pytest.raises(ValueError, match="terms of a door"):
        terms_allow(text, NOW, UTC_ZONE)


def test_a_naive_instant_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="without a zone"):
        terms_allow('{"paths":[]}', NOW.replace(tzinfo=None), UTC_ZONE)
