"""The plans by which both engines run the statements that must stay fast; writes them into docs/schema.md.

Run it with `python -m tests.support.query_plans` after a change of a table or a statement.
SQLite plans from the statistics that the migration writes, PostgreSQL from tables that are filled and
analyzed here, since it plans an empty table without care.
"""

import asyncio
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import asyncpg
import sqlalchemy as sa
from pysqlite3 import dbapi2

from rekey.storage import directory, heads
from rekey.storage.access_statements import NOW, POSITION_AT, REVOCATIONS, REVOCATIONS_THEN, THEN
from rekey.storage.engine.statement import Compiled, Statement
from rekey.storage.migrate import upgrade
from rekey.storage.repositories import door_hours
from rekey.storage.repositories.applications import BY_EMAIL, FOREIGN_ACCOUNTS, PAGE
from rekey.storage.repositories.blocks import STANDING_ON
from rekey.storage.repositories.bundles import MEDIA_EVER, TAKEOVERS, TAKEOVERS_THEN
from rekey.storage.repositories.calendar import RULES
from rekey.storage.repositories.client_sessions import SESSIONS, STANDING
from rekey.storage.repositories.credentials import COMPUTED, CREDENTIALS
from rekey.storage.repositories.documents import DOCUMENTS
from rekey.storage.repositories.door_groups import GROUPS
from rekey.storage.repositories.door_logs import LINES_OF, LISTED
from rekey.storage.repositories.doors import DOORS
from rekey.storage.repositories.files import PART
from rekey.storage.repositories.grants import GRANTS, HOLDERS_AT
from rekey.storage.repositories.journal import JOURNAL
from rekey.storage.repositories.keys import KEYS
from rekey.storage.repositories.links import LINKS
from rekey.storage.repositories.merged_people import MERGED
from rekey.storage.repositories.people import PEOPLE
from rekey.storage.repositories.subscriptions import DUE, PENDING
from rekey.storage.repositories.teams import MEMBERSHIPS
from rekey.storage.rows import Rows
from rekey.storage.store import SCHEMA
from rekey.storage.tables import metadata
from rekey.testing.postgres import PostgresServer

DOCUMENT = Path(__file__).parents[2] / "docs" / "schema.md"
BEGIN, END = "<!-- plans: begin -->", "<!-- plans: end -->"

DECISIONS: Mapping[str, Statement] = {
    "person and memberships": NOW.person,
    "grants, own and through teams": NOW.grants,
    "enrolments": NOW.enrolments,
    "revocations": REVOCATIONS,
    "blocks on the holder": NOW.holder_blocks,
    "what later stays took over": TAKEOVERS,
    "link": NOW.link,
    "grants of a link": NOW.link_grants,
    "blocks on a link": NOW.link_blocks,
    "door and site": NOW.door,
    "groups of the door": NOW.groups,
    "allowed hours": NOW.calendar,
    "blocks on the door": NOW.door_blocks,
    "people near a door": NOW.people_near,
    "links near a door": NOW.links_near,
    "doors near a holder": NOW.doors_near,
}
DECISIONS_THEN: Mapping[str, Statement] = {
    "person and memberships": THEN.person,
    "grants, own and through teams": THEN.grants,
    "enrolments": THEN.enrolments,
    "revocations": REVOCATIONS_THEN,
    "blocks on the holder": THEN.holder_blocks,
    "what later stays took over": TAKEOVERS_THEN,
    "link": THEN.link,
    "grants of a link": THEN.link_grants,
    "blocks on a link": THEN.link_blocks,
    "door and site": THEN.door,
    "groups of the door": THEN.groups,
    "allowed hours": THEN.calendar,
    "blocks on the door": THEN.door_blocks,
    "people near a door": THEN.people_near,
    "links near a door": THEN.links_near,
    "doors near a holder": THEN.doors_near,
    "position at an instant": POSITION_AT,
}


def _found_by(rows: Rows[Any], *columns: str, ended: bool = False) -> Statement:
    return rows.select(columns, ended=ended)


LOOK_UPS: Mapping[str, Statement] = {
    "person by id": _found_by(PEOPLE, "id"),
    "person by e-mail": _found_by(PEOPLE, "email"),
    "person by number": _found_by(PEOPLE, "number"),
    "door by id": _found_by(DOORS, "id"),
    "grant by id": _found_by(GRANTS, "id"),
    "grants of a holder": GRANTS.page(("holder_id", "holder_kind")),
    "grants at a scope": GRANTS.page(("scope_id", "scope_kinds")),
    "credentials of a holder": CREDENTIALS.page(("holder_id",)),
    "computed codes whose windows have not ended": COMPUTED,
    "holders at a scope": HOLDERS_AT,
    "blocks on many people": STANDING_ON,
    "teams of many people": MEMBERSHIPS.page(("person_ids",)),
    "credentials at a door": CREDENTIALS.page(("door_id",)),
    "links made for a person": LINKS.page(("for_person_id",)),
    "lines of a holder at a door": LINES_OF,
    "who is on a door's list": LISTED,
    "credential by fingerprint": _found_by(CREDENTIALS, "kind", "fingerprint", ended=True),
    "client session of a key": _found_by(SESSIONS, "key_id", ended=True),
    "client session by its own name": _found_by(STANDING, "external_key"),
    "client sessions of a person": SESSIONS.page(("person_id",)),
    "client sessions of a customer": SESSIONS.page(("customer_key",)),
    "people of a customer": PEOPLE.page(("customer_key",)),
    "people by page": PEOPLE.page((), resumes=True),
    "a user by the whole address": PEOPLE.page(("email",)),
    "a part of a file": PART,
    "reports to be made": DOCUMENTS.page(("kind", "parent_id")),
    "door group by its own name": _found_by(GROUPS, "external_key"),
    "door groups of an origin": GROUPS.page(("origin",), resumes=True),
    "who a person was merged into": _found_by(MERGED, "id"),
    "merged person by key": _found_by(MERGED, "external_key", ended=True),
    "media of a bundle, ended ones too": MEDIA_EVER.page(("bundle_id",)),
    "calendar of a door": RULES.page(("subject_id", "subject_kind")),
    "hours of a door": door_hours.GET,
    "key by secret": _found_by(KEYS, "secret_fingerprint", ended=True),
    "organization of a key": directory.OF_KEY,
    "organization by domain": directory.NAMED,
    "application by issuer": directory.WITH_URL,
    "foreign account by subject": _found_by(FOREIGN_ACCOUNTS, "application_id", "subject"),
    "foreign account by e-mail": BY_EMAIL,
    "foreign accounts of an application": PAGE,
    "head of an organization": heads.POSITION,
    "rows of an action": JOURNAL.page(("action",), resumes=True),
    "rows of a door": JOURNAL.page(("door_id",), newest_first=True, resumes=True),
    "rows of acts that did several things": JOURNAL.page(("has_parts",), resumes=True),
    "person as known at a position": PEOPLE.known,
    "people as known at a position": PEOPLE.known_of,
    "deliveries that are due": DUE,
    "deliveries that wait": PENDING,
}


def sqlite_plan(connection: Any, statement: Statement) -> list[str]:
    """Give the steps of EXPLAIN QUERY PLAN."""
    compiled = statement.sqlite
    asked = "EXPLAIN QUERY PLAN " + compiled.sql
    return [row[3] for row in connection.execute(asked, compiled.bind(_made_up(compiled)))]


async def postgres_plan(connection: Any, statement: Statement) -> list[str]:
    """Give the lines of EXPLAIN that name an access to a table or an index."""
    compiled = statement.postgres
    values = compiled.bind(_made_up(compiled))
    asked = "EXPLAIN (COSTS OFF) " + compiled.sql
    lines = [row[0].strip().removeprefix("->  ") for row in await connection.fetch(asked, *values)]
    return [line for line in lines if "Scan" in line or "Cond:" in line]


def _made_up(compiled: Compiled) -> dict[str, Any]:
    """Make a value of the right type for each parameter."""
    values: dict[str, Any] = {}
    for name in set(compiled.names) - compiled.constants.keys():
        plain = 1900 if name in _INTEGERS else "v1"
        values[name] = ["v1"] if name in _LISTS else plain
    return values


_INTEGERS = frozenset(
    {"as_of", "at", "known_at", "most", "now", "part_after", "number", "part_limit", "part_offset", "place"}
)
_LISTS = frozenset(
    {"bundles", "doors", "groups", "ids", "keys", "person_ids", "scope_kinds", "scopes", "sites", "subjects"}
)


async def migrated_sqlite(path: Path) -> Any:
    await upgrade(path, SCHEMA)
    return dbapi2.connect(str(path))


async def migrated_postgres(url: str) -> Any:
    """Give a database whose tables are full enough for the planner to be careful."""
    await upgrade(url, SCHEMA)
    connection: Any = await asyncpg.connect(url)
    for table in metadata.sorted_tables:
        values = ", ".join(_filling(column) for column in table.c)
        names = ", ".join(column.name for column in table.c)
        await connection.execute(
            f"INSERT INTO {table.name} ({names}) SELECT {values} FROM generate_series(1, 2000) AS i"
        )
    await connection.execute("ANALYZE")
    return connection


def _filling(column: "sa.Column[Any]") -> str:
    """Give a value in terms of the row's number i; all rows stand and belong to one organization."""
    if column.name == "organization_id":
        return "'v' || i" if column.table.name in ("organizations", "organization_heads") else "'v1'"
    if column.name == "until" and column.nullable:
        return "NULL"
    if isinstance(column.type, sa.Boolean):
        return "false"
    if isinstance(column.type, sa.LargeBinary):
        return "'x'"
    return "i" if isinstance(column.type, sa.BigInteger) else "'v' || i"


def scans(plan: list[str]) -> list[str]:
    """Give the steps that read a whole table or a whole index."""
    return [
        step
        for step in plan
        if (step.startswith("SCAN ") and "json_each" not in step and "VIRTUAL" not in step)
        or "Seq Scan" in step
    ]


async def _write(path: Path, url: str) -> None:
    on_sqlite, on_postgres = await migrated_sqlite(path), await migrated_postgres(url)
    parts = []
    for title, statements in (
        ("Decisions now", DECISIONS),
        ("Decisions as of a past position", DECISIONS_THEN),
        ("Point look-ups", LOOK_UPS),
    ):
        parts.append(f"### {title}\n")
        for name, statement in statements.items():
            steps = [f"SQLite      {step}" for step in sqlite_plan(on_sqlite, statement)]
            steps += [f"PostgreSQL  {line}" for line in await postgres_plan(on_postgres, statement)]
            parts.append(f"**{name}**\n```\n" + "\n".join(steps) + "\n```\n")
    on_sqlite.close()
    await on_postgres.close()
    before, _, rest = DOCUMENT.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    DOCUMENT.write_text(f"{before}{BEGIN}\n" + "\n".join(parts) + f"{END}{after}")


def main() -> None:
    with PostgresServer() as server, tempfile.TemporaryDirectory() as folder:
        asyncio.run(_write(Path(folder) / "plans.db", server.create_database("plans")))


if __name__ == "__main__":
    main()
