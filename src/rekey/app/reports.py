"""The report worker: schedules that are due ask for reports, and reports are made, one after another."""

import asyncio
from datetime import datetime
from typing import Final

import structlog

from rekey.app.housekeeping import Housekeeper
from rekey.app.workers import Nap, nap
from rekey.domain.document import Document, DocumentKind
from rekey.domain.errors import CoreError, NotFound
from rekey.domain.ids import OrganizationId
from rekey.operations.core import Core
from rekey.operations.keep_report import KEPT_FOR, MADE, TO_BE_MADE, ReportNamed, end_report
from rekey.operations.keep_report_schedule import RunReportSchedule, is_due, run_report_schedule
from rekey.operations.report_maker import ReportMaker
from rekey.ports.listing import WHOLE, Part
from rekey.ports.store import View
from rekey.webkit.faults import log_fault

EVERY: Final = 15.0
_FORGOTTEN_AT_ONCE: Final = Part(limit=20)

_log = structlog.get_logger("rekey.reports")


class ReportWorker:
    """Makes reports in the background; several processes share the work, and one that died is taken over from."""

    def __init__(self, core: Core, maker: ReportMaker, house: Housekeeper, *, nap: Nap = nap) -> None:
        self._core = core
        self._maker = maker
        self._house = house
        self._nap = nap
        self._woken = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None

    def wake(self, _organization_id: OrganizationId) -> None:
        """Have reports that wait looked for soon; cheap, and called before the reply to the act."""
        self._woken.set()

    def start(self) -> None:
        """Begin to work until `close`."""
        self._loop = asyncio.ensure_future(self._run())

    async def close(self) -> None:
        """Stop; a report under way is made anew by the next process."""
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)

    async def settle(self) -> None:
        """Do all that is due now; for tests and for commands without a server."""
        self._woken.clear()
        for organization_id in await self._core.store.directory.all_organizations():
            await self._serve(organization_id)

    async def _run(self) -> None:
        while True:
            try:
                await self.settle()
            except CoreError as unavailable:
                _log.warning("reports_wait", why=str(unavailable))
            except Exception as error:  # noqa: BLE001  # reports must be made whatever one round met
                log_fault("reports_failed", error)
            await self._nap(self._woken, EVERY)

    async def _serve(self, organization_id: OrganizationId) -> None:
        now = self._core.clock.now()
        due = await self._core.store.read(organization_id, lambda view: _due(view, now))
        if due:
            actor = await self._house.actor(organization_id)
            for schedule_id in due:
                await self._core.perform(
                    run_report_schedule, actor, RunReportSchedule(schedule_id=schedule_id)
                )
        waiting, old = await self._core.store.read(organization_id, lambda view: _reports(view, now))
        if waiting or old:
            actor = await self._house.actor(organization_id)
            for report in old:
                await self._forget(organization_id, report.id)
            for report in waiting:
                await self._maker.make(actor, report.id)

    async def _forget(self, organization_id: OrganizationId, report_id: str) -> None:
        actor = await self._house.actor(organization_id)
        try:
            await self._core.perform(end_report, actor, ReportNamed(report_id=report_id))
        except NotFound:
            _log.info("report_forgotten_elsewhere", report=report_id)


async def _due(view: View, now: datetime) -> list[str]:
    schedules = await view.documents.list(WHOLE, DocumentKind.REPORT_SCHEDULE)
    return [schedule.id for schedule in schedules.items if is_due(schedule, now)]


async def _reports(view: View, now: datetime) -> tuple[list[Document], list[Document]]:
    """Give the reports to be made, and those that are kept no longer."""
    waiting = await view.documents.list(WHOLE, DocumentKind.REPORT, parent_id=TO_BE_MADE)
    made = await view.documents.list(_FORGOTTEN_AT_ONCE, DocumentKind.REPORT, parent_id=MADE)
    return [*waiting.items], [one for one in made.items if one.updated_at + KEPT_FOR <= now]
