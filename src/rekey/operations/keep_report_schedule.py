"""add_report_schedule, edit_report_schedule, run_report_schedule: reports that are made and mailed again and again."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from rekey.domain.document import Document, DocumentBody, DocumentKind, DocumentValue, merged
from rekey.domain.errors import Invalid
from rekey.domain.report import Period, Recurrence
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.keep_document import find_document
from rekey.operations.keep_report import AskReport, queue_report
from rekey.ports.listing import WHOLE
from rekey.ports.store import View

MOST_ADDRESSES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class AddReportSchedule:
    """`body` is what its reports tell of, in the words of the wire API, whose name is `form`."""

    form: str
    recurrence: Recurrence
    emails: tuple[str, ...]
    enabled: bool = True
    body: DocumentBody = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditReportSchedule:
    """What is None stays; `changes` go over the body member by member."""

    schedule_id: str
    recurrence: Recurrence | None = None
    emails: tuple[str, ...] | None = None
    enabled: bool | None = None
    changes: DocumentBody = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReportSchedule:
    schedule_id: str


@operation(Permission.ORGANIZATION_WRITE)
async def add_report_schedule(act: Act, wanted: AddReportSchedule) -> Document:
    """Have reports made from the first time on. Raises: Invalid (emails)."""
    await act.require(Scope.organization(act.work.organization_id))
    await act.require(Scope.organization(act.work.organization_id), Permission.JOURNAL_READ)
    schedule = Document(
        id=act.new_id(),
        number=act.next_number(),
        kind=DocumentKind.REPORT_SCHEDULE,
        body=merged(
            wanted.body,
            {
                **_written(wanted.recurrence),
                "form": wanted.form,
                "emails": _addresses(wanted.emails),
                "enabled": wanted.enabled,
                "next_at": wanted.recurrence.next_after(act.now).isoformat(),
            },
        ),
        created_at=act.now,
        updated_at=act.now,
    )
    await act.work.documents.add(schedule)
    await _record(act, schedule, "added")
    return schedule


@operation(Permission.ORGANIZATION_WRITE)
async def edit_report_schedule(act: Act, wanted: EditReportSchedule) -> Document:
    """Change when reports are made, of what, or who is mailed. Raises: NotFound, Invalid (emails)."""
    schedule = await find_document(act, DocumentKind.REPORT_SCHEDULE, wanted.schedule_id)
    await act.require(Scope.organization(act.work.organization_id), Permission.JOURNAL_READ)
    changes = dict(wanted.changes)
    recurrence = wanted.recurrence or recurrence_of(schedule)
    # What was missed while it was off is not made up for.
    changes |= {**_written(recurrence), "next_at": recurrence.next_after(act.now).isoformat()}
    if wanted.emails is not None:
        changes["emails"] = _addresses(wanted.emails)
    if wanted.enabled is not None:
        changes["enabled"] = wanted.enabled
    edited = replace(schedule, body=merged(schedule.body, changes), updated_at=act.now)
    await act.work.documents.replace(edited)
    await _record(act, edited, "edited")
    return edited


@operation(None)
async def run_report_schedule(act: Act, wanted: RunReportSchedule) -> Document | None:
    """Ask for the report that is due; runs that were missed are one. None if nothing is due."""
    act.waive("the server's own worker does what somebody with the permission has arranged")
    schedule = await act.work.documents.get(DocumentKind.REPORT_SCHEDULE, wanted.schedule_id)
    if schedule is None or not is_due(schedule, act.now):
        act.work.keep_books()
        return None
    recurrence = recurrence_of(schedule)
    first, last = recurrence.covered(act.now)
    body: DocumentBody = {
        name: value for name, value in schedule.body.items() if name not in {"next_at", "enabled", "first"}
    }
    body |= {"start_date": first.isoformat(), "end_date": last.isoformat(), "schedule": schedule.id}
    report = await queue_report(act, AskReport(form=str(schedule.body.get("form")), body=body))
    following: DocumentBody = {"next_at": recurrence.next_after(act.now).isoformat()}
    await act.work.documents.replace(replace(schedule, body=schedule.body | following))
    await act.record(
        "report.added",
        detail={
            "document": report.id,
            "number": report.number,
            "name": _text(report.body.get("name")),
            "schedule": schedule.id,
        },
    )
    return report


def is_due(schedule: Document, now: datetime) -> bool:
    """Say whether a report is to be made now."""
    following = schedule.body.get("next_at")
    return (
        schedule.body.get("enabled") is True
        and isinstance(following, str)
        and datetime.fromisoformat(following) <= now
    )


def recurrence_of(schedule: Document) -> Recurrence:
    """Read what `_written` wrote."""
    body = schedule.body
    every = body["every"]
    return Recurrence(
        period=Period(str(body["period"])),
        every=every if isinstance(every, int) else 1,
        first=datetime.fromisoformat(str(body["first"])),
        zone=ZoneInfo(str(body["time_zone"])),
    )


async def schedules_mailing(view: View, address: str) -> tuple[Document, ...]:
    """List the schedules that mail an address, whoever it belongs to now."""
    listed = await view.documents.list(WHOLE, DocumentKind.REPORT_SCHEDULE)
    return tuple(one for one in listed.items if address.lower() in emails_of(one))


def emails_of(document: Document) -> tuple[str, ...]:
    emails = document.body.get("emails")
    return tuple(str(one) for one in emails) if isinstance(emails, list) else ()


def _written(recurrence: Recurrence) -> DocumentBody:
    return {
        "period": recurrence.period.value,
        "every": recurrence.every,
        "first": recurrence.first.isoformat(),
        "time_zone": recurrence.zone.key,
    }


def _addresses(emails: tuple[str, ...]) -> list[DocumentValue]:
    known = list(dict.fromkeys(email.strip().lower() for email in emails))
    if not 1 <= len(known) <= MOST_ADDRESSES:
        raise Invalid("emails", f"must be 1 to {MOST_ADDRESSES} addresses")
    for email in known:
        name, at, host = email.partition("@")
        if not (name and at and host) or any(mark in email for mark in " ,;<>\r\n\t"):
            raise Invalid("emails", "must be e-mail addresses")
    return [*known]


def _text(value: DocumentValue) -> str | None:
    return value if isinstance(value, str) else None


async def _record(act: Act, schedule: Document, done: str) -> None:
    await act.record(
        f"report_schedule.{done}",
        detail={
            "document": schedule.id,
            "number": schedule.number,
            "name": _text(schedule.body.get("name")),
            "emails": [*emails_of(schedule)],
        },
    )
