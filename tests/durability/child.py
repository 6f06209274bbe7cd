"""A server to be killed: callers grant and revoke, and each tells of an act once it is acknowledged."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import msgspec

from rekey.app.bootstrap import open_server
from rekey.app.housekeeping import Housekeeper
from rekey.app.settings import Settings
from rekey.domain.grant import Holder
from rekey.domain.ids import OrganizationId
from rekey.domain.operator import Actor
from rekey.domain.scope import Scope
from rekey.operations.core import Core
from rekey.operations.grant_access import GrantAccess, NewGrant, grant_access
from rekey.operations.revoke_person import RevokePerson, revoke_person
from rekey.ports.store import Store, UnitOfWork


class Job(msgspec.Struct, kw_only=True):
    """Where the store is, who is granted and revoked at which door, and whether the fault is planted."""

    data: str
    organization_id: str
    people: list[str]
    door_id: str
    replies_early: bool = False


class EarlyReply:
    """A store with a planted fault: it answers when the work is done and not when it is durable."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._under_way: set[asyncio.Task[Any]] = set()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def act(self, organization_id: OrganizationId, work: Callable[[UnitOfWork], Awaitable[Any]]) -> Any:
        loop = asyncio.get_running_loop()
        early: asyncio.Future[Any] = loop.create_future()

        async def tell(unit: UnitOfWork) -> Any:
            result = await work(unit)
            loop.call_soon_threadsafe(early.set_result, result)
            return result

        task = asyncio.ensure_future(self._store.act(organization_id, tell))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await early


def serve(job: Job, pipe: "Connection[str, str]") -> None:
    """Serve until killed; the pipe is told the kind and id of each act that is acknowledged."""
    asyncio.run(_serve(job, pipe))


async def _serve(job: Job, pipe: "Connection[str, str]") -> None:
    server = await open_server(Settings(data=Path(job.data)))
    organization_id = OrganizationId(job.organization_id)
    actor = await Housekeeper(server.core, server.services.orders).actor(organization_id)
    core = server.core
    if job.replies_early:
        core = replace(core, store=EarlyReply(core.store))
    door = Scope.door(job.door_id)
    wanted = [NewGrant(holder=Holder.person(person), scope=door) for person in job.people]
    await asyncio.gather(*(_call(core, actor, pipe, new) for new in wanted))


async def _call(core: Core, actor: Actor, pipe: "Connection[str, str]", new: NewGrant) -> None:
    wanted = RevokePerson(person_id=new.holder.id, scope=new.scope)
    while True:
        given = await core.perform(grant_access, actor, GrantAccess(grants=(new,)))
        pipe.send(f"grant {given.grants[0].id}")
        revoked = await core.perform(revoke_person, actor, wanted)
        pipe.send(f"revocation {revoked.revocation.id}")
