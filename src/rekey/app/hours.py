"""Who keeps the hours: scheduled unlocks begin and end, whether anybody asks or not."""

import asyncio
from collections.abc import Collection
from datetime import datetime, timedelta

import structlog

from rekey.app.housekeeping import Housekeeper
from rekey.domain.calendar import Holidays
from rekey.domain.door_order import DoorOrder
from rekey.domain.errors import Refusal
from rekey.domain.ids import OrganizationId
from rekey.operations.core import Core
from rekey.operations.edit_calendar_rule import EditCalendarRule, edit_calendar_rule
from rekey.operations.holiday_dates import YEARS_AHEAD, resolve_holidays
from rekey.operations.keep_hours import KeepHours, keep_hours
from rekey.operations.order_runner import OrderRunner
from rekey.ports.listing import WHOLE
from rekey.ports.store import View

DAILY = timedelta(days=1)

_log = structlog.get_logger("rekey.hours")


class HoursKeeper:
    """Has each door's hours looked at when they are due, and when something that they rest on changed.

    It decides nothing: one act does, from what is stored, so any number of processes may ask for it.
    """

    def __init__(self, core: Core, orders: OrderRunner, house: Housekeeper) -> None:
        self._core = core
        self._orders = orders
        self._house = house
        self._running: set[asyncio.Task[DoorOrder]] = set()
        self._renewed: dict[OrganizationId, datetime] = {}

    async def keep(self, organization_id: OrganizationId, changed: Collection[str] = ()) -> None:
        """Keep the hours that are due, and those of the doors named. Raises: StoreUnavailable."""
        now = self._core.clock.now()

        async def look(view: View) -> set[str]:
            due = await view.door_hours.due(now)
            concerned = await view.door_hours.of(changed) if changed else ()
            return {hours.door_id for hours in (*due, *concerned)}

        doors = await self._core.store.read(organization_id, look)
        if not doors:
            return
        actor = await self._house.actor(organization_id)
        for door_id in sorted(doors):
            kept = await self._core.perform(keep_hours, actor, KeepHours(door_id=door_id))
            if kept is not None:
                running = self._orders.start(actor, kept.door, kept.order)
                self._running.add(running)
                running.add_done_callback(self._running.discard)

    async def renew_holidays(self, organization_id: OrganizationId) -> None:
        """Once a day, have rules about holidays know those of the years to come. Raises: StoreUnavailable."""
        now = self._core.clock.now()
        if now - self._renewed.get(organization_id, now - DAILY) < DAILY:
            return
        rules = await self._core.store.read(organization_id, lambda view: view.calendar.list(WHOLE))
        actor = await self._house.actor(organization_id)
        for rule in rules.items:
            timing = rule.timing
            if not isinstance(timing, Holidays) or timing.through >= now.year + YEARS_AHEAD:
                continue
            try:
                known = resolve_holidays(
                    self._core, timing.region, observed=timing.observed, ignored=timing.ignored
                )
                await self._core.perform(
                    edit_calendar_rule, actor, EditCalendarRule(rule_id=rule.id, timing=known)
                )
            except Refusal as refusal:
                _log.error("holidays_not_renewed", rule=rule.id, region=timing.region, why=str(refusal))
        self._renewed[organization_id] = now

    @property
    def busy(self) -> bool:
        """Say whether an order is under way."""
        return bool(self._running)

    async def settled(self) -> None:
        """Wait for the orders under way."""
        await asyncio.gather(*self._running, return_exceptions=True)
