"""The native API as commands use it: that of the running server, or of one opened for the command alone."""

import asyncio
import os
import ssl
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import httpx

from rekey.app.adapters.secret_files import HOST_KEY_FILE
from rekey.app.running import Running, read_running
from rekey.app.settings import load_settings
from rekey.app.tls import trusting_only
from rekey.cli.errors import Refused, Unclear
from rekey.webkit.key_file import KeyFileRefusal, KeyFileRefused, read_private

if TYPE_CHECKING:
    from rekey.app.bootstrap import Server

T = TypeVar("T")

_BASE = "/api/v1"
_SECONDS = 30.0
_POLL_SECONDS = 0.25
_TURN_SECONDS = 0.02
_SEVERAL = 10


class Transport(Protocol):
    """How a request gets to the API and its answer back."""

    def send(self, request: httpx.Request) -> httpx.Response: ...

    def let_doors_work(self) -> None:
        """Give the doors time to follow what was changed."""
        ...


class Api:
    """Calls the native API as this machine's own operator and gives decoded JSON.

    Errors of every call: Refused with the server's own words; Unclear when a name fits several people.
    """

    def __init__(self, transport: Transport, key: str, base_url: str) -> None:
        self._transport = transport
        self._headers = {"authorization": f"Bearer {key}"}
        self._base_url = base_url

    def get(self, path: str, **query: Any) -> Any:
        given = {name: str(value) for name, value in query.items() if value is not None}
        return self._call("GET", path, params=given)

    def post(self, path: str, **body: Any) -> Any:
        return self._call(
            "POST", path, json={name: value for name, value in body.items() if value is not None}
        )

    def upload(self, path: str, content: bytes, media_type: str, **query: str) -> Any:
        """Send a file as it is."""
        # A file of a hundred thousand lines is read in before the answer.
        return self._call("POST", path, params=query, content=content, media_type=media_type)

    def patch(self, path: str, body: Mapping[str, Any]) -> Any:
        return self._call("PATCH", path, json=dict(body))

    def put(self, path: str) -> Any:
        return self._call("PUT", path)

    def delete(self, path: str) -> Any:
        return self._call("DELETE", path)

    def every(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """Give all items of a list, part by part."""
        items: list[dict[str, Any]] = []
        after = None
        while True:
            part = self.get(path, **query, limit=500, after=after)
            items += part["items"]
            after = part.get("next")
            if after is None:
                return items

    def text(self, path: str) -> str:
        """Give an answer that is no JSON."""
        return self._send("GET", path).text

    def named(self, path: str, name: str, what: str) -> dict[str, Any]:
        """Find one thing of a list by id, number, or a name that fits only one. Raises: Unclear."""
        things = self.every(path)
        for member in ("id", "number", "name"):
            exact = [thing for thing in things if str(thing[member]).lower() == name.lower()]
            if len(exact) == 1:
                return exact[0]
        fitting = [thing for thing in things if name.lower() in str(thing["name"]).lower()]
        if len(fitting) == 1:
            return fitting[0]
        if not fitting:
            raise Unclear(f"no {what} fits {name!r}")
        raise Unclear(f"several fit {name!r}: name one by number or id", fitting[:_SEVERAL])

    def door(self, name: str) -> dict[str, Any]:
        return self.named("/doors", name, "door")

    def site(self, name: str) -> dict[str, Any]:
        return self.named("/sites", name, "site")

    def person(self, name: str) -> dict[str, Any]:
        """Find one person by e-mail address, number, id or a unique part of the name. Raises: Unclear."""
        found = self.get("/people", q=name, limit=_SEVERAL)["items"]
        if len(found) == 1:
            person: dict[str, Any] = found[0]
            return person
        if not found:
            raise Unclear(f"no person fits {name!r}")
        raise Unclear(f"several people fit {name!r}: use the e-mail address, number or id", found)

    def let_doors_work(self) -> None:
        self._transport.let_doors_work()

    def _call(self, method: str, path: str, **more: Any) -> Any:
        response = self._send(method, path, **more)
        return response.json() if response.content else None

    def _send(self, method: str, path: str, *, media_type: str | None = None, **more: Any) -> httpx.Response:
        url = f"{self._base_url}{_BASE}{path}"
        headers = self._headers if media_type is None else {**self._headers, "content-type": media_type}
        response = self._transport.send(httpx.Request(method, url, headers=headers, **more))
        if response.is_success:
            return response
        raise _refusal(response)


class HttpTransport:
    """To a server that runs."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def send(self, request: httpx.Request) -> httpx.Response:
        try:
            return self._client.send(request)
        except httpx.HTTPError as failed:
            raise Refused(f"the server at {request.url.host} did not answer: {failed}") from failed

    def let_doors_work(self) -> None:
        time.sleep(_POLL_SECONDS)


class OwnTransport:
    """To a server that this command opened for itself, without a socket."""

    def __init__(self, server: "Server", run: Callable[[Awaitable[Any]], Any]) -> None:
        self._server = server
        self._run = run
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(app=server.app))

    def send(self, request: httpx.Request) -> httpx.Response:
        response: httpx.Response = self._run(self._client.send(request))
        return response

    def let_doors_work(self) -> None:
        self._run(self._server.worker.settle())
        self._run(asyncio.sleep(_TURN_SECONDS))

    def close(self) -> None:
        self._run(self._client.aclose())


def connect(data: Path, database: str | None = None) -> AbstractContextManager[Api]:
    """Reach the server of a data directory, or open its store for this command.

    Raises: Refused when there is no key for this machine; SetupError, StoreNotOpened.
    """
    running = running_server(data)
    key = _host_key(data)
    return _over_http(running, key) if running else _by_ourselves(data, database, key)


def running_server(data: Path) -> Running | None:
    """Give where the server of this data directory answers; None if none does."""
    running = read_running(data)
    if running is None:
        return None
    try:
        httpx.get(
            f"{running.address}/healthz", timeout=_SECONDS, trust_env=False, verify=_trust(running)
        ).raise_for_status()
    except (httpx.HTTPError, OSError):
        return None
    return running


def _trust(running: Running) -> ssl.SSLContext | bool:
    """A server of this machine is known by the certificate that it said it would show."""
    return True if running.certificate is None else trusting_only(Path(running.certificate))


@contextmanager
def _over_http(running: Running, key: str) -> Iterator[Api]:
    with httpx.Client(timeout=_SECONDS, trust_env=False, verify=_trust(running)) as client:
        yield Api(HttpTransport(client), key, running.address)


@contextmanager
def _by_ourselves(data: Path, database: str | None, key: str) -> Iterator[Api]:
    from rekey.app.bootstrap import open_server  # noqa: PLC0415  # slow, and needless for a running server

    settings = load_settings({"data": data, "database": database}, os.environ)
    with asyncio.Runner() as runner:

        def run(work: Awaitable[T]) -> T:
            return runner.run(_await(work))

        server = run(open_server(settings))
        transport = OwnTransport(server, run)
        try:
            yield Api(transport, key, "http://rekey.invalid")
            transport.let_doors_work()
        finally:
            transport.close()
            run(server.close())


async def _await(work: Awaitable[T]) -> T:
    return await work


def _host_key(data: Path) -> str:
    file = data / "keys" / HOST_KEY_FILE
    try:
        return read_private(file).decode()
    except KeyFileRefused as refused:
        if refused.reason is KeyFileRefusal.MISSING:
            raise Refused(
                f"{data} holds no store of this machine: run `rekey init --data {data}`"
            ) from refused
        raise


def _refusal(response: httpx.Response) -> Refused | Unclear:
    try:
        problem = response.json()
    except ValueError:
        return Refused(f"the server answered {response.status_code}")
    detail = str(
        problem.get("detail") or problem.get("error") or f"the server answered {response.status_code}"
    )
    if candidates := problem.get("candidates"):
        return Unclear(detail, candidates)
    return Refused(detail, problem)
