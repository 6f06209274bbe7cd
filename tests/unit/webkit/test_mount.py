import asyncio

import msgspec
import pytest

from rekey.webkit.asgi import ASGIApp, Receive, Scope, Send
from rekey.webkit.mount import ORGANIZATION_KEY, HostMount, Mount
from tests.support.asgi import AsgiClient, Response, call


def named(name: str) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        facts = [
            name,
            scope.get("path"),
            scope.get("raw_path", b"").decode(),
            scope.get("root_path"),
            scope.get(ORGANIZATION_KEY),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": msgspec.json.encode(facts)})

    return app


MOUNT = Mount(
    prefixes={
        "/kisi": named("kisi"),
        "/api": named("api"),
        "/api/v1": named("native"),
        "/scim/v2": named("scim"),
    },
    hosts={
        "API.kisi.test": HostMount(app=named("kisi host")),
        "acme.test": HostMount(app=named("acme"), organization="acme"),
    },
    fallback=named("fallback"),
)


def facts(response: Response) -> list[str]:
    return list(response.json())


def at(path: str, host: str = "rekey.test") -> list[str]:
    return facts(AsgiClient(MOUNT, host=host).request("GET", path))


def test_a_prefix_is_taken_off_the_path_and_added_to_the_root_path() -> None:
    assert at("/kisi/users/1") == ["kisi", "/users/1", "/users/1", "/kisi", None]


def test_a_prefix_alone_is_the_root_of_its_app() -> None:
    assert at("/kisi")[:2] == ["kisi", "/"]


def test_the_encoded_path_keeps_its_encoding_below_the_prefix() -> None:
    assert at("/kisi/a%20b")[1:3] == ["/a b", "/a%20b"]


def test_the_longest_prefix_wins() -> None:
    assert at("/api/v1/doors")[:2] == ["native", "/doors"]


def test_a_shorter_prefix_serves_what_the_longer_one_does_not() -> None:
    assert at("/api/v2")[:2] == ["api", "/v2"]


@pytest.mark.parametrize("path", ["/", "/kisix", "/scim", "/scim/v2x", "/KISI/users", "/%6bisi/a"])
def test_a_path_below_no_prefix_goes_to_the_fallback(path: str) -> None:
    assert at(path)[0] == "fallback"


@pytest.mark.parametrize("host", ["api.kisi.test", "API.KISI.TEST", "api.kisi.test:8080"])
def test_a_host_serves_its_app_at_the_root(host: str) -> None:
    assert at("/users/1", host)[:4] == ["kisi host", "/users/1", "/users/1", ""]


def test_a_prefix_means_nothing_on_a_host_of_its_own() -> None:
    assert at("/kisi/users", "api.kisi.test")[:2] == ["kisi host", "/kisi/users"]


def test_a_host_can_name_its_organization() -> None:
    assert at("/auth/token", "acme.test")[4] == "acme"


def test_an_unknown_host_is_served_by_prefix() -> None:
    assert at("/kisi/a", "other.test")[0] == "kisi"


def test_the_scope_of_the_server_is_not_changed() -> None:
    scope = AsgiClient(MOUNT).scope("GET", b"/kisi/a", [(b"host", b"a")])
    asyncio.run(call(MOUNT, scope))
    assert scope["path"] == "/kisi/a"


def test_the_lifespan_goes_to_the_fallback() -> None:
    answer = asyncio.run(call(MOUNT, {"type": "lifespan"}))
    assert facts(answer)[0] == "fallback"


@pytest.mark.parametrize("prefix", ["kisi", "/kisi/", "/", ""])
def test_a_prefix_that_could_never_match_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="a prefix starts with a slash"):
        Mount(prefixes={prefix: named("x")}, hosts={}, fallback=named("y"))
