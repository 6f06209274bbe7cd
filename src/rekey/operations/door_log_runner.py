"""Taking door logs to doors: bring forward, deliver, read back, note; deletes are retried for ever."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from rekey.domain.access import DoorRecord
from rekey.domain.errors import DoorOffline, DoorRefused, DoorTimedOut
from rekey.domain.ids import Position
from rekey.domain.operator import Actor
from rekey.operations.confirm_door_log import ConfirmDoorLog, confirm_door_log
from rekey.operations.core import Core
from rekey.operations.door_delivery import DOOR_DEADLINE, DoorDelivery, KeypadReading, intended_pages
from rekey.operations.door_news import holders_near, news_of, terms_at
from rekey.operations.serve_door_log import MOST_AT_ONCE, ListPart, Served, ServeDoorLog, serve_door_log
from rekey.ports.door_driver import Ability, DoorDriver, kinds_read
from rekey.ports.store import View

LEASE = timedelta(minutes=15)
_BETWEEN_TURNS = 5
"""How many holders are read before other requests have their turn."""
_RESTARTS = 3
_PASSES = 6
_CONFIRMED_AT_ONCE = 1_000
_UNPROVED = 1_000
"""How many new lines a pass gathers before it takes them to the door."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Concerned:
    """Whom the changes up to a position concern; `listed` of them have something to lose and come first."""

    position: Position
    listed: int
    holders: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    """One serving of one door: who asks for it, with what order, and the way to the door."""

    actor: Actor
    driver: DoorDriver
    order: ServeDoorLog
    delivery: DoorDelivery


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
        What concerns many is brought forward in parts, between which others have their turn.
        """
        driver = self._core.drivers.get(door.driver)
        if driver is None or Ability.KEEPS_LIST not in driver.abilities:
            return True
        async with self._busy.setdefault(door.door_id, asyncio.Lock()):
            return await self._serve(actor, door, driver, resend=resend)

    async def _serve(self, actor: Actor, door: DoorRecord, driver: DoorDriver, *, resend: bool) -> bool:
        lease = self._lease if Ability.HONOURS_LEASE in driver.abilities else None
        delivery = DoorDelivery(self._core, actor.organization_id, driver, deadline=self._deadline)
        order = ServeDoorLog(door_id=door.door_id, lease=lease, reads=kinds_read(driver.abilities))
        a_round = _Round(actor=actor, driver=driver, order=order, delivery=delivery)
        served = await self._bring_forward(a_round)
        if served is None:
            return True
        found, proved = await self._deliver(a_round, served, resend=resend)
        if (found.missing or found.problem) and not resend and await self._is_behind(driver, served):
            return await self._serve(actor, door, driver, resend=True)
        return proved and served.complete

    async def _bring_forward(self, a_round: _Round) -> Served | None:
        """Bring the log to the newest head; where changes come faster than that, as far as it comes."""
        served = await self._core.perform(serve_door_log, a_round.actor, a_round.order)
        for number in range(_PASSES):
            if served is None or served.complete:
                break
            served = await self._pass(a_round, served, can_restart=number < _RESTARTS)
        return served

    async def _pass(self, a_round: _Round, served: Served, *, can_restart: bool) -> Served | None:
        """Go once through everybody concerned: first who is listed, as only they can have something to lose.

        A change meanwhile that may concern anybody begins the next pass once all of those were looked at.
        """
        concerned = await self._concerned(a_round, served)
        seen, overtaken, unreachable = concerned.position, False, False
        holders = concerned.holders
        for begin in range(0, max(len(holders), 1), MOST_AT_ONCE):
            end = begin + MOST_AT_ONCE
            terms, taken_at = await self._read_terms(a_round, holders[begin:end])
            last = end >= len(holders) and not overtaken
            part = ListPart(seen=seen, taken_at=taken_at, terms=terms, last=last)
            order = replace(a_round.order, part=part)
            after = await self._core.perform(serve_door_log, a_round.actor, order)
            if after is None or after.complete:
                return after
            served, seen = after, after.position
            overtaken = overtaken or after.overtaken
            unproved = after.sync.seq - after.sync.confirmed_seq
            if not unreachable and unproved and (after.takes_away or unproved >= _UNPROVED):
                _, proved = await self._deliver(a_round, after, whole=False)
                unreachable = not proved
            if overtaken and can_restart and end >= concerned.listed:
                break
        return served

    async def _concerned(self, a_round: _Round, served: Served) -> _Concerned:
        door_id = served.door.door_id
        organization_id = a_round.actor.organization_id
        listed: set[str] = set()
        async for page in intended_pages(self._core, organization_id, door_id):
            listed |= page.keys()

        async def look(view: View) -> _Concerned:
            door = await view.access.door(door_id) or served.door
            sync = await view.door_logs.sync(door_id)
            news = await news_of(view, door, sync.served_position)
            named = set(news.holders)
            # Another server may have listed somebody while the pages were read.
            listed.update(entry.person_id for entry in await view.door_logs.since(door_id, served.sync.seq))
            if news.is_wide:
                named |= listed | await holders_near(view, door)
            first, others = sorted(named & listed), sorted(named - listed)
            return _Concerned(position=view.position, listed=len(first), holders=first + others)

        return await self._core.store.read(organization_id, look)

    async def _read_terms(
        self, a_round: _Round, holders: Sequence[str]
    ) -> tuple[Mapping[str, str | None], Position]:
        async def look(view: View) -> tuple[dict[str, str | None], Position]:
            door = await view.access.door(a_round.order.door_id)
            terms: dict[str, str | None] = {}
            for number, holder_id in enumerate(holders if door is not None else ()):
                if number % _BETWEEN_TURNS == _BETWEEN_TURNS - 1:
                    await asyncio.sleep(0)
                if door is not None:
                    terms[holder_id] = await terms_at(view, door, holder_id, a_round.order.reads)
            return terms, view.position

        return await self._core.store.read(a_round.actor.organization_id, look)

    async def _deliver(
        self, a_round: _Round, served: Served, *, whole: bool = True, resend: bool = False
    ) -> tuple[ConfirmDoorLog, bool]:
        """Give what the door showed, and whether it proved the log as far as it was brought."""
        reading = self.readings.setdefault(served.door.door_id, KeypadReading())
        found = await a_round.delivery.take(served, reading, whole=whole, resend=resend)
        if found.is_clean:
            steps = range(served.sync.confirmed_seq + _CONFIRMED_AT_ONCE, found.seq, _CONFIRMED_AT_ONCE)
            for seq in steps:
                step = replace(found, seq=seq, whole=False)
                await self._core.perform(confirm_door_log, a_round.actor, step)
        noted = await self._core.perform(confirm_door_log, a_round.actor, found)
        return found, found.is_clean and noted.confirmed_seq >= found.seq

    async def _is_behind(self, driver: DoorDriver, served: Served) -> bool:
        """Say whether the door answers but holds an older position, as after a reset: it needs the whole log."""
        if Ability.READS_BACK not in driver.abilities:
            return False
        try:
            async with asyncio.timeout(self._deadline):
                return (await driver.read_back(served.door)).seq < served.sync.confirmed_seq
        except (DoorOffline, DoorTimedOut, DoorRefused, TimeoutError):
            return False
