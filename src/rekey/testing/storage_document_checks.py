"""What every store promises of documents: what a wire API keeps beside the core."""

from dataclasses import replace
from typing import Any

from rekey.domain.document import Document, DocumentKind
from rekey.domain.errors import AlreadyExists
from rekey.ports.listing import WHOLE
from rekey.ports.store import UnitOfWork, View
from rekey.testing.frozen_clock import NOON
from rekey.testing.storage_check import Chapter, refuses, same
from rekey.testing.storage_world import World, new_id

DOCUMENTS = Chapter()


async def _add(work: UnitOfWork, **parts: Any) -> Document:
    plain: dict[str, Any] = {"id": new_id(), "number": work.next_number(), "kind": DocumentKind.FLOOR}
    document = Document(**plain | {"created_at": NOON, "updated_at": NOON} | parts)
    await work.documents.add(document)
    return document


@DOCUMENTS.promise
async def a_document_reads_back_whole_by_id_number_and_key(world: World) -> None:
    body: dict[str, Any] = {
        "name": "Ground",
        "level": -1,
        "height": 2.75,
        "open": True,
        "tags": ["a", None, {}],
    }
    kept = await world.act(lambda work: _add(work, key="ground", parent_id="site", body=body))

    async def look(view: View) -> tuple[object, ...]:
        return (
            await view.documents.get(DocumentKind.FLOOR, kept.id),
            await view.documents.by_number(DocumentKind.FLOOR, kept.number),
            await view.documents.by_key(DocumentKind.FLOOR, "ground"),
        )

    same(await world.read(look), (kept, kept, kept))


@DOCUMENTS.promise
async def a_document_of_another_kind_is_not_found(world: World) -> None:
    kept = await world.act(lambda work: _add(work, key="ground"))

    async def look(view: View) -> tuple[object, ...]:
        return (
            await view.documents.get(DocumentKind.TILE, kept.id),
            await view.documents.by_key(DocumentKind.TILE, "ground"),
        )

    same(await world.read(look), (None, None))


@DOCUMENTS.promise
async def a_key_is_free_again_once_its_document_has_ended(world: World) -> None:
    first = await world.act(lambda work: _add(work, key="ground"))
    await refuses(world.act(lambda work: _add(work, key="ground")), AlreadyExists)

    async def end_twice(work: UnitOfWork) -> tuple[bool, bool]:
        ended = await work.documents.end(first.id, NOON)
        return ended, await work.documents.end(first.id, NOON)

    same(await world.act(end_twice), (True, False))
    second = await world.act(lambda work: _add(work, key="ground"))
    same(await world.read(lambda view: view.documents.by_key(DocumentKind.FLOOR, "ground")), second)
    same(await world.read(lambda view: view.documents.get(DocumentKind.FLOOR, first.id)), None)


@DOCUMENTS.promise
async def documents_are_listed_by_parent_ids_and_keys(world: World) -> None:
    one = await world.act(lambda work: _add(work, key="one", parent_id="a"))
    two = await world.act(lambda work: _add(work, key="two", parent_id="a"))
    await world.act(lambda work: _add(work, key="three", parent_id="b"))

    async def look(view: View) -> list[object]:
        floors = DocumentKind.FLOOR
        return [
            (await view.documents.list(WHOLE, floors, parent_id="a")).items,
            (await view.documents.list(WHOLE, floors, ids=[two.id, "other"])).items,
            (await view.documents.list(WHOLE, floors, keys=["two", "one"])).items,
            (await view.documents.list(WHOLE, floors, keys=[])).items,
        ]

    same(await world.read(look), [(one, two), (two,), (one, two), ()])


@DOCUMENTS.promise
async def a_changed_document_keeps_its_number(world: World) -> None:
    kept = await world.act(lambda work: _add(work, key="ground", body={"name": "Ground"}))
    changed = replace(kept, key="first", body={"name": "First"})
    await world.act(lambda work: work.documents.replace(changed))
    same(await world.read(lambda view: view.documents.by_number(DocumentKind.FLOOR, kept.number)), changed)


@DOCUMENTS.promise
async def all_documents_of_a_parent_end_together(world: World) -> None:
    await world.act(lambda work: _add(work, parent_id="a"))
    await world.act(lambda work: _add(work, parent_id="a"))
    other = await world.act(lambda work: _add(work, parent_id="b"))
    same(await world.act(lambda work: work.documents.end_children(DocumentKind.FLOOR, "a", NOON)), 2)
    same((await world.read(lambda view: view.documents.list(WHOLE, DocumentKind.FLOOR))).items, (other,))
