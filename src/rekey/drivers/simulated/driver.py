"""The driver of simulated doors: the way to them, with everything that can fail on it."""

import asyncio
import hmac
import os
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import timedelta

from rekey.domain.access import DoorRecord
from rekey.domain.door_contact import Relocking, Trouble
from rekey.domain.door_order import DoorOrder, OrderKind
from rekey.domain.errors import DoorOffline, DoorTimedOut
from rekey.domain.ids import DoorId, OrganizationId
from rekey.domain.validity import Validity
from rekey.drivers.simulated.computed import LockSecret, fit
from rekey.drivers.simulated.door import Opening, SimulatedDoor
from rekey.drivers.simulated.errors import AbilityMissing, HardwareRefuses
from rekey.drivers.simulated.switches import Switches
from rekey.ports.clock import Clock
from rekey.ports.door_driver import (
    Ability,
    Batch,
    Confirmation,
    DoorState,
    KeypadLimits,
    ReadBack,
    Reading,
)

ABILITIES = frozenset(Ability)
_NEEDED = {
    OrderKind.OPEN: Ability.OPEN,
    OrderKind.UNLOCK: Ability.SET_MODE,
    OrderKind.SECURE: Ability.SET_MODE,
}

Pause = Callable[[float], Awaitable[object]]


class SimulatedDriver:
    """Implements `ports.door_driver.DoorDriver`; its doors live in memory and end with the process.

    `pause` is how a slow door passes time. Fewer `abilities` make poorer hardware: a door that keeps no
    list, cannot be read, or opens for ever without a lease.
    """

    def __init__(
        self, clock: Clock, *, pause: Pause = asyncio.sleep, abilities: frozenset[Ability] = ABILITIES
    ) -> None:
        self._clock = clock
        self._pause = pause
        self._abilities = abilities
        self._doors: dict[DoorId, SimulatedDoor] = {}
        self._derive = _of_this_process()
        self._restless: set[DoorId] = set()

    @property
    def abilities(self) -> frozenset[Ability]:
        return self._abilities

    async def carry_out(self, door: DoorRecord, order: DoorOrder) -> Confirmation:
        self._require(_NEEDED[order.kind])
        hardware = await self._reach_to_change(door)
        ran_at = hardware.carry_out(order, self._clock.now())
        self._restless.add(door.door_id)
        self._expect_reply(hardware)
        return Confirmation(at=ran_at, witness="simulated door")

    async def deliver(self, door: DoorRecord, batch: Batch) -> None:
        self._require(Ability.KEEPS_LIST)
        hardware = await self._reach_to_change(door)
        hardware.take(batch)
        self._expect_reply(hardware)

    async def read_back(self, door: DoorRecord) -> ReadBack:
        self._require(Ability.READS_BACK)
        hardware = await self._reach(door)
        self._expect_reply(hardware)
        can_type = Ability.KEYPAD in self._abilities
        return ReadBack(
            people=dict(hardware.list.people),
            seq=hardware.list.seq,
            at=self._clock.now(),
            credentials=hardware.keypad.credentials,
            foreign=hardware.switches.foreign_codes if can_type else (),
            altered=hardware.keypad.altered,
        )

    async def observe(self, door: DoorRecord) -> DoorState:
        try:
            hardware = await self._reach(door)
            self._expect_reply(hardware)
        except (DoorOffline, DoorTimedOut):
            hardware = self._door(door.door_id)
            return DoorState(online=False, seen_at=hardware.seen_at, trouble=trouble_of(hardware.switches))
        now = self._clock.now()
        unpaid = Trouble.UNPAID if hardware.switches.unpaid else None
        return DoorState(online=True, locked=hardware.is_locked(now), seen_at=now, trouble=unpaid)

    def present(self, door_id: str, person_id: str) -> bool:
        """Present a person at the door itself, which decides alone, in reach or not."""
        hardware = self._door(door_id)
        hardware.wake()
        self._restless.add(DoorId(door_id))
        return hardware.present(person_id, self._clock.now(), self._abilities)

    def read(self, door_id: str, reading: Reading) -> bool:
        """Present a card or type a code at the door itself, which decides alone, in reach or not."""
        hardware = self._door(door_id)
        hardware.wake()
        self._restless.add(DoorId(door_id))
        return hardware.read(reading, self._clock.now(), self._abilities)

    def relockings(self) -> Sequence[tuple[OrganizationId, Relocking]]:
        told = []
        for door_id in tuple(self._restless):
            hardware = self._doors[door_id]
            if not hardware.relock(self._clock.now()):
                self._restless.discard(door_id)
            elif hardware.organization_id is not None and not hardware.switches.cut_off:
                told += [(hardware.organization_id, relocking) for relocking in hardware.untold]
        return sorted(told, key=lambda pair: pair[1].at)

    def heard(self, relocking: Relocking) -> None:
        untold = self._door(relocking.door_id).untold
        if relocking in untold:
            untold.remove(relocking)

    def pair(self, derive: Callable[[str], str]) -> None:
        self._derive = derive
        for hardware in self._doors.values():
            hardware.secret = self._secret_of(hardware.door_id)

    def computes_codes(self, door_id: str) -> bool:
        return Ability.COMPUTES_CODES in self._abilities and self._door(door_id).switches.computes_codes

    def code_window(self, door_id: str, asked: Validity, *, once: bool, rounding: timedelta) -> Validity:
        self._require_computing(door_id)
        return fit(asked, once=once, rounding=rounding, now=self._clock.now())

    def compute_code(self, door_id: str, window: Validity, *, once: bool, turn: int) -> str | None:
        self._require_computing(door_id)
        return self._door(door_id).secret.digits(window, once=once, turn=turn)

    def limits(self, door_id: str) -> KeypadLimits:
        return self._door(door_id).limits

    async def erase(self, door: DoorRecord, code: str) -> None:
        self._require(Ability.KEYPAD)
        hardware = await self._reach_to_change(door)
        hardware.switches.foreign_codes = tuple(
            known for known in hardware.switches.foreign_codes if known != code
        )
        self._expect_reply(hardware)

    def switches(self, door_id: str) -> Switches:
        """Give the door's switches; what is set on them holds from the next word or person on."""
        return self._door(door_id).switches

    def configure(self, door_id: str, settings: Iterable[tuple[str, str]]) -> None:
        """Set switches from the door's driver settings.

        Raises: Invalid for an unknown name or an unfit value.
        """
        self._door(door_id).switches.apply(settings)

    def settings(self, door_id: str) -> Mapping[str, str]:
        foreign = ",".join(self._door(door_id).switches.foreign_codes)
        return {"foreign_codes": foreign, "changed_codes": "", "forgets": "false"}

    def openings(self, door_id: str) -> tuple[Opening, ...]:
        """List every release of the door's relay, oldest first."""
        return tuple(self._door(door_id).openings)

    def _door(self, door_id: str) -> SimulatedDoor:
        known = DoorId(door_id)
        if known not in self._doors:
            self._doors[known] = SimulatedDoor(known, secret=self._secret_of(known))
        return self._doors[known]

    def _secret_of(self, door_id: str) -> LockSecret:
        return LockSecret(self._derive(f"simulated lock {door_id}").encode())

    def _require_computing(self, door_id: str) -> None:
        if not self.computes_codes(door_id):
            raise AbilityMissing(f"this lock cannot do that: {Ability.COMPUTES_CODES.value}")

    def _require(self, ability: Ability) -> None:
        if ability not in self._abilities:
            raise AbilityMissing(f"this door cannot do that: {ability.value}")

    async def _reach(self, door: DoorRecord) -> SimulatedDoor:
        hardware = self._door(door.door_id)
        self._expect_link(hardware, door)
        if hardware.switches.slow:
            await self._pause(hardware.switches.slow)
            self._expect_link(hardware, door)
        hardware.wake()
        return hardware

    async def _reach_to_change(self, door: DoorRecord) -> SimulatedDoor:
        hardware = await self._reach(door)
        hardware.learn(door)
        if hardware.switches.refuses or hardware.switches.unpaid:
            raise HardwareRefuses(f"{door.name} refused")
        return hardware

    def _expect_link(self, hardware: SimulatedDoor, door: DoorRecord) -> None:
        if hardware.switches.cut_off:
            raise DoorOffline(f"{door.name} is not connected")

    def _expect_reply(self, hardware: SimulatedDoor) -> None:
        if hardware.switches.drops_replies:
            raise DoorTimedOut("the door did not answer")
        hardware.seen_at = self._clock.now()


def _of_this_process() -> Callable[[str], str]:
    """Give a source of secrets that end with the process, for doors that no server has paired with."""
    key = os.urandom(32)
    return lambda text: hmac.digest(key, text.encode(), "sha256").hex()


def trouble_of(switches: Switches) -> Trouble | None:
    """Name what the switches have done to the way to a door."""
    if switches.removed:
        return Trouble.REMOVED
    if switches.disconnected:
        return Trouble.DISCONNECTED
    if switches.hub_offline:
        return Trouble.HUB_DISCONNECTED
    return Trouble.UNPAID if switches.unpaid else Trouble.UNREACHABLE
