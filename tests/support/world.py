"""A whole server in the test's own process: a new store, an organization, every dialect, simulated doors."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from argon2 import PasswordHasher

from rekey.app.adapters.machine import SystemClock
from rekey.app.bootstrap import Parts, Server, open_server
from rekey.app.deliveries import Sender
from rekey.app.dialects import PREFIXES
from rekey.app.founding import FirstOrganization, found_first
from rekey.app.housekeeping import Housekeeper
from rekey.app.settings import Settings
from rekey.domain.ids import OrganizationId
from rekey.domain.operator import Actor
from rekey.drivers.simulated import SimulatedDriver
from rekey.operations.act import Operation
from rekey.operations.add_door import AddDoor, add_door
from rekey.operations.add_person import AddPerson, add_person
from rekey.operations.core import Core
from rekey.operations.use_door import Services
from rekey.ports.clock import Clock
from rekey.ports.store import View
from rekey.webkit.asgi import ASGIApp
from tests.support.asgi import AsgiClient, Response
from tests.support.mailbox import Mailbox

In = TypeVar("In")
Out = TypeVar("Out")

OWNER_EMAIL = "olga@acme.test"
OWNER_PASSWORD = "correct horse battery staple"
# Quick on purpose: what is tested is never how slow a hash is.
_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class PrefixClient(AsgiClient):
    """An AsgiClient whose paths lie below a dialect's prefix, and which sends the same headers every time."""

    def __init__(self, app: ASGIApp, prefix: str, headers: Mapping[str, str]) -> None:
        super().__init__(app)
        self._prefix = prefix
        self._headers = dict(headers)

    async def send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | str = b"",
    ) -> Response:
        return await super().send(method, self._prefix + path, {**self._headers, **(headers or {})}, body)


@dataclass(frozen=True, kw_only=True)
class World:
    """What a test holds. `made` is the JSON of `rekey init`; `actor` the organization's own service."""

    server: Server
    made: dict[str, dict[str, str]]
    simulated: SimulatedDriver
    clock: Clock
    actor: Actor
    mailbox: Mailbox
    doors: dict[str, str] = field(default_factory=dict)

    @property
    def core(self) -> Core:
        return self.server.core

    @property
    def services(self) -> Services:
        return self.server.services

    @property
    def app(self) -> ASGIApp:
        return self.server.app

    @property
    def organization_id(self) -> OrganizationId:
        return self.actor.organization_id

    @property
    def site_id(self) -> str:
        return self.made["site"]["id"]

    @property
    def owner(self) -> dict[str, str]:
        """The owner's `email` and `password`."""
        return self.made["owner"]

    @property
    def keys(self) -> dict[str, str]:
        """The secrets of the first keys: `seam`, `kisi`, `rekey`, `scim`."""
        return self.made["keys"]

    def client(self, prefix: str = "", headers: Mapping[str, str] | None = None) -> PrefixClient:
        """Give a client of the whole server, gate and mounts included, below a prefix such as "/kisi"."""
        return PrefixClient(self.app, prefix, headers or {})

    async def perform(self, operation: Operation[In, Out], wanted: In) -> Out:
        """Do an operation as the organization's own service, which may do everything."""
        return await self.core.perform(operation, self.actor, wanted)

    async def add_door(self, name: str, *, site_id: str | None = None, **settings: str) -> str:
        """Add a simulated door with its switches, and give its id."""
        wanted = AddDoor(
            name=name,
            site_id=site_id or self.site_id,
            driver="simulated",
            driver_settings=tuple(settings.items()),
        )
        door = await self.perform(add_door, wanted)
        self.doors[name] = door.id
        await self.settle()
        return door.id

    async def add_person(self, name: str, **fields: Any) -> str:
        """Add a person without any access, and give the id."""
        return (await self.perform(add_person, AddPerson(name=name, **fields))).id

    async def owner_person_id(self) -> str:
        async def look(view: View) -> str:
            owner = await view.people.by_email(self.owner["email"])
            if owner is None:
                raise AssertionError("the owner is not there")
            return owner.id

        return await self.core.store.read(self.organization_id, look)

    async def settle(self) -> None:
        """Let the door worker do all that is due now, without sleeping."""
        await self.server.worker.settle()
        assert not self.server.worker.faults

    async def deliver(self) -> Mailbox:
        """Let the postman send all that is due, and give everybody's mailbox."""
        await self.server.postman.turn()
        assert not self.server.postman.faults
        return self.mailbox

    async def make_reports(self) -> None:
        """Make the reports that are due now, without sleeping."""
        await self.server.reports.turn()
        assert not self.server.reports.faults

    async def tell_receivers(self) -> None:
        """Tell receivers all that is due now, without sleeping."""
        await self.server.deliveries.settle()
        assert not self.server.deliveries.faults

    async def refusals(self) -> list[dict[str, Any]]:
        """Give the detail of every refused act in the journal, oldest first."""
        rows = await self.core.store.read(self.organization_id, lambda view: view.journal.rows(limit=10_000))
        return [dict(stored.row.detail) for stored in rows if stored.row.action == "act.refused"]

    async def journal_size(self) -> int:
        """Give how many rows the journal has."""
        rows = await self.core.store.read(
            self.organization_id, lambda view: view.journal.rows(limit=1, newest_first=True)
        )
        return rows[0].row.position if rows else 0


@asynccontextmanager
async def open_world(
    data: Path,
    *,
    clock: Clock | None = None,
    database: str | None = None,
    dialects: Collection[str] = tuple(PREFIXES),
    mailbox: Mailbox | None = None,
    sender: Sender | None = None,
    **settings: Any,
) -> AsyncIterator[World]:
    """Open a new store in an empty directory (the test's `tmp_path`), with the organization Acme in it.

    Takes: clock, the system's unless a test hands a FrozenClock; database, a PostgreSQL URL for that engine;
    dialects, those to build, for a test that is about some of them; mailbox, one that reaches people, for a
    test that is about mail; sender, what posts to receivers; settings, any of `rekey.app.settings.Settings`.
    """
    time = clock or SystemClock()
    simulated = SimulatedDriver(time, pause=_no_pause)
    box = mailbox or Mailbox()
    parts = Parts(
        clock=time,
        hasher=_QUICK,
        drivers={"simulated": simulated},
        notifier=box,
        dialects=dialects,
        sender=sender,
    )
    chosen = Settings(data=data / "rekey", database=database, **{"calls_per_second": 0, **settings})
    server = await open_server(chosen, parts=parts, new=True, empty=True)
    try:
        wanted = FirstOrganization(
            owner_name="Olga Owner", owner_email=OWNER_EMAIL, owner_password=OWNER_PASSWORD
        )
        made = await found_first(server, wanted)
        organization_id = OrganizationId(made["organization"]["id"])
        actor = await Housekeeper(server.core, server.services.orders).actor(organization_id)
        yield World(server=server, made=made, simulated=simulated, clock=time, actor=actor, mailbox=box)
    finally:
        await server.close()


async def _no_pause(_seconds: float) -> None:
    await asyncio.sleep(0)
