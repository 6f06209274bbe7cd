import pytest

from rekey.webkit.asgi import Receive, Scope, Send
from rekey.webkit.client_address import ForwardedClient, TrustedProxies
from rekey.webkit.message import CLIENT_KEY
from tests.support.asgi import AsgiClient

PROXIES = TrustedProxies(["10.0.0.0/8", "fd00::/8"])


def test_a_strangers_header_is_ignored() -> None:
    assert PROXIES.client_of("192.0.2.7", ["203.0.113.9"]) == "192.0.2.7"


def test_a_trusted_proxy_names_the_client() -> None:
    assert PROXIES.client_of("10.1.2.3", ["203.0.113.9"]) == "203.0.113.9"


def test_only_the_part_that_trusted_proxies_wrote_is_believed() -> None:
    assert PROXIES.client_of("10.1.2.3", ["1.1.1.1, 203.0.113.9, 10.9.9.9"]) == "203.0.113.9"


def test_several_headers_are_one_list() -> None:
    assert PROXIES.client_of("10.1.2.3", ["1.1.1.1", "203.0.113.9, 10.9.9.9"]) == "203.0.113.9"


@pytest.mark.parametrize("entry", ["", "unknown", "203.0.113.9:80", "<script>"])
def test_an_entry_that_is_no_address_ends_the_search_at_the_proxy(entry: str) -> None:
    assert PROXIES.client_of("10.1.2.3", [entry]) == "10.1.2.3"


def test_a_proxy_without_the_header_stands_for_itself() -> None:
    assert PROXIES.client_of("10.1.2.3", []) == "10.1.2.3"


def test_a_mapped_address_is_the_address_it_maps() -> None:
    assert PROXIES.client_of("::ffff:10.1.2.3", ["::ffff:203.0.113.9"]) == "203.0.113.9"


@pytest.mark.parametrize("peer", [None, "unix"])
def test_a_peer_without_an_address_is_not_trusted(peer: str | None) -> None:
    assert PROXIES.client_of(peer, ["203.0.113.9"]) == peer


def test_the_address_is_noted_in_the_scope() -> None:
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope[CLIENT_KEY])

    client = AsgiClient(ForwardedClient(app, PROXIES), peer=("10.1.2.3", 1))
    client.request("GET", "/", {"x-forwarded-for": "203.0.113.9"})
    assert seen == ["203.0.113.9"]
