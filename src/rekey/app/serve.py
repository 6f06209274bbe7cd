"""Serving until told to stop: the socket, the event loop, and an orderly end."""

import asyncio
import contextlib
import importlib.util
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, closing

import structlog
import uvicorn

from rekey.app.bootstrap import open_server
from rekey.app.errors import SettingRefused
from rekey.app.protocol import bounded_protocol
from rekey.app.running import written_down
from rekey.app.settings import Settings
from rekey.app.tls import ServerTls, tls_of
from rekey.webkit.asgi import ASGIApp

_STOP_SECONDS = 10
# Clients that keep a pool of connections use one again after longer pauses than the 5 s of uvicorn.
_IDLE_SECONDS = 75
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_log = structlog.get_logger("rekey.server")


class _Uvicorn(uvicorn.Server):
    """uvicorn would end the process by the signal itself, before our doors and acts are finished."""

    def __init__(self, config: uvicorn.Config, on_hangup: Callable[[], None] | None = None) -> None:
        super().__init__(config)
        self.answers = asyncio.Event()
        self._on_hangup = on_hangup

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.answers.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            loop.add_signal_handler(number, self.handle_exit, number, None)
        if self._on_hangup is not None:
            loop.add_signal_handler(signal.SIGHUP, self._on_hangup)
        try:
            yield
        finally:
            for number in (*_SIGNALS, signal.SIGHUP):
                loop.remove_signal_handler(number)


def serve(settings: Settings, announce: Callable[[str], None]) -> None:
    """Open the server and serve until SIGINT or SIGTERM; `announce` is told the address once it answers.

    Raises: as `open_server`; SettingRefused for an address that is taken.
    """
    with asyncio.Runner(loop_factory=loop_factory(settings.loop)) as runner:
        runner.run(_serve(settings, announce))


async def _serve(settings: Settings, announce: Callable[[str], None]) -> None:
    tls = tls_of(settings)
    with closing(listen(settings.host, settings.port)) as listener:
        server = await open_server(settings)
        try:
            if settings.doors:
                server.worker.start()
            server.deliveries.start()
            server.postman.start()
            server.reports.start()
            async with serving(server.app, listener, proxies=settings.trusted_proxies, tls=tls) as (
                address,
                ended,
            ):
                with written_down(settings.data, address, certificate=settings.tls_cert):
                    announce(address)
                    await ended
        finally:
            await server.close()
    _log.info("stopped")


@asynccontextmanager
async def serving(
    app: ASGIApp, listener: socket.socket, *, proxies: Iterable[str] = (), tls: ServerTls | None = None
) -> AsyncIterator[tuple[str, "asyncio.Future[None]"]]:
    """Answer requests within the context; give the address, and what is done when a signal asked for the end.

    Takes: networks of the trusted proxies, which may hold more connections than one client; tls, whose files
    are read anew on SIGHUP.
    """
    config = uvicorn.Config(
        app,
        http=bounded_protocol(proxies=proxies),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=_STOP_SECONDS,
        timeout_keep_alive=_IDLE_SECONDS,
    )
    config.load()
    if tls is not None:
        # uvicorn would make a context of its own, which nobody could reload.
        config.ssl = tls.context
    web = _Uvicorn(config, None if tls is None else tls.reload)
    task = asyncio.ensure_future(web.serve(sockets=[listener]))
    answers = asyncio.ensure_future(web.answers.wait())
    try:
        await asyncio.wait((answers, task), return_when=asyncio.FIRST_COMPLETED)
        yield address_of(listener, scheme="http" if tls is None else "https"), task
    finally:
        answers.cancel()
        web.should_exit = True
        await task


def listen(host: str, port: int) -> socket.socket:
    """Bind the address; port 0 takes any free one. Raises: SettingRefused."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as refused:
        raise SettingRefused("port", f"{host}:{port} cannot be used: {refused.strerror}") from refused


def address_of(listener: socket.socket, *, scheme: str = "http") -> str:
    """Give the address under which a program on this machine reaches the listener."""
    host, port = listener.getsockname()[:2]
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # read, not bound
    return f"{scheme}://[{here}]:{port}" if ":" in here else f"{scheme}://{here}:{port}"


def loop_factory(name: str) -> Callable[[], asyncio.AbstractEventLoop]:
    """Give the event loop's maker: uvloop where it is wanted or, with "auto", where it is installed.

    Raises: SettingRefused when it is wanted and missing.
    """
    if name == "asyncio":
        return asyncio.new_event_loop
    if importlib.util.find_spec("uvloop") is None:
        if name == "uvloop":
            raise SettingRefused("loop", "uvloop is not installed")
        return asyncio.new_event_loop
    import uvloop  # noqa: PLC0415  # absent on systems that it does not support

    return uvloop.new_event_loop
