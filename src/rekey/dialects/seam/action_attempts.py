"""Action attempts: an order to a door, or a request that was denied and so never became one."""

from collections.abc import Sequence

from rekey.dialects.seam.access_methods import CARD_ATTEMPTS, card_attempt
from rekey.dialects.seam.code_attempts import ATTEMPTS, show_code_attempt
from rekey.dialects.seam.encoder_attempts import CARD_ACTIONS, show_encoder_attempt
from rekey.dialects.seam.errors import NotThere
from rekey.dialects.seam.kit import Call, Kit, Page
from rekey.dialects.seam.narrow import doors_in_sight, require_sight
from rekey.dialects.seam.replies import reply_ok
from rekey.dialects.seam.translate import ROW_ATTEMPTS, show_attempt, show_denied_attempt, show_done_attempt
from rekey.dialects.seam.wire import ActionAttempt
from rekey.domain.door_order import DoorOrder
from rekey.domain.errors import NotFound
from rekey.domain.journal import JournalRow, Outcome
from rekey.domain.role import Permission
from rekey.ports.listing import Part
from rekey.ports.repositories.journal import JournalFilter
from rekey.ports.store import View
from rekey.webkit.message import Reply

DEFAULT_LIMIT = 500
_REQUESTED = "door.open_requested"

Found = tuple[ActionAttempt | JournalRow, str | None]
Page_ = tuple[Sequence[ActionAttempt | JournalRow], int | None]


class ActionAttempts:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def get(self, call: Call) -> Reply:
        attempt_id = call.args.required("action_attempt_id")

        async def look(view: View) -> Found | None:
            found = await _find(view, attempt_id, self._kit)
            if found is None:
                raise NotFound("order", attempt_id)
            seen = await doors_in_sight(view, call)
            require_sight(seen is None or found[1] in seen)
            return found

        found = await self._kit.read(call, Permission.ESTATE_READ, look)
        return reply_ok(action_attempt=None if found is None else await self._shown(call, found[0]))

    async def list(self, call: Call) -> Reply:
        page = self._kit.page_of(call, DEFAULT_LIMIT)
        ids, door_id = call.args.texts("action_attempt_ids"), call.args.text("device_id")

        async def look(view: View) -> Page_:
            if ids is not None:
                return await _named(view, ids, door_id, page, kit=self._kit)
            return await _listed(view, door_id, page, kit=self._kit)

        found, last = await self._kit.read(call, Permission.ESTATE_READ, look)
        if ids and not found and page.after == 0:
            raise NotThere("action_attempts_not_found", {"action_attempt_ids": [*ids]})
        attempts = [await self._shown(call, one) for one in found]
        return reply_ok(action_attempts=attempts, pagination=self._kit.pagination(call, last))

    async def _shown(self, call: Call, found: ActionAttempt | JournalRow) -> object:
        """Show an attempt that the row of an act stands for, and whose end is read from what came after."""
        if not isinstance(found, JournalRow):
            return found
        if found.action in CARD_ATTEMPTS:
            return await card_attempt(self._kit, call, found)
        return await show_code_attempt(self._kit, call, found)


async def _find(view: View, attempt_id: str, kit: Kit) -> Found | None:
    """Find an attempt of any kind and the door it is about; one at a code or a card is its row."""
    found = await find_attempt(view, attempt_id, kit)
    if found is not None:
        return found
    stored = await view.journal.by_id(attempt_id)
    if stored is None or stored.row.action not in {*ATTEMPTS, *CARD_ATTEMPTS}:
        return None
    return stored.row, stored.row.door_id


async def find_attempt(view: View, attempt_id: str, kit: Kit) -> tuple[ActionAttempt, str | None] | None:
    """Find an attempt and the door it is about."""
    order = await view.orders.get(attempt_id)
    if order is not None:
        return show_attempt(order), order.door_id
    stored = await view.journal.by_id(attempt_id)
    if stored is None:
        return None
    attempt = await _of_row(view, stored.row, kit)
    return None if attempt is None else (attempt, stored.row.door_id)


async def _listed(view: View, door_id: str | None, page: Page, *, kit: Kit) -> Page_:
    """Give the attempts of every kind in the order in which they were begun; a page goes by their positions.

    Attempts of one act stay on one page. A device may also be an encoder.
    """
    many = page.limit + 1
    at_encoder = door_id is not None and await view.doors.get(door_id) is None
    found: list[tuple[int, DoorOrder | JournalRow]] = []
    if not at_encoder:
        part = Part(limit=many)
        orders = (await view.orders.list(part, door_id=door_id, past=page.after)).items
        found = [(order.position, order) for order in orders]
    for matching in _questions(None if at_encoder else door_id, at_encoder=at_encoder):
        rows = await _rows(view, matching, page, encoder_id=door_id if at_encoder else None)
        found += [(row.position, row) for row in rows]
    found.sort(key=lambda one: one[0])
    if len(found) <= page.limit:
        return [await _see(view, one, kit) for _position, one in found], None
    last = found[page.limit - 1][0]
    kept = [await _see(view, one, kit) for position, one in found if position <= last]
    return kept, last if len(kept) < len(found) else None


def _questions(door_id: str | None, *, at_encoder: bool) -> list[JournalFilter]:
    """Give the rows that are attempts: acts that are polled by their row, and requests that were denied."""
    if at_encoder:
        return [JournalFilter(actions=CARD_ACTIONS)]
    acts = frozenset({*ATTEMPTS, *CARD_ATTEMPTS, *CARD_ACTIONS, *ROW_ATTEMPTS})
    denied = JournalFilter(action=_REQUESTED, outcome=Outcome.DENIED, door_id=door_id)
    return [JournalFilter(actions=acts, door_id=door_id), denied]


async def _rows(
    view: View, matching: JournalFilter, page: Page, *, encoder_id: str | None
) -> list[JournalRow]:
    """Give the next rows that fit, by position: at least one more than the page holds, if there are as many."""
    kept: list[JournalRow] = []
    after, stride = page.after, page.limit + 1
    while len(kept) < stride:
        rows = await view.journal.rows(after=after, limit=stride, matching=matching)
        kept += [one.row for one in rows if encoder_id in {None, one.row.detail.get("encoder")}]
        if len(rows) < stride:
            break
        after = rows[-1].row.position
    return kept


async def _see(view: View, one: DoorOrder | JournalRow, kit: Kit) -> ActionAttempt | JournalRow:
    if isinstance(one, DoorOrder):
        return show_attempt(one)
    attempt = await _of_row(view, one, kit)
    return one if attempt is None else attempt


async def _of_row(view: View, row: JournalRow, kit: Kit) -> ActionAttempt | None:
    """Give the attempt that ended in the act of its row; None for one whose end is read from what came after."""
    if row.action in CARD_ACTIONS:
        return await show_encoder_attempt(kit, view, row)
    if row.action in ROW_ATTEMPTS:
        return show_done_attempt(row)
    if row.action == _REQUESTED and row.outcome is Outcome.DENIED:
        return show_denied_attempt(row)
    return None


async def _named(view: View, ids: tuple[str, ...], door_id: str | None, page: Page, *, kit: Kit) -> Page_:
    """Give those of the attempts named that are there, in the order of the names, each once."""
    found = [await _find(view, attempt_id.lower(), kit) for attempt_id in dict.fromkeys(ids)]
    attempts = [one[0] for one in found if one is not None and door_id in {None, one[1]}]
    end = page.after + page.limit
    return attempts[page.after : end], end if len(attempts) > end else None
