"""What rows of the journal name, read once for a stretch of them."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from typing import Generic, Self, TypeVar

from rekey.domain.estate import Organization
from rekey.domain.ids import Position
from rekey.domain.journal import JournalRow
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.history import Span
from rekey.ports.store import View

T = TypeVar("T")


class Versions(Generic[T]):
    """Things of one kind as they were at a position; of each the version is kept that was read last."""

    def __init__(self, read: Callable[[Collection[str], Position], Awaitable[dict[str, Span[T]]]]) -> None:
        self._read = read
        self._spans: dict[str, Span[T]] = {}

    async def load(self, ids: Iterable[str | None], at: Position) -> None:
        """Read several at once, as of the position at which most of them will be asked for."""
        wanted = {id_ for id_ in ids if id_ is not None}
        if wanted:
            self._spans.update(await self._read(wanted, at))

    async def get(self, id: str, at: Position) -> T | None:  # noqa: A002  # a column
        span = self._spans.get(id)
        if span is not None and span.covers(at):
            return span.value
        span = (await self._read((id,), at)).get(id)
        if span is None:
            return None
        self._spans[id] = span
        return span.value


class Once(Generic[T]):
    """Things of one kind as this view has them, each read once."""

    def __init__(self, read: Callable[[str], Awaitable[T | None]]) -> None:
        self._read = read
        self.known: dict[str, T | None] = {}

    async def get(self, id: str) -> T | None:  # noqa: A002  # a column
        if id not in self.known:
            self.known[id] = await self._read(id)
        return self.known[id]


class Past:
    """A view, and what was read of it for these rows. It holds what they name, so give it a stretch at a time.

    Only for a view that reads: what an act changes would be missed.
    """

    def __init__(self, view: View) -> None:
        history = view.history
        self.view = view
        self.people = Versions(history.people)
        self.teams = Versions(history.teams)
        self.sites = Versions(history.sites)
        self.doors = Versions(history.doors)
        self.door_groups = Versions(history.door_groups)
        self.grants = Versions(history.grants)
        self.orders = Once(view.orders.get)
        self.keys = Once(view.keys.get)
        self.operators = Once(view.operators.last_known)
        self.credentials = Once(view.credentials.get)
        self.links = Once(view.links.last_known)
        self._rows: dict[int, JournalRow] = {}
        self._organization: Organization | None = None

    @classmethod
    async def of(cls, view: View, rows: Sequence[JournalRow]) -> Self:
        """Read at once what these rows name most."""
        past = cls(view)
        if rows:
            await past._load(rows)
        return past

    async def _load(self, rows: Sequence[JournalRow]) -> None:
        newest = max(row.position for row in rows)
        self._rows = {row.position: row for row in rows}
        await self.people.load((row.person_id for row in rows), newest)
        await self.doors.load((row.door_id for row in rows), newest)
        await self.grants.load((_named(row, "grant") for row in rows), newest)
        orders = {order for row in rows if (order := _named(row, "order")) is not None}
        if orders:
            found = await self.view.orders.list(WHOLE, ids=[*orders])
            self.orders.known.update({order.id: order for order in found.items})

    async def row_at(self, position: int) -> JournalRow | None:
        """Give the first row from a position on."""
        known = self._rows.get(position)
        if known is not None:
            return known
        rows = await self.view.journal.rows(after=position - 1, limit=1)
        return rows[0].row if rows else None

    async def organization(self) -> Organization:
        if self._organization is None:
            self._organization = await self.view.organizations.get()
        return self._organization


def _named(row: JournalRow, name: str) -> str | None:
    value = row.detail.get(name)
    return value if isinstance(value, str) else None
