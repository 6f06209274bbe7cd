"""A server in a process of its own, called as the clients of a world in the test's process are."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import httpx

from rekey.app.adapters.machine import SystemClock
from tests.support.asgi import Response
from tests.support.process import RekeyProcess
from tests.support.world import World


@dataclass(frozen=True)
class RemoteClient:
    """Sends over TLS to the root of one host name, and follows no redirect."""

    url: str
    host: str
    trust: ssl.SSLContext
    agent: str

    async def send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | str = b"",
    ) -> Response:
        sent = {"host": self.host, "user-agent": self.agent, **(headers or {})}
        async with httpx.AsyncClient(verify=self.trust, trust_env=False, timeout=60) as client:
            answer = await client.request(method, self.url + path, headers=sent, content=body)
        return Response(
            status=answer.status_code,
            raw_headers=tuple((name.lower(), value) for name, value in answer.headers.raw),
            body=answer.content,
        )


@dataclass(frozen=True)
class RemoteWorld:
    """As much of a world as a client needs."""

    server: RekeyProcess
    remote: RemoteClient
    clock: SystemClock

    @property
    def owner(self) -> dict[str, str]:
        return self.server.owner

    def client(self, _prefix: str = "", _headers: Any = None) -> RemoteClient:
        return self.remote


def remote_world(server: RekeyProcess, host: str, trust: ssl.SSLContext, agent: str) -> World:
    """Give a running server in a world's place."""
    remote = RemoteClient(server.url, host, trust, agent)
    return cast("World", RemoteWorld(server, remote, SystemClock()))
