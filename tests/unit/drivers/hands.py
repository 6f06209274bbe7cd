"""Short hands for tests of simulated doors."""

import asyncio
from datetime import timedelta

from rekey.domain.access import DoorRecord
from rekey.domain.door_order import OrderKind
from rekey.testing.driver_bench import ScriptedLog, bench_id, bench_order
from tests.conformance.simulated_bench import SimulatedBench

ANNA, BEN, CARL = bench_id(11), bench_id(12), bench_id(13)
HOUR = timedelta(hours=1)


def deliver(
    bench: SimulatedBench, log: ScriptedLog, *, after: int = 0, door: DoorRecord | None = None
) -> None:
    batch = log.batch(bench.now() + HOUR, after=after)
    asyncio.run(bench.driver.deliver(door or bench.door, batch))


def people(bench: SimulatedBench) -> set[str]:
    return set(asyncio.run(bench.driver.read_back(bench.door)).people)


def order(bench: SimulatedBench, kind: OrderKind = OrderKind.OPEN, *, serial: int = 1) -> None:
    asyncio.run(
        bench.driver.carry_out(bench.door, bench_order(bench.door, kind, now=bench.now(), serial=serial))
    )
