"""Reports are asked for with permission, made by the server itself, and kept for thirty days."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from rekey.app.housekeeping import Housekeeper
from rekey.app.reports import ReportWorker
from rekey.domain.document import Document
from rekey.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from rekey.domain.report import Period, Recurrence, ReportFormat
from rekey.domain.role import Role
from rekey.operations.keep_report import (
    KEPT_FOR,
    LOST_AFTER,
    AskReport,
    ReportNamed,
    ask_report,
    begin_report,
    end_report,
    fetch_report,
)
from rekey.operations.keep_report_schedule import (
    AddReportSchedule,
    EditReportSchedule,
    RunReportSchedule,
    add_report_schedule,
    edit_report_schedule,
    run_report_schedule,
)
from rekey.operations.post import Letter
from rekey.operations.report_maker import (
    MOST_PRINTED,
    PART_BYTES,
    Cells,
    Reading,
    ReportForms,
    ReportMaker,
    plain_cell,
    report_chunks,
)
from rekey.ports.printer import Sheet
from rekey.testing.frozen_clock import NOON
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio

ASKED = AskReport(form="numbers", body={"name": "Numbers", "count": 3})


class Numbers:
    """A form whose reports count; one of -1 breaks."""

    def columns(self, _report: Document) -> Sequence[str]:
        return ("number",)

    async def rows(self, report: Document, _reading: Reading) -> AsyncIterator[Cells]:
        count = report.body["count"]
        if not isinstance(count, int) or count < 0:
            raise ValueError("nobody counts backwards")
        for number in range(count):
            yield (str(number),)

    def note(self, _report: Document) -> str:
        return "Counted."

    def letters(self, _report: Document, organization_name: str) -> Sequence[tuple[str, Letter]]:
        return [("boss@acme.test", Letter(subject="Counted", text=organization_name))]


class Printed:
    """Keeps what it was given to print."""

    def __init__(self) -> None:
        self.sheets: list[Sheet] = []

    def print_sheet(self, sheet: Sheet) -> bytes:
        self.sheets.append(sheet)
        return b"%PDF"


def worker_of(acme: Acme, printer: Printed) -> ReportWorker:
    forms = ReportForms()
    forms.register("numbers", Numbers())
    house = Housekeeper(acme.core, acme.world.services.orders)
    return ReportWorker(acme.core, ReportMaker(acme.core, forms, printer), house)


async def content(acme: Acme, report: Document, kind: ReportFormat = ReportFormat.CSV) -> bytes:
    reading = Reading(acme.core, acme.world.organization_id)
    return b"".join([chunk async for chunk in report_chunks(reading, report.id, kind)])


async def test_a_report_is_made_mailed_and_fetched(acme: Acme) -> None:
    report = await acme.do(ask_report, ASKED)
    with pytest.raises(Conflict):
        await acme.do(fetch_report, ReportNamed(report_id=report.id))
    printer = Printed()
    await worker_of(acme, printer).turn()
    assert await content(acme, report) == b"number\r\n0\r\n1\r\n2\r\n"
    assert await content(acme, report, ReportFormat.PDF) == b"%PDF"
    assert printer.sheets[0].note == "Counted. 3 rows."
    assert (await acme.world.deliver()).count("boss@acme.test") == 1
    fetched = await acme.do(fetch_report, ReportNamed(report_id=report.id))
    assert fetched.body["rows"] == 3


async def test_a_long_report_is_kept_in_parts_and_printed_in_part(acme: Acme) -> None:
    asked = AskReport(form="numbers", body={"name": "Long", "count": 60_000})
    report = await acme.do(ask_report, asked)
    printer = Printed()
    await worker_of(acme, printer).turn()
    assert len((await content(acme, report)).splitlines()) == 60_001
    second = await acme.read(lambda view: view.files.part(report.id, "csv", 1))
    assert second is not None
    assert len(await content(acme, report)) > PART_BYTES
    assert len(printer.sheets[0].rows) == MOST_PRINTED


async def test_a_report_that_breaks_has_failed_and_keeps_nothing(acme: Acme) -> None:
    report = await acme.do(ask_report, AskReport(form="numbers", body={"count": -1}))
    other = await acme.do(ask_report, AskReport(form="nobodys"))
    await worker_of(acme, Printed()).turn()
    for one in (report, other):
        with pytest.raises(Conflict):
            await acme.do(fetch_report, ReportNamed(report_id=one.id))
        assert await content(acme, one) == b""


async def test_a_report_is_made_by_one_worker_and_again_once_that_one_is_lost(acme: Acme) -> None:
    report = await acme.do(ask_report, ASKED)
    named = ReportNamed(report_id=report.id)
    assert await acme.do(begin_report, named) is not None
    assert await acme.do(begin_report, named) is None
    acme.clock.advance(LOST_AFTER)
    assert await acme.do(begin_report, named) is not None


async def test_an_ended_report_is_gone_with_what_it_holds(acme: Acme) -> None:
    report = await acme.do(ask_report, ASKED)
    await worker_of(acme, Printed()).turn()
    await acme.do(end_report, ReportNamed(report_id=report.id))
    assert await content(acme, report) == b""
    with pytest.raises(NotFound):
        await acme.do(fetch_report, ReportNamed(report_id=report.id))


async def test_reports_are_forgotten_after_thirty_days(acme: Acme) -> None:
    report = await acme.do(ask_report, ASKED)
    worker = worker_of(acme, Printed())
    await worker.turn()
    acme.clock.advance(KEPT_FOR)
    await worker.turn()
    assert await content(acme, report) == b""


async def test_who_may_only_read_asks_for_none_but_fetches(acme: Acme) -> None:
    otto = await acme.person("Otto")
    await acme.grant(otto, acme.everywhere, role=Role.OBSERVER)
    observer = await acme.account(otto)
    with pytest.raises(NotAllowed):
        await acme.do(ask_report, ASKED, by=observer)
    report = await acme.do(ask_report, ASKED)
    await worker_of(acme, Printed()).turn()
    assert (await acme.do(fetch_report, ReportNamed(report_id=report.id), by=observer)).id == report.id


DAILY = Recurrence(
    period=Period.DAY, every=1, first=NOON + timedelta(hours=1), zone=ZoneInfo("Europe/Berlin")
)
REPEATED = AddReportSchedule(
    form="numbers", recurrence=DAILY, emails=("Boss@acme.test",), body={"name": "Daily", "count": 1}
)


async def test_a_schedule_asks_once_for_all_that_it_missed(acme: Acme) -> None:
    schedule = await acme.do(add_report_schedule, REPEATED)
    named = RunReportSchedule(schedule_id=schedule.id)
    assert await acme.do(run_report_schedule, named) is None
    acme.clock.advance(timedelta(days=5))
    report = await acme.do(run_report_schedule, named)
    assert report is not None
    assert report.body["emails"] == ["boss@acme.test"]
    assert await acme.do(run_report_schedule, named) is None


async def test_a_schedule_that_is_off_asks_for_nothing_and_makes_up_for_nothing(acme: Acme) -> None:
    schedule = await acme.do(add_report_schedule, REPEATED)
    named = RunReportSchedule(schedule_id=schedule.id)
    off = EditReportSchedule(schedule_id=schedule.id, enabled=False)
    await acme.do(edit_report_schedule, off)
    acme.clock.advance(timedelta(days=2))
    assert await acme.do(run_report_schedule, named) is None
    await acme.do(edit_report_schedule, EditReportSchedule(schedule_id=schedule.id, enabled=True))
    assert await acme.do(run_report_schedule, named) is None


@pytest.mark.parametrize("emails", [(), ("nobody",), tuple(f"{one}@acme.test" for one in range(6))])
async def test_a_schedule_mails_one_to_five_addresses(acme: Acme, emails: tuple[str, ...]) -> None:
    wanted = AddReportSchedule(form="numbers", recurrence=DAILY, emails=emails)
    with pytest.raises(Invalid, match="emails"):
        await acme.do(add_report_schedule, wanted)


@pytest.mark.parametrize(
    ("cell", "kept"),
    [("=1+1", "'=1+1"), ("@x", "'@x"), ("-2", "-2"), ("+49 30 1234", "+49 30 1234"), ("-1+cmd", "'-1+cmd")],
)
async def test_a_cell_is_never_a_formula(cell: str, kept: str) -> None:
    assert plain_cell(cell) == kept
