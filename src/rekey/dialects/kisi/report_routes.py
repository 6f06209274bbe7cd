"""The routes of reports."""

from collections.abc import Awaitable, Callable

from rekey.dialects.kisi.kit import Kit
from rekey.dialects.kisi.reports import Reports
from rekey.dialects.kisi.scheduled_reports import ScheduledReports
from rekey.webkit.message import Reply, Request

Row = tuple[str, str, str, Callable[[Request], Awaitable[Reply]]]


def report_rows(kit: Kit) -> tuple[Row, ...]:
    reports, schedules = Reports(kit), ScheduledReports(kit)
    return (
        ("GET", "/reports", "read", reports.list),
        ("POST", "/reports", "ask_report", reports.create),
        ("GET", "/reports/{id}", "read", reports.get),
        ("DELETE", "/reports/{id}", "end_report", reports.delete),
        ("POST", "/reports/{id}/download", "fetch_report", reports.download),
        ("GET", "/report_files/{token}", "read", reports.file),
        ("GET", "/scheduled_reports", "read", schedules.list),
        ("POST", "/scheduled_reports", "add_report_schedule", schedules.create),
        ("GET", "/scheduled_reports/{id}", "read", schedules.get),
        ("PATCH", "/scheduled_reports/{id}", "edit_report_schedule", schedules.update),
        ("DELETE", "/scheduled_reports/{id}", "end_document", schedules.delete),
    )
