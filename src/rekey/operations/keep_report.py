"""ask_report, begin_report, keep_report_part, finish_report, fetch_report, end_report: the life of a report."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from rekey.domain.document import Document, DocumentBody, DocumentKind
from rekey.domain.errors import Conflict, NotFound
from rekey.domain.journal import JsonValue
from rekey.domain.report import ReportFormat, ReportState
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.keep_document import EndDocument, find_document
from rekey.operations.post import Letter, post
from rekey.ports.store import View

# Whoever makes a report keeps a part more often than this, or has died.
LOST_AFTER: Final = timedelta(minutes=10)
KEPT_FOR: Final = timedelta(days=30)
# What is still to be made belongs to this, so that a worker finds it among all that was ever made.
TO_BE_MADE: Final = "to_be_made"
MADE: Final = "made"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskReport:
    """What the report tells of, in the words of the wire API, whose name is `form`."""

    form: str
    body: DocumentBody = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportNamed:
    report_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepReportPart:
    report_id: str
    format: ReportFormat
    place: int
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishReport:
    """`failure` None means that it is whole; `letters` go to their addresses with the act."""

    report_id: str
    rows: int = 0
    failure: str | None = None
    letters: tuple[tuple[str, Letter], ...] = ()


@operation(Permission.ORGANIZATION_WRITE)
async def ask_report(act: Act, wanted: AskReport) -> Document:
    """Have a report made of what the journal holds up to now."""
    await act.require(Scope.organization(act.work.organization_id))
    await act.require(Scope.organization(act.work.organization_id), Permission.JOURNAL_READ)
    report = await queue_report(act, wanted)
    await act.record("report.added", detail=_told(report))
    return report


async def queue_report(act: Act, wanted: AskReport) -> Document:
    """Put a report among those to be made, within an act."""
    report = Document(
        id=act.new_id(),
        number=act.next_number(),
        kind=DocumentKind.REPORT,
        parent_id=TO_BE_MADE,
        body={
            **wanted.body,
            "form": wanted.form,
            "position": act.position - 1,
            "state": ReportState.WAITING.value,
        },
        created_at=act.now,
        updated_at=act.now,
    )
    await act.work.documents.add(report)
    act.work.after_commit(act.wake)
    return report


@operation(None)
async def begin_report(act: Act, wanted: ReportNamed) -> Document | None:
    """Take up a report that waits, or whose maker died; None if there is nothing to do."""
    act.waive("the server's own worker makes what was asked for with permission")
    act.work.keep_books()
    report = await act.work.documents.get(DocumentKind.REPORT, wanted.report_id)
    if report is None or not _is_to_be_made(report, act):
        return None
    await act.work.files.drop(report.id)
    begun = replace(report, body={**report.body, "state": ReportState.IN_PROGRESS.value}, updated_at=act.now)
    await act.work.documents.replace(begun)
    return begun


@operation(None)
async def keep_report_part(act: Act, wanted: KeepReportPart) -> bool:
    """Keep what was made so far; False if the report has ended meanwhile."""
    act.waive("the server's own worker makes what was asked for with permission")
    act.work.keep_books()
    report = await act.work.documents.get(DocumentKind.REPORT, wanted.report_id)
    if report is None:
        return False
    await act.work.files.add_part(report.id, wanted.format.value, wanted.place, wanted.content)
    await act.work.documents.replace(replace(report, updated_at=act.now))
    return True


@operation(None)
async def finish_report(act: Act, wanted: FinishReport) -> Document | None:
    """Note that a report is whole, or why it failed, and mail who is told; None if it has ended meanwhile."""
    act.waive("the server's own worker makes what was asked for with permission")
    report = await act.work.documents.get(DocumentKind.REPORT, wanted.report_id)
    if report is None:
        act.work.keep_books()
        return None
    state = ReportState.FINISHED if wanted.failure is None else ReportState.FAILED
    changes: DocumentBody = {"state": state.value, "rows": wanted.rows}
    if wanted.failure is not None:
        changes["failure"] = wanted.failure
        await act.work.files.drop(report.id)
    done = replace(report, parent_id=MADE, body={**report.body, **changes}, updated_at=act.now)
    await act.work.documents.replace(done)
    for address, letter in wanted.letters:
        await post(act, address, letter)
    await act.record(
        "report.finished",
        detail={**_told(done), "state": state.value, "rows": wanted.rows, "mailed": len(wanted.letters)},
    )
    return done


@operation(Permission.JOURNAL_READ)
async def fetch_report(act: Act, wanted: ReportNamed) -> Document:
    """Note that somebody takes a report along. Raises: NotFound; Conflict while it is not whole."""
    await act.require(Scope.organization(act.work.organization_id))
    report = await report_made(act.work, wanted.report_id)
    await act.record("report.downloaded", detail=_told(report))
    return report


@operation(Permission.ORGANIZATION_WRITE)
async def end_report(act: Act, wanted: ReportNamed) -> None:
    """End a report with all that was made of it; links to it are dead from now on. Raises: NotFound."""
    ending = EndDocument(kind=DocumentKind.REPORT, document_id=wanted.report_id)
    report = await find_document(act, ending.kind, ending.document_id)
    await act.work.documents.end(report.id, act.now)
    await act.work.files.drop(report.id)
    await act.record("report.ended", detail=_told(report))


async def report_made(view: View, report_id: str) -> Document:
    """Find a report that can be read. Raises: NotFound; Conflict while it is not whole."""
    report = await view.documents.get(DocumentKind.REPORT, report_id)
    if report is None:
        raise NotFound("report", report_id)
    if report.body.get("state") != ReportState.FINISHED.value:
        raise Conflict("this report is not finished")
    return report


def _is_to_be_made(report: Document, act: Act) -> bool:
    match report.body.get("state"):
        case ReportState.WAITING.value:
            return True
        case ReportState.IN_PROGRESS.value:
            return report.updated_at + LOST_AFTER <= act.now
        case _:
            return False


def _told(report: Document) -> dict[str, JsonValue]:
    name = report.body.get("name")
    return {
        "document": report.id,
        "number": report.number,
        "name": name if isinstance(name, str) else None,
    }
