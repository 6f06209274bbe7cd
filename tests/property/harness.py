"""Asks the rule and the naive rule the same questions, and makes a disagreement small."""

from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import NamedTuple

from rekey.domain import access
from rekey.domain.decision import Granted
from rekey.domain.door_credentials import Shown, find_listed, listed_allow, listed_terms
from rekey.domain.door_terms import terms_allow, terms_of
from tests.property.naive import may
from tests.property.records import Records
from tests.property.rows import Question, World
from tests.property.worlds import random_question, random_world

QUESTIONS = 4
TABLES = ("grants", "revocations", "blocks", "memberships", "enrolments", "group_doors", "rules", "lost")


class Disagreement(NamedTuple):
    """One question that the two rules answer differently; `seed` names the world it was found in."""

    seed: int
    world: World
    question: Question
    rule: tuple[bool, str]
    naive: tuple[bool, str]

    def __str__(self) -> str:
        rows = "\n".join(f"  {name}: {value}" for name, value in self.world._asdict().items())
        return f"seed {self.seed}: rule {self.rule}, naive {self.naive}\n  {self.question}\n{rows}"


def ask_rule(records: Records, question: Question) -> tuple[bool, str]:
    """Put the question to `decide` and give its answer in the naive rule's form."""
    decision = access.decide(
        records.holder(question.person),
        records.door(question.door),
        records.spelled(question.instant),
        records.presented(question),
        circumstances=records.given(question.given),
    )
    return (True, "") if isinstance(decision, Granted) else (False, decision.reason.value)


def ask_door(records: Records, question: Question) -> bool:
    """Let the door judge by the terms that the server writes for it; unknown ids have no terms."""
    holder, door = records.holder(question.person), records.door(question.door)
    terms = terms_of(holder, door) if holder and door else None
    return terms is not None and door is not None and terms_allow(terms, question.instant, door.zone)


def ask_reader(records: Records, question: Question) -> bool:
    """Let the door judge a card by its list, as the server writes it."""
    holder, door = records.holder(question.person), records.door(question.door)
    card = records.credential(question.credential)
    if holder is None or door is None or card is None or card.holder != holder.holder:
        return False
    terms = listed_terms(holder, door, (card,))
    shown = Shown(card.kind, card.fingerprint, question.second)
    found = None if terms is None else find_listed({question.person: terms}, shown)
    if found is None:
        return False
    return listed_allow(found, shown, instant=question.instant, zone=door.zone, spent={})


def disagreements(seeds: Iterable[int]) -> Iterator[Disagreement]:
    """Yield every question on which the rules differ in the worlds of these seeds."""
    for seed in seeds:
        rng = Random(seed)
        world = random_world(rng)
        records = Records(world)
        for _ in range(QUESTIONS):
            question = random_question(rng, world)
            rule, naive = ask_rule(records, question), may(world, question)
            if rule != naive:
                yield Disagreement(seed, world, question, rule, naive)


def first_disagreement(seeds: Iterable[int]) -> Disagreement | None:
    """Find the first difference and take away every row that it does not need."""
    found = next(disagreements(seeds), None)
    return None if found is None else found._replace(world=_shrink(found.world, _differ_on(found.question)))


def _differ_on(question: Question) -> Callable[[World], bool]:
    return lambda world: ask_rule(Records(world), question) != may(world, question)


def _shrink(world: World, still_fails: Callable[[World], bool]) -> World:
    for table in TABLES:
        for row in getattr(world, table):
            kept = tuple(each for each in getattr(world, table) if each is not row)
            fewer = World(**{**world._asdict(), table: kept})
            world = fewer if still_fails(fewer) else world
    return world
