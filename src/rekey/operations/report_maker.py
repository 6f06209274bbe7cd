"""Making reports: rows are read a stride at a time and kept part by part, so that memory stays bounded."""

import asyncio
import csv
import io
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

import structlog

from rekey.domain.document import Document
from rekey.domain.errors import CoreError
from rekey.domain.ids import OrganizationId
from rekey.domain.operator import Actor
from rekey.domain.report import ReportFormat
from rekey.operations.core import Core
from rekey.operations.keep_report import (
    FinishReport,
    KeepReportPart,
    ReportNamed,
    begin_report,
    finish_report,
    keep_report_part,
)
from rekey.operations.post import Letter
from rekey.ports.printer import Printer, Sheet
from rekey.ports.store import View

T = TypeVar("T")
PART_BYTES: Final = 262_144
# A table on paper that nobody leafs through to its end; the CSV holds all rows.
MOST_PRINTED: Final = 2_000
# A spreadsheet takes a cell that begins so for a formula, and names are chosen by those who bear them.
_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")

_log = structlog.get_logger("rekey.reports")

Look = Callable[[View], Awaitable[T]]
Cells = Sequence[str]


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads one organization, each look on a fresh view, so that a long report holds none open."""

    core: Core
    organization_id: OrganizationId

    async def look(self, look: Look[T]) -> T:
        return await self.core.store.read(self.organization_id, look)


class ReportForm(Protocol):
    """How a wire API words its reports."""

    def columns(self, report: Document) -> Sequence[str]:
        """Give the heads of the columns. Raises: KeyError for a report that is not made here."""
        ...

    def rows(self, report: Document, reading: Reading) -> AsyncIterator[Cells]: ...

    def note(self, report: Document) -> str:
        """Say in a line what the report shows."""
        ...

    def letters(self, report: Document, organization_name: str) -> Sequence[tuple[str, Letter]]:
        """Give who is mailed that it is there."""
        ...


class ReportForms:
    """The wire APIs that have reports."""

    def __init__(self) -> None:
        self._forms: dict[str, ReportForm] = {}

    def register(self, name: str, form: ReportForm) -> None:
        self._forms[name] = form

    def get(self, name: object) -> ReportForm | None:
        return self._forms.get(name) if isinstance(name, str) else None


class ReportMaker:
    """Makes one report after another."""

    def __init__(self, core: Core, forms: ReportForms, printer: Printer) -> None:
        self._core = core
        self._forms = forms
        self._printer = printer

    async def make(self, actor: Actor, report_id: str) -> None:
        """Make a report that waits; what goes wrong ends in its state."""
        report = await self._core.perform(begin_report, actor, ReportNamed(report_id=report_id))
        if report is None:
            return None
        form = self._forms.get(report.body.get("form"))
        if form is None:
            return await self._fail(actor, report, "this server has no such reports")
        try:
            rows = await self._write(actor, report, form)
        except CoreError as refused:
            await self._fail(actor, report, str(refused))
        except Exception as fault:  # noqa: BLE001  # whatever broke, it must not look as if it were still made
            _log.error("report_failed", report=report.id, fault=type(fault).__name__, exc_info=fault)
            await self._fail(actor, report, "the server failed")
        else:
            if rows is not None:
                await self._finish(actor, report, form, rows)

    async def _write(self, actor: Actor, report: Document, form: ReportForm) -> int | None:
        """Write the report down and say how many rows it has; None if nobody wants it any more."""
        table = _Table(self._core, actor, report.id)
        columns, count = form.columns(report), 0
        printed: list[Cells] = []
        table.add(columns)
        reading = Reading(self._core, actor.organization_id)
        async for row in form.rows(report, reading):
            count += 1
            table.add(row)
            if len(printed) < MOST_PRINTED:
                printed.append(row)
            if table.is_full and not await table.keep():
                return None
        if not await table.keep():
            return None
        name = str(report.body.get("name", ""))
        sheet = Sheet(title=name, note=_note(form.note(report), count), columns=columns, rows=printed)
        content = await asyncio.to_thread(self._printer.print_sheet, sheet)
        return count if await table.keep_whole(ReportFormat.PDF, content) else None

    async def _finish(self, actor: Actor, report: Document, form: ReportForm, rows: int) -> None:
        organization = await self._core.store.read(
            actor.organization_id, lambda view: view.organizations.get()
        )
        letters = tuple(form.letters(report, organization.name))
        wanted = FinishReport(report_id=report.id, rows=rows, letters=letters)
        await self._core.perform(finish_report, actor, wanted)

    async def _fail(self, actor: Actor, report: Document, why: str) -> None:
        await self._core.perform(finish_report, actor, FinishReport(report_id=report.id, failure=why))


class _Table:
    """Rows as CSV, kept in compressed parts."""

    def __init__(self, core: Core, actor: Actor, report_id: str) -> None:
        self._core = core
        self._actor = actor
        self._report_id = report_id
        self._text = io.StringIO(newline="")
        self._writer = csv.writer(self._text)
        self._place = 0

    @property
    def is_full(self) -> bool:
        return self._text.tell() >= PART_BYTES

    def add(self, row: Cells) -> None:
        self._writer.writerow([plain_cell(cell) for cell in row])

    async def keep(self) -> bool:
        """Keep what was written since; False if the report has ended meanwhile."""
        content = zlib.compress(self._text.getvalue().encode())
        self._text.seek(0)
        self._text.truncate()
        kept = await self._keep(ReportFormat.CSV, self._place, content)
        self._place += 1
        return kept

    async def keep_whole(self, kind: ReportFormat, content: bytes) -> bool:
        for place, start in enumerate(range(0, len(content), PART_BYTES)):
            part = zlib.compress(content[start : start + PART_BYTES])
            if not await self._keep(kind, place, part):
                return False
        return True

    async def _keep(self, kind: ReportFormat, place: int, content: bytes) -> bool:
        wanted = KeepReportPart(report_id=self._report_id, format=kind, place=place, content=content)
        return await self._core.perform(keep_report_part, self._actor, wanted)


async def report_chunks(reading: Reading, report_id: str, kind: ReportFormat) -> AsyncIterator[bytes]:
    """Give what a report holds, a part at a time."""
    place = 0
    while True:
        part = await reading.look(lambda view, at=place: view.files.part(report_id, kind.value, at))  # type: ignore[misc]  # mypy can't infer a lambda with a default
        if part is None:
            return
        yield zlib.decompress(part)
        place += 1


def plain_cell(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would run as a formula; a number or a phone number stays."""
    if not cell.startswith(_FORMULAS) or cell.lstrip("+-").replace(" ", "").replace(".", "", 1).isdecimal():
        return cell
    return f"'{cell}"


def _note(text: str, count: int) -> str:
    if count <= MOST_PRINTED:
        return f"{text} {count} rows."
    return f"{text} The first {MOST_PRINTED} of {count} rows; the CSV file holds all of them."
