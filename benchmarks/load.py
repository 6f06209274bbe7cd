"""A load generator in a process of its own: one loop over epoll, no HTTP library in the way.

Reads its job as JSON from standard input and prints what it measured as JSON.
"""

import json
import os
import select
import socket
import sys
import time
from array import array
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from itertools import cycle

import msgspec

_LENGTH = b"content-length: "


class Job(msgspec.Struct, kw_only=True):
    """`requests` are whole HTTP/1.1 requests in base64; with `once` each is sent at most once."""

    port: int
    requests: list[str]
    connections: int
    seconds: float
    core: int
    once: bool = False


class Measured(msgspec.Struct, kw_only=True):
    """What came back; times in seconds."""

    requests: int
    seconds: float
    statuses: dict[str, int]
    p50: float
    p99: float
    failure: str = ""

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


class _Line:
    """One connection with at most one request under way."""

    __slots__ = ("began", "data", "socket")

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.data = b""
        self.began = 0.0

    def send(self, request: bytes) -> None:
        self.began = time.perf_counter()
        self.socket.sendall(request)

    def take(self) -> bytes | None:
        """Read what is there; give the answer once it is whole."""
        chunk = self.socket.recv(65_536)
        if not chunk:
            raise ConnectionError("the server closed a connection")
        self.data += chunk
        head, found, body = self.data.partition(b"\r\n\r\n")
        if not found:
            return None
        _, named, rest = head.lower().partition(_LENGTH)
        expected = int(rest.partition(b"\r\n")[0]) if named else 0
        if len(body) < expected:
            return None
        answer, self.data = self.data, b""
        return answer


def drive(job: Job) -> Measured:
    """Keep every connection busy until the time is over or the requests are."""
    requests = [b64decode(text) for text in job.requests]
    upcoming: Iterator[bytes] = iter(requests) if job.once else cycle(requests)
    lines = [_Line(job.port) for _ in range(job.connections)]
    statuses: Counter[str] = Counter()
    took, sample = array("d"), ""
    with select.epoll() as poll:
        by_file = {line.socket.fileno(): line for line in lines}
        began = time.perf_counter()
        busy = 0
        for line in lines:
            if (request := next(upcoming, None)) is not None:
                poll.register(line.socket.fileno(), select.EPOLLIN)
                line.send(request)
                busy += 1
        until = began + job.seconds
        while busy:
            for file, _ in poll.poll(30):
                line = by_file[file]
                answer = line.take()
                if answer is None:
                    continue
                now = time.perf_counter()
                took.append(now - line.began)
                status = answer[9:12].decode()
                statuses[status] += 1
                if status[0] != "2" and not sample:
                    sample = answer.decode(errors="replace")[-600:]
                request = next(upcoming, None) if now < until else None
                if request is None:
                    busy -= 1
                else:
                    line.send(request)
        ended = time.perf_counter()
    ranked = sorted(took)
    return Measured(
        requests=len(took),
        seconds=ended - began,
        statuses=dict(statuses),
        p50=ranked[len(ranked) // 2],
        p99=ranked[len(ranked) * 99 // 100],
        failure=sample,
    )


if __name__ == "__main__":
    wanted = msgspec.json.decode(sys.stdin.buffer.read(), type=Job)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {wanted.core} & os.sched_getaffinity(0) or os.sched_getaffinity(0))
    print(json.dumps(msgspec.to_builtins(drive(wanted))))
