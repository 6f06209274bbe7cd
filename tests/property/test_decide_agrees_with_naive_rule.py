"""The rule and the naive rule give the same answer, and the comparison is worth something.

A failure names its seed; `first_disagreement([seed])` shows it again with the rows that it needs.
"""

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.property.condition_faults import CONDITION_FAULTS
from tests.property.faults import FAULTS, Fault
from tests.property.harness import Disagreement, ask_door, ask_reader, ask_rule, first_disagreement
from tests.property.holder_faults import HOLDER_FAULTS
from tests.property.naive import is_listed, may
from tests.property.records import Records
from tests.property.rows import GivenRow
from tests.property.worlds import random_question, random_world

PLANTED = FAULTS | CONDITION_FAULTS | HOLDER_FAULTS
# The shyest of the faults, which only a block's end on a changed clock shows, needs 15,000 worlds.
CANARY_WORLDS = 40_000
DEFAULT_WORLDS = 100_000
DOOR_WORLDS = 20_000
SOAK_WORLDS = 5_000_000
SOAK_STEP = 50_000


@pytest.mark.parametrize("fault", PLANTED.values(), ids=PLANTED.keys())
def test_planted_fault_is_caught(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fault.owner, fault.name, fault.wrong)
    assert first_disagreement(range(CANARY_WORLDS)) is not None, f"survived {CANARY_WORLDS} worlds"


def test_rule_agrees_with_naive_rule_in_random_worlds() -> None:
    found = first_disagreement(range(DEFAULT_WORLDS))
    assert found is None, str(found)


@given(st.randoms(use_true_random=False))
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_rule_agrees_with_naive_rule_in_worlds_that_hypothesis_seeks(rng: Random) -> None:
    world = random_world(rng)
    question = random_question(rng, world)
    assert ask_rule(Records(world), question) == may(world, question)


def test_door_that_judges_by_its_written_terms_agrees_with_naive_rule() -> None:
    for seed in range(DOOR_WORLDS):
        rng = Random(seed)
        world = random_world(rng)
        question = random_question(rng, world)._replace(credential="", given=GivenRow(means="reader"))
        assert ask_door(Records(world), question) == may(world, question)[0], f"seed {seed}: {question}"


def test_door_that_reads_a_card_agrees_with_naive_rule_as_far_as_it_may_know_the_card() -> None:
    asked = 0
    for seed in range(DOOR_WORLDS):
        rng = Random(seed)
        world = random_world(rng)
        question = random_question(rng, world)._replace(given=GivenRow(means="reader"))
        if question.credential in world.credentials:
            expected = may(world, question)[0] and is_listed(world, question)
            assert ask_reader(Records(world), question) == expected, f"seed {seed}: {question}"
            asked += expected
    assert asked > DOOR_WORLDS // 500, f"only {asked} cards opened a door"


@pytest.mark.soak
def test_rule_agrees_with_naive_rule_in_millions_of_random_worlds() -> None:
    steps = [range(start, start + SOAK_STEP) for start in range(DEFAULT_WORLDS, SOAK_WORLDS, SOAK_STEP)]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        for step, found in zip(steps, pool.map(first_disagreement, steps), strict=True):
            _tell(step, found)
            assert found is None, str(found)


def _tell(step: range, found: Disagreement | None) -> None:
    state = "agree" if found is None else f"differ at seed {found.seed}"
    os.write(2, f"worlds {step.start} to {step.stop}: {state}\n".encode())
