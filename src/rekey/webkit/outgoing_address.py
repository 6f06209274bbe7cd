"""Where this server may send: the rule for addresses that somebody else wrote down.

An address is judged by what its name resolves to, never by how it is spelt: the system's resolver takes
`127.1`, `0x7f.1` and `2130706433` for 127.0.0.1.
Source: the registries of special-purpose addresses of IANA (RFC 6890 and later).
"""

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, TypeAlias
from urllib.parse import SplitResult, urlsplit

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

PORTS: Final = frozenset({443, 8443})
MAX_URL: Final = 2000
_REFUSED_4: Final = tuple(
    ipaddress.IPv4Network(written)
    for written in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
)
# Of IPv6 only the global unicast block is let through, less what tunnels to IPv4 or is kept for documents.
_GLOBAL_6: Final = ipaddress.IPv6Network("2000::/3")
_REFUSED_6: Final = tuple(
    ipaddress.IPv6Network(written)
    for written in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)


class OutgoingRefused(Exception):
    """This server does not send there; the text says why, and nothing of what an address resolves to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingRules:
    """Which receivers are let in beyond public https on the usual ports.

    `networks` (CIDR) are private ones that may be sent to, on any port and without TLS; `own_hosts` are the
    names of this server itself, which never is a receiver.
    """

    networks: tuple[str, ...] = ()
    own_hosts: frozenset[str] = frozenset()
    _allowed: tuple[Network, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Raises: ValueError for text that is no network."""
        object.__setattr__(self, "_allowed", tuple(ipaddress.ip_network(text) for text in self.networks))

    def is_allowed(self, address: Address) -> bool:
        """Say whether the operator of this server has let this address in by name of its network."""
        return any(address in network for network in self._allowed)


def read_url(url: str, rules: OutgoingRules) -> SplitResult:
    """Read the address of a receiver, without asking what its name resolves to.

    Raises: OutgoingRefused.
    """
    if not url.isascii() or not url.isprintable() or " " in url or len(url) > MAX_URL:
        raise OutgoingRefused("must be an address in plain ASCII; write an international name as xn--...")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as malformed:
        raise OutgoingRefused("must be an address such as https://example.com/path") from malformed
    if parts.scheme not in {"http", "https"} or not host:
        raise OutgoingRefused("must be an address such as https://example.com/path")
    if parts.username is not None or parts.password is not None or "\\" in url:
        raise OutgoingRefused("must not hold a user name or password")
    if parts.fragment:
        raise OutgoingRefused("must not hold a fragment")
    if host.rstrip(".").lower() in rules.own_hosts:
        raise OutgoingRefused("must not be this server itself")
    if port == 0:
        raise OutgoingRefused("must have a port above 0")
    literal = _literal(host)
    if literal is not None:
        check_address(literal, parts, rules)
    elif not rules.networks:
        _check_public(parts)
    return parts


def check_address(address: Address, parts: SplitResult, rules: OutgoingRules) -> None:
    """Refuse an address that a receiver's name resolved to. Raises: OutgoingRefused."""
    if rules.is_allowed(address):
        return
    _check_public(parts)
    if isinstance(address, ipaddress.IPv4Address):
        refused = any(address in network for network in _REFUSED_4)
    else:
        refused = address not in _GLOBAL_6 or any(address in network for network in _REFUSED_6)
    if refused:
        raise OutgoingRefused("must not lie in a private or special network")


def checked_addresses(found: Iterable[str], parts: SplitResult, rules: OutgoingRules) -> tuple[str, ...]:
    """Give what a name resolved to, once each; one bad address refuses all. Raises: OutgoingRefused."""
    addresses = tuple(dict.fromkeys(found))
    if not addresses:
        raise OutgoingRefused("resolves to nothing")
    for written in addresses:
        check_address(ipaddress.ip_address(written.partition("%")[0]), parts, rules)
    return addresses


def port_of(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _check_public(parts: SplitResult) -> None:
    """Hold what goes for every receiver outside the networks that were let in. Raises: OutgoingRefused."""
    if parts.scheme != "https":
        raise OutgoingRefused("must begin with https://")
    if port_of(parts) not in PORTS:
        raise OutgoingRefused(f"must use one of the ports {', '.join(map(str, sorted(PORTS)))}")


def _literal(host: str) -> Address | None:
    """Give the address that the text itself is, in any spelling that the system's resolver takes."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    bare = host.rstrip(".").lower()
    if bare == "localhost" or bare.endswith(".localhost"):
        return ipaddress.IPv4Address("127.0.0.1")
    try:
        return ipaddress.IPv4Address(socket.inet_aton(bare))
    except (OSError, UnicodeEncodeError):
        return None
