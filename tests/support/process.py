"""The program as a user runs it: commands, and a server in a process of its own."""

import io
import json
import os
import select
import signal
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from rekey.cli.main import run

REKEY = Path(sys.executable).with_name("rekey")
_DEADLINE = 60.0
OWNER_EMAIL = "olga@acme.test"
OWNER_PASSWORD = "correct horse battery staple"


def run_rekey(
    *arguments: str, check: bool = True, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one command of the program; with `check` its exit code must be 0."""
    done = subprocess.run(
        [REKEY, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=_DEADLINE,
        env={**os.environ, **(env or {})},
    )
    if check and done.returncode != 0:
        raise AssertionError(f"rekey {arguments[0]} ended with {done.returncode}: {done.stderr}{done.stdout}")
    return done


def run_here(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one command in this process, which spares most of its time; not within an event loop."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(list(arguments))
    return subprocess.CompletedProcess(list(arguments), code, out.getvalue(), err.getvalue())


class RekeyProcess:
    """A store made by `rekey init --json` and served by `rekey serve` on a free port.

    `made` is the JSON of init (organization, site, owner, keys), `url` the server's address, as in
    `server.url + "/kisi"`.
    """

    def __init__(self, data: Path, *, database: str | None = None, serve: tuple[str, ...] = ()) -> None:
        self.data = data
        self.url = ""
        self.made: dict[str, dict[str, str]] = {}
        self._store = () if database is None else ("--database", database)
        self._options = serve
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self.made = self.command(
            "init", *self._store, "--owner-email", OWNER_EMAIL, "--owner-password", OWNER_PASSWORD
        )
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def keys(self) -> dict[str, str]:
        return self.made["keys"]

    @property
    def owner(self) -> dict[str, str]:
        return self.made["owner"]

    @property
    def site_id(self) -> str:
        return self.made["site"]["id"]

    @property
    def pid(self) -> int:
        if self._process is None:
            raise AssertionError("the server does not run")
        return self._process.pid

    def command(self, *arguments: str) -> Any:
        """Run a command on this server's data directory and give its JSON."""
        head, tail = arguments[:1], arguments[1:]
        if len(arguments) > 1 and head[0] in _GROUPS:
            head, tail = arguments[:2], arguments[2:]
        done = run_here(*head, *tail, "--data", str(self.data), "--json")
        if done.returncode != 0:
            raise AssertionError(f"rekey {' '.join(head)} ended with {done.returncode}: {done.stderr}")
        return json.loads(done.stdout)

    def add_door(self, name: str) -> str:
        """Add a simulated door at the first site and give its id."""
        door = self.command("door", "add", name, "--site", self.site_id, "--driver", "simulated")
        return str(door["id"])

    def start(self) -> None:
        """Serve, and return when the server answers."""
        arguments = ["serve", "--data", str(self.data), "--port", "0", "--json", *self._store, *self._options]
        log = (self.data.parent / f"{self.data.name}.log").open("ab")
        with log:
            self._process = subprocess.Popen(
                [REKEY, *arguments],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
                env={"REKEY_CALLS_PER_SECOND": "0", **os.environ},
            )
        self.url = self._read_address(self._process)

    def stop(self) -> int:
        """Ask for an orderly end and give the exit code."""
        return self._end(signal.SIGTERM)

    def kill(self) -> int:
        """End the process as a power cut would."""
        return self._end(signal.SIGKILL)

    def log(self) -> str:
        """Give what the server logged."""
        return (self.data.parent / f"{self.data.name}.log").read_text()

    def _end(self, how: signal.Signals) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        process.send_signal(how)
        code = process.wait(_DEADLINE)
        if process.stdout is not None:
            process.stdout.close()
        return code

    def _read_address(self, process: "subprocess.Popen[str]") -> str:
        output = process.stdout
        if output is None:
            raise AssertionError("the server's output is not read")
        text = b""
        while b"}" not in text:
            # Read below the file object, whose buffer `select` can't see.
            ready, _, _ = select.select([output], [], [], _DEADLINE)
            chunk = os.read(output.fileno(), 4096) if ready else b""
            if not chunk:
                self.kill()
                raise AssertionError(f"the server did not start: {self.log()[-3000:]}")
            text += chunk
        return str(json.loads(text)["address"])


_GROUPS = frozenset({"door", "person", "grant", "receipt", "journal", "organization", "site"})
