"""The machine: its cores, its disk, and how they are named in the results."""

import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from statistics import median

SERVER_CORE = 0
CLIENT_CORE = 1
SCRATCH = Path("var") / "bench"
_PACKAGES = (
    "falcon", "uvicorn", "uvloop", "httptools", "msgspec", "pysqlite3", "pynacl", "cryptography",
    "pycasbin", "cedarpy", "fastapi", "sqlalchemy", "aiosqlite",
)  # fmt: skip


@contextmanager
def pinned(core: int) -> Iterator[None]:
    """Run this process on one core, where the system has such a call and so many cores."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core} & before or before)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def scratch() -> Iterator[Path]:
    """Give a directory on the disk that the server itself would use."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=SCRATCH) as made:
        yield Path(made)


def raw_commits(directory: Path, seconds: float) -> tuple[float, float]:
    """Overwrite a page and fdatasync, over and over: the limit of one durable write at a time.

    Gives: how many a second, and the median seconds of one. WAL files are overwritten too, so this is
    the fair denominator, not appending.
    """
    took: list[float] = []
    page = os.urandom(4096)
    file = os.open(directory / "raw", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.pwrite(file, bytes(4096 * 64), 0)
        os.fsync(file)
        began = now = time.perf_counter()
        while now - began < seconds:
            os.pwrite(file, page, 4096 * (len(took) % 64))
            os.fdatasync(file)
            before, now = now, time.perf_counter()
            took.append(now - before)
    finally:
        os.close(file)
    return len(took) / (now - began), median(took)


def described() -> str:
    """Name the machine and the versions in one paragraph."""
    cores = os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return (
        f"{cores} cores of {_processor()}, {memory:.0f} GiB; {platform.system()} {platform.release()}; "
        f"Python {sys.version.split()[0]}; {versions}."
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())
