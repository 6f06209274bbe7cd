"""Ratios 1 to 4, 9 and 10: what the server's endpoints cost beside a hello and beside the bare disk."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from benchmarks.bare import ROUTES
from benchmarks.estate import Estate, opened_estate
from benchmarks.figures import Effort, Ratio, Tell, microseconds, per_second, quotients
from benchmarks.machine import raw_commits, scratch
from benchmarks.servers import Load, Target, request, started

MANY = 32
_HEALTH = request("GET", "/healthz")
_HELLO = request("GET", "/api/hello/42")
Loads = dict[str, list[Load]]


def run(effort: Effort, tell: Tell) -> list[Ratio]:
    """Measure bare hellos, then a real server."""
    with scratch() as directory:
        return [*_hellos(effort, tell), *_endpoints(effort, directory, tell)]


def _hellos(effort: Effort, tell: Tell) -> list[Ratio]:
    loads: Loads = {"raw": [], "one": [], "all": []}
    with ExitStack() as stack:
        targets = {
            name: stack.enter_context(
                started(sys.executable, "-m", "benchmarks.bare", name, path="/api/hello/42")
            )
            for name in loads
        }
        for number in range(effort.rounds):
            for name, target in targets.items():
                tell(f"round {number + 1}, hello {name}")
                loads[name].append(target.load([_HELLO], connections=MANY, seconds=effort.seconds))
    return [
        _ratio("1", f"hello with {ROUTES} routes / raw ASGI hello", loads, sides=("all", "raw"), floor=0.55),
        _ratio("2", f"hello with {ROUTES} routes / with 1 route", loads, sides=("all", "one"), floor=0.80),
    ]


def _endpoints(effort: Effort, directory: Path, tell: Tell) -> list[Ratio]:
    size = (150, 20) if effort.quick else (800, 40)
    loads: Loads = {"hello": [], "hello_1": [], "can": [], "open": [], "revoke": [], "revoke_1": []}
    raw: list[tuple[float, float]] = []
    with opened_estate(directory, people=size[0], doors=size[1], tell=tell) as estate:
        requests = _requests(estate)
        revokes = _revokes(estate, 2 * effort.rounds)
        for number in range(effort.rounds):
            for name in loads:
                tell(f"round {number + 1}, {name}")
                estate.target.settle()
                once = name.startswith("revoke")
                loads[name].append(
                    _load(
                        estate.target,
                        next(revokes) if once else requests[name],
                        connections=1 if name.endswith("_1") else MANY,
                        seconds=effort.seconds,
                        once=once,
                    )
                )
            raw.append(raw_commits(directory, effort.seconds / 4))
    return [*_beside_hello(loads), *_beside_disk(loads, raw)]


def _load(target: Target, requests: list[bytes], **how: object) -> Load:
    return target.load(requests, **how)  # type: ignore[arg-type]  # passed through as they are


def _requests(estate: Estate) -> dict[str, list[bytes]]:
    openers = frozenset(estate.people[:50])
    pairs = [pair for pair in estate.pairs if pair[0] in openers]
    key = estate.key
    hello = [_HEALTH]
    return {
        "hello": hello,
        "hello_1": hello,
        "can": [request("GET", f"/api/v1/people/{person}/can/{door}", key=key) for person, door in pairs],
        "open": [
            request("POST", f"/api/v1/doors/{door}/open", key=key, body={"person": person})
            for person, door in pairs
        ],
    }


def _revokes(estate: Estate, portions: int) -> Iterator[list[bytes]]:
    """Write one revocation for each grant, in equal portions; people who open doors keep their grants."""
    openers = frozenset(estate.people[:50])
    wanted = [
        request("POST", f"/api/v1/people/{person}/revoke", key=estate.key, body={"door": door})
        for person, door in estate.pairs
        if person not in openers
    ]
    size = len(wanted) // portions
    return (wanted[first : first + size] for first in range(0, size * portions, size))


def _ratio(number: str, name: str, loads: Loads, *, sides: tuple[str, str], floor: float) -> Ratio:
    ours, theirs = loads[sides[0]], loads[sides[1]]
    rates, against = [load.rate for load in ours], [load.rate for load in theirs]
    spent = f"CPU {microseconds(_cpu(ours))} against {microseconds(_cpu(theirs))}"
    return Ratio(
        number=number,
        name=name,
        rounds=quotients(rates, against),
        bound=floor,
        detail=f"{per_second(rates)} against {per_second(against)}; {spent}",
    )


def _cpu(loads: list[Load]) -> float:
    return median(load.cpu for load in loads)


def _beside_hello(loads: Loads) -> list[Ratio]:
    return [
        _ratio("3", "may this person open this door / hello", loads, sides=("can", "hello"), floor=0.55),
        _ratio(
            "4",
            f"API-key unlock with durable audit / hello, {MANY} callers",
            loads,
            sides=("open", "hello"),
            floor=0.28,
        ),
    ]


def _beside_disk(loads: Loads, raw: list[tuple[float, float]]) -> list[Ratio]:
    rates = [load.rate for load in loads["revoke"]]
    limits = [rate for rate, _ in raw]
    times = [load.p50 for load in loads["revoke_1"]]
    least = [one + hello.p50 for (_, one), hello in zip(raw, loads["hello_1"], strict=True)]
    spent = f"CPU {microseconds(_cpu(loads['revoke']))}"
    return [
        Ratio(
            number="9",
            name=f"revoke over HTTP, {MANY} callers / raw fdatasync",
            rounds=quotients(rates, limits),
            bound=1.0,
            detail=f"{per_second(rates)} against {per_second(limits)}; {spent}",
        ),
        Ratio(
            number="10",
            name="revoke, 1 caller: median / (raw fdatasync + hello)",
            rounds=quotients(times, least),
            bound=3.0,
            at_most=True,
            detail=f"{microseconds(median(times))} against {microseconds(median(least))}",
        ),
    ]
