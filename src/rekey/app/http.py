"""The outermost HTTP: the gate, the mounts, and what is asked about the server itself."""

import re
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

import rekey
from rekey.app.dialects import PREFIXES, mount_hosts
from rekey.app.settings import Settings
from rekey.webkit.app import DialectApp
from rekey.webkit.asgi import ASGIApp, Message, Receive, Scope, Send
from rekey.webkit.client_address import ForwardedClient, TrustedProxies
from rekey.webkit.doubled_slash import DoubledSlash
from rekey.webkit.guard import Guard, GuardLimits, refuse_plainly
from rekey.webkit.mount import Mount

# Where a file of people or cards, or a group of thousands, is taken in whole.
WHOLE_FILES = re.compile(r"/(imports|uploads/[^/]+)$|^/scim/v2//?Groups(/|$)")
LEAST_FREE_BYTES = 64 * 1024 * 1024
_JSON = b"application/json"
_METRICS = b"text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """What `/readyz` asks; `writable` is the store's own word."""

    writable: Callable[[], bool]
    data: Path
    signing_key: Path

    def failing(self) -> list[str]:
        """Name what keeps the server from doing its work; nothing when all is well."""
        found = {
            "store": self.writable(),
            "journal_key": self.signing_key.is_file(),
            "disk_space": shutil.disk_usage(self.data).free >= LEAST_FREE_BYTES,
        }
        return [name for name, well in found.items() if not well]


class Metrics:
    """Counts requests by dialect, method and kind of status; the names are the ones documented."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "rekey_requests", "Requests answered.", ["dialect", "method", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "rekey_request_seconds", "Time to the first byte.", ["dialect"], registry=self.registry
        )

    def around(self, dialect: str, app: ASGIApp) -> ASGIApp:
        """Give the app with every request of it measured."""

        async def measured(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            began = time.perf_counter()

            async def counted(message: Message) -> None:
                if message["type"] == "http.response.start":
                    status = f"{message['status'] // 100}xx"
                    self._requests.labels(dialect, _method(scope), status).inc()
                    self._seconds.labels(dialect).observe(time.perf_counter() - began)
                await send(message)

            await app(scope, receive, counted)

        return measured


class About:
    """Answers at the paths that belong to no dialect."""

    def __init__(self, checks: Checks, metrics: Metrics, prefixes: Mapping[str, str]) -> None:
        self._checks = checks
        self._metrics = metrics
        self._prefixes = dict(prefixes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        status, kind, body = self._answer(scope["path"])
        length = str(len(body)).encode()
        headers = [(b"content-type", kind), (b"content-length", length), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    def _answer(self, path: str) -> tuple[int, bytes, bytes]:
        match path:
            case "/healthz":
                return 200, _JSON, b'{"alive":true}'
            case "/readyz":
                failing = self._checks.failing()
                body = msgspec.json.encode({"ready": not failing, "failing": failing})
                return (503 if failing else 200), _JSON, body
            case "/metrics":
                return 200, _METRICS, generate_latest(self._metrics.registry)
            case "/":
                body = msgspec.json.encode({"rekey": rekey.__version__, "apis": self._prefixes})
                return 200, _JSON, body
        return 404, _JSON, b'{"error":"There is nothing at this path.","code":"not_found"}'


def build_http(settings: Settings, dialects: Mapping[str, ASGIApp], checks: Checks) -> ASGIApp:
    """Put the dialects behind the gate. Raises: SettingRefused (vhosts, trusted_proxies)."""
    metrics = Metrics()
    measured = {name: metrics.around(name, app) for name, app in dialects.items()}
    about = About(checks, metrics, {name: PREFIXES[name] for name in dialects})
    mount = Mount(
        prefixes={PREFIXES[name]: app for name, app in measured.items()},
        hosts=mount_hosts(settings.vhosts, measured),
        fallback=metrics.around("server", about),
    )
    guarded: ASGIApp = Guard(mount, GuardLimits(roomy=WHOLE_FILES), wording=_wording(settings, dialects))
    # Directories are given a base address, often with a slash at its end.
    hosts = [vhost.host for vhost in settings.vhosts if vhost.dialect == "scim"]
    guarded = DoubledSlash(guarded, [PREFIXES["scim"]], hosts=hosts)
    if not settings.trusted_proxies:
        return guarded
    return ForwardedClient(guarded, TrustedProxies(settings.trusted_proxies))


def _wording(settings: Settings, dialects: Mapping[str, ASGIApp]) -> ASGIApp:
    """Have each dialect say in its own form what the gate refused."""
    words: dict[str, ASGIApp] = {
        name: app.say_refused if isinstance(app, DialectApp) else refuse_plainly
        for name, app in dialects.items()
    }
    return Mount(
        prefixes={PREFIXES[name]: app for name, app in words.items()},
        hosts=mount_hosts(settings.vhosts, words),
        fallback=refuse_plainly,
    )


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _method(scope: Scope) -> str:
    """A made-up method must not make a new time series."""
    method: str = scope["method"]
    return method if method in _METHODS else "other"
