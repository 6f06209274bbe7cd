"""Action attempts: an order to a door, or a request that was denied and so never became one."""

from collections.abc import Sequence

from rekey.dialects.seam.access_methods import CARD_ATTEMPTS, card_attempt
from rekey.dialects.seam.code_attempts import ATTEMPTS, show_code_attempt
from rekey.dialects.seam.encoder_attempts import CARD_ACTIONS, show_encoder_attempt
from rekey.dialects.seam.errors import NotThere
from rekey.dialects.seam.kit import Call, Kit, Page, scan
from rekey.dialects.seam.narrow import doors_in_sight, require_sight
from rekey.dialects.seam.replies import reply_ok
from rekey.dialects.seam.translate import ROW_ATTEMPTS, show_attempt, show_denied_attempt, show_done_attempt
from rekey.dialects.seam.wire import ActionAttempt
from rekey.domain.errors import NotFound
from rekey.domain.journal import JournalRow, Outcome
from rekey.domain.role import Permission
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
            orders, last = await scan(
                lambda part: view.orders.list(part, door_id=door_id), lambda order: order.number, page
            )
            return [show_attempt(order) for order in orders], last

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
    if stored.row.action in CARD_ACTIONS:
        return await show_encoder_attempt(kit, view, stored.row), None
    if stored.row.action in ROW_ATTEMPTS:
        return show_done_attempt(stored.row), stored.row.door_id
    if stored.row.action != _REQUESTED or stored.row.outcome is not Outcome.DENIED:
        return None
    return show_denied_attempt(stored.row), stored.row.door_id


async def _named(view: View, ids: tuple[str, ...], door_id: str | None, page: Page, *, kit: Kit) -> Page_:
    """Give those of the attempts named that are there, in the order of the names, each once."""
    found = [await _find(view, attempt_id.lower(), kit) for attempt_id in dict.fromkeys(ids)]
    attempts = [one[0] for one in found if one is not None and door_id in {None, one[1]}]
    end = page.after + page.limit
    return attempts[page.after : end], end if len(attempts) > end else None
