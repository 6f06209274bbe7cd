"""What every store promises of directories: entries, where one stands, and its calls."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from rekey.domain.directory import (
    DirectoryAlarm,
    DirectoryCall,
    DirectoryEntry,
    DirectoryKind,
    DirectoryState,
)
from rekey.domain.errors import AlreadyExists
from rekey.ports.store import UnitOfWork, View
from rekey.testing.frozen_clock import NOON
from rekey.testing.storage_check import Chapter, refuses, same
from rekey.testing.storage_values import add_person
from rekey.testing.storage_world import World, new_id

DIRECTORIES = Chapter()


def _entry(**parts: Any) -> DirectoryEntry:
    plain: dict[str, Any] = {"kind": DirectoryKind.PERSON, "id": new_id(), "name": "Ada@acme.test"}
    return DirectoryEntry(**plain | {"attributes": {}, "created_at": NOON, "updated_at": NOON} | parts)


async def _put(entry: DirectoryEntry, work: UnitOfWork) -> None:
    await work.directory_entries.add(entry)


async def _log(call: DirectoryCall, work: UnitOfWork) -> None:
    await work.directory.log(call, keep=4)


@DIRECTORIES.promise
async def an_entry_reads_back_whole_by_id_name_and_external_id(world: World) -> None:
    attributes = {"title": "Dr", "height": 1.75, "emails": [{"value": "a@b.test", "primary": True}], "x": {}}
    kept = _entry(external_id="E-1", attributes=attributes)
    await world.act(lambda work: work.directory_entries.add(kept))

    async def look(view: View) -> tuple[object, ...]:
        entries = view.directory_entries
        return (
            await entries.get(kept.id),
            await entries.by_name(DirectoryKind.PERSON, "ADA@ACME.TEST"),
            await entries.by_external_id(DirectoryKind.PERSON, "E-1"),
            await entries.by_external_id(DirectoryKind.PERSON, "e-1"),
            await entries.by_name(DirectoryKind.TEAM, "ada@acme.test"),
            await entries.several([kept.id, new_id()]),
        )

    same(await world.read(look), (kept, kept, kept, None, None, {kept.id: kept}))


@DIRECTORIES.promise
async def names_and_external_ids_are_taken_once_in_each_kind(world: World) -> None:
    first = _entry(external_id="1")
    await world.act(lambda work: work.directory_entries.add(first))
    await world.act(
        lambda work: work.directory_entries.add(replace(first, id=new_id(), kind=DirectoryKind.TEAM))
    )
    for taken in (_entry(name="ADA@acme.test"), _entry(name="bob", external_id="1")):
        await refuses(world.act(partial(_put, taken)), AlreadyExists)
    bob = _entry(name="bob")
    await world.act(lambda work: work.directory_entries.add(bob))
    renamed = replace(bob, name="ada@acme.test")
    await refuses(world.act(lambda work: work.directory_entries.replace(renamed)), AlreadyExists)


@DIRECTORIES.promise
async def an_entry_that_has_ended_leaves_its_names_free(world: World) -> None:
    first = _entry(external_id="1")
    await world.act(lambda work: work.directory_entries.add(first))
    ended = [await world.act(lambda work: work.directory_entries.end(first.id)) for _ in range(2)]
    await world.act(lambda work: work.directory_entries.add(replace(first, id=new_id())))
    same(ended, [True, False])


@DIRECTORIES.promise
async def a_directory_that_nobody_has_set_up_stands_at_its_defaults(world: World) -> None:
    same(await world.read(lambda view: view.directory.get()), DirectoryState())


@DIRECTORIES.promise
async def where_a_directory_stands_reads_back_whole_and_is_saved_without_an_act(world: World) -> None:
    first = DirectoryState(
        enabled=False,
        configured=True,
        ends_sign_ins=False,
        silent_after_hours=7,
        leaver_limit=3,
        leaver_minutes=9,
        last_call_at=NOON,
        calls=12,
        leavers_since=NOON,
        leavers=2,
        due=frozenset(DirectoryAlarm),
        told={DirectoryAlarm.SILENT: NOON + timedelta(microseconds=1)},
        links_door_groups=True,
    )

    async def save(state: DirectoryState, work: UnitOfWork) -> None:
        work.keep_books()
        await work.directory.save(state)

    await world.store.act(world.organization_id, lambda work: save(first, work))
    same(await world.read(lambda view: view.directory.get()), first)
    second = replace(first, due=frozenset(), told={}, leavers_since=None, last_call_at=None)
    await world.store.act(world.organization_id, lambda work: save(second, work))
    same(await world.read(lambda view: view.directory.get()), second)


@DIRECTORIES.promise
async def calls_are_listed_newest_first_and_the_oldest_are_forgotten(world: World) -> None:
    calls = [
        DirectoryCall(number=n, at=NOON, method="GET", path="/x", status=200, sent="{}", subject_id="a")
        for n in range(1, 7)
    ]
    for call in calls:
        await world.act(partial(_log, call))

    async def look(view: View) -> tuple[object, ...]:
        return (
            await view.directory.calls(limit=10),
            await view.directory.calls(limit=2, before=5),
            await view.directory.calls(limit=10, before=3),
        )

    newest = tuple(reversed(calls[2:]))
    same(await world.read(look), (newest, newest[2:], ()))


@DIRECTORIES.promise
async def the_last_person_of_an_address_is_known_after_removal(world: World) -> None:
    first = await world.act(lambda work: add_person(work, email="ada@acme.test"))
    await world.act(lambda work: work.people.end(first.id))
    gone = await world.read(lambda view: view.people.last_with_email("ada@acme.test"))
    second = await world.act(lambda work: add_person(work, email="ada@acme.test"))
    newest = await world.read(lambda view: view.people.last_with_email("ada@acme.test"))
    nobody = await world.read(lambda view: view.people.last_with_email("bob@acme.test"))
    same((gone, newest, nobody), (first, second, None))
