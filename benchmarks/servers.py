"""Servers under load: each a process of its own on the server's core, and requests made for it."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.load import Job, Measured
from benchmarks.machine import CLIENT_CORE, SERVER_CORE

_TICKS = os.sysconf("SC_CLK_TCK")
_DEADLINE = 60.0


class Target:
    """A running server: its port, and its process for what it costs."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        self.process = process
        self.port = port

    def cpu(self) -> float:
        """Seconds of processor time that the server has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def memory(self) -> float:
        """Proportional memory in MiB."""
        rollup = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        line = next(line for line in rollup.splitlines() if line.startswith("Pss:"))
        return int(line.split()[1]) / 1024

    def settle(self) -> None:
        """Wait until the server is idle: what was changed has reached the doors. Raises: AssertionError."""
        for _ in range(120):
            before = self.cpu()
            time.sleep(0.5)
            if self.cpu() - before < 0.05:
                return
        raise AssertionError("the server is never idle")

    def load(
        self, requests: Sequence[bytes], *, connections: int, seconds: float, once: bool = False
    ) -> "Load":
        """Put the server under load from the client's core. Raises: AssertionError for any answer but 2xx."""
        job = Job(
            port=self.port,
            requests=[b64encode(request).decode() for request in requests],
            connections=connections,
            seconds=seconds,
            core=CLIENT_CORE,
            once=once,
        )
        before = self.cpu()
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.load"],
            input=msgspec.json.encode(job),
            stdout=subprocess.PIPE,
            check=True,
        )
        measured = msgspec.json.decode(done.stdout, type=Measured)
        if any(status[0] != "2" for status in measured.statuses):
            raise AssertionError(f"answers {measured.statuses}: {measured.failure}")
        return Load(measured, (self.cpu() - before) / measured.requests)


class Load:
    """A measurement with the processor seconds that one request cost the server."""

    def __init__(self, measured: Measured, cpu: float) -> None:
        self.rate = measured.rate
        self.requests = measured.requests
        self.p50 = measured.p50
        self.p99 = measured.p99
        self.cpu = cpu


@contextmanager
def started(*command: str, path: str = "/") -> Iterator[Target]:
    """Start a program that takes its port from the last argument; give it once it answers at the path."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with serving_on(port, (*command, str(port)), path=path) as target:
        yield target


@contextmanager
def serving_on(port: int, command: Sequence[str], *, path: str) -> Iterator[Target]:
    """Run the command on the server's core until the end of the context."""

    def pin() -> None:
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {SERVER_CORE} & os.sched_getaffinity(0) or os.sched_getaffinity(0))

    log = Path("var") / "bench" / "server.log"
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, preexec_fn=pin)  # noqa: PLW1509  # one thread
    try:
        _wait_for(process, f"http://127.0.0.1:{port}{path}", log)
        yield Target(process, port)
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()


def _wait_for(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    until = time.monotonic() + _DEADLINE
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(url, timeout=5):  # noqa: S310  # our own address
            return
        time.sleep(0.002)
    raise AssertionError(f"{process.args!r} does not answer: {log.read_text()[-2000:]}")


def request(method: str, path: str, *, key: str | None = None, body: object = None) -> bytes:
    """Write one HTTP/1.1 request; a body is JSON."""
    content = b"" if body is None else msgspec.json.encode(body)
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    if key is not None:
        lines.append(f"Authorization: Bearer {key}")
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join([*lines, "", ""]).encode() + content


def ask(target: Target, method: str, path: str, *, key: str, body: object = None) -> Any:
    """Ask once and give the JSON; for preparing data. Raises: AssertionError with what was refused."""
    wanted = urllib.request.Request(
        f"http://127.0.0.1:{target.port}{path}",
        method=method,
        data=None if body is None else msgspec.json.encode(body),
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(wanted, timeout=30) as answer:  # noqa: S310  # our own address
            return json.load(answer)
    except urllib.error.HTTPError as refused:
        raise AssertionError(f"{method} {path}: {refused.code} {refused.read()[:300]!r}") from refused
