"""What a serving process writes down, so that the command line finds it."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

SERVER_FILE = "server.json"


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """Where the server answers, and which process it is."""

    address: str
    pid: int


@contextlib.contextmanager
def written_down(data: Path, address: str) -> Iterator[None]:
    """Keep `server.json` in the data directory while the server runs."""
    file = data / SERVER_FILE
    fresh = file.with_suffix(".new")
    fresh.write_bytes(msgspec.json.encode(Running(address=address, pid=os.getpid())))
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
