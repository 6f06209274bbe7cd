"""Keeping PINs at doors: once a door was served, what became of its codes is noted, and what is due is done."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from rekey.domain.access import DoorRecord
from rekey.domain.door_code import DoorCode
from rekey.domain.errors import DoorOffline, DoorRefused, DoorTimedOut
from rekey.domain.operator import Actor
from rekey.operations.code_progress import code_progress, edges, is_due, is_over
from rekey.operations.code_wishes import is_met
from rekey.operations.core import Core
from rekey.operations.door_delivery import KeypadReading
from rekey.operations.media_progress import edges_after
from rekey.operations.note_codes import (
    NoteCodes,
    differs,
    is_later,
    is_placed,
    note_codes,
    told_foreign,
)
from rekey.ports.door_driver import DoorDriver, Keypad
from rekey.ports.listing import WHOLE
from rekey.ports.store import View

DEADLINE = 8.0
ERASE_EVERY = timedelta(seconds=30)


class CodeKeeper:
    """Brings what is noted of a door's codes after what the door has proved.

    `readings` is where whoever reads doors back leaves what it read.
    """

    def __init__(self, core: Core, readings: Mapping[str, KeypadReading]) -> None:
        self._core = core
        self._readings = readings

    async def keep(self, actor: Actor, door: DoorRecord) -> datetime | None:
        """Note the door's codes; give the instant at which something of them changes next by itself."""
        driver = self._core.drivers.get(door.driver)
        codes = await self._codes(actor, door)
        reading = self._readings.get(door.door_id) or KeypadReading()
        shown, lost, altered = reading.shown, reading.lost, reading.altered
        reading.lost, reading.altered = frozenset(), {}
        if not codes and not (shown and shown.foreign):
            return None
        erased = await self._erase(driver, door, codes)
        if erased:
            # What was read before still holds what is gone now.
            reading.shown = shown = None
        wanted = NoteCodes(door=door, driver=driver, shown=shown, erased=erased, lost=lost, altered=altered)
        if await self._has_news(actor, wanted):
            await self._core.perform(note_codes, actor, wanted)
        return await self._core.store.read(actor.organization_id, lambda view: self._next(view, door))

    async def _codes(self, actor: Actor, door: DoorRecord) -> tuple[DoorCode, ...]:
        async def look(view: View) -> tuple[DoorCode, ...]:
            return (await view.door_codes.list(WHOLE, door_id=door.door_id)).items

        return await self._core.store.read(actor.organization_id, look)

    async def _erase(
        self, driver: DoorDriver | None, door: DoorRecord, codes: tuple[DoorCode, ...]
    ) -> frozenset[str]:
        """Take hand-made codes from the door; one that can't be taken now is tried each time, for ever."""
        erased: set[str] = set()
        keypad: object = driver
        if not isinstance(keypad, Keypad):
            return frozenset()
        for code in codes:
            if not code.erasing:
                continue
            with suppress(DoorOffline, DoorTimedOut, DoorRefused, TimeoutError, ValueError):
                digits = self._core.secrets.unseal(code.sealed_part).decode()
                async with asyncio.timeout(DEADLINE):
                    await keypad.erase(door, digits)
                erased.add(code.id)
        return frozenset(erased)

    async def _has_news(self, actor: Actor, wanted: NoteCodes) -> bool:
        """Look before an act is spent on it: most of the time nothing has changed."""
        now, secrets = self._core.clock.now(), self._core.secrets

        async def look(view: View) -> bool:
            codes = (await view.door_codes.list(WHOLE, door_id=wanted.door.door_id)).items
            for code in codes:
                if not code.foreign and await self._is_news(view, wanted, code, now):
                    return True
            lost, found = told_foreign(secrets, wanted, codes)
            return bool(lost or found)

        return bool(wanted.erased) or await self._core.store.read(actor.organization_id, look)

    async def _is_news(self, view: View, wanted: NoteCodes, code: DoorCode, now: datetime) -> bool:
        credential = await view.credentials.get(code.id)
        if credential is None:
            return False
        if is_over(code, credential, now) or is_due(code, credential, now):
            return True
        if code.id in wanted.lost or code.id in wanted.altered:
            return True
        progress = await code_progress(
            view,
            code,
            credential,
            door=wanted.door,
            driver=wanted.driver,
            now=now,
            reads_right=wanted.reads_right(code.id),
        )
        if differs(code, progress) or is_met(code, progress.stage):
            return True
        medium = None if code.medium_id is None else await view.media.get(code.medium_id)
        if medium is None or medium.issued_at is not None:
            return False
        return await is_placed(view, medium) or await is_later(view, medium, now)

    async def _next(self, view: View, door: DoorRecord) -> datetime | None:
        now = self._core.clock.now()
        moments: list[datetime] = []
        for code in (await view.door_codes.list(WHOLE, door_id=door.door_id)).items:
            if code.erasing:
                moments.append(now + ERASE_EVERY)
            credential = None if code.foreign else await view.credentials.get(code.id)
            if credential is not None:
                moments += edges(code, credential, now)
            medium = None if code.medium_id is None else await view.media.get(code.medium_id)
            bundle = None if medium is None else await view.bundles.get(medium.bundle_id)
            if medium is not None and bundle is not None:
                moments += edges_after(medium, bundle, now)
        return min(moments, default=None)
