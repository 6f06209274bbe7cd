"""The forms in which receivers are told of the journal; each wire API brings its own."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from rekey.domain.errors import Invalid
from rekey.domain.journal import JournalRow
from rekey.ports.store import View

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LAST_PLACE = 0xFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One event in the words of a form; `body` are the bytes that are signed and sent."""

    id: str
    type: str
    body: bytes
    site_id: str | None = None


def event_id(row_id: str, place: int) -> str:
    """Name the event at a place among those that a row becomes: a UUID from which the row is found again.

    Raises: ValueError beyond 65,535, which no row becomes.
    """
    if not 0 <= place <= _LAST_PLACE:
        raise ValueError("a row becomes at most 65,536 events")
    return f"{row_id[:-4]}{int(row_id[-4:], 16) ^ place:04x}"


async def row_of_event(view: View, named: str) -> tuple[JournalRow, int] | None:
    """Find the row of an event, and the event's place in it; None for text that names none."""
    if _UUID.fullmatch(named) is None:
        return None
    found = await view.journal.by_id_between(f"{named[:-4]}0000", f"{named[:-4]}ffff")
    if found is None:
        return None
    return found.row, int(found.row.id[-4:], 16) ^ int(named[-4:], 16)


class Form(Protocol):
    """How one wire API tells of the journal's rows. Pure but for what it looks up in the view."""

    @property
    def gives_up(self) -> bool:
        """Whether a subscription is stopped once its receiver has failed through all attempts."""
        ...

    async def tell(self, view: View, row: JournalRow) -> Sequence[Told]:
        """Give the events that a row becomes; their ids are the same each time."""
        ...

    def headers(
        self, secrets: Sequence[bytes], body: bytes, *, delivery_id: str, at: datetime
    ) -> Mapping[str, str]:
        """Sign a body with every secret, the newest first, as of this attempt."""
        ...


def _nowhere(_url: str) -> None:
    """Refuse every receiver, where nobody could send to one."""
    raise Invalid("url", "cannot be told: this server sends nothing")


class Feeds:
    """The forms that this server knows, by name, and the rule of where it may send.

    Takes: check_url, which raises Invalid for an address that must not be sent to.
    """

    def __init__(self, check_url: Callable[[str], None] = _nowhere) -> None:
        self._forms: dict[str, Form] = {}
        self.check_url = check_url

    def register(self, name: str, form: Form) -> None:
        self._forms[name] = form

    def form(self, name: str) -> Form | None:
        """Give a form, None if its wire API is not part of this server."""
        return self._forms.get(name)
