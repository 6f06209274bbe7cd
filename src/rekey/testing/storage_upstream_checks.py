"""What every store promises of upstreams, client sessions and people who were merged."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from rekey.domain.client_session import ClientSession
from rekey.domain.errors import AlreadyExists
from rekey.domain.ids import KeyId, PersonId
from rekey.domain.people import MergedPerson
from rekey.domain.upstream import Upstream
from rekey.ports.listing import WHOLE
from rekey.ports.store import UnitOfWork, View
from rekey.testing.frozen_clock import NOON
from rekey.testing.storage_check import Chapter, refuses, same
from rekey.testing.storage_world import World, new_id

UPSTREAMS = Chapter()


async def _upstream(work: UnitOfWork, **parts: Any) -> Upstream:
    plain: dict[str, Any] = {
        "id": new_id(),
        "number": work.next_number(),
        "name": "Home",
        "driver": "simulated",
        "user_name": "ada@example.com",
        "created_at": NOON,
        "updated_at": NOON,
    }
    upstream = Upstream(**plain | parts)
    await work.upstreams.add(upstream)
    return upstream


async def _session(work: UnitOfWork, **parts: Any) -> ClientSession:
    plain: dict[str, Any] = {
        "id": new_id(),
        "number": work.next_number(),
        "key_id": KeyId(new_id()),
        "created_at": NOON,
        "updated_at": NOON,
    }
    session = ClientSession(**plain | parts)
    await work.client_sessions.add(session)
    return session


@UPSTREAMS.promise
async def an_upstream_reads_back_whole_until_it_ends(world: World) -> None:
    kept = await world.act(
        lambda work: _upstream(work, customer_key="c1", adopts=False, disconnected_at=NOON)
    )
    same(await world.read(lambda view: view.upstreams.get(kept.id)), kept)
    same(await world.act(lambda work: work.upstreams.end(kept.id, NOON)), True)
    same(await world.act(lambda work: work.upstreams.end(kept.id, NOON)), False)
    same(await world.read(lambda view: view.upstreams.get(kept.id)), None)


@UPSTREAMS.promise
async def upstreams_are_listed_by_ids_user_and_customer(world: World) -> None:
    one = await world.act(lambda work: _upstream(work, customer_key="c1"))
    other = await world.act(lambda work: _upstream(work, user_name="bo@example.com"))

    async def look(view: View) -> tuple[object, ...]:
        return (
            (await view.upstreams.list(WHOLE)).items,
            (await view.upstreams.list(WHOLE, ids=[other.id])).items,
            (await view.upstreams.list(WHOLE, user_name="ada@example.com")).items,
            (await view.upstreams.list(WHOLE, customer_key="c1")).items,
        )

    same(await world.read(look), ((one, other), (other,), (one,), (one,)))


@UPSTREAMS.promise
async def a_client_session_reads_back_whole_by_id_key_and_external_key(world: World) -> None:
    kept = await world.act(
        lambda work: _session(
            work,
            person_id=new_id(),
            external_key="app",
            upstream_ids=("a", "b"),
            page_ids=("p",),
            read_only=True,
            sealed_token=b"\x00sealed",
        )
    )

    async def look(view: View) -> tuple[object, ...]:
        return (
            await view.client_sessions.get(kept.id),
            await view.client_sessions.of_key(kept.key_id),
            await view.client_sessions.by_external_key("app"),
            (await view.client_sessions.list(WHOLE, person_id=kept.person_id)).items,
            (await view.client_sessions.list(WHOLE, ids=[kept.id])).items,
            (await view.client_sessions.list(WHOLE, customer_key="c1")).items,
        )

    same(await world.read(look), (kept, kept, kept, (kept,), (kept,), ()))


@UPSTREAMS.promise
async def an_external_key_is_free_again_once_its_session_was_revoked(world: World) -> None:
    first = await world.act(lambda work: _session(work, external_key="app"))
    await refuses(world.act(lambda work: _session(work, external_key="app")), AlreadyExists)
    revoked = replace(first, revoked_at=NOON + timedelta(minutes=1))
    await world.act(lambda work: work.client_sessions.replace(revoked))
    second = await world.act(lambda work: _session(work, external_key="app"))
    same(await world.read(lambda view: view.client_sessions.by_external_key("app")), second)
    same(await world.read(lambda view: view.client_sessions.get(first.id)), revoked)


@UPSTREAMS.promise
async def an_ended_client_session_is_found_by_its_key_alone(world: World) -> None:
    kept = await world.act(_session)
    ended = replace(kept, ended_at=NOON)
    await world.act(lambda work: work.client_sessions.replace(ended))
    same(await world.read(lambda view: view.client_sessions.get(kept.id)), None)
    same(await world.read(lambda view: view.client_sessions.of_key(kept.key_id)), ended)


@UPSTREAMS.promise
async def a_merged_person_leads_to_the_survivor_by_id_and_key(world: World) -> None:
    merged = MergedPerson(
        person_id=PersonId(new_id()), survivor_id=PersonId(new_id()), external_key="old", merged_at=NOON
    )
    await world.act(lambda work: work.merged_people.add(merged))
    later = replace(merged, survivor_id=PersonId(new_id()))
    await world.act(lambda work: work.merged_people.replace(later))

    async def look(view: View) -> tuple[object, ...]:
        return (
            await view.merged_people.get(merged.person_id),
            await view.merged_people.by_external_key("old"),
            await view.merged_people.into([later.survivor_id]),
            await view.merged_people.into([merged.survivor_id]),
            await view.merged_people.get(new_id()),
        )

    same(await world.read(look), (later, later, (later,), (), None))


@UPSTREAMS.promise
async def doors_groups_and_people_keep_where_they_come_from_and_whose_they_are(world: World) -> None:
    upstream = await world.act(_upstream)

    async def look(view: View) -> tuple[object, ...]:
        return (
            (await view.doors.list(WHOLE, upstream_ids=[upstream.id])).items,
            (await view.door_groups.list(WHOLE, origin="x", customer_key="c1")).items,
            await view.door_groups.by_external_key("s1"),
            (await view.people.list(WHOLE, customer_key="c1")).items,
        )

    same(await world.read(look), ((), (), None, ()))
