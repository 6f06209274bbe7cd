"""Handing the organization over to another owner. Source: contract section 7.5."""

from rekey.dialects.kisi.attributes import Attributes, body_tree
from rekey.dialects.kisi.errors import Unprocessable
from rekey.dialects.kisi.kit import NO_CONTENT, Kit, person_numbered
from rekey.dialects.kisi.lists import plain
from rekey.dialects.kisi.organization_shapes import show_transfer
from rekey.dialects.kisi.shapes import Shape
from rekey.domain.errors import NotFound
from rekey.domain.handover import Handover
from rekey.domain.people import Person
from rekey.domain.role import Permission
from rekey.operations.act import Operation
from rekey.operations.hand_over_ownership import (
    OfferOwnership,
    accept_ownership,
    decline_ownership,
    offer_ownership,
    withdraw_ownership,
)
from rekey.ports.listing import WHOLE
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request


class Transfers:
    """Handlers of the ownership."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        """List every offer there ever was."""

        async def look(view: View) -> Reply:
            listed = await view.handovers.list(WHOLE)
            return plain([await _shape(view, handover) for handover in listed.items])

        return await self._kit.read(request, Permission.ORGANIZATION_READ, look)

    async def request(self, request: Request) -> Reply:
        """Offer the ownership to a user, named by `transfer_to_id` or `user_id`, wrapped or not."""
        tree = body_tree(request)
        inner = tree.get("organization", tree)
        wanted = Attributes(inner if isinstance(inner, dict) else {})
        number = wanted.number("transfer_to_id") or wanted.number("user_id")
        if number is None:
            wanted.refuse("transfer_to_id", "can't be blank")
        wanted.check()
        person = await self._kit.look(request, lambda view: _heir_of_body(view, number or 0))
        await self._kit.perform(request, offer_ownership, OfferOwnership(person_id=person.id))
        return NO_CONTENT

    async def accept(self, request: Request) -> Reply:
        return await self._settle(request, accept_ownership)

    async def cancel(self, request: Request) -> Reply:
        return await self._settle(request, withdraw_ownership)

    async def reject(self, request: Request) -> Reply:
        return await self._settle(request, decline_ownership)

    async def _settle(self, request: Request, verb: Operation[None, Handover]) -> Reply:
        await self._kit.perform(request, verb, None)
        return NO_CONTENT


async def _heir_of_body(view: View, number: int) -> Person:
    try:
        return await person_numbered(view, number)
    except NotFound as unknown:
        raise Unprocessable({"transfer_to": ["must exist"]}) from unknown


async def _shape(view: View, handover: Handover) -> Shape:
    return show_transfer(
        handover,
        giver=await view.people.last_known(handover.from_person_id),
        heir=await view.people.last_known(handover.to_person_id),
    )
