"""What size costs a list: pages of people, users and devices, over a small estate and over a large one.

The large one has 100,000 people, each enrolled, and 1,000,000 grants; its rows are copies of real ones.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from pysqlite3 import dbapi2

from benchmarks.estate import REKEY, opened_estate
from benchmarks.figures import Effort, Ratio, Tell, per_second, quotients
from benchmarks.machine import scratch
from benchmarks.servers import ask, request, started

DOORS = 20
SMALL, LARGE = 1_000, 100_000
GRANTS_EACH = 10
PAGE = 100
# Far above the numbers of the real rows.
_FIRST = 10_000_000
_COUNT = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)"


def run(effort: Effort, tell: Tell) -> list[Ratio]:
    """Measure the same lists on both, with the server started anew on each."""
    large = 5_000 if effort.quick else LARGE
    rates: dict[str, dict[int, float]] = {}
    with scratch() as directory:
        with opened_estate(directory, people=2, doors=DOORS, tell=tell) as estate:
            made, doors = estate.made, estate.doors
            asked = {"acs_system_id": made["site"]["id"], "full_name": "Copied"}
            ask(estate.target, "POST", "/seam/acs/users/create", key=made["keys"]["seam"], body=asked)
        for people in (SMALL, large):
            tell(f"writing {people:,} people with {people * GRANTS_EACH:,} grants")
            _fill(directory / "rekey" / "rekey.db", doors, people)
            for name, wanted in _requests(made, doors, people).items():
                tell(f"lists, {name}, {people:,} people")
                rates.setdefault(name, {})[people] = _rate_of(directory, wanted, effort)
    return [*_ratios(rates, large)]


def _ratios(rates: Mapping[str, Mapping[int, float]], large: int) -> Iterator[Ratio]:
    for name, found in rates.items():
        yield Ratio(
            number="25",
            name=f"lists, {name}: with {large:,} people / with {SMALL:,}",
            rounds=quotients([found[large]], [found[SMALL]]),
            bound=0.5,
            detail=f"{per_second([found[large]])} against {per_second([found[SMALL]])}",
        )


def _rate_of(directory: Path, requests: list[bytes], effort: Effort) -> float:
    command = (str(REKEY), "serve", "--data", str(directory / "rekey"), "--log-level", "warning", "--port")
    with started(*command, path="/healthz") as target:
        return target.load(requests, connections=8, seconds=effort.seconds).rate


def _requests(made: dict[str, dict[str, str]], doors: tuple[str, ...], people: int) -> dict[str, list[bytes]]:
    key = made["keys"]["seam"]

    def wish(path: str, **filters: object) -> bytes:
        return request("POST", f"/seam{path}", key=key, body=filters)

    some = [_id_of("p", number) for number in range(0, people, people // 100)]
    return {
        "a page of people": [wish("/user_identities/list", limit=PAGE)],
        "a page of a site's users": [wish("/acs/users/list", limit=PAGE, acs_system_id=made["site"]["id"])],
        "the devices of one person": [
            wish("/user_identities/list_accessible_devices", user_identity_id=person) for person in some
        ],
        "one person": [wish("/user_identities/get", user_identity_id=person) for person in some],
        "a page of devices": [wish("/devices/list", limit=10)],
    }


def _id_of(kind: str, number: int) -> str:
    """Spell an id as the statement that copies does."""
    return f"{ord(kind):08x}-0000-4000-8000-{number:012x}"


def _fill(database: Path, doors: tuple[str, ...], people: int) -> None:
    """Copy a real person, enrolment and grant so many times."""
    connection = dbapi2.connect(str(database))
    named = f"printf('{ord('p'):08x}-0000-4000-8000-%012x', i)"
    given = "printf('%08x-0000-4000-8000-%012x', 103, i)"
    enrolled = "printf('%08x-0000-4000-8000-%012x', 101, i)"
    of_person = f"printf('{ord('p'):08x}-0000-4000-8000-%012x', i / {GRANTS_EACH})"
    door = f"(SELECT id FROM bench_doors WHERE place = (i / {GRANTS_EACH} + i) % {len(doors)})"
    with connection:
        connection.execute("CREATE TEMP TABLE bench_doors (place INTEGER PRIMARY KEY, id TEXT)")
        connection.executemany("INSERT INTO bench_doors VALUES (?, ?)", [*enumerate(doors)])
        for table in ("people", "enrolments", "grants"):
            connection.execute(f"DELETE FROM {table} WHERE number >= {_FIRST}")
        same = {"external_key": "NULL", "email": "NULL", "phone": "NULL", "customer_key": "NULL"}
        _copy(connection, "people", people, {"id": named, "name": "'Person ' || i", **same})
        _copy(connection, "enrolments", people, {"id": enrolled, "person_id": named})
        changes = {"id": given, "holder_id": of_person, "scope_id": door}
        _copy(connection, "grants", people * GRANTS_EACH, changes)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _copy(connection: dbapi2.Connection, table: str, count: int, changes: Mapping[str, str]) -> None:
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    told = {**changes, "number": f"{_FIRST} + i"}
    values = ", ".join(told.get(name, f"real.{name}") for name in columns)
    chosen = "WHERE until IS NULL" + (" AND scope_kind = 'door'" if table == "grants" else "")
    connection.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) {_COUNT} "
        f"SELECT {values} FROM n, (SELECT * FROM {table} {chosen} ORDER BY number DESC LIMIT 1) AS real",
        (count,),
    )
