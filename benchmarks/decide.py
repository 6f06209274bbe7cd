"""Ratios 11 to 13: `decide` with its ids and reason against other engines on the same data and questions."""

import time
from collections.abc import Callable, Sequence
from itertools import cycle, islice

from benchmarks import decision_casbin, decision_cedar
from benchmarks.decision_ours import OurRecords
from benchmarks.decision_world import EdgeWorld, edge_world
from benchmarks.figures import Effort, Ratio, Tell, microseconds, per_second, quotients
from benchmarks.machine import SERVER_CORE, pinned

Ask = Callable[[str, str], object]
_CHECKED = 300


def run(effort: Effort, tell: Tell) -> list[Ratio]:
    """Check that all give the same answers, then ask each in turn."""
    world = edge_world(people=1_000, doors=100) if effort.quick else edge_world()
    with pinned(SERVER_CORE):
        tell("building records")
        ours = OurRecords(world)
        contenders = _contenders(world, tell)
        wrong = {name: _wrong(world, ask) for name, ask in contenders.items() if name != "enforcer"}
        if any(wrong.values()) or _wrong(world, ours.allows):
            raise AssertionError(f"the engines do not agree: {wrong}")
        return [
            *_rates(effort, world, ours, contenders=contenders, tell=tell),
            _forgetting(effort, world, ours, tell),
        ]


def _contenders(world: EdgeWorld, tell: Tell) -> dict[str, Ask]:
    tell("building pycasbin")
    contenders: dict[str, Ask] = {
        "fast": decision_casbin.fast(world),
        "enforcer": decision_casbin.plain(world),
    }
    tell("building cedarpy")
    contenders["cedar"] = decision_cedar.parsed(decision_cedar.parsed_entities(world))
    contenders["sliced"] = decision_cedar.sliced(world)
    return contenders


def _wrong(world: EdgeWorld, ask: Ask) -> int:
    return sum(ask(*question) != world.truth(*question) for question in world.questions[:_CHECKED])


def _rates(
    effort: Effort, world: EdgeWorld, ours: OurRecords, *, contenders: dict[str, Ask], tell: Tell
) -> list[Ratio]:
    rates: dict[str, list[float]] = {name: [] for name in ("ours", *contenders)}
    for number in range(effort.rounds):
        for name, ask in {"ours": ours.ask, **contenders}.items():
            tell(f"round {number + 1}, {name}")
            rates[name].append(_rate(ask, world.questions, effort.seconds))
    lines = (
        ("11", "decide() / pycasbin FastEnforcer", "fast", 60.0),
        ("11", "decide() / pycasbin Enforcer", "enforcer", 5_000.0),
        ("12", "decide() / cedarpy, all parsed beforehand", "cedar", 12.0),
        ("12", "decide() / cedarpy, entities sliced", "sliced", 30.0),
    )
    return [
        Ratio(
            number=number,
            name=name,
            rounds=quotients(rates["ours"], rates[peer]),
            bound=floor,
            detail=f"{per_second(rates['ours'])} against {per_second(rates[peer])}",
        )
        for number, name, peer, floor in lines
    ]


def _rate(ask: Ask, questions: Sequence[tuple[str, str]], seconds: float) -> float:
    """Ask for about so long and give answers per second of this process's own time: neighbours don't count."""
    asking, asked, portion = cycle(questions), 0, 1
    began = time.process_time()
    while (spent := time.process_time() - began) < seconds:
        for person, door in islice(asking, portion):
            ask(person, door)
        asked += portion
        # The clock is asked seldom by the quick and at once by the slow.
        portion = min(2 * portion, 1_000)
    return asked / spent


def _forgetting(effort: Effort, world: EdgeWorld, ours: OurRecords, tell: Tell) -> Ratio:
    """Time from the change in memory to the first decision that knows of it."""
    tell("forgetting one grant")
    person = world.people[0]
    door = next(door for door in world.own[person] if not _grouped(world, person, door))
    mine, theirs = [], []
    for _ in range(effort.rounds):
        mine.append(_time_to_forget(ours, person, door))
        began = time.process_time()
        ask = decision_cedar.parsed(decision_cedar.parsed_entities(world))
        ask(person, door)
        theirs.append(time.process_time() - began)
    return Ratio(
        number="13",
        name="in-memory revoke to deny: cedarpy rebuild / ours",
        rounds=quotients(theirs, mine),
        bound=5_000,
        detail=f"{theirs[0]:.2f} s against {microseconds(mine[0])}",
    )


def _grouped(world: EdgeWorld, person: str, door: str) -> bool:
    return any(door in world.doors_of_group[group] for group in world.groups_of[person])


def _time_to_forget(ours: OurRecords, person: str, door: str) -> float:
    times, repeats = 0.0, 200
    for _ in range(repeats):
        began = time.process_time()
        put_back = ours.forget(person, door)
        allowed = ours.allows(person, door)
        times += time.process_time() - began
        put_back()
        if allowed:
            raise AssertionError("a forgotten grant still opens")
    return times / repeats
