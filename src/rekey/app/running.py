"""What a serving process writes down, so that the command line finds it."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

SERVER_FILE = "server.json"


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """Where the server answers, and which process it is; `certificate` is the file of the chain that it shows."""

    address: str
    pid: int
    certificate: str | None = None


@contextlib.contextmanager
def written_down(data: Path, address: str, *, certificate: Path | None = None) -> Iterator[None]:
    """Keep `server.json` in the data directory while the server runs."""
    file = data / SERVER_FILE
    fresh = file.with_suffix(".new")
    shown = None if certificate is None else str(certificate.resolve())
    running = Running(address=address, pid=os.getpid(), certificate=shown)
    fresh.write_bytes(msgspec.json.encode(running))
    fresh.replace(file)
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def read_running(data: Path) -> Running | None:
    """Give what the last server wrote, if its process is there; it may be another program by now."""
    try:
        running = msgspec.json.decode((data / SERVER_FILE).read_bytes(), type=Running)
        os.kill(running.pid, 0)
    except (OSError, msgspec.DecodeError):
        return None
    return running
