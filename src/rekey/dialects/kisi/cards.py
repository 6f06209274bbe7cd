"""Cards of every type. Source: contract section 6.1."""

import msgspec

from rekey.dialects.kisi.attributes import Attributes, body_tree, unwrap
from rekey.dialects.kisi.card_changes import (
    PinWish,
    activate_with_token,
    assign,
    assignee_of_body,
    change_pin,
    deassign,
    turn,
)
from rekey.dialects.kisi.card_filters import card_numbered, facts_of_cards, find_cards
from rekey.dialects.kisi.card_shapes import show_card
from rekey.dialects.kisi.card_types import BY_NAME
from rekey.dialects.kisi.errors import Unprocessable
from rekey.dialects.kisi.kit import NO_CONTENT, Kit, path_number
from rekey.dialects.kisi.lists import PLAIN, paged, part_of, plain
from rekey.dialects.kisi.shapes import Shape
from rekey.domain.card import CARD_RULES, CardType
from rekey.domain.credential import Credential, CredentialKind
from rekey.domain.errors import AlreadyExists, Invalid
from rekey.domain.role import Permission
from rekey.operations.end_credential import EndCredential, end_credential
from rekey.operations.imprints import CardImprint, card_imprint
from rekey.operations.issue_credential import IssueCredential, issue_credential
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request


class Cards:
    """Handlers of cards. What the contract calls deprecated asks of a card what is an assignment's now."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        """List cards; everybody may ask for one's own."""
        part = part_of(request, PLAIN)

        async def look(view: View) -> Reply:
            found = await find_cards(view, request, part)
            facts = await facts_of_cards(view, self._kit.services.core, request, found.items)
            return paged([*map(show_card, found.items, facts)], part, found.total)

        if request.query().one("user_id") == "me":
            return await self._kit.look(request, look)
        return await self._kit.read(request, Permission.PEOPLE_READ, look)

    async def create(self, request: Request) -> Reply:
        """Enrol a card that waits for its holder."""
        card = unwrap(request, "card")
        for name in ("two_factor_pin", "user_id"):
            if card.asks_for(name):
                card.refuse(name, "goes with a card assignment: POST /card_assignments")
        read = self._imprint(card)
        wanted = IssueCredential(
            kind=CredentialKind.CARD,
            fingerprint=read.fingerprint,
            sealed_part=read.sealed_part,
            card_type=read.card_type,
            identifiers=read.identifiers,
            origin="kisi",
        )
        try:
            made = await self._kit.perform(request, issue_credential, wanted)
        except AlreadyExists:
            return _enrolled(read)
        return plain(await self._shown(request, made))

    async def get(self, request: Request) -> Reply:
        number = path_number(request, "card")

        async def look(view: View) -> Shape:
            return await self._shape(view, request, await card_numbered(view, number))

        return plain(await self._kit.read(request, Permission.PEOPLE_READ, look))

    async def delete(self, request: Request) -> Reply:
        card = await self._card(request)
        await self._kit.perform(request, end_credential, EndCredential(credential_id=card.id))
        return NO_CONTENT

    async def update(self, request: Request) -> Reply:
        given = unwrap(request, "card")
        pin = PinWish(self._kit, given)
        given.check()
        card = await self._card(request)
        if card.holder is None:
            raise Unprocessable({"base": ["nobody holds this card"]})
        return await change_pin(self._kit, request, card, pin)

    async def assign(self, request: Request) -> Reply:
        """Assign as the old clients do: the user is named by `user_id`, in a wrapper or without one."""
        tree = body_tree(request)
        inner = tree.get("card", tree)
        given = Attributes(inner if isinstance(inner, dict) else {})
        number, pin = given.number("user_id", required=True), PinWish(self._kit, given)
        given.check()
        card = await self._card(request)
        person = await self._kit.look(request, lambda view: assignee_of_body(view, "User", number or 0))
        await assign(self._kit, request, card, person=person, pin=pin)
        return NO_CONTENT

    async def deassign(self, request: Request) -> Reply:
        return await deassign(self._kit, request, await self._card(request))

    async def activate(self, request: Request) -> Reply:
        return await turn(self._kit, request, await self._card(request), active=True)

    async def deactivate(self, request: Request) -> Reply:
        return await turn(self._kit, request, await self._card(request), active=False)

    async def activate_with_token(self, request: Request) -> Reply:
        return await activate_with_token(self._kit, request)

    def _imprint(self, card: Attributes) -> CardImprint:
        """Read type and identifiers. Raises: Unprocessable."""
        name = card.text("type", required=True)
        card_type = BY_NAME.get(name or "")
        if card_type is None and name is not None:
            card.refuse("type", f"must be one of {', '.join(BY_NAME)}")
        card.check()
        given = _identifiers(card, card_type or CardType.HF_UID)
        card.check()
        try:
            return card_imprint(self._kit.services.core.secrets, card_type or CardType.HF_UID, given)
        except Invalid as invalid:
            raise Unprocessable({invalid.field: [invalid.reason]}) from invalid

    async def _card(self, request: Request) -> Credential:
        number = path_number(request, "card")
        return await self._kit.look(request, lambda view: card_numbered(view, number))

    async def _shown(self, request: Request, card: Credential) -> Shape:
        return await self._kit.look(request, lambda view: self._shape(view, request, card))

    async def _shape(self, view: View, request: Request, card: Credential) -> Shape:
        (facts,) = await facts_of_cards(view, self._kit.services.core, request, [card])
        return show_card(card, facts)


def _identifiers(card: Attributes, card_type: CardType) -> dict[str, str]:
    """Read what identifies a card of the type; numbers may come as numbers or as text."""
    found = {name: card.word(name) for name in CARD_RULES[card_type].fields}
    return {name: text for name, text in found.items() if text is not None}


def _enrolled(read: CardImprint) -> Reply:
    """Answer for identifiers that a card here has already, with the code that clients know."""
    reasons = {name: ["has already been taken"] for name, _value in read.identifiers}
    body = {"code": "cabbeb", "error": "A card with these identifiers is enrolled", "errors": reasons}
    return Reply(422, msgspec.json.encode(body))
