"""Being an application that acts for users: asking, being allowed, and taking keys."""

from base64 import b64encode, urlsafe_b64encode
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from rekey.operations.keep_application import AddApplication, add_application
from tests.dialects.in_world import Api
from tests.support.asgi import Response
from tests.support.world import World

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

    async def token(self, *, secret: str = SECRET, **fields: str | None) -> Response:
        written = urlencode({name: value for name, value in fields.items() if value is not None})
        proof = b64encode(f"{self.client_id}:{secret}".encode()).decode()
        return await self._client.send(
            "POST", "/oauth/token", {**FORM, "authorization": f"Basic {proof}"}, written
        )

    async def exchange(self, code: str, **fields: str | None) -> Response:
        return await self.token(
            **{"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, **fields}
        )

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
