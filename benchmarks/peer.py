"""Ratio 6: an unlock by API key, decided and durable, against an ordinary stack on the same disk."""

import sys
from itertools import product
from statistics import median

from benchmarks.estate import opened_estate
from benchmarks.figures import Effort, Ratio, Tell, microseconds, per_second, quotients
from benchmarks.machine import scratch
from benchmarks.peer_app import DOORS, KEY, PEOPLE
from benchmarks.servers import Load, request, started

MANY = 32


def run(effort: Effort, tell: Tell) -> list[Ratio]:
    """Unlock on both in turn."""
    ours: list[Load] = []
    theirs: list[Load] = []
    command = (sys.executable, "-m", "benchmarks.peer_app")
    with (
        scratch() as directory,
        opened_estate(directory, people=PEOPLE, doors=DOORS, tell=tell) as estate,
        started(*command, str(directory / "peer.db"), path="/healthz") as peer,
    ):
        mine = [
            request("POST", f"/api/v1/doors/{door}/open", key=estate.key, body={"person": person})
            for person, door in estate.pairs
        ]
        other = [
            request("POST", f"/doors/door-{door}/open", key=KEY, body={"person": f"person-{person}"})
            for person, door in product(range(PEOPLE), range(DOORS))
        ]
        for number in range(effort.rounds):
            tell(f"round {number + 1}")
            ours.append(estate.target.load(mine, connections=MANY, seconds=effort.seconds))
            theirs.append(peer.load(other, connections=MANY, seconds=effort.seconds))
    rates, against = [load.rate for load in ours], [load.rate for load in theirs]
    spent = f"CPU {_cpu(ours)} against {_cpu(theirs)}"
    ratio = Ratio(
        number="6",
        name=f"unlock / FastAPI + SQLAlchemy-async ORM + aiosqlite, {MANY} callers",
        rounds=quotients(rates, against),
        bound=12.0,
        detail=f"{per_second(rates)} against {per_second(against)}; {spent}",
    )
    return [ratio]


def _cpu(loads: list[Load]) -> str:
    return microseconds(median(load.cpu for load in loads))
