"""The report worker: schedules that are due ask for reports, and reports are made, one after another."""

from datetime import datetime
from typing import Final

import structlog

from rekey.app.housekeeping import Housekeeper
from rekey.app.rounds import Nap, Worker, nap
from rekey.domain.document import Document, DocumentKind
from rekey.domain.errors import NotFound
from rekey.domain.ids import OrganizationId
from rekey.operations.core import Core
from rekey.operations.keep_report import KEPT_FOR, MADE, TO_BE_MADE, ReportNamed, end_report
from rekey.operations.keep_report_schedule import RunReportSchedule, is_due, run_report_schedule
from rekey.operations.report_maker import ReportMaker
from rekey.ports.listing import WHOLE, Part
from rekey.ports.store import View

_FORGOTTEN_AT_ONCE: Final = Part(limit=20)

_log = structlog.get_logger("rekey.reports")


class ReportWorker(Worker):
    """Makes reports in the background; several processes share the work, and one that died is taken over from."""

    name = "reports"
    every = 15.0

    def __init__(self, core: Core, maker: ReportMaker, house: Housekeeper, *, nap: Nap = nap) -> None:
        super().__init__(nap=nap)
        self._core = core
        self._maker = maker
        self._house = house

    async def turn(self) -> None:
        """Ask for the reports that are due, and make those that wait."""
        self._woken.clear()
        await self._each(await self._core.store.directory.all_organizations(), self._serve)

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
