"""What the server answers about itself, and who serves which request."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from rekey.app.errors import SettingRefused
from rekey.app.http import Checks, build_http
from rekey.app.settings import Settings
from rekey.app.vhosts import VirtualHost
from rekey.webkit.asgi import ASGIApp, Receive, Scope, Send
from rekey.webkit.message import CLIENT_KEY
from rekey.webkit.mount import ORGANIZATION_KEY
from tests.support.asgi import AsgiClient

Answer = Callable[[Scope], str]


@pytest.fixture
def checks(tmp_path: Path) -> Checks:
    key = tmp_path / "journal.key"
    key.write_text("a key")
    return Checks(writable=lambda: True, data=tmp_path, signing_key=key)


def app_that(tells: Answer) -> ASGIApp:
    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": tells(scope).encode()})

    return app


def client(
    checks: Checks, settings: Settings | None = None, tells: Answer = lambda scope: scope["path"]
) -> AsgiClient:
    return AsgiClient(build_http(settings or Settings(), {"kisi": app_that(tells)}, checks))


def test_a_server_that_runs_is_alive_whatever_its_store_does(checks: Checks) -> None:
    assert client(replace(checks, writable=lambda: False)).request("GET", "/healthz").status == 200


def test_a_server_is_ready_when_nothing_fails(checks: Checks) -> None:
    reply = client(checks).request("GET", "/readyz")
    assert (reply.status, reply.json()) == (200, {"ready": True, "failing": []})


def test_a_store_out_of_reach_and_a_missing_signing_key_are_named(checks: Checks) -> None:
    checks.signing_key.unlink()
    reply = client(replace(checks, writable=lambda: False)).request("GET", "/readyz")
    assert (reply.status, reply.json()["failing"]) == (503, ["store", "journal_key"])


def test_the_root_lists_the_apis_that_are_mounted(checks: Checks) -> None:
    assert client(checks).request("GET", "/").json()["apis"] == {"kisi": "/kisi"}


def test_an_unknown_path_is_not_found(checks: Checks) -> None:
    assert client(checks).request("GET", "/nothing").status == 404


def test_a_dialect_serves_below_its_prefix(checks: Checks) -> None:
    assert client(checks).request("GET", "/kisi/users").body == b"/users"


def test_a_virtual_host_serves_its_dialect_at_the_root_and_binds_the_organization(checks: Checks) -> None:
    settings = Settings(vhosts=(VirtualHost(dialect="kisi", host="api.kisi.test", organization="acme"),))
    calls = client(checks, settings, tells=lambda scope: f"{scope['path']} {scope[ORGANIZATION_KEY]}")
    assert calls.request("GET", "/users", {"host": "api.kisi.test"}).body == b"/users acme"


def test_a_base_address_with_a_slash_at_its_end_leads_a_directory_to_the_same_paths(checks: Checks) -> None:
    settings = Settings(vhosts=(VirtualHost(dialect="scim", host="scim.acme.test"),))
    directory = app_that(lambda scope: scope["path"])
    calls = AsgiClient(build_http(settings, {"scim": directory}, checks))
    assert calls.request("GET", "/scim/v2//Users").body == b"/Users"
    assert calls.request("GET", "//Users", {"host": "scim.acme.test"}).body == b"/Users"
    assert calls.request("GET", "//Users", {"host": "other.test"}).status == 404


def test_a_virtual_host_for_a_dialect_that_is_not_here_is_refused(checks: Checks) -> None:
    with pytest.raises(SettingRefused, match="'seam'"):
        client(checks, Settings(vhosts=(VirtualHost(dialect="seam", host="seam.test"),)))


def test_requests_are_counted_by_dialect_method_and_kind_of_status(checks: Checks) -> None:
    calls = client(checks)
    calls.request("GET", "/kisi/users")
    calls.request("BREW", "/kisi/users")
    text = calls.request("GET", "/metrics").body.decode()
    assert 'rekey_requests_total{dialect="kisi",method="GET",status="2xx"} 1.0' in text
    assert 'rekey_requests_total{dialect="kisi",method="other",status="2xx"} 1.0' in text


def test_the_gate_stands_in_front_of_everything(checks: Checks) -> None:
    async def twice() -> int:
        calls = client(checks)
        scope = calls.scope("GET", b"/kisi/users", [(b"host", b"a.test"), (b"host", b"b.test")])
        return await _status(calls, scope)

    assert asyncio.run(twice()) == 400


def test_only_a_trusted_proxy_may_say_who_the_client_is(checks: Checks) -> None:
    settings = Settings(trusted_proxies=("192.0.2.0/24",))
    calls = client(checks, settings, tells=lambda scope: str(scope.get(CLIENT_KEY)))
    assert calls.request("GET", "/kisi/x", {"x-forwarded-for": "203.0.113.9"}).body == b"203.0.113.9"
    untrusting = client(checks, tells=lambda scope: str(scope.get(CLIENT_KEY)))
    assert untrusting.request("GET", "/kisi/x", {"x-forwarded-for": "203.0.113.9"}).body == b"None"


async def _status(calls: AsgiClient, scope: Scope) -> int:
    from tests.support.asgi import call

    respond: Callable[..., Awaitable[object]] = calls._app
    return (await call(respond, scope)).status  # type: ignore[arg-type]  # the client keeps its app to itself
