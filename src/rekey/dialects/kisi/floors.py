"""Floors and elevators: kept and shown, and nothing more. Source: contract section 5.5."""

from collections.abc import Callable

from rekey.dialects.kisi.attributes import Attributes, unwrap
from rekey.dialects.kisi.elevator_filters import stops_of
from rekey.dialects.kisi.errors import BadQuery, Unprocessable
from rekey.dialects.kisi.kit import NO_CONTENT, Kit, path_number, refuse_beyond, site_numbered
from rekey.dialects.kisi.lists import (
    PLAIN,
    cut,
    named_like,
    number_of,
    numbers_of,
    paged,
    plain,
    unsorted_part,
)
from rekey.dialects.kisi.shapes import Shape, stamps
from rekey.dialects.kisi.stop_names import renamed_with
from rekey.domain.document import Document, DocumentBody, DocumentKind
from rekey.domain.errors import NotFound
from rekey.domain.estate import Site
from rekey.domain.role import Permission
from rekey.operations.do_together import Step
from rekey.operations.held_powers import Powers
from rekey.operations.keep_document import (
    AddDocument,
    EditDocument,
    EndDocument,
    add_document,
    edit_document,
    end_document,
)
from rekey.operations.retire_door import RetireDoor, retire_door
from rekey.ports.listing import WHOLE, Listing, Part
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

Read = Callable[[Attributes, bool], DocumentBody]


class Floors:
    """Handlers of floors; there is no delete."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        """List the floors of a place, which must be named."""
        if number_of(request, "place_id") is None:
            raise BadQuery("place_id is required")
        return await _list(self._kit, request, DocumentKind.FLOOR)

    async def create(self, request: Request) -> Reply:
        return await _create(self._kit, request, DocumentKind.FLOOR, _floor)

    async def get(self, request: Request) -> Reply:
        return await _get(self._kit, request, DocumentKind.FLOOR)

    async def update(self, request: Request) -> Reply:
        return await _update(self._kit, request, DocumentKind.FLOOR, _floor)


class Elevators:
    """Handlers of elevators."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        return await _list(self._kit, request, DocumentKind.ELEVATOR)

    async def create(self, request: Request) -> Reply:
        return await _create(self._kit, request, DocumentKind.ELEVATOR, _elevator)

    async def get(self, request: Request) -> Reply:
        return await _get(self._kit, request, DocumentKind.ELEVATOR)

    async def update(self, request: Request) -> Reply:
        return await _update(self._kit, request, DocumentKind.ELEVATOR, _elevator)

    async def delete(self, request: Request) -> Reply:
        """End an elevator and its stops."""
        document = await _found(self._kit, request, DocumentKind.ELEVATOR)
        stops = await self._kit.look(request, lambda view: stops_of(view, document))
        ending = EndDocument(kind=DocumentKind.ELEVATOR, document_id=document.id)
        await self._kit.together(
            request,
            Step(operation=end_document, wanted=ending),
            *(Step(operation=retire_door, wanted=RetireDoor(door_id=stop.id)) for stop in stops),
        )
        return NO_CONTENT


async def document_numbered(view: View, kind: DocumentKind, number: int) -> Document:
    """Find a floor or an elevator. Raises: NotFound, also for one whose place is gone."""
    document = await view.documents.by_number(kind, number)
    if document is None or await view.sites.get(document.parent_id or "") is None:
        raise NotFound(kind.value, str(number))
    return document


async def _list(kit: Kit, request: Request, kind: DocumentKind) -> Reply:
    part = unsorted_part(request, PLAIN)

    async def look(view: View, powers: Powers) -> Reply:
        found = await _find(view, request, kind, part, powers=powers)
        return paged([await _shape(view, document) for document in found.items], part, found.total)

    return await kit.read_within(request, Permission.ESTATE_READ, look)


async def _find(
    view: View, request: Request, kind: DocumentKind, part: Part, *, powers: Powers
) -> Listing[Document]:
    place, numbers, is_named = number_of(request, "place_id"), numbers_of(request, "ids"), named_like(request)
    sites: dict[str, int] = {site.id: site.number for site in (await view.sites.list(WHOLE)).items}
    listed = await view.documents.list(WHOLE, kind)
    chosen = [
        document
        for document in listed.items
        if (document.parent_id or "") in sites
        and powers.reach_site(document.parent_id)
        and place in {None, sites[document.parent_id or ""]}
        and (numbers is None or document.number in numbers)
        and is_named(str(document.body.get("name", "")))
    ]
    return cut(chosen, part)


async def _create(kit: Kit, request: Request, kind: DocumentKind, read: Read) -> Reply:
    attributes = unwrap(request, kind.value)
    place, body = attributes.number("place_id", required=True), read(attributes, True)
    attributes.check()
    site = await kit.look(request, lambda view: _site_of_body(view, place or 0))
    wanted = AddDocument(kind=kind, parent_id=site.id, body=body)
    made = await kit.perform(request, add_document, wanted)
    return plain(await kit.look(request, lambda view: _shape(view, made)))


async def _get(kit: Kit, request: Request, kind: DocumentKind) -> Reply:
    number = path_number(request, kind.value)

    async def look(view: View, powers: Powers) -> Shape:
        document = await document_numbered(view, kind, number)
        refuse_beyond(powers.reach_site(document.parent_id))
        return await _shape(view, document)

    return plain(await kit.read_within(request, Permission.ESTATE_READ, look))


async def _update(kit: Kit, request: Request, kind: DocumentKind, read: Read) -> Reply:
    attributes = unwrap(request, kind.value)
    changes = read(attributes, False)
    attributes.check()
    document = await _found(kit, request, kind)
    name = changes.get("name")
    stops = await kit.look(
        request, lambda view: renamed_with(view, document, name if isinstance(name, str) else None)
    )
    edited = EditDocument(kind=kind, document_id=document.id, changes=changes)
    await kit.together(request, Step(operation=edit_document, wanted=edited), *stops)
    return NO_CONTENT


async def _found(kit: Kit, request: Request, kind: DocumentKind) -> Document:
    number = path_number(request, kind.value)
    return await kit.look(request, lambda view: document_numbered(view, kind, number))


def _floor(attributes: Attributes, new: bool) -> DocumentBody:  # called by position
    body = _named(attributes, new=new)
    if new or attributes.has("number"):
        body["number"] = attributes.level("number")
    return body


def _elevator(attributes: Attributes, new: bool) -> DocumentBody:  # called by position
    body = _named(attributes, new=new)
    if attributes.has("integration_id"):
        body["integration_id"] = attributes.number("integration_id")
    return body


def _named(attributes: Attributes, *, new: bool) -> DocumentBody:
    body: DocumentBody = {}
    if new or attributes.has("name"):
        body["name"] = attributes.text("name", required=True)
    if attributes.has("description"):
        body["description"] = attributes.text("description")
    return body


async def _site_of_body(view: View, number: int) -> Site:
    try:
        return await site_numbered(view, number)
    except NotFound as unknown:
        raise Unprocessable({"place": ["must exist"]}) from unknown


async def _shape(view: View, document: Document) -> Shape:
    """Show a floor or an elevator. Raises: NotFound if its place ended meanwhile."""
    site = await view.sites.get(document.parent_id or "")
    if site is None:
        raise NotFound(document.kind.value, str(document.number))
    is_floor = document.kind is DocumentKind.FLOOR
    shape: Shape = {
        "id": document.number,
        "resource_type": "Floor" if is_floor else "Elevator",
        "name": document.body.get("name"),
        "description": document.body.get("description"),
        **stamps(document.created_at, document.updated_at),
        "place_id": site.number,
    }
    if is_floor:
        return shape | {"number": document.body.get("number")}
    stops = await stops_of(view, document)
    return shape | {
        "integration_id": document.body.get("integration_id"),
        "elevator_stops_count": len(stops),
    }
