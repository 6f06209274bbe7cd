"""Sending to addresses that somebody else wrote down: resolved once, checked, and connected to as checked."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import SplitResult

import httpcore

from rekey.webkit.outgoing_address import (
    OutgoingRefused,
    OutgoingRules,
    checked_addresses,
    port_of,
    read_url,
)

SECONDS: Final = 10.0
MAX_BODY: Final = 1_048_576

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of sending: delivered or not, and the kind of status or trouble; never what was answered."""

    delivered: bool
    kind: str


async def resolve(host: str, port: int) -> Sequence[str]:
    """Ask the system's resolver. Raises: OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_rest, address in found]


class Outgoing:
    """Posts to receivers under rules; no redirect is followed, no proxy of the environment used.

    The body of an answer is not read, so that it can be neither large nor an oracle.
    """

    def __init__(
        self, rules: OutgoingRules, *, resolver: Resolve = resolve, seconds: float = SECONDS
    ) -> None:
        self._rules = rules
        self._resolver = resolver
        self._seconds = seconds

    def check(self, url: str) -> None:
        """Refuse an address by its text alone. Raises: OutgoingRefused."""
        read_url(url, self._rules)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send and say what became of it; never raises for what a receiver or its name does."""
        if len(body) > MAX_BODY:
            return Answer(False, "too large to send")
        try:
            async with asyncio.timeout(self._seconds):
                status = await self._post(url, body, headers)
        except OutgoingRefused as refused:
            return Answer(False, f"refused: {refused}")
        except TimeoutError:
            return Answer(False, "no answer in time")
        except (OSError, httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException):
            return Answer(False, "no connection")
        return Answer(200 <= status < 300, f"{status // 100}xx")

    async def _post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        parts = read_url(url, self._rules)
        port = port_of(parts)
        # The dot that ends a full name belongs to the resolver, not to certificates.
        host = str(parts.hostname)
        found = await self._resolver(host, port)
        addresses = checked_addresses(found, parts, self._rules)
        async with httpcore.AsyncConnectionPool(
            max_connections=1, network_backend=_Checked(addresses), retries=0
        ) as pool:
            sent = [("host", _authority(parts)), ("content-length", str(len(body))), *headers.items()]
            async with pool.stream(
                "POST", _target(parts, host, port), headers=sent, content=body
            ) as response:
                return int(response.status)


def _authority(parts: SplitResult) -> str:
    return parts.netloc.rstrip(".")


def _target(parts: SplitResult, host: str, port: int) -> httpcore.URL:
    path = parts.path or "/"
    target = f"{path}?{parts.query}" if parts.query else path
    return httpcore.URL(
        scheme=parts.scheme.encode(), host=host.rstrip(".").encode(), port=port, target=target.encode()
    )


class _Checked(httpcore.AsyncNetworkBackend):
    """Connects to the addresses that were checked, whatever name it is asked for."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = addresses
        self._below = httpcore.AnyIOBackend()

    async def connect_tcp(  # noqa: PLR0917  # the signature is httpcore's
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        trouble: Exception = httpcore.ConnectError("no address")
        for address in self._addresses[:2]:
            try:
                return await self._below.connect_tcp(
                    str(ipaddress.ip_address(address.partition("%")[0])),
                    port,
                    timeout=timeout,
                    local_address=local_address,
                    socket_options=socket_options,
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                trouble = failed
        raise trouble

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109  # the signature is httpcore's
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise httpcore.ConnectError("only checked addresses are connected to")

    async def sleep(self, seconds: float) -> None:
        await self._below.sleep(seconds)
