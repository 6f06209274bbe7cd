"""Links by which a report is fetched without a login, for a short time."""

from datetime import datetime, timedelta
from typing import Final

from rekey.domain.errors import NotFound
from rekey.domain.ids import OrganizationId
from rekey.domain.report import ReportFormat
from rekey.ports.secrets import Secrets
from rekey.webkit.message import Request
from rekey.webkit.paging import CursorRefused, CursorSealer
from rekey.webkit.settings import DialectSettings

# What a program asked for it fetches at once; a mail is read after a weekend.
OPEN_FOR: Final = timedelta(minutes=15)
MAILED_FOR: Final = timedelta(days=3)
_PURPOSE: Final = {"for": "report file"}


class ReportLinks:
    """Makes links and reads them; they hold no secret, but nobody else can make or change one."""

    def __init__(self, secrets: Secrets) -> None:
        self._sealer = CursorSealer(secrets.fingerprint("report links").encode())

    def path(self, organization_id: str, report_id: str, kind: ReportFormat, *, until: datetime) -> str:
        """Give the path of a report's file, which answers until then."""
        position: list[str | int | bool | None] = [
            organization_id,
            report_id,
            kind.value,
            int(until.timestamp()),
        ]
        return f"/report_files/{self._sealer.seal(position, _PURPOSE)}"

    def open(self, token: str, now: datetime) -> tuple[OrganizationId, str, ReportFormat]:
        """Say which file a link names. Raises: NotFound, also for one whose time is over."""
        try:
            organization_id, report_id, kind, until = self._sealer.open(token, _PURPOSE)
            format_named = ReportFormat(str(kind))
        except (CursorRefused, ValueError) as refused:
            raise NotFound("report", token) from refused
        if not isinstance(until, int) or until <= now.timestamp():
            raise NotFound("report", token)
        return OrganizationId(str(organization_id)), str(report_id), format_named


def base_url(settings: DialectSettings, request: Request) -> str:
    """Give the URL under which this API was called, without a slash at the end."""
    mounted = str(request.scope.get("root_path", ""))
    if settings.public_url is not None and mounted:
        return settings.public_url + mounted
    return f"{request.scope.get('scheme', 'http')}://{request.header('host') or 'localhost'}{mounted}"
