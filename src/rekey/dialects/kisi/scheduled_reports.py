"""Reports that are made and mailed again and again. Source: contract section 7.4."""

from datetime import UTC, datetime

from rekey.dialects.kisi.attributes import Attributes, unwrap
from rekey.dialects.kisi.event_feed import FORM
from rekey.dialects.kisi.kit import NO_CONTENT, Kit, actor_of, path_number
from rekey.dialects.kisi.lists import plain
from rekey.dialects.kisi.report_links import base_url
from rekey.dialects.kisi.reports import (
    find_document,
    list_documents,
    numbered,
    reporter_of,
    show_schedule,
    what_of,
    zone_of,
)
from rekey.dialects.kisi.shapes import instant
from rekey.domain.document import Document, DocumentBody, DocumentKind
from rekey.domain.estate import zone_named
from rekey.domain.report import Period, Recurrence
from rekey.operations.keep_document import EndDocument, end_document
from rekey.operations.keep_report_schedule import (
    AddReportSchedule,
    EditReportSchedule,
    add_report_schedule,
    edit_report_schedule,
    recurrence_of,
)
from rekey.webkit.message import Reply, Request

MOST_PERIODS = 100
_NEVER = datetime.max.replace(tzinfo=UTC)


class ScheduledReports:
    """Handlers of scheduled reports."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        return await list_documents(self._kit, request, DocumentKind.REPORT_SCHEDULE)

    async def create(self, request: Request) -> Reply:
        wanted = unwrap(request, "scheduled_report")
        body = what_of(wanted)
        zone_of(wanted, required=True)
        when = self._when(wanted, str(body["time_zone"]))
        emails, enabled = wanted.texts("emails"), wanted.flag("enabled")
        if not emails:
            wanted.refuse("emails", "can't be blank")
        wanted.check()
        body |= {
            "scheduled_at": instant(when.first),
            "base": base_url(self._kit.settings, request),
            "organization": actor_of(request).organization_id,
        }
        schedule = await self._kit.perform(
            request,
            add_report_schedule,
            AddReportSchedule(
                form=FORM, recurrence=when, emails=emails or (), enabled=enabled is not False, body=body
            ),
        )
        return plain(show_schedule(schedule))

    async def get(self, request: Request) -> Reply:
        return plain(show_schedule(await find_document(self._kit, request, DocumentKind.REPORT_SCHEDULE)))

    async def update(self, request: Request) -> Reply:
        wanted = unwrap(request, "scheduled_report")
        schedule = await self._find(request)
        changes: DocumentBody = {}
        if (name := wanted.new_name("name")) is not None:
            changes["name"] = name
        if (reporter := reporter_of(wanted, required=False)) is not None:
            changes["reporter_id"] = reporter
        when = self._new_when(wanted, recurrence_of(schedule))
        changes["scheduled_at"] = instant(when.first)
        emails, enabled = wanted.texts("emails"), wanted.flag("enabled")
        wanted.check()
        edit = EditReportSchedule(
            schedule_id=schedule.id, recurrence=when, emails=emails, enabled=enabled, changes=changes
        )
        await self._kit.perform(request, edit_report_schedule, edit)
        return NO_CONTENT

    async def delete(self, request: Request) -> Reply:
        schedule = await self._find(request)
        ending = EndDocument(kind=DocumentKind.REPORT_SCHEDULE, document_id=schedule.id)
        await self._kit.perform(request, end_document, ending)
        return NO_CONTENT

    async def _find(self, request: Request) -> Document:
        number = path_number(request, "report_schedule")
        return await self._kit.look(
            request, lambda view: numbered(view, DocumentKind.REPORT_SCHEDULE, number)
        )

    def _when(self, wanted: Attributes, zone: str) -> Recurrence:
        period, every = _period(wanted, required=True), _every(wanted, required=True)
        first = _first(wanted)
        if first is None:
            wanted.text("scheduled_at", required=True)
        return Recurrence(
            period=period or Period.DAY, every=every or 1, first=first or _NEVER, zone=zone_named(zone)
        )

    def _new_when(self, wanted: Attributes, known: Recurrence) -> Recurrence:
        zone = zone_of(wanted)
        return Recurrence(
            period=_period(wanted, required=False) or known.period,
            every=_every(wanted, required=False) or known.every,
            first=_first(wanted) or known.first,
            zone=known.zone if zone is None else zone_named(zone),
        )


def _first(wanted: Attributes) -> datetime | None:
    at = wanted.instant("scheduled_at")
    if at is not None and not 2000 <= at.year <= 9000:
        wanted.refuse("scheduled_at", "lies outside what a schedule can tell of")
        return None
    return at


def _period(wanted: Attributes, *, required: bool) -> Period | None:
    text = wanted.text("period", required=required)
    if text is None or text in set(Period):
        return None if text is None else Period(text)
    wanted.refuse("period", f"must be one of {', '.join(Period)}")
    return None


def _every(wanted: Attributes, *, required: bool) -> int | None:
    number = wanted.number("frequency", required=required)
    if number is not None and number > MOST_PERIODS:
        wanted.refuse("frequency", f"must be at most {MOST_PERIODS}")
        return None
    return number
