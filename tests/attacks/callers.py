"""Who sends a request: headers for each dialect, of one organization or of nobody."""

import asyncio
import functools
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rekey.app.vhosts import VirtualHost
from rekey.domain.operator import KeyKind
from rekey.domain.role import Permission
from rekey.operations.issue_key import IssueKey, issue_key
from tests.attacks.estate import Tenant, acme_of, dumped, fill, found_globex, move_numbers_on
from tests.attacks.targets import Sample, Target
from tests.support.asgi import Response
from tests.support.world import World, open_world

PREFIX = {
    "native": "/api/v1",
    "kisi": "/kisi",
    "seam": "/seam",
    "doordeck": "/doordeck",
    "scim": "/scim/v2",
}
_GLOBEX_HOST = "doordeck.globex.test"
_VHOSTS = (VirtualHost(dialect="doordeck", host=_GLOBEX_HOST, organization="globex"),)


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Authorization headers by dialect; `refresh` is for the routes that take Doordeck's other token."""

    world: World
    headers: Mapping[str, str]
    refresh: str = ""

    async def send(self, target: Target, sample: Sample, body: bytes | None = None) -> Response:
        """Send a sample, or other bytes in place of its body."""
        content = body if body is not None else b"" if sample.body is None else dumped(sample.body)
        sent = {"content-type": "application/json"}
        name = self.refresh if target.route.auth == "refresh" else self.headers.get(target.dialect, "")
        if name:
            sent["authorization"] = name
        client = self.world.client(PREFIX[target.dialect])
        return await client.send(target.method, sample.path, sent, content)


def nobody(world: World) -> Caller:
    return Caller(world=world, headers={})


def with_key(world: World, secret: str) -> Caller:
    """Call with one key in the three dialects that take keys."""
    return Caller(
        world=world,
        headers={
            "native": f"Bearer {secret}",
            "seam": f"Bearer {secret}",
            "kisi": f"KISI-LOGIN {secret}",
        },
    )


async def owner_caller(tenant: Tenant, host: str = "") -> Caller:
    """Call with the first keys of an organization, and as its owner in Doordeck."""
    path, named = ("/auth/token", {"host": host}) if host else ("/doordeck/auth/token", {})
    accept = {"accept": "application/vnd.doordeck.api-v2+json,application/json", **named}
    reply = await tenant.world.client().send("POST", path, accept, dumped(tenant.owner))
    assert reply.status == 200, reply.body
    tokens = reply.json()
    return Caller(
        world=tenant.world,
        headers={
            "native": f"Bearer {tenant.keys['rekey']}",
            "seam": f"Bearer {tenant.keys['seam']}",
            "kisi": f"KISI-LOGIN {tenant.keys['kisi']}",
            "scim": f"Bearer {tenant.keys['scim']}",
            "doordeck": f"Bearer {tokens['authToken']}",
        },
        refresh=f"Bearer {tokens['refreshToken']}",
    )


async def limited_key(tenant: Tenant, *permissions: Permission) -> str:
    """Issue a key of the organization's service that may do only this, in every dialect that takes keys."""
    actor = await tenant.service()
    secret = f"seam_{'-'.join(permissions)}_key"
    wanted = IssueKey(
        operator_id=actor.operator_id,
        kind=KeyKind.API_KEY,
        name="Limited",
        via="any",
        secret_fingerprint=tenant.world.core.secrets.fingerprint(secret),
        permissions=frozenset(permissions),
    )
    await tenant.world.core.perform(issue_key, actor, wanted)
    return secret


@dataclass(frozen=True, kw_only=True)
class Rivals:
    """Two organizations on one server. Short names of Acme's estate exist in Globex for nothing."""

    world: World
    acme: Tenant
    globex: Tenant
    acme_owner: Caller
    globex_owner: Caller


async def rivals_in(world: World) -> Rivals:
    acme, globex = acme_of(world), await found_globex(world)
    await fill(globex, "g")
    await move_numbers_on(world.core, world.actor, 60)
    return Rivals(
        world=world,
        acme=acme,
        globex=globex,
        acme_owner=await owner_caller(acme),
        globex_owner=await owner_caller(globex, _GLOBEX_HOST),
    )


def among_rivals(test: Callable[[Rivals], Awaitable[None]]) -> Callable[[Path], None]:
    """Make a test of a coroutine function that takes two organizations on a new server."""

    async def run(data: Path) -> None:
        async with open_world(data, vhosts=_VHOSTS) as world:
            await test(await rivals_in(world))

    def wrapped(tmp_path: Path) -> None:
        asyncio.run(run(tmp_path))

    functools.update_wrapper(wrapped, test)
    del wrapped.__wrapped__  # type: ignore[attr-defined]  # pytest would read the coroutine's parameters
    return wrapped
