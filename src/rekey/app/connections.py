"""Who holds how many connections: one client may not take them all."""

import ipaddress
import resource
from collections import Counter
from collections.abc import Iterable

import structlog

PER_CLIENT = 256
_MOST = 4096
_log = structlog.get_logger("rekey.server")


def most_connections() -> int:
    """Give how many connections may be open at once.

    A quarter of the process's file descriptors stays for the store, the doors and what we call.
    """
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _MOST if allowed == resource.RLIM_INFINITY else min(_MOST, allowed * 3 // 4)


class ConnectionCount:
    """Counts the open connections of a server, in total and for each client address.

    An IPv6 client is its /64 network, as one host may use any address in that. Loopback and the
    trusted proxies are held to the total alone: a reverse proxy speaks for many clients, and a
    program on this machine has easier ways to disturb us.
    """

    def __init__(self, *, per_client: int, total: int, proxies: Iterable[str] = ()) -> None:
        self._per_client = per_client
        self._total = total
        self._proxies = tuple(ipaddress.ip_network(network) for network in proxies)
        self._open = 0
        self._clients: Counter[bytes] = Counter()

    def admit(self, address: str | None) -> bool:
        """Count a connection from this address, unless there is no room for it."""
        client = self._client(address)
        if self._open >= self._total or (client is not None and self._clients[client] >= self._per_client):
            return False
        self._open += 1
        if client is not None:
            self._clients[client] += 1
        self._report(address, client)
        return True

    def release(self, address: str | None) -> None:
        """Forget a connection that `admit` counted."""
        self._open -= 1
        client = self._client(address)
        if client is None:
            return
        self._clients[client] -= 1
        if not self._clients[client]:
            del self._clients[client]

    def _client(self, address: str | None) -> bytes | None:
        try:
            known = ipaddress.ip_address(address or "")
        except ValueError:
            return None
        if isinstance(known, ipaddress.IPv6Address):
            known = known.ipv4_mapped or known
        if known.is_loopback or any(known in network for network in self._proxies):
            return None
        return known.packed[:8]

    def _report(self, address: str | None, client: bytes | None) -> None:
        """Log the connection that took the last place; the refused ones could be any number."""
        if self._open == self._total:
            _log.warning("connections_full", open=self._open)
        elif client is not None and self._clients[client] == self._per_client:
            _log.warning("connections_of_client_full", client=address, open=self._per_client)
