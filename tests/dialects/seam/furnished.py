"""What the tests about accounts, sessions and spaces share."""

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.dialects.in_world import Api
from tests.support.asgi import Response
from tests.support.world import World

LOGIN = {"email": "Ada@example.com", "password": "1234", "code": "123456"}


def as_session(world: World, session: dict[str, Any]) -> Api:
    """Call with the token of a client session."""
    return Api(world, world.client("/seam", {"authorization": f"Bearer {session['token']}"}))


async def open_session(api: Api, **wanted: Any) -> dict[str, Any]:
    made: dict[str, Any] = (await api.done("POST", "/client_sessions/create", wanted))["client_session"]
    return made


async def make_webview(api: Api, **wanted: Any) -> dict[str, Any]:
    made: dict[str, Any] = (await api.done("POST", "/connect_webviews/create", wanted))["connect_webview"]
    return made


async def visit(api: Api, webview: dict[str, Any], form: dict[str, str] | None = None) -> Response:
    """Look at the page of a webview, or send its form."""
    parts = urlsplit(webview["url"])
    path = f"{parts.path.removeprefix('/seam')}?{parts.query}"
    if form is None:
        return await api.call("GET", path, authorization="")
    body = urlencode(form).encode()
    return await api.call(
        "POST", path, body, authorization="", content_type="application/x-www-form-urlencoded"
    )


async def connect(api: Api, *, email: str = LOGIN["email"], **wanted: Any) -> dict[str, Any]:
    """Connect a sandbox account and give it; it brings three doors."""
    webview = await make_webview(api, **wanted)
    page = await visit(api, webview, {**LOGIN, "email": email})
    assert page.status in {200, 303}, page.body
    after = await api.done(
        "POST", "/connect_webviews/get", {"connect_webview_id": webview["connect_webview_id"]}
    )
    account_id = after["connect_webview"]["connected_account_id"]
    found = await api.done("POST", "/connected_accounts/get", {"connected_account_id": account_id})
    account: dict[str, Any] = found["connected_account"]
    await api.world.settle()
    return account


async def devices_seen(api: Api, **filters: Any) -> list[str]:
    listed = await api.done("POST", "/devices/list", filters)
    return [device["device_id"] for device in listed["devices"]]


async def make_space(api: Api, *door_ids: str, **wanted: Any) -> dict[str, Any]:
    body = {"name": "Suite", "device_ids": [*door_ids], **wanted}
    space: dict[str, Any] = (await api.done("POST", "/spaces/create", body))["space"]
    return space


def token_in(url: str) -> str:
    return parse_qs(urlsplit(url).query)["token"][0]
