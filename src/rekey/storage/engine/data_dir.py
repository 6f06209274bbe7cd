"""Guards of an embedded store's directory: one writing process, a local disk."""

import fcntl
import os
from pathlib import Path

from rekey.storage.engine.errors import StoreInUse, UnsafeFileSystem

_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ncpfs", "fuse.sshfs"})


class WriterClaim:
    """The right to write to one database file, held until closed or until the process ends.

    A kernel lock, not the file's existence, is the claim: a killed server leaves none behind.
    """

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + ".writer")
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            pid = os.pread(self._file, 32, 0).decode("ascii", "replace").strip()
            os.close(self._file)
            raise StoreInUse(path=database, pid=pid) from error
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)

    def close(self) -> None:
        """Let another process in; the file stays, since removing it would race with one."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def refuse_network_disk(path: Path, *, mounts: str | None = None) -> None:
    """Raise UnsafeFileSystem when the path lies on a network file system.

    Takes: mounts in the form of Linux's /proc/self/mounts, which is read when None; a system
    without it is not checked. Source: sqlite.org/wal.html ("does not work over a network").
    """
    if mounts is None:
        listing = Path("/proc/self/mounts")
        mounts = listing.read_text() if listing.exists() else ""
    place = path.resolve()
    kind, depth = "", -1
    for line in mounts.splitlines():
        _, mounted, found, *_ = line.split(" ")
        point = Path(mounted.replace("\\040", " "))
        if place.is_relative_to(point) and len(point.parts) >= depth:
            kind, depth = found, len(point.parts)
    if kind in _NETWORK:
        raise UnsafeFileSystem(path=path, kind=kind)
