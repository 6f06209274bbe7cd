"""The drivers that Rekey brings along pass the published suite, and the suite catches drivers that lie."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from rekey.domain.access import DoorRecord
from rekey.domain.door_credentials import credential_ids
from rekey.domain.door_order import DoorOrder
from rekey.domain.errors import DoorOffline, DoorRefused
from rekey.domain.ids import OrderId
from rekey.drivers.simulated import SimulatedDriver
from rekey.drivers.simulated.driver import ABILITIES
from rekey.ports.door_driver import Ability, Batch, Confirmation, DoorState, ReadBack
from rekey.testing.driver_bench import DriverBench
from rekey.testing.driver_check import DriverCheck
from rekey.testing.driver_suite import DRIVER_CHECKS, broken_promises, checks_for
from tests.conformance.simulated_bench import ScriptedBench, SimulatedBench


def sentence(check: DriverCheck) -> str:
    return check.sentence


@pytest.mark.parametrize("check", checks_for(SimulatedBench().driver), ids=sentence)
def test_the_simulated_driver_keeps_its_promise(check: DriverCheck) -> None:
    asyncio.run(check.prove(SimulatedBench()))


@pytest.mark.parametrize("check", checks_for(ScriptedBench().driver), ids=sentence)
def test_the_scripted_door_keeps_its_promise(check: DriverCheck) -> None:
    asyncio.run(check.prove(ScriptedBench()))


@pytest.mark.parametrize("without", sorted(ABILITIES))
def test_a_simulated_driver_with_one_ability_less_keeps_what_is_left(without: Ability) -> None:
    kept = ABILITIES - {without}
    assert asyncio.run(broken_promises(lambda: SimulatedBench(abilities=kept))) == {}


def test_a_simulated_driver_without_any_ability_refuses_all_and_passes() -> None:
    assert asyncio.run(broken_promises(lambda: SimulatedBench(abilities=frozenset()))) == {}


def test_slowness_breaks_no_promise() -> None:
    assert asyncio.run(broken_promises(lambda: SimulatedBench((("slow", "0.2"),)))) == {}


def test_every_ability_of_a_list_is_bound_by_a_promise() -> None:
    bound = frozenset[Ability]().union(*(check.needs for check in DRIVER_CHECKS))
    assert bound == frozenset(Ability)


class SwallowsAFullList(SimulatedDriver):
    """Says yes when people did not fit."""

    async def deliver(self, door: DoorRecord, batch: Batch) -> None:
        try:
            await super().deliver(door, batch)
        except DoorRefused:
            return


class ReadsBackWhatWasSent(SimulatedDriver):
    """Answers from its own memory, so that a door which kept a person is never found out."""

    _sent: dict[str, str]

    async def deliver(self, door: DoorRecord, batch: Batch) -> None:
        await super().deliver(door, batch)
        self._sent = dict((await super().read_back(door)).people)

    async def read_back(self, door: DoorRecord) -> ReadBack:
        honest = await super().read_back(door)
        return ReadBack(people=getattr(self, "_sent", {}), seq=honest.seq, at=honest.at)


class SaysThatEveryCodeIsSet(SimulatedDriver):
    """Reports the codes that were sent, whatever the keypad took."""

    async def read_back(self, door: DoorRecord) -> ReadBack:
        honest = await super().read_back(door)
        sent = frozenset().union(*map(credential_ids, honest.people.values()))
        return replace(honest, credentials=honest.credentials | sent)


class RunsLate(SimulatedDriver):
    """Says that the door is out of reach, and lets the order through to run later."""

    async def carry_out(self, door: DoorRecord, order: DoorOrder) -> Confirmation:
        try:
            return await super().carry_out(door, order)
        except DoorOffline:
            switches = self.switches(door.door_id)
            switches.offline = False
            await super().carry_out(door, order)
            switches.offline = True
            raise


class RunsTwice(SimulatedDriver):
    """Sends the order again under another id, as a driver that retries would."""

    async def carry_out(self, door: DoorRecord, order: DoorOrder) -> Confirmation:
        await super().carry_out(door, order)
        return await super().carry_out(door, replace(order, id=OrderId(order.id + "-again")))


class RaisesWhenObserved(SimulatedDriver):
    """Treats a door out of reach as an error."""

    async def observe(self, door: DoorRecord) -> DoorState:
        if self.switches(door.door_id).offline:
            raise DoorOffline("gone")
        return await super().observe(door)


class ClaimsTooLittle(SimulatedDriver):
    """Opens doors although it does not list the ability."""

    @property
    def abilities(self) -> frozenset[Ability]:
        return super().abilities - {Ability.OPEN}


class ClaimsTooMuch(SimulatedDriver):
    """Lists leases although its doors know none."""

    @property
    def abilities(self) -> frozenset[Ability]:
        return super().abilities | {Ability.HONOURS_LEASE}


def without_leases() -> DriverBench:
    return SimulatedBench(make=ClaimsTooMuch, abilities=ABILITIES - {Ability.HONOURS_LEASE})


LIARS: dict[str, tuple[Callable[[], DriverBench], str]] = {
    "lies about deletes": (
        lambda: SimulatedBench((("lying_about_deletes", "true"),)),
        "a deleted person is gone from the read back",
    ),
    "lies about deletes, seen at the door": (
        lambda: SimulatedBench((("lying_about_deletes", "true"),)),
        "a deleted person no longer opens the door",
    ),
    "drops replies": (
        lambda: SimulatedBench((("drops_replies", "true"),)),
        "an order to open moves the door once",
    ),
    "refuses": (lambda: SimulatedBench((("refuses", "true"),)), "an order to open moves the door once"),
    "is offline": (lambda: SimulatedBench((("offline", "true"),)), "a door in reach is observed online"),
    "is full": (
        lambda: SimulatedBench((("full_table", "0"),)),
        "a deleted person is gone from the read back",
    ),
    "has a wrong clock": (
        lambda: SimulatedBench((("wrong_clock", "7200"),)),
        "terms open from their start to their end by the true time",
    ),
    "swallows a full list": (
        lambda: SimulatedBench(make=SwallowsAFullList),
        "a full list is an error and still takes people away",
    ),
    "reads back what was sent": (
        lambda: SimulatedBench(make=ReadsBackWhatWasSent),
        "a door that was reset reads back empty and takes the whole log again",
    ),
    "says that every code is set": (
        lambda: SimulatedBench(make=SaysThatEveryCodeIsSet),
        "a code that the keypad cannot hold is refused",
    ),
    "keeps codes that were taken away": (
        lambda: SimulatedBench((("lying_about_deletes", "true"),)),
        "a code that was taken from its holder no longer opens",
    ),
    "runs late": (
        lambda: SimulatedBench(make=RunsLate),
        "an order out of reach raises door offline and moves nothing",
    ),
    "runs twice": (lambda: SimulatedBench(make=RunsTwice), "an order to open moves the door once"),
    "raises when observed": (
        lambda: SimulatedBench(make=RaisesWhenObserved),
        "a door out of reach is a state and not an error",
    ),
    "claims too little": (
        lambda: SimulatedBench(make=ClaimsTooLittle),
        "an order to open is refused without the ability",
    ),
    "claims leases": (without_leases, "the door opens until its lease ends and not after"),
}


@pytest.mark.parametrize("liar", LIARS)
def test_the_suite_catches_a_driver_that(liar: str) -> None:
    make_bench, promise = LIARS[liar]
    assert promise in asyncio.run(broken_promises(make_bench))


def test_a_door_that_forgets_is_caught_when_it_does_so_between_two_calls() -> None:
    class ForgetsAll(SimulatedDriver):
        async def deliver(self, door: DoorRecord, batch: Batch) -> None:
            await super().deliver(door, batch)
            self.switches(door.door_id).forgets = True

    broken = asyncio.run(broken_promises(lambda: SimulatedBench(make=ForgetsAll)))
    assert "delivered people are read back with their terms and the position" in broken
