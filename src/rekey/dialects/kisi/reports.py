"""Reports: made in the background, fetched by links that work for a short time. Source: contract section 7.4."""

from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

from rekey.dialects.kisi.attributes import Attributes, unwrap
from rekey.dialects.kisi.event_feed import FORM
from rekey.dialects.kisi.kit import NO_CONTENT, Kit, actor_of, path_number
from rekey.dialects.kisi.lists import (
    PLAIN,
    choice_of,
    cut,
    named_like,
    numbers_of,
    paged,
    plain,
    unsorted_part,
)
from rekey.dialects.kisi.report_links import OPEN_FOR, ReportLinks, base_url
from rekey.dialects.kisi.reporters import REPORTERS, newest_days
from rekey.dialects.kisi.shapes import Shape, stamps
from rekey.domain.document import Document, DocumentBody, DocumentKind
from rekey.domain.errors import NotFound
from rekey.domain.estate import zone_named
from rekey.domain.report import MOST_DAYS, ReportFormat, ReportState
from rekey.domain.role import Permission
from rekey.operations.keep_report import (
    AskReport,
    ReportNamed,
    ask_report,
    end_report,
    fetch_report,
    report_made,
)
from rekey.operations.report_maker import Reading, report_chunks
from rekey.ports.listing import WHOLE
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

_MEDIA = {ReportFormat.CSV: "text/csv; charset=utf-8", ReportFormat.PDF: "application/pdf"}


class Reports:
    """Handlers of reports."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._links = ReportLinks(kit.services.core.secrets)

    async def list(self, request: Request) -> Reply:
        return await list_documents(self._kit, request, DocumentKind.REPORT)

    async def create(self, request: Request) -> Reply:
        """Ask for a report; whether it is made yet is its `status`."""
        wanted = unwrap(request, "report")
        body = what_of(wanted)
        body |= self._days(wanted, zone_named(str(body["time_zone"])))
        wanted.check()
        report = await self._kit.perform(request, ask_report, AskReport(form=FORM, body=body))
        return plain(show_report(report))

    async def get(self, request: Request) -> Reply:
        return plain(show_report(await find_document(self._kit, request, DocumentKind.REPORT)))

    async def delete(self, request: Request) -> Reply:
        report = await self._find(request)
        await self._kit.perform(request, end_report, ReportNamed(report_id=report.id))
        return NO_CONTENT

    async def download(self, request: Request) -> Reply:
        """Give the link to the file; `format=pdf` asks for the one on paper."""
        kind = ReportFormat(choice_of(request, "format", *ReportFormat) or ReportFormat.CSV)
        report = await self._find(request)
        report = await self._kit.perform(request, fetch_report, ReportNamed(report_id=report.id))
        path = self._links.path(
            actor_of(request).organization_id, report.id, kind, until=self._kit.now() + OPEN_FOR
        )
        return plain({"url": base_url(self._kit.settings, request) + path})

    async def file(self, request: Request) -> Reply:
        """Send the file that a link names, a part at a time. Raises: NotFound."""
        organization_id, report_id, kind = self._links.open(request.params["token"], self._kit.now())
        reading = Reading(self._kit.services.core, organization_id)
        report = await reading.look(lambda view: report_made(view, report_id))
        return Reply(
            200,
            media_type=_MEDIA[kind],
            headers=(
                ("Content-Disposition", f'attachment; filename="report-{report.number}.{kind.value}"'),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
                ("Referrer-Policy", "no-referrer"),
            ),
            stream=_chunks(reading, report_id, kind),
        )

    async def _find(self, request: Request) -> Document:
        number = path_number(request, "report")
        return await self._kit.look(request, lambda view: numbered(view, DocumentKind.REPORT, number))

    def _days(self, wanted: Attributes, zone: ZoneInfo) -> DocumentBody:
        """Read the days, both included; the last thirty unless they are given."""
        first, last = newest_days(self._kit.now().astimezone(zone).date())
        last = wanted.day("end_date") or last
        first = wanted.day("start_date") or min(first, newest_days(last)[0])
        if not (2000 <= first.year <= 9000 and 2000 <= last.year <= 9000):
            wanted.refuse("start_date", "lies outside what a report can tell of")
        elif last < first:
            wanted.refuse("end_date", "must not lie before start_date")
        elif (last - first).days >= MOST_DAYS:
            wanted.refuse("end_date", f"must lie within {MOST_DAYS} days of start_date")
        return {"start_date": first.isoformat(), "end_date": last.isoformat()}


async def list_documents(kit: Kit, request: Request, kind: DocumentKind) -> Reply:
    """List reports or their schedules, by `ids` and `query`."""
    part, numbers, is_named = unsorted_part(request, PLAIN), numbers_of(request, "ids"), named_like(request)
    show = show_report if kind is DocumentKind.REPORT else show_schedule

    async def look(view: View) -> Reply:
        listed = await view.documents.list(WHOLE, kind)
        chosen = [
            one
            for one in listed.items
            if (numbers is None or one.number in numbers) and is_named(str(one.body.get("name", "")))
        ]
        found = cut(chosen, part)
        return paged([show(one) for one in found.items], part, found.total)

    return await kit.read(request, Permission.JOURNAL_READ, look)


async def find_document(kit: Kit, request: Request, kind: DocumentKind) -> Document:
    """Find what the path names, if the caller may read it. Raises: NotFound, NotAllowed."""
    number = path_number(request, kind.value)
    return await kit.read(request, Permission.JOURNAL_READ, lambda view: numbered(view, kind, number))


async def numbered(view: View, kind: DocumentKind, number: int) -> Document:
    """Raises: NotFound."""
    document = await view.documents.by_number(kind, number)
    if document is None:
        raise NotFound(kind.value, str(number))
    return document


def what_of(wanted: Attributes) -> DocumentBody:
    """Read the name, the reporter and the zone of a new report or schedule."""
    return {
        "name": wanted.text("name", required=True) or "",
        "reporter_id": reporter_of(wanted, required=True) or 0,
        "time_zone": zone_of(wanted) or "UTC",
    }


def reporter_of(wanted: Attributes, *, required: bool) -> int | None:
    number = wanted.number("reporter_id", required=required)
    if number is not None and number not in REPORTERS:
        known = ", ".join(f"{one} ({reporter.name})" for one, reporter in REPORTERS.items())
        wanted.refuse("reporter_id", f"must be one of {known}")
    return number


def zone_of(wanted: Attributes, *, required: bool = False) -> str | None:
    name = wanted.text("time_zone", required=required)
    try:
        return None if name is None else zone_named(name).key
    except ValueError:
        wanted.refuse("time_zone", "must be a name of the IANA database such as Europe/Berlin")
        return None


def show_report(report: Document) -> Shape:
    body = report.body
    return {
        "id": report.number,
        "resource_type": "Report",
        "name": body.get("name"),
        "reporter_id": body.get("reporter_id"),
        "start_date": body.get("start_date"),
        "end_date": body.get("end_date"),
        "time_zone": body.get("time_zone"),
        "status": ReportState(str(body.get("state"))).value,
        **stamps(report.created_at, report.updated_at),
    }


def show_schedule(schedule: Document) -> Shape:
    body = schedule.body
    return {
        "id": schedule.number,
        "resource_type": "ScheduledReport",
        "name": body.get("name"),
        "reporter_id": body.get("reporter_id"),
        "period": body.get("period"),
        "frequency": body.get("every"),
        "scheduled_at": body.get("scheduled_at"),
        "time_zone": body.get("time_zone"),
        "emails": body.get("emails"),
        "enabled": body.get("enabled"),
        **stamps(schedule.created_at, schedule.updated_at),
    }


async def _chunks(reading: Reading, report_id: str, kind: ReportFormat) -> AsyncIterator[bytes]:
    async for chunk in report_chunks(reading, report_id, kind):
        yield chunk
