"""Files on their way in: a signed address that takes one file, and the file until it is used. Source: contract 7.4.

The address counts for an hour, and the file is kept for a day under the server's data folder, where several
server processes of one store must share that folder to find each other's files.
"""

import asyncio
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from rekey.dialects.kisi.attributes import unwrap
from rekey.dialects.kisi.errors import BadQuery, Unauthorized, Unprocessable
from rekey.dialects.kisi.kit import NO_CONTENT, Kit, actor_of
from rekey.dialects.kisi.lists import plain
from rekey.domain.picture import MOST_BYTES
from rekey.domain.role import Permission
from rekey.ports.attempts import AttemptKind
from rekey.webkit.message import Reply, Request

USERS, CARDS, IMAGE = "csv_user_import", "csv_card_import", "image"
FILE_TYPES = (IMAGE, CARDS, USERS)
ADDRESS_COUNTS = timedelta(hours=1)
FILE_KEPT = timedelta(days=1)
LARGEST = 33_554_432
_UNFIT = re.compile(r"[^A-Za-z0-9._-]+")
_KEPT_NAME = re.compile(r"[0-9a-f-]{36}-[A-Za-z0-9._-]{1,80}")
_BOUNDARY = re.compile(r'boundary="?([^";,]{1,70})"?', re.IGNORECASE)
_BAD_ADDRESS = "This address takes no file: ask for a new one"


class _Ticket(msgspec.Struct, frozen=True):
    """What the sealed address says."""

    organization_id: str
    file_name: str
    until: datetime
    largest: int = LARGEST


class Uploads:
    """Handlers of signed addresses and of the files that come to them."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def sign(self, request: Request) -> Reply:
        given = unwrap(request, "signed_upload_url")
        name, kind = given.text("file_name", required=True), given.text("file_type", required=True)
        if kind not in {*FILE_TYPES, None}:
            given.refuse("file_type", f"must be one of {', '.join(FILE_TYPES)}")
        given.check()
        if kind != IMAGE:
            await self._kit.require(request, Permission.PEOPLE_WRITE)
        core, now = self._kit.services.core, self._kit.now()
        kept = f"{core.entropy.new_id()}-{_UNFIT.sub('-', name or '')[-80:] or 'file'}"
        largest = MOST_BYTES if kind == IMAGE else LARGEST
        ticket = _Ticket(actor_of(request).organization_id, kept, now + ADDRESS_COUNTS, largest)
        sealed = urlsafe_b64encode(core.secrets.seal(msgspec.json.encode(ticket))).decode().rstrip("=")
        return plain({"signed_upload_url": self._url(request, sealed), "file_name": kept})

    async def take(self, request: Request) -> Reply:
        """Keep the file that comes to a signed address: as the body itself, or as the file of a form."""
        self._kit.services.core.attempts.count(AttemptKind.CODE, "", "upload", request.client)
        ticket = self._ticket(request.params["name"])
        content = _file_of(request)
        if not 0 < len(content) <= ticket.largest:
            raise BadQuery(f"send a file of 1 to {ticket.largest} bytes")
        folder = self._folder(ticket.organization_id)
        await asyncio.to_thread(_keep, folder, ticket.file_name, content, now=self._kit.now())
        return NO_CONTENT

    async def content(self, organization_id: str, file_name: str, *, named: str = "file_name") -> bytes:
        """Give a file that was taken in. Raises: Unprocessable for one that is not there."""
        path = self._folder(organization_id) / file_name
        found = await asyncio.to_thread(_read, path) if self.is_kept_name(file_name) else None
        if found is None:
            raise Unprocessable({named: ["must name a file that was uploaded within a day"]})
        return found

    @staticmethod
    def is_kept_name(text: str) -> bool:
        """Say whether this can be the name that a signed address gave a file."""
        return _KEPT_NAME.fullmatch(text) is not None

    def _ticket(self, name: str) -> _Ticket:
        """Open a signed address. Raises: Unauthorized for one that is forged or too old."""
        try:
            sealed = urlsafe_b64decode(name + "=" * (-len(name) % 4))
            ticket = msgspec.json.decode(self._kit.services.core.secrets.unseal(sealed), type=_Ticket)
        except (NotBase64, ValueError) as forged:
            raise Unauthorized(_BAD_ADDRESS) from forged
        if ticket.until <= self._kit.now():
            raise Unauthorized(_BAD_ADDRESS)
        return ticket

    def _url(self, request: Request, sealed: str) -> str:
        mounted = str(request.scope.get("root_path", ""))
        if self._kit.settings.public_url is not None and mounted:
            return f"{self._kit.settings.public_url}{mounted}/uploads/{sealed}"
        scheme, host = request.scope.get("scheme", "http"), request.header("host") or "localhost"
        return f"{scheme}://{host}{mounted}/uploads/{sealed}"

    def _folder(self, organization_id: str) -> Path:
        return self._kit.settings.data / "uploads" / organization_id


def _keep(folder: Path, name: str, content: bytes, *, now: datetime) -> None:
    """Write a file for its owner alone, and forget those that nobody used in a day."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.stat().st_mtime < (now - FILE_KEPT).timestamp():
            old.unlink(missing_ok=True)
    path = folder / name
    path.touch(mode=0o600)
    path.write_bytes(content)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _file_of(request: Request) -> bytes:
    """Give the file. Raises: BadQuery for a form without one."""
    media = request.header("content-type") or ""
    boundary = _BOUNDARY.search(media)
    if not media.lower().startswith("multipart/form-data") or boundary is None:
        return request.body
    for part in request.body.split(b"--" + boundary[1].encode())[1:]:
        head, _blank, content = part.partition(b"\r\n\r\n")
        if b"filename=" in head.lower():
            return content.removesuffix(b"\r\n")
    raise BadQuery("the form holds no file")
