"""The store on a real PostgreSQL passes the published suite, and two processes share one order."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from rekey.domain import checkpoint
from rekey.domain.ids import Position
from rekey.domain.merkle import root_of
from rekey.ports.listing import Part
from rekey.ports.store import UnitOfWork, View
from rekey.storage.store import open_store
from rekey.testing.storage_check import StoreCheck
from rekey.testing.storage_suite import STORE_CHECKS, prove
from rekey.testing.storage_values import add_person
from rekey.testing.storage_world import PlainSigner, World

_ACTS_EACH = 60


@pytest.mark.parametrize("check", STORE_CHECKS, ids=lambda check: check.sentence)
def test_the_store_on_postgresql_keeps_its_promise(check: StoreCheck, postgres_url: str) -> None:
    asyncio.run(prove(check, lambda signer: open_store(postgres_url, signer)))


def test_acts_of_two_stores_on_one_database_take_dense_positions_and_lose_no_row(postgres_url: str) -> None:
    async def run(worlds: list[World]) -> None:
        acted = await asyncio.gather(*(world.acts(_add_one, times=_ACTS_EACH) for world in worlds))
        positions = [position for of_one in acted for position in of_one]
        assert sorted(positions) == list(range(2, 2 + 2 * _ACTS_EACH))
        rows = await worlds[0].read(lambda view: view.journal.rows(limit=1000))
        assert [stored.row.position for stored in rows] == list(range(1, 2 + 2 * _ACTS_EACH))

    asyncio.run(_with_two(postgres_url, run))


def test_the_tree_grown_by_two_stores_is_the_tree_of_all_rows(postgres_url: str) -> None:
    async def run(worlds: list[World]) -> None:
        await asyncio.gather(*(world.acts(_add_one, times=_ACTS_EACH) for world in worlds))
        note, leaves = await worlds[1].read(_tree)
        assert note is not None
        signed = checkpoint.parse(note).checkpoint
        assert (signed.size, signed.root) == (1 + 2 * _ACTS_EACH, root_of(leaves))

    asyncio.run(_with_two(postgres_url, run))


def test_a_read_in_one_store_sees_what_the_other_has_acknowledged(postgres_url: str) -> None:
    async def run(worlds: list[World]) -> None:
        for turn in range(10):
            person = await worlds[turn % 2].act(add_person)
            assert await worlds[1 - turn % 2].read(_newest_person) == person.id

    asyncio.run(_with_two(postgres_url, run))


def test_two_stores_that_found_one_organization_at_once_found_it_once(postgres_url: str) -> None:
    async def run(worlds: list[World]) -> None:
        first, second = (World(world.store, world.signer) for world in worlds)
        second.organization_id = first.organization_id
        results = await asyncio.gather(first.found(), second.found(), return_exceptions=True)
        assert sorted(type(result).__name__ for result in results) == ["AlreadyExists", "NoneType"]
        assert await first.position() == 1

    asyncio.run(_with_two(postgres_url, run))


async def _add_one(work: UnitOfWork) -> Position:
    await add_person(work)
    return work.position


async def _tree(view: View) -> tuple[str | None, tuple[bytes, ...]]:
    return await view.journal.newest_checkpoint(), await view.journal.leaves(first=1, last=view.position)


async def _newest_person(view: View) -> str:
    listing = await view.people.list(Part(limit=1), newest_first=True)
    return listing.items[0].id


async def _with_two(url: str, run: Callable[[list[World]], Awaitable[None]]) -> None:
    """Open the database twice, as two server processes do, and found one organization."""
    signer = PlainSigner()
    stores = [await open_store(url, signer) for _ in range(2)]
    try:
        worlds = [World(store, signer) for store in stores]
        worlds[1].organization_id = worlds[0].organization_id
        await worlds[0].found()
        await run(worlds)
    finally:
        for store in stores:
            await store.close()
