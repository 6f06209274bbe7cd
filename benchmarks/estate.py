"""A real `rekey serve` with people, doors and grants in it, made through its own API."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.figures import Tell
from benchmarks.servers import Target, ask, started

REKEY = Path(sys.executable).with_name("rekey")
_BATCH = 500
_DOORS_EACH = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Estate:
    """Each person holds a grant at each of a few doors, as `pairs` says."""

    target: Target
    made: dict[str, dict[str, str]]
    people: tuple[str, ...]
    doors: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]

    @property
    def key(self) -> str:
        return self.made["keys"]["rekey"]

    def ask(self, method: str, path: str, body: object = None) -> Any:
        return ask(self.target, method, f"/api/v1{path}", key=self.key, body=body)

    def grant_all(self) -> None:
        wanted = [{"person": person, "door": door} for person, door in self.pairs]
        for first in range(0, len(wanted), _BATCH):
            self.ask("POST", "/grants", {"grants": wanted[first : first + _BATCH]})


@contextmanager
def opened_estate(directory: Path, *, people: int, doors: int, tell: Tell) -> Iterator[Estate]:
    """Found an organization, serve it, and fill it."""
    tell("founding and filling an organization")
    data = str(directory / "rekey")
    done = subprocess.run([REKEY, "init", "--data", data, "--json"], check=True, capture_output=True)
    made = json.loads(done.stdout)
    command = (str(REKEY), "serve", "--data", data, "--log-level", "warning", "--port")
    with started(*command, path="/healthz") as target:
        empty = Estate(target=target, made=made, people=(), doors=(), pairs=())
        named = tuple(empty.ask("POST", "/people", {"name": f"Person {n}"})["id"] for n in range(people))
        portals = tuple(empty.ask("POST", "/doors", _door(made, n))["id"] for n in range(doors))
        pairs = tuple(
            (person, portals[(n + k) % doors]) for k in range(_DOORS_EACH) for n, person in enumerate(named)
        )
        estate = Estate(target=target, made=made, people=named, doors=portals, pairs=pairs)
        estate.grant_all()
        target.settle()
        yield estate


def _door(made: dict[str, dict[str, str]], number: int) -> dict[str, str]:
    return {"name": f"Door {number}", "site": made["site"]["id"], "driver": "simulated"}
