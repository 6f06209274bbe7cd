"""A real PostgreSQL server for tests: durable as in production, on a port of its own, gone afterwards.

RuntimeError
└── PostgresError
    ├── PostgresMissing    no server binaries on this machine
    └── PostgresFailed     a binary said no; the message carries its last words
"""

import os
import pwd
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

_DEBIAN_HOMES = Path("/usr/lib/postgresql")
_OWNER = "rekey"
_DEADLINE_SECONDS = 60.0
_POLL_SECONDS = 0.02
# A test that kills the server must find every acknowledged row again, so nothing is relaxed.
_DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


class PostgresError(RuntimeError):
    """The test server cannot be had."""


class PostgresMissing(PostgresError):
    """There are no server binaries: install Debian's package `postgresql`, or put `initdb` on the PATH."""


class PostgresFailed(PostgresError):
    """A PostgreSQL program ended badly."""


def find_binaries() -> Path:
    """Give the folder that holds `postgres`, `initdb` and `psql`, the newest of several.

    Raises: PostgresMissing, naming the package to install.
    """
    on_path = shutil.which("initdb")
    # Other programs of the server lie beside the real file, not beside a link to it.
    homes = [Path(on_path).resolve().parent] if on_path else []
    homes += sorted(_DEBIAN_HOMES.glob("*/bin"), key=lambda home: float(home.parent.name), reverse=True)
    for home in homes:
        if all((home / name).exists() for name in ("postgres", "initdb", "psql")):
            return home
    raise PostgresMissing(PostgresMissing.__doc__)


class PostgresServer:
    """One server in a temporary folder; leaving the `with` block stops it and removes its data.

    Anybody on this machine may connect over loopback while it runs: for made-up data only.
    Started by root it runs as `postgres`, or `nobody` where there is no such user, since PostgreSQL refuses root.
    """

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        self._bin = find_binaries()
        self._settings = {**_DURABLE, **(settings or {})}
        self._user = _unprivileged_user()
        self._home = Path()
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0

    def __enter__(self) -> Self:
        # A short path: the name of a Unix socket holds about 100 bytes.
        self._home = Path(tempfile.mkdtemp(prefix="rekey-pg-"))
        if self._user is not None:
            os.chown(self._home, self._user.pw_uid, self._user.pw_gid)
        try:
            self._initdb()
            self.port = _free_port()
            self.start()
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._remove()

    @property
    def pid(self) -> int:
        """The process id of the postmaster. Raises: PostgresFailed when the server is not running."""
        if self._process is None:
            raise PostgresFailed("the server is not running")
        return self._process.pid

    def url(self, database: str = "postgres") -> str:
        """Give the address of a database; it stays the same over kill and start."""
        return f"postgresql://{_OWNER}@127.0.0.1:{self.port}/{database}"

    def create_database(self, name: str, *, template: str = "template1") -> str:
        """Create a database as a copy of another, to which nobody may be connected, and give its address."""
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Remove a database, whoever is connected to it."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def execute(self, sql: str, *, database: str = "postgres") -> str:
        """Run SQL as the server's owner and give what `psql` prints: unaligned rows, no header.

        Raises: PostgresFailed with the server's message.
        """
        flags = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
        return self._run("psql", *flags, "-d", self.url(database), "-c", sql)

    def start(self) -> None:
        """Start the server, also after `kill`, and wait until it takes connections. Raises: PostgresFailed."""
        settings = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        address = ["-h", "127.0.0.1", "-p", str(self.port), "-k", str(self._home)]
        with (self._home / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._bin / "postgres", "-D", self._data, *address, *settings],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                # Control-C in the terminal is for the test run, which then stops the server itself.
                start_new_session=True,
                **self._demotion(),
            )
        self._wait_until(self._is_ready, "the server did not become ready")

    def stop(self) -> None:
        """End the server in good order, its data kept for the next `start`. Does nothing if it is not running."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """End the server as a power cut would its processes: SIGKILL to all, no goodbye. Linux only.

        Returns when every process is gone, so that `start` may follow at once.
        """
        process = self._process
        if process is None:
            return
        # Stopped first, so that no child is born between the listing and the killing.
        process.send_signal(signal.SIGSTOP)
        handles = [handle for pid in _children_of(process.pid) if (handle := _open_process(pid)) is not None]
        process.kill()
        for handle in handles:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(handle, signal.SIGKILL)
        process.wait(_DEADLINE_SECONDS)
        self._process = None
        for handle in handles:
            # A handle turns readable when its process has ended.
            select.select([handle], [], [], _DEADLINE_SECONDS)
            os.close(handle)

    @property
    def _data(self) -> Path:
        return self._home / "data"

    def _initdb(self) -> None:
        self._run(
            "initdb",
            f"--pgdata={self._data}",
            f"--username={_OWNER}",
            "--auth=trust",
            "--encoding=UTF8",
            # Byte order, the same on every machine.
            "--no-locale",
            "--no-sync",
            "--no-instructions",
        )

    def _run(self, program: str, *args: str) -> str:
        done: subprocess.CompletedProcess[str] = subprocess.run(
            [self._bin / program, *args],
            capture_output=True,
            text=True,
            check=False,
            timeout=_DEADLINE_SECONDS,
            **self._demotion(),
        )
        if done.returncode != 0:
            raise PostgresFailed(f"{program} ended with {done.returncode}: {done.stderr.strip()[-2000:]}")
        return done.stdout.rstrip("\n")

    def _demotion(self) -> dict[str, Any]:
        here = {"cwd": self._home}
        if self._user is None:
            return here
        return {**here, "user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}

    def _is_ready(self) -> bool:
        # The postmaster writes its own state on line 8; after a kill the file of the dead one lies there first.
        with suppress(FileNotFoundError, PermissionError):
            lines = (self._data / "postmaster.pid").read_text().splitlines()
            return len(lines) > 7 and int(lines[0]) == self.pid and lines[7].strip() == "ready"
        return False

    def _wait_until(self, holds: Callable[[], bool], otherwise: str) -> None:
        deadline = time.monotonic() + _DEADLINE_SECONDS
        while not holds():
            ended = self._process is not None and self._process.poll() is not None
            if ended or time.monotonic() > deadline:
                last_words = (self._home / "server.log").read_text(errors="replace")[-2000:]
                self._end(signal.SIGQUIT)
                raise PostgresFailed(f"{otherwise}: {last_words}")
            time.sleep(_POLL_SECONDS)

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(_DEADLINE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(_DEADLINE_SECONDS)

    def _remove(self) -> None:
        self._end(signal.SIGQUIT)
        shutil.rmtree(self._home, ignore_errors=True)


def _unprivileged_user() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _children_of(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            # The name in brackets may hold spaces; behind it come the state and the parent (proc(5)).
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(stat.parent.name))
    return found


def _open_process(pid: int) -> int | None:
    with suppress(ProcessLookupError):
        return os.pidfd_open(pid)
    return None
