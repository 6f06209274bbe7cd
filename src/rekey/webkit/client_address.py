"""The client's address: that of the peer, unless a trusted proxy forwards for another."""

import ipaddress
from collections.abc import Iterable, Sequence

from rekey.webkit.asgi import ASGIApp, Receive, Scope, Send
from rekey.webkit.message import CLIENT_KEY

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class TrustedProxies:
    """Networks whose X-Forwarded-For is believed; a stranger's is ignored."""

    def __init__(self, networks: Iterable[str]) -> None:
        self._networks = tuple(ipaddress.ip_network(network) for network in networks)

    def client_of(self, peer: str | None, forwarded: Sequence[str]) -> str | None:
        """Give the nearest address that is not a trusted proxy, in canonical text.

        Takes: the X-Forwarded-For values in the order of the request. They are read from the
        right; at the first entry that is no address the last trusted proxy stands for it.
        """
        address = _address(peer)
        if address is None:
            return peer
        entries = [entry for value in forwarded for entry in value.split(",")]
        while entries and self._trusts(address):
            claimed = _address(entries.pop().strip())
            if claimed is None:
                break
            address = claimed
        return str(address)

    def _trusts(self, address: _Address) -> bool:
        return any(network.version == address.version and address in network for network in self._networks)


def _address(text: str | None) -> _Address | None:
    try:
        address = ipaddress.ip_address(text or "")
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


class ForwardedClient:
    """An ASGI app that notes the client's address in the scope for the inner app."""

    def __init__(self, app: ASGIApp, proxies: TrustedProxies) -> None:
        self._app = app
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            peer = scope.get("client")
            forwarded = [
                value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"
            ]
            client = self._proxies.client_of(None if peer is None else peer[0], forwarded)
            scope = {**scope, CLIENT_KEY: client}
        await self._app(scope, receive, send)
