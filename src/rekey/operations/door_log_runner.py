"""Taking door logs to doors: deliver, read back, note; deletes are retried for ever."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta

from rekey.domain.access import DoorRecord
from rekey.domain.door_credentials import credential_ids
from rekey.domain.errors import DoorOffline, DoorRefused, DoorTimedOut
from rekey.domain.operator import Actor
from rekey.operations.core import Core
from rekey.operations.serve_door_log import (
    ConfirmDoorLog,
    Served,
    ServeDoorLog,
    confirm_door_log,
    serve_door_log,
)
from rekey.ports.door_driver import Ability, Batch, DoorDriver, ReadBack, kinds_read

LEASE = timedelta(minutes=15)
DOOR_DEADLINE = 8.0


@dataclass(slots=True)
class KeypadReading:
    """`shown` is the newest reading. The rest is what readings have met since somebody took it from here.

    `lost` are the credentials that were not there although they belong there, `altered` those that somebody
    changed at the door, with the digits found instead.
    """

    shown: ReadBack | None = None
    lost: frozenset[str] = frozenset()
    altered: dict[str, str] = field(default_factory=dict, repr=False)


class DoorLogRunner:
    """Serves doors whose driver keeps a list; one door is never served twice at once."""

    def __init__(self, core: Core, *, lease: timedelta = LEASE, deadline: float = DOOR_DEADLINE) -> None:
        self._core = core
        self._lease = lease
        self._deadline = deadline
        self._busy: dict[str, asyncio.Lock] = {}
        self.readings: dict[str, KeypadReading] = {}
        """What each keypad was last read to hold, by the door's id."""

    async def serve(self, actor: Actor, door: DoorRecord, *, resend: bool = False) -> bool:
        """Bring one door to the head of its log; True if the door proved it.

        A door that can't be reached or holds what it should not is noted as such, and never as confirmed.
        """
        driver = self._core.drivers.get(door.driver)
        if driver is None or Ability.KEEPS_LIST not in driver.abilities:
            return True
        async with self._busy.setdefault(door.door_id, asyncio.Lock()):
            return await self._serve(actor, door, driver, resend=resend)

    async def _serve(self, actor: Actor, door: DoorRecord, driver: DoorDriver, *, resend: bool) -> bool:
        lease = self._lease if Ability.HONOURS_LEASE in driver.abilities else None
        order = ServeDoorLog(
            door_id=door.door_id, lease=lease, resend=resend, reads=kinds_read(driver.abilities)
        )
        served = await self._core.perform(serve_door_log, actor, order)
        if served is None:
            return True
        found = await self._deliver(driver, served)
        await self._core.perform(confirm_door_log, actor, found)
        clean = not (found.refuted or found.missing or found.problem)
        if (found.missing or found.problem) and not resend and await self._is_behind(driver, served):
            return await self._serve(actor, door, driver, resend=True)
        return clean

    async def _is_behind(self, driver: DoorDriver, served: Served) -> bool:
        """Say whether the door answers but holds an older position, as after a reset: it needs the whole log."""
        if Ability.READS_BACK not in driver.abilities:
            return False
        try:
            async with asyncio.timeout(self._deadline):
                return (await driver.read_back(served.door)).seq < served.sync.confirmed_seq
        except (DoorOffline, DoorTimedOut, DoorRefused, TimeoutError):
            return False

    async def _deliver(self, driver: DoorDriver, served: Served) -> ConfirmDoorLog:
        problem = ""
        try:
            async with asyncio.timeout(self._deadline):
                try:
                    await driver.deliver(served.door, self._unsealed(served))
                except DoorRefused as refused:
                    problem = f"refused: {refused}"
                return await self._compare(driver, served, problem)
        except DoorOffline:
            problem = "offline"
        except (DoorTimedOut, TimeoutError):
            problem = "no answer in time"
        except DoorRefused as refused:
            problem = f"refused: {refused}"
        return self._found(served, problem=problem)

    async def _compare(self, driver: DoorDriver, served: Served, problem: str) -> ConfirmDoorLog:
        """Read the door's list and hold it against what is intended, also after a refusal of a part."""
        if Ability.READS_BACK not in driver.abilities:
            return self._found(served, problem=problem or "cannot be read back")
        shown = await driver.read_back(served.door)
        meant = {holder_id: credential_ids(terms) for holder_id, terms in served.intended.items()}
        missing = frozenset(
            holder_id
            for holder_id, terms in served.intended.items()
            if shown.people.get(holder_id) != terms or not meant[holder_id] <= shown.credentials
        )
        wanted = frozenset[str]().union(*meant.values())
        stale = (shown.credentials | shown.altered.keys()) - wanted
        self._keep(served.door.door_id, shown, wanted, has_keypad=Ability.KEYPAD in driver.abilities)
        return replace(
            self._found(served, problem=problem),
            shown=frozenset(shown.people),
            refuted=frozenset(shown.people.keys() - served.intended.keys()) | stale,
            missing=missing,
        )

    def _keep(self, door_id: str, shown: ReadBack, wanted: frozenset[str], *, has_keypad: bool) -> None:
        """Leave what was read for whoever keeps the codes; what is told once stays until it is taken."""
        reading = self.readings.setdefault(door_id, KeypadReading())
        altered = {id_: digits for id_, digits in shown.altered.items() if id_ in wanted}
        reading.shown = shown if has_keypad else None
        reading.altered = reading.altered | altered
        reading.lost |= wanted - shown.credentials - altered.keys()

    def _unsealed(self, served: Served) -> Batch:
        """Add what the door's keypad and reader must know; what this server can't unseal stays out.

        The read-back then finds it missing, so the door is never taken for complete.
        """
        readings: dict[str, str] = {}
        for fingerprint, sealed in served.sealed.items():
            with suppress(ValueError):
                readings[fingerprint] = self._core.secrets.unseal(sealed).decode()
        return replace(served.batch, readings=readings)

    def _found(self, served: Served, *, problem: str) -> ConfirmDoorLog:
        return ConfirmDoorLog(
            door_id=served.door.door_id,
            seq=served.batch.seq,
            position=served.sync.served_position,
            at=self._core.clock.now(),
            problem=problem,
        )
