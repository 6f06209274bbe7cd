"""Private keys on disk: readable by their owner alone, written whole or not at all.

KeyFileRefused      the file cannot be used, or was not written
"""

import os
import stat
from enum import StrEnum
from pathlib import Path
from tempfile import mkstemp

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class KeyFileRefusal(StrEnum):
    """Why a key file is refused."""

    MISSING = "missing"
    EXISTS = "exists"
    EXPOSED = "exposed"
    NOT_A_KEY = "not_a_key"
    UNUSABLE = "unusable"


_MESSAGES = {
    KeyFileRefusal.MISSING: "there is no such file",
    KeyFileRefusal.EXISTS: "it exists already, and a key is never overwritten",
    KeyFileRefusal.EXPOSED: "others than its owner may read or write it: chmod 600, and change the key",
    KeyFileRefusal.NOT_A_KEY: "it does not hold a key of the expected kind",
    KeyFileRefusal.UNUSABLE: "the system refused to read or write it",
}


class KeyFileRefused(Exception):
    """The file cannot be used, or was not written; `reason` says why, `path` which."""

    def __init__(self, reason: KeyFileRefusal, path: Path) -> None:
        super().__init__(f"key file {path}: {_MESSAGES[reason]}")
        self.reason = reason
        self.path = path


def write_private(path: Path, data: bytes) -> None:
    """Create the file with mode 0600; after a crash it is there whole or not at all.

    Raises: KeyFileRefused (EXISTS, UNUSABLE).
    """
    try:
        _write_and_link(path, data)
    except FileExistsError as error:
        raise KeyFileRefused(KeyFileRefusal.EXISTS, path) from error
    except OSError as error:
        raise KeyFileRefused(KeyFileRefusal.UNUSABLE, path) from error


def read_private(path: Path) -> bytes:
    """Give the content of a file that only its owner may read.

    Raises: KeyFileRefused (MISSING, EXPOSED, UNUSABLE).
    """
    try:
        with path.open("rb") as file:
            # Asked of the open file, so that nobody can swap it between the look and the read.
            if os.fstat(file.fileno()).st_mode & _OTHERS:
                raise KeyFileRefused(KeyFileRefusal.EXPOSED, path)
            return file.read()
    except FileNotFoundError as error:
        raise KeyFileRefused(KeyFileRefusal.MISSING, path) from error
    except OSError as error:
        raise KeyFileRefused(KeyFileRefusal.UNUSABLE, path) from error


def _write_and_link(path: Path, data: bytes) -> None:
    # mkstemp makes the file 0600; link, unlike rename, never replaces what is already there.
    descriptor, temporary = mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.link(temporary, path)
    finally:
        Path(temporary).unlink()
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Make the names in a directory durable."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
