"""Card assignments: who holds a card, since when, and whether it counts. Source: contract section 6.2."""

from rekey.dialects.kisi.attributes import unwrap
from rekey.dialects.kisi.card_changes import (
    PinWish,
    activate_with_token,
    assign,
    assignee_of_body,
    change_pin,
    deassign,
    turn,
)
from rekey.dialects.kisi.card_filters import card_numbered, facts_of_cards, find_assignments_of_cards
from rekey.dialects.kisi.card_notes import assignment_number, card_number
from rekey.dialects.kisi.card_shapes import show_card_assignment
from rekey.dialects.kisi.errors import Unprocessable
from rekey.dialects.kisi.kit import Kit, path_number
from rekey.dialects.kisi.lists import PLAIN, paged, plain, unsorted_part
from rekey.dialects.kisi.notes import notes_of
from rekey.dialects.kisi.shapes import Shape
from rekey.domain.credential import Credential
from rekey.domain.errors import NotFound
from rekey.domain.role import Permission
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

_OLD = {"user_id": "User", "guest_id": "Guest"}


class CardAssignments:
    """Handlers of card assignments."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        """List assignments; everybody may ask for one's own."""
        part = unsorted_part(request, PLAIN)

        async def look(view: View) -> Reply:
            found = await find_assignments_of_cards(view, request, part)
            facts = await facts_of_cards(view, self._kit.services.core, request, found.items)
            return paged([*map(show_card_assignment, found.items, facts)], part, found.total)

        if request.query().one("user_id") == "me":
            return await self._kit.look(request, look)
        return await self._kit.read(request, Permission.PEOPLE_READ, look)

    async def create(self, request: Request) -> Reply:
        """Give a card to a user or a guest, who activates it by the mailed link or by a tap."""
        given = unwrap(request, "card_assignment")
        number, pin = given.number("card_id", required=True), PinWish(self._kit, given)
        old = [(kind, one) for name, kind in _OLD.items() if (one := given.number(name)) is not None]
        if len(old) + given.has("assignee_id") > 1:
            given.refuse("assignee_id", "names another assignee: send only one")
        kind, assignee = old[0] if old else (given.text("assignee_type", required=True), None)
        assignee = assignee or given.number("assignee_id", required=True)
        if kind not in {"User", "Guest", None}:
            given.refuse("assignee_type", "must be User or Guest")
        given.check()

        async def find(view: View) -> Credential:
            try:
                return await card_numbered(view, number or 0)
            except NotFound as unknown:
                raise Unprocessable({"card": ["must exist"]}) from unknown

        card = await self._kit.look(request, find)
        person = await self._kit.look(
            request, lambda view: assignee_of_body(view, kind or "User", assignee or 0)
        )
        held = await assign(self._kit, request, card, person=person, pin=pin)
        return plain(await self._kit.look(request, lambda view: self._shape(view, request, held)))

    async def get(self, request: Request) -> Reply:
        number = path_number(request, "card_assignment")

        async def look(view: View) -> Shape:
            return await self._shape(view, request, await assigned_card(view, number))

        return plain(await self._kit.read(request, Permission.PEOPLE_READ, look))

    async def update(self, request: Request) -> Reply:
        given = unwrap(request, "card_assignment")
        pin = PinWish(self._kit, given)
        given.check()
        return await change_pin(self._kit, request, await self._card(request), pin)

    async def delete(self, request: Request) -> Reply:
        return await deassign(self._kit, request, await self._card(request))

    async def activate(self, request: Request) -> Reply:
        return await turn(self._kit, request, await self._card(request), active=True)

    async def deactivate(self, request: Request) -> Reply:
        return await turn(self._kit, request, await self._card(request), active=False)

    async def activate_with_token(self, request: Request) -> Reply:
        return await activate_with_token(self._kit, request)

    async def _card(self, request: Request) -> Credential:
        number = path_number(request, "card_assignment")
        return await self._kit.look(request, lambda view: assigned_card(view, number))

    async def _shape(self, view: View, request: Request, card: Credential) -> Shape:
        (facts,) = await facts_of_cards(view, self._kit.services.core, request, [card])
        return show_card_assignment(card, facts)


async def assigned_card(view: View, number: int) -> Credential:
    """Find the card of an assignment that stands. Raises: NotFound, also for one that is over."""
    card = await card_numbered(view, card_number(number))
    if card.person_id is None or assignment_number(card, await notes_of(view, card.id)) != number:
        raise NotFound("card_assignment", str(number))
    return card
