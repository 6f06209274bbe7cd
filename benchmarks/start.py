"""Ratio 22: from the start of the process to its first answer, and the memory of a server nobody asked yet."""

import subprocess
import sys
import time
from collections.abc import Sequence
from statistics import median

from benchmarks.estate import REKEY
from benchmarks.figures import Effort, Ratio, Tell, quotients
from benchmarks.machine import scratch
from benchmarks.servers import started


def run(effort: Effort, tell: Tell) -> list[Ratio]:
    """Start each server once a round, ours on a store that exists."""
    with scratch() as directory:
        data = str(directory / "rekey")
        subprocess.run([REKEY, "init", "--data", data], check=True, capture_output=True)
        ours = (str(REKEY), "serve", "--data", data, "--port")
        theirs = (sys.executable, "-m", "benchmarks.hello_fastapi")
        pairs = []
        for number in range(effort.rounds):
            tell(f"round {number + 1}")
            pairs.append((_started(ours), _started(theirs)))
    (began, held), (their_began, they_held) = (zip(*side, strict=True) for side in zip(*pairs, strict=True))
    return [
        _ratio("start to first answer", began, their_began, unit="s", most=1.5),
        _ratio("idle memory", held, they_held, unit="MiB", most=1.6),
    ]


def _started(command: tuple[str, ...]) -> tuple[float, float]:
    began = time.perf_counter()
    with started(*command, path="/healthz") as target:
        return time.perf_counter() - began, target.memory()


def _ratio(name: str, ours: Sequence[float], theirs: Sequence[float], *, unit: str, most: float) -> Ratio:
    return Ratio(
        number="22",
        name=f"{name}: rekey serve / FastAPI hello",
        rounds=quotients(ours, theirs),
        bound=most,
        at_most=True,
        detail=f"{median(ours):.2f} against {median(theirs):.2f} {unit}",
    )
