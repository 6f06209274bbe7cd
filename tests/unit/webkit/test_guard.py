import asyncio
import re
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

import pytest
from structlog.testing import capture_logs

from rekey.webkit.asgi import Message, Receive, Scope, Send, read_body
from rekey.webkit.guard import Guard, GuardLimits, Refusal
from tests.support.asgi import AsgiClient, RawHeaders, Response, call

HOST = (b"host", b"rekey.test")


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    body = await read_body(receive, 10_000_000)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


def at_once(asked: list[float]) -> Callable[[float], AbstractAsyncContextManager[object]]:
    def deadline(seconds: float) -> AbstractAsyncContextManager[object]:
        asked.append(seconds)
        return asyncio.timeout(0)

    return deadline


def through(
    headers: RawHeaders,
    *,
    method: str = "POST",
    target: bytes = b"/a",
    chunks: Sequence[bytes] = (b"",),
    then: str = "disconnect",
) -> Response:
    guard = Guard(echo, GuardLimits(body_bytes=10), deadline=at_once([]))
    scope = AsgiClient(guard).scope(method, target, headers)
    return asyncio.run(call(guard, scope, chunks, then=then))


def test_a_plain_request_reaches_the_app() -> None:
    assert through([HOST], method="GET").status == 200


def test_a_body_reaches_the_app_whole() -> None:
    answer = through([HOST, (b"content-length", b"6")], chunks=(b"abc", b"def"))
    assert answer.body == b"abcdef"


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [HOST, HOST],
        [(b"host", b"")],
        [(b"host", b"user@rekey.test")],
        [(b"host", b"rekey.test/path")],
        [(b"host", b"a b")],
        [(b"host", b"rekey.test:port")],
        [(b"host", b"rekey.test, other.test")],
        [(b"host", b"[::1")],
        [(b"host", b"\xff")],
    ],
)
def test_anything_but_exactly_one_valid_host_is_refused(headers: RawHeaders) -> None:
    assert through(headers).status == 400


@pytest.mark.parametrize("host", [b"[::1]:8080", b"127.0.0.1", b"a.b-c_d:1", b"REKEY.test."])
def test_the_usual_forms_of_host_are_valid(host: bytes) -> None:
    assert through([(b"host", host)]).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        [(b"content-length", b"3"), (b"transfer-encoding", b"chunked")],
        [(b"content-length", b"3"), (b"content-length", b"3")],
        [(b"content-length", b"+3")],
        [(b"content-length", b"3, 3")],
        [(b"content-length", b"-1")],
        [(b"content-length", b"")],
        [(b"content-length", b"9" * 5_000)],
        [(b"transfer-encoding", b"identity, chunked")],
        [(b"transfer-encoding", b"chunked"), (b"transfer-encoding", b"chunked")],
    ],
)
def test_a_body_of_unclear_length_is_refused(headers: RawHeaders) -> None:
    assert through([HOST, *headers]).status == 400


@pytest.mark.parametrize("coding", [b"gzip", b"deflate", b"identity, gzip"])
def test_a_compressed_body_is_refused(coding: bytes) -> None:
    assert through([HOST, (b"content-encoding", coding)]).status == 415


def test_too_many_headers_are_refused() -> None:
    assert through([HOST, *[(b"x-a", b"1")] * 100]).status == 431


def test_too_large_headers_are_refused() -> None:
    assert through([HOST, (b"x-a", b"a" * 16_384)]).status == 431


def test_a_too_long_target_is_refused() -> None:
    assert through([HOST], target=b"/a?" + b"q" * 16_384).status == 414


def test_a_stated_length_above_the_limit_is_refused_unread() -> None:
    answer = through([HOST, (b"content-length", b"11")], then="stall")
    assert answer.status == 413


def test_a_chunked_body_is_refused_once_it_passes_the_limit() -> None:
    headers = [HOST, (b"transfer-encoding", b"chunked")]
    assert through(headers, chunks=(b"123456", b"123456"), then="stall").status == 413


def test_a_body_that_comes_in_one_piece_is_held_to_the_limit() -> None:
    headers = [HOST, (b"transfer-encoding", b"chunked")]
    assert through(headers, chunks=(b"12345678901",)).status == 413


def test_a_body_that_does_not_arrive_in_time_is_refused() -> None:
    answer = through([HOST, (b"content-length", b"6")], chunks=(b"abc",), then="stall")
    assert answer.status == 408


def test_the_deadline_for_a_body_is_the_one_of_the_limits() -> None:
    asked: list[float] = []
    guard = Guard(echo, GuardLimits(body_seconds=7.5), deadline=at_once(asked))
    scope = AsgiClient(guard).scope("POST", b"/", [HOST, (b"content-length", b"1")])
    asyncio.run(call(guard, scope, [b"a"]))
    assert asked == [7.5]


def test_a_client_that_leaves_amid_its_body_is_not_answered() -> None:
    answer = through([HOST, (b"content-length", b"6")], chunks=(b"abc",), then="vanish")
    assert answer.status == 0


@pytest.mark.parametrize("method", ["TRACE", "CONNECT"])
def test_trace_and_connect_are_not_served(method: str) -> None:
    assert through([HOST], method=method).status == 405


def test_a_method_override_header_changes_nothing() -> None:
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["method"])
        await echo(scope, receive, send)

    AsgiClient(Guard(app, GuardLimits())).request("POST", "/", {"x-http-method-override": "DELETE"})
    assert seen == ["POST"]


def test_a_refusal_is_small_json_and_ends_the_connection() -> None:
    answer = through([])
    assert answer.json() == {
        "error": "Exactly one valid Host header is required.",
        "code": "bad_host",
    }
    assert answer.header("content-type") == "application/json"
    assert answer.header("connection") == "close"


def test_no_two_refusals_share_a_code() -> None:
    codes = [refusal.value[1] for refusal in Refusal]
    assert len(set(codes)) == len(codes)


def test_an_app_that_fails_before_its_reply_becomes_a_500() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("secret")

    with capture_logs() as logs:
        answer = AsgiClient(Guard(app, GuardLimits())).request("GET", "/")
    assert answer.status == 500
    assert logs[0]["exception"] == "RuntimeError"
    assert "secret" not in str(logs) + answer.body.decode()


def test_an_app_that_fails_amid_its_reply_does_not_raise_and_is_not_answered_twice() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError

    with capture_logs():
        assert AsgiClient(Guard(app, GuardLimits())).request("GET", "/").status == 200


def test_an_app_that_answers_nothing_becomes_a_500() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()

    assert AsgiClient(Guard(app, GuardLimits())).request("GET", "/").status == 500


def test_a_client_that_is_gone_before_the_refusal_is_no_error() -> None:
    async def gone(message: Message) -> None:
        raise ConnectionResetError

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    guard = Guard(echo, GuardLimits())
    scope = AsgiClient(guard).scope("GET", b"/", [])
    asyncio.run(guard(scope, receive, gone))
    assert scope["method"] == "GET"


@pytest.mark.parametrize("kind", ["websocket", "lifespan"])
def test_other_scopes_pass_untouched(kind: str) -> None:
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    asyncio.run(call(Guard(app, GuardLimits()), {"type": kind}))
    assert seen == [kind]


def test_a_body_without_length_is_bounded_on_http_2() -> None:
    guard = Guard(echo, GuardLimits(body_bytes=10))
    scope = AsgiClient(guard).scope("POST", b"/", [HOST], http_version="2")
    assert asyncio.run(call(guard, scope, [b"12345678901"])).status == 413


def test_a_path_for_whole_files_takes_a_larger_body_than_others() -> None:
    guard = Guard(echo, GuardLimits(body_bytes=10, roomy=re.compile("/files$"), roomy_bytes=20))
    client = AsgiClient(guard)
    answers = [client.request("POST", path, body=b"x" * 15).status for path in ("/files", "/other")]
    assert answers == [200, 413]
    assert client.request("POST", "/files", body=b"x" * 21).status == 413
