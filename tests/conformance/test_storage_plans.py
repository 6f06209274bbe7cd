"""No statement that a decision or a point look-up rests on reads a whole table, on either engine."""

import asyncio
from pathlib import Path

from tests.support.query_plans import (
    DECISIONS,
    DECISIONS_THEN,
    LOOK_UPS,
    migrated_postgres,
    migrated_sqlite,
    postgres_plan,
    scans,
    sqlite_plan,
)

_ALL = {
    **{f"now: {name}": statement for name, statement in DECISIONS.items()},
    **{f"then: {name}": statement for name, statement in DECISIONS_THEN.items()},
    **LOOK_UPS,
}


def test_no_such_statement_scans_a_table_on_sqlite(tmp_path: Path) -> None:
    connection = asyncio.run(migrated_sqlite(tmp_path / "plans.db"))
    plans = {name: sqlite_plan(connection, statement) for name, statement in _ALL.items()}
    connection.close()
    assert all(plans.values())
    assert {name: plan for name, plan in plans.items() if scans(plan)} == {}


def test_no_such_statement_scans_a_table_on_postgresql(postgres_url: str) -> None:
    async def run() -> dict[str, list[str]]:
        connection = await migrated_postgres(postgres_url)
        try:
            return {name: await postgres_plan(connection, statement) for name, statement in _ALL.items()}
        finally:
            await connection.close()

    plans = asyncio.run(run())
    assert all(plans.values())
    assert {name: plan for name, plan in plans.items() if scans(plan)} == {}


def test_decisions_on_postgresql_search_by_more_than_the_organization(postgres_url: str) -> None:
    async def run() -> dict[str, list[str]]:
        connection = await migrated_postgres(postgres_url)
        try:
            statements = {**DECISIONS, **DECISIONS_THEN}
            return {name: await postgres_plan(connection, stated) for name, stated in statements.items()}
        finally:
            await connection.close()

    plans = asyncio.run(run())
    wide = {name: [step for step in plan if _is_wide(step)] for name, plan in plans.items()}
    assert {name: steps for name, steps in wide.items() if steps} == {}


def _is_wide(step: str) -> bool:
    return step.endswith("Cond: (organization_id = 'v1'::text)")


def test_a_scan_would_be_seen() -> None:
    assert scans(["SCAN people", "SEARCH people USING INDEX x (organization_id=?)"]) == ["SCAN people"]
    assert scans(["Seq Scan on people", "Index Scan using x on people"]) == ["Seq Scan on people"]


def test_decisions_on_sqlite_search_by_more_than_the_organization(tmp_path: Path) -> None:
    connection = asyncio.run(migrated_sqlite(tmp_path / "plans.db"))
    wide = {
        name: step
        for name, statement in {**DECISIONS, **DECISIONS_THEN}.items()
        for step in sqlite_plan(connection, statement)
        if step.endswith("(organization_id=?)")
    }
    connection.close()
    assert wide == {}
