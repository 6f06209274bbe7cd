"""Being an application that acts for users: asking, being allowed, and taking keys; and the world for it."""

import asyncio
import functools
import inspect
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Awaitable, Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from rekey.operations.keep_application import AddApplication, add_application
from rekey.testing.frozen_clock import FrozenClock
from tests.dialects.in_world import Api
from tests.dialects.kisi.api import as_owner
from tests.support.asgi import Response
from tests.support.world import World, open_world

BACK = "https://calendar.test/back?tab=1"
SECRET = "an application's secret"  # it opens nothing but this test's world
FORM = {"content-type": "application/x-www-form-urlencoded"}
VERIFIER = "v" * 64
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


class Partner:
    """An application; `world` is the server that it asks."""

    def __init__(self, world: World, application_id: str) -> None:
        self.world = world
        self.application_id = application_id
        self.client_id = f"{world.made['organization']['domain']}.{application_id}"
        self._client = world.client("/kisi")

    async def authorize(self, method: str = "GET", **fields: str | None) -> Response:
        """Open the page, or send its form; a field of None is left out."""
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": BACK,
            "state": "s=1&x",
            **fields,
        }
        written = urlencode({name: value for name, value in asked.items() if value is not None})
        if method == "GET":
            return await self._client.send("GET", f"/oauth/authorize?{written}")
        return await self._client.send("POST", "/oauth/authorize", FORM, written)

    async def allow(self, **fields: str | None) -> Response:
        """Press the button as the owner."""
        owner = self.world.owner
        said = {"decision": "allow", "email": owner["email"], "password": owner["password"], **fields}
        return await self.authorize("POST", **said)

    async def code(self, **fields: str | None) -> str:
        return told(await self.allow(**fields))["code"]

    async def token(self, secret: str = SECRET, /, **fields: str | None) -> Response:
        written = urlencode({name: value for name, value in fields.items() if value is not None})
        proof = b64encode(f"{self.client_id}:{secret}".encode()).decode()
        return await self._client.send(
            "POST", "/oauth/token", {**FORM, "authorization": f"Basic {proof}"}, written
        )

    async def exchange(self, code: str, **fields: str | None) -> Response:
        wanted = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, **fields}
        return await self.token(SECRET, **wanted)

    async def renew(self, refresh: str) -> Response:
        return await self.token(grant_type="refresh_token", refresh_token=refresh)

    async def keys(self, **fields: str | None) -> dict[str, Any]:
        answer = await self.exchange(await self.code(**fields))
        assert answer.status == 200, answer.body
        given: dict[str, Any] = answer.json()
        return given

    async def get(self, path: str, token: str, method: str = "GET", body: str = "") -> Response:
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        return await self._client.send(method, path, headers, body)


async def partner(api: Api, *urls: str) -> Partner:
    """Add an application that the owner answers for."""
    world = api.world
    owner = (await api.done("GET", "/users?query=" + world.owner["email"]))[0]
    person = await world.core.store.read(
        world.organization_id, lambda view: view.people.by_number(owner["id"])
    )
    assert person is not None
    wanted = AddApplication(
        name="Calendar <b>",
        owner_id=person.id,
        return_urls=urls or (BACK,),
        secret_fingerprint=world.core.secrets.fingerprint(SECRET),
    )
    return Partner(world, (await world.perform(add_application, wanted)).id)


def told(answer: Response) -> dict[str, str]:
    """Read what the browser brings back to the application."""
    assert answer.status == 303, (answer.status, answer.body)
    query = urlsplit(answer.header("location") or "").query
    return {name: values[0] for name, values in parse_qs(query).items()}


Tale = Callable[["Scene"], Awaitable[None]]


class Scene:
    """The owner's API, an application, and a clock that stands still."""

    def __init__(self, api: Api, app: Partner, clock: FrozenClock) -> None:
        self.api = api
        self.app = app
        self.clock = clock

    @property
    def world(self) -> World:
        return self.api.world

    async def person(self, email: str) -> str:
        """Register somebody with a password of her own, and give the person's id."""
        body = {"user": {"email": email, "password": PASSWORD, "terms_and_conditions": True}}
        user = await Api(self.world, self.world.client("/kisi")).done("POST", "/users", body)
        person = await self.world.core.store.read(
            self.world.organization_id, lambda view: view.people.by_number(user["id"])
        )
        assert person is not None
        return person.id

    async def status(self, token: str) -> int:
        return (await self.app.get("/user", token)).status


PASSWORD = "a password of hers"  # it opens nothing but this test's world
HERS = "hanna@acme.test"


def oauth_test(tale: Tale) -> Callable[[Path], None]:
    async def run(tmp_path: Path) -> None:
        clock = FrozenClock()
        async with open_world(tmp_path, clock=clock) as world:
            api = as_owner(world)
            await tale(Scene(api, await partner(api), clock))

    @functools.wraps(tale)
    def wrapped(tmp_path: Path) -> None:
        asyncio.run(run(tmp_path))

    wrapped.__signature__ = inspect.signature(run)  # type: ignore[attr-defined]  # pytest reads it for fixtures
    return wrapped
