"""The vendor's own SDK for Windows, unmodified, driven under Wine.

It knows one host, `api.doordeck.com`. Within its process that name leads to the server under test and every other
name is unknown; the test's authority is trusted in a Wine prefix of the test's own. Nothing outside of loopback is
reached, and nothing of the machine is changed.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

HOST = "api.doordeck.com"
# Beside what else is installed for the tests, so that the tree holds nothing of others.
BUILT = Path(sys.prefix) / "clients" / "doordeck_sdk"
PACKAGE = "doordeck_headless_sdk"
_SOURCE = Path(__file__).parents[1] / "clients" / "doordeck_sdk"
_LIBRARY = Path(PACKAGE) / "Doordeck.Headless.Sdk.dll"
_DEBIANS_WINE = Path("/usr/lib/wine/wine64")
_COMPILER = "x86_64-w64-mingw32-gcc"
_BUILD_SECONDS = 300.0
_PREFIX_SECONDS = 180.0
_CALL_SECONDS = 90.0
# Neither a browser engine nor .NET is needed, and no menu entries are wanted.
_LEFT_OUT = "mscoree=;mshtml=;winemenubuilder.exe="


class SdkRefused(Exception):
    """The SDK threw: `kind` is the name of its exception without the package."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind
        self.message = message


def find_wine() -> str | None:
    """Give the 64-bit Wine of this machine, which Debian keeps outside of the PATH."""
    return shutil.which("wine64") or (str(_DEBIANS_WINE) if _DEBIANS_WINE.exists() else None)


def missing_parts() -> list[str]:
    """Give the Debian packages that this machine lacks for running the SDK."""
    compiler = [] if shutil.which(_COMPILER) else ["gcc-mingw-w64-x86-64-win32"]
    return compiler if find_wine() else ["wine64", *compiler]


@dataclass(frozen=True)
class Ground:
    """What several processes of the SDK share: the built harness and a Wine prefix."""

    built: Path
    prefix: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
        wine = {"WINEPREFIX": str(self.prefix), "WINEDEBUG": "-all", "WINEDLLOVERRIDES": _LEFT_OUT}
        return {**kept, **wine}


@contextmanager
def prepared(prefix: Path) -> Iterator[Ground]:
    """Build the harness if needed and make a Wine prefix, which is gone at the end (it is 700 MB).

    Raises: AssertionError that names the Debian packages which this machine lacks; subprocess.CalledProcessError
    with the tools' words in its output.
    """
    if missing := missing_parts():
        raise AssertionError(f"install these Debian packages: {' '.join(missing)}")
    _build(BUILT)
    ground = Ground(BUILT, prefix)
    try:
        _wine(ground, "wineboot", "--init")
        yield ground
    finally:
        _end_wine(ground)
        shutil.rmtree(prefix, ignore_errors=True)


class Sdk:
    """One process of the SDK with its own context: keys, tokens, certificates."""

    def __init__(
        self, ground: Ground, *, authority: Path, port: int, gateway: str = f"https://{HOST}"
    ) -> None:
        certificate = x509.load_pem_x509_certificate(authority.read_bytes())
        file = authority.with_suffix(".der")
        file.write_bytes(certificate.public_bytes(Encoding.DER))
        self._log = authority.with_name("sdk.log").open("ab")
        self._process = subprocess.Popen(
            [
                find_wine() or "wine64",
                str(ground.built / "harness.exe"),
                _windows(ground.built / _LIBRARY),
                _windows(file),
                HOST,
                str(port),
                gateway,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=ground.environment,
        )
        self.called: set[str] = set()
        if self._line() != "=ready":
            raise AssertionError("the SDK did not start")

    def close(self) -> None:
        """End the process."""
        process = self._process
        if process.stdin:
            with contextlib.suppress(OSError):
                process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()
        self._log.close()

    def call(self, api: str, function: str, data: object = None) -> Any:
        """Call a function that takes JSON, or nothing, and give its result.

        Raises: SdkRefused for what the SDK throws.
        """
        parts = () if data is None else (json.dumps(data),)
        return _result(self._ask("call", api, function, *parts))

    def text(self, api: str, function: str) -> str | None:
        """Call a function that gives a text at once."""
        return self._ask("text", api, function)

    def flag(self, api: str, function: str) -> bool:
        """Call a function that gives a truth value at once."""
        return self._ask("flag", api, function) == "true"

    def put(self, api: str, function: str, *value: str) -> None:
        """Call a function that gives nothing, with at most two texts."""
        self._ask("put", api, function, *value)

    def _ask(self, *parts: str) -> str | None:
        self.called.add(parts[2])
        stdin = self._process.stdin
        assert stdin is not None
        stdin.write("\t".join(parts).encode() + b"\n")
        stdin.flush()
        line = self._line()
        # Wine tells of a crash on the same output.
        if line[:1] not in {"=", "-"}:
            raise AssertionError(f"{parts[1]}.{parts[2]}: {line}")
        return None if line == "-" else line[1:]

    def _line(self) -> str:
        stdout = self._process.stdout
        assert stdout is not None
        # One line answers one command, so nothing is left in the buffer where `select` can't see it.
        ready, _, _ = select.select([stdout], [], [], _CALL_SECONDS)
        line = stdout.readline() if ready else b""
        if not line.endswith(b"\n"):
            raise AssertionError(f"the SDK's process gave {line!r} and no more")
        return line.decode().rstrip("\r\n")


def _result(text: str | None) -> Any:
    told = json.loads(text or "")
    failure = told.get("failure")
    if failure is not None:
        kind = failure["exceptionType"].split(":")[0].rsplit(".", 1)[-1]
        raise SdkRefused(kind, failure["exceptionMessage"])
    return told["success"].get("result")


def _windows(path: Path) -> str:
    return "Z:" + str(path.resolve()).replace("/", "\\")


def _build(built: Path) -> None:
    stamp = built / ".built"
    want = hashlib.sha256(
        b"".join(path.read_bytes() for path in sorted(_SOURCE.iterdir()) if path.is_file())
    ).hexdigest()
    built.mkdir(parents=True, exist_ok=True)
    with (built / ".lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text() == want:
            return
        subprocess.run(
            [_SOURCE / "build.sh", built],
            env={**os.environ, "PYTHON": sys.executable},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=True,
            timeout=_BUILD_SECONDS,
        )
        stamp.write_text(want)


def _wine(ground: Ground, *arguments: str) -> None:
    subprocess.run(
        [find_wine() or "wine64", *arguments],
        env=ground.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=True,
        timeout=_PREFIX_SECONDS,
    )


def _end_wine(ground: Ground) -> None:
    """End what runs in this prefix, and nothing else."""
    server = Path(find_wine() or "wine64").with_name("wineserver")
    subprocess.run(
        [server, "-k"], env=ground.environment, capture_output=True, check=False, timeout=_PREFIX_SECONDS
    )
