import pytest

from rekey.webkit.message import CLIENT_KEY, Request
from rekey.webkit.query import QueryRefused
from tests.support.asgi import RawHeaders
from tests.unit.webkit.policy import PlainPolicy, client


def request(target: bytes = b"/", headers: RawHeaders = (), peer: str | None = "192.0.2.7") -> Request:
    scope = client([], policy=PlainPolicy()).scope(
        "GET", target, headers, client=None if peer is None else (peer, 1)
    )
    return Request(scope=scope, id="id-1")


def test_a_header_is_found_without_letter_case() -> None:
    assert request(headers=[(b"x-a", b"1")]).header("X-A") == "1"


def test_an_absent_header_is_none() -> None:
    assert request().header("x-a") is None


def test_a_repeated_header_is_joined() -> None:
    assert request(headers=[(b"x-a", b"1"), (b"x-a", b"2")]).header("x-a") == "1, 2"


def test_a_repeated_header_can_be_had_one_by_one() -> None:
    assert request(headers=[(b"x-a", b"1"), (b"x-a", b"2")]).headers("x-a") == ("1", "2")


def test_the_query_is_parsed_when_asked_for() -> None:
    assert request(b"/?a=1&b=2").query().pairs == (("a", "1"), ("b", "2"))


def test_a_broken_query_is_refused_when_asked_for() -> None:
    with pytest.raises(QueryRefused):
        request(b"/?a=%zz").query()


def test_the_client_is_the_peer() -> None:
    assert request().client == "192.0.2.7"


def test_the_client_of_a_local_socket_has_no_address() -> None:
    assert request(peer=None).client is None


def test_the_client_is_the_one_that_a_trusted_proxy_named() -> None:
    scope = client([]).scope("GET", b"/", [], **{CLIENT_KEY: "::1"})
    assert Request(scope=scope, id="id-1").client == "::1"
