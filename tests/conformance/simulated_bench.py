"""Benches of the drivers that Rekey brings along."""

from collections.abc import Callable
from datetime import datetime, timedelta

from rekey.domain.access import DoorRecord
from rekey.drivers.simulated import SimulatedDriver
from rekey.drivers.simulated.driver import ABILITIES
from rekey.ports.door_driver import Ability, Reading
from rekey.testing.driver_bench import bench_door
from rekey.testing.frozen_clock import FrozenClock
from rekey.testing.scripted_door import ScriptedDoor

Make = Callable[..., SimulatedDriver]


class SimulatedBench:
    """One simulated door; `settings` are switches that stay on, `make` may build a driver that lies."""

    def __init__(
        self,
        settings: tuple[tuple[str, str], ...] = (),
        *,
        make: Make = SimulatedDriver,
        abilities: frozenset[Ability] = ABILITIES,
    ) -> None:
        self.clock = FrozenClock()
        self.door: DoorRecord = bench_door("simulated")
        self.driver = make(self.clock, pause=self.clock.sleep, abilities=abilities)
        self.driver.configure(self.door.door_id, settings)
        self.switches = self.driver.switches(self.door.door_id)

    def now(self) -> datetime:
        return self.clock.now()

    def advance(self, by: timedelta) -> None:
        self.clock.advance(by)

    def cut_off(self) -> None:
        self.switches.offline = True

    def reconnect(self) -> None:
        self.switches.offline = False

    def openings(self) -> int:
        return len(self.driver.openings(self.door.door_id))

    def reset(self) -> None:
        self.switches.forgets = True

    def limit_list(self, people: int) -> None:
        self.switches.full_table = people

    def present(self, person_id: str) -> bool:
        return self.driver.present(self.door.door_id, person_id)

    def read(self, reading: Reading) -> bool:
        return self.driver.read(self.door.door_id, reading)


class ScriptedBench:
    """One scripted door, which keeps no list: what only lists need is never called."""

    def __init__(self) -> None:
        self.clock = FrozenClock()
        self.door: DoorRecord = bench_door("scripted")
        self.driver = ScriptedDoor(self.clock)

    def now(self) -> datetime:
        return self.clock.now()

    def advance(self, by: timedelta) -> None:
        self.clock.advance(by)

    def cut_off(self) -> None:
        self.driver.online = False

    def reconnect(self) -> None:
        self.driver.online = True

    def openings(self) -> int:
        return sum(order.kind.value == "open" for order in self.driver.carried_out)

    def reset(self) -> None:
        raise AssertionError("a door without a list was reset")

    def limit_list(self, people: int) -> None:
        raise AssertionError(f"a door without a list was limited to {people}")

    def present(self, person_id: str) -> bool:
        raise AssertionError(f"{person_id} was presented at a door without a list")

    def read(self, reading: Reading) -> bool:
        raise AssertionError(f"a {reading.kind.value} was read at a door without a reader")
