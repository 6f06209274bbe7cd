"""Any bytes from outside get an answer of the documented set, through all layers at once."""

import asyncio
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from rekey.webkit.app import build_app
from rekey.webkit.body import BodyRefused, decode_tree
from rekey.webkit.guard import Guard, GuardLimits, Refusal
from rekey.webkit.message import Reply, Request
from rekey.webkit.mount import HostMount, Mount
from rekey.webkit.query import QueryRefused
from tests.support.asgi import AsgiClient, call
from tests.unit.webkit.policy import PlainPolicy, route

REFUSALS = {refusal.value[0] for refusal in Refusal if refusal is not Refusal.FAULT}
ANSWERS = {200, 400, 401, 404, 405} | REFUSALS


class Strict(PlainPolicy):
    async def on_error(self, request: Request, error: Exception) -> Reply | None:
        if isinstance(error, BodyRefused | QueryRefused):
            return Reply(400, b'"bad"')
        return await super().on_error(request, error)


async def parse(request: Request) -> Reply:
    request.query()
    decode_tree(request.body)
    return Reply(200, b"{}")


APP = build_app([route("GET,POST /a", parse), route("POST /a/{b}/c", parse, auth="key")], dialect=Strict())
STACK = Guard(
    Mount(prefixes={"/x": APP}, hosts={"x.test": HostMount(app=APP)}, fallback=APP),
    GuardLimits(body_bytes=100),
)

paths = st.binary(max_size=30) | st.text("/abcx.%2eEfF5;\\", max_size=20).map(str.encode)
names = st.binary(max_size=12) | st.sampled_from(
    [b"host", b"content-length", b"transfer-encoding", b"content-encoding", b"authorization"]
)
values = st.binary(max_size=20) | st.sampled_from([b"x.test", b"3", b"chunked", b"identity", b"k"])


@dataclass(frozen=True, slots=True)
class Wild:
    """A request that no client would send on purpose."""

    method: str
    path: bytes
    query: bytes
    headers: list[tuple[bytes, bytes]]
    chunks: list[bytes]


HOST = (b"host", b"rekey.test")
wild_requests = st.builds(
    Wild,
    method=st.sampled_from(["GET", "POST", "TRACE", "OPTIONS", "x", ""]),
    path=paths,
    query=st.binary(max_size=20),
    headers=st.lists(st.tuples(names, values), max_size=5).map(lambda some: [HOST, *some])
    | st.lists(st.tuples(names, values), max_size=5),
    chunks=st.lists(st.binary(max_size=70), min_size=1, max_size=3),
)


@settings(max_examples=300, deadline=None)
@given(wild_requests)
def test_any_request_is_answered_from_the_documented_set(wild: Wild) -> None:
    client = AsgiClient(STACK)
    scope = client.scope(wild.method, b"/" + wild.path, wild.headers, query_string=wild.query)
    assert asyncio.run(call(STACK, scope, wild.chunks)).status in ANSWERS
