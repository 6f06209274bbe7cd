import asyncio

import pytest
from structlog.testing import capture_logs

from rekey.webkit.app import build_app
from rekey.webkit.message import Reply, Request
from rekey.webkit.route import Handler
from tests.support.asgi import call
from tests.unit.webkit.policy import (
    KnownError,
    PlainPolicy,
    client,
    raising,
    replying,
    route,
    show,
)

USERS = [
    route("GET /users"),
    route("POST /users"),
    route("GET /users/me"),
    route("GET /users/{user_id}"),
    route("DELETE /users/{id}"),
    route("GET /users/{user_id}/cards/{card_id}"),
    route("GET /{kind}/me/keys"),
]


@pytest.mark.parametrize(
    ("method", "path", "name", "params"),
    [
        ("GET", "/users", "GET /users", {}),
        ("POST", "/users", "POST /users", {}),
        ("GET", "/users/7", "GET /users/{user_id}", {"user_id": "7"}),
        ("DELETE", "/users/7", "DELETE /users/{id}", {"id": "7"}),
        (
            "GET",
            "/users/7/cards/9",
            "GET /users/{user_id}/cards/{card_id}",
            {"user_id": "7", "card_id": "9"},
        ),
    ],
)
def test_a_path_and_method_find_their_route(
    method: str, path: str, name: str, params: dict[str, str]
) -> None:
    assert client(USERS).request(method, path).json()[:2] == [name, params]


def test_a_literal_beats_a_parameter() -> None:
    assert client(USERS).request("GET", "/users/me").json()[0] == "GET /users/me"


def test_a_literal_that_leads_nowhere_gives_way_to_a_parameter() -> None:
    answer = client(USERS).request("GET", "/users/me/keys").json()
    assert answer[:2] == ["GET /{kind}/me/keys", {"kind": "users"}]


def test_a_parameter_comes_decoded_and_as_text() -> None:
    answer = client(USERS).request("GET", "/users/a%40b%20c").json()
    assert answer[1] == {"user_id": "a@b c"}


@pytest.mark.parametrize("path", ["/", "/nothing", "/users/", "/users//cards/1", "/USERS", "//users"])
def test_another_path_is_not_found_in_the_dialects_form(path: str) -> None:
    answer = client(USERS).request("GET", path)
    assert (answer.status, answer.body) == (404, b'"nothing"')


@pytest.mark.parametrize("path", ["/users/", "/users/7/"])
def test_one_trailing_slash_is_tolerated_where_the_dialect_says_so(path: str) -> None:
    assert client(USERS, trailing_slash=True).request("GET", path).status == 200


def test_two_trailing_slashes_are_never_tolerated() -> None:
    assert client(USERS, trailing_slash=True).request("GET", "/users/7//").status == 404


@pytest.mark.parametrize("method", ["PATCH", "HEAD", "OPTIONS", "get", "BREW", "WEBSOCKET"])
def test_another_method_is_answered_by_the_dialect_with_the_allowed_ones(method: str) -> None:
    answer = client(USERS).request(method, "/users")
    assert (answer.status, answer.header("allow")) == (405, "GET, POST")


def test_the_caller_reaches_the_handler() -> None:
    guarded = client([route("GET /a", auth="key")])
    assert guarded.request("GET", "/a", {"authorization": "k"}).json()[3] == "k"


def test_a_refused_caller_never_reaches_the_handler() -> None:
    guarded = client([route("GET /a", raising(AssertionError()), auth="key")])
    assert guarded.request("GET", "/a").status == 401


def test_a_body_in_chunks_reaches_the_handler_whole() -> None:
    api = client([route("POST /a")])
    app = build_app([route("POST /a")], dialect=PlainPolicy())
    answer = asyncio.run(call(app, api.scope("POST", b"/a", []), [b"ab", b"cd"]))
    assert answer.json()[2] == "abcd"


def test_a_body_above_the_limit_is_refused() -> None:
    assert client([route("POST /a")], body_bytes=3).request("POST", "/a", body="abcd").status == 413


def test_a_client_that_leaves_amid_its_body_reaches_no_handler() -> None:
    app = build_app([route("POST /a", raising(AssertionError()))], dialect=PlainPolicy())
    scope = client([]).scope("POST", b"/a", [])
    assert asyncio.run(call(app, scope, [b"ab"], then="vanish")).status == 0


def test_a_known_error_is_answered_by_the_dialect() -> None:
    assert client([route("GET /a", raising(KnownError()))]).request("GET", "/a").status == 409


def test_an_unknown_error_is_a_500_in_the_dialects_form() -> None:
    with capture_logs():
        answer = client([route("GET /a", raising(RuntimeError("pin 1234")))]).request("GET", "/a")
    assert (answer.status, answer.body) == (500, b'"fault"')


def test_an_unknown_error_is_logged_by_kind_and_place_without_its_message() -> None:
    with capture_logs() as logs:
        client([route("GET /a", raising(RuntimeError("pin 1234")))]).request("GET", "/a?pin=1234")
    assert (logs[0]["exception"], logs[0]["request_id"]) == ("RuntimeError", "id-1")
    assert logs[0]["route"] == "GET /a"
    assert "1234" not in str(logs)


def test_a_policy_that_fails_itself_ends_in_a_bare_500() -> None:
    class Broken(PlainPolicy):
        def finish(self, request: Request, reply: Reply) -> Reply:
            raise RuntimeError

    with capture_logs():
        assert client(USERS, policy=Broken()).request("GET", "/users").status == 500


def test_every_reply_is_finished_by_the_dialect() -> None:
    api = client([*USERS, route("GET /known", raising(KnownError()))])
    answers = [api.request("GET", path) for path in ("/users", "/nothing", "/known")]
    assert [answer.header("request-id") for answer in answers] == ["id-1"] * 3


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_without_body_carries_neither_body_nor_content_type(status: int) -> None:
    answer = client([route("GET /a", replying(Reply(status, b"{}")))]).request("GET", "/a")
    assert (answer.status, answer.body) == (status, b"")
    assert answer.header("content-type") is None
    assert answer.header("content-length") is None


def test_a_reply_with_body_states_type_and_length() -> None:
    answer = client([route("GET /a", replying(Reply(200, b"{}")))]).request("GET", "/a")
    assert answer.header("content-type") == "application/json"
    assert answer.header("content-length") == "2"


def test_an_empty_reply_states_its_length_and_no_type() -> None:
    answer = client([route("GET /a", replying(Reply(200)))]).request("GET", "/a")
    assert (answer.header("content-length"), answer.header("content-type")) == ("0", None)


def test_a_head_route_sends_the_length_and_no_body() -> None:
    answer = client([route("HEAD /a", replying(Reply(200, b"{}")))]).request("HEAD", "/a")
    assert (answer.header("content-length"), answer.body) == ("2", b"")


@pytest.mark.parametrize("value", ["a\r\nset-cookie: b", "a\nb", "a\x00b", "\u2014"])
def test_a_header_that_cannot_be_sent_ends_in_a_bare_500(value: str) -> None:
    handler: Handler = replying(Reply(200, None, (("x-name", value),)))
    with capture_logs():
        answer = client([route("GET /a", handler)]).request("GET", "/a")
    assert (answer.status, answer.header("x-name")) == (500, None)


@pytest.mark.parametrize(
    ("specs", "message"),
    [
        (["GET /a", "GET,POST /a"], "stands twice"),
        (["GET /{a}/b", "GET /{c}/b"], "stands twice"),
        (["GET a"], "starts with a slash"),
        (["GET /a//b"], "a literal or one parameter"),
        (["GET /a/"], "a literal or one parameter"),
        (["GET /{a}.json"], "a literal or one parameter"),
        (["GET /{a}/{a}"], "a parameter stands twice"),
        (["get /a"], "not a method"),
        (["GET /a", "GET /a"], "two routes are named"),
    ],
)
def test_a_table_that_contradicts_itself_is_not_built(specs: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build_app([route(spec) for spec in specs], dialect=PlainPolicy())


def test_the_root_path_can_be_a_route() -> None:
    assert client([route("GET /", show)], trailing_slash=True).request("GET", "/").status == 200


def test_a_websocket_is_closed_since_no_dialect_has_one() -> None:
    sent: list[str] = []

    async def run() -> None:
        app = build_app(USERS, dialect=PlainPolicy())
        scope = client([]).scope("GET", b"/users", [], type="websocket", subprotocols=[])

        async def receive() -> dict[str, object]:
            return {"type": "websocket.connect"}

        async def send(message: object) -> None:
            assert isinstance(message, dict)
            sent.append(message["type"])

        await app(dict(scope), receive, send)

    asyncio.run(run())
    assert sent == ["websocket.close"]
