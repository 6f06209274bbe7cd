"""What the tests against a real server do again and again: calling it as its owner and as somebody new."""

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from tests.dialects.doordeck.signing import Phone, owner_of
from tests.support.asgi import Response
from tests.support.world import World

V1, V2, V3 = (
    {"accept": f"application/vnd.doordeck.api-v{version}+json,application/json"} for version in (1, 2, 3)
)
_OWNERS: dict[int, Phone] = {}


def tell(world: World, tale: Callable[[Phone], Awaitable[None]]) -> None:
    async def told() -> None:
        # One sign-in for all tests: passwords are counted.
        if id(world) not in _OWNERS:
            _OWNERS[id(world)] = await owner_of(world)
        await tale(_OWNERS[id(world)])

    asyncio.run(told())


async def somebody(world: World) -> tuple[Phone, str]:
    """Register somebody new with a certified key; give the phone and the address."""
    email = f"{uuid.uuid4().hex[:12]}@acme.test"
    phone = await Phone(world).register(email)
    return await phone.certify(), email


async def shown(phone: Phone, lock: str) -> dict[str, Any]:
    found: dict[str, Any] = (await phone.call("GET", f"/device/{lock}", **V3)).json()
    return found


async def told_of(phone: Phone, lock: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await phone.call("GET", f"/device/{lock}/log", **V2)).json()
    return found


async def bare(world: World, method: str, path: str, body: Any = None, **headers: str) -> Response:
    """Call without a session."""
    content = b"" if body is None else json.dumps(body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await world.client().send(method, path, named, content)


def owner_site(world: World) -> str:
    server: Any = world.server
    return str(server.site_id)
