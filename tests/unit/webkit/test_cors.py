from rekey.webkit.cors import CorsPolicy, is_preflight
from rekey.webkit.message import Request
from tests.support.asgi import AsgiClient
from tests.unit.webkit.policy import client

POLICY = CorsPolicy(
    allows=lambda origin: origin == "https://app.test",
    methods=("GET", "PUT"),
    headers=("Authorization", "Accept"),
    exposes=("Retry-After",),
)


def request(origin: str | None, method: str = "OPTIONS", *, asks: bool = True) -> Request:
    headers = [(b"access-control-request-method", b"PUT")] if asks else []
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    api: AsgiClient = client([])
    return Request(scope=api.scope(method, b"/", headers), id="id-1")


def test_an_allowed_origin_is_told_what_it_may_send() -> None:
    headers = dict(POLICY.preflight(request("https://app.test")).headers)
    assert headers["access-control-allow-origin"] == "https://app.test"
    assert headers["access-control-allow-methods"] == "GET, PUT"
    assert headers["access-control-allow-headers"] == "Authorization, Accept"


def test_a_refused_origin_is_given_no_leave() -> None:
    assert POLICY.preflight(request("https://evil.test")).headers == (("vary", "Origin"),)


def test_a_request_without_origin_is_given_no_leave() -> None:
    assert POLICY.headers_for(None) == (("vary", "Origin"),)


def test_an_allowed_origin_may_read_the_exposed_headers() -> None:
    assert ("access-control-expose-headers", "Retry-After") in POLICY.headers_for("https://app.test")


def test_credentials_are_allowed_only_where_the_policy_says_so() -> None:
    granted = ("access-control-allow-credentials", "true")
    with_credentials = CorsPolicy(allows=lambda _: True, methods=(), headers=(), credentials=True)
    assert granted in with_credentials.headers_for("https://a.test")
    assert granted not in POLICY.headers_for("https://app.test")


def test_a_preflight_has_an_origin_and_asks_for_a_method() -> None:
    assert is_preflight(request("https://app.test"))
    assert not is_preflight(request(None))
    assert not is_preflight(request("https://app.test", asks=False))
    assert not is_preflight(request("https://app.test", "GET"))
