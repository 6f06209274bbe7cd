"""The open hours of the first release become a rule in the door's calendar."""

import json
import shutil
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest
from pysqlite3 import dbapi2

from rekey.domain.calendar import CalendarRule, Consequence, Weekly
from rekey.domain.ids import OrganizationId
from rekey.domain.schedule import Weekday, WeeklyWindow
from rekey.domain.scope import Scope
from rekey.ports.store import View
from rekey.storage.migrate import upgrade
from rekey.storage.store import SCHEMA, open_store
from rekey.testing.storage_world import PlainSigner

pytestmark = pytest.mark.anyio
WINDOWS = '[[[0,4],"08:00:00","18:30:00"]]'


def _settings(schedule: str | None) -> str:
    plain = {"open_seconds": 5, "hidden": False, "permitted_addresses": ["10.0.0.1"]}
    return json.dumps({**plain, "open_hours_schedule_id": schedule})


def _fill(path: Path) -> None:
    connection = dbapi2.connect(str(path))
    connection.execute(
        "INSERT INTO organizations (organization_id, name, domain, created_at) VALUES ('o','A','a',1)"
    )
    connection.execute(
        "INSERT INTO schedules (organization_id, id, since, until, number, name, windows, exceptions) "
        "VALUES ('o', 'hours', 3, NULL, 7, 'Open hours', ?, '[\"2026-12-24\"]')",
        (WINDOWS,),
    )
    for number, (door, schedule) in enumerate((("front", "hours"), ("back", None)), start=1):
        connection.execute(
            "INSERT INTO doors (organization_id, id, since, until, number, site_id, name, description, driver, "
            "driver_settings, mode, settings, created_at, updated_at) "
            "VALUES ('o', ?, 3, NULL, ?, 's', ?, '', 'simulated', '[]', 'locked', ?, 1, 2)",
            (door, number, door, _settings(schedule)),
        )
    connection.commit()
    connection.close()


async def test_a_door_keeps_its_open_hours_over_the_upgrade(tmp_path: Path) -> None:
    first, store_file = tmp_path / "versions", tmp_path / "store.db"
    first.mkdir()
    released = next(SCHEMA.versions.glob("r0001*.py"))
    shutil.copy(released, first / released.name)
    await upgrade(store_file, replace(SCHEMA, versions=first))
    _fill(store_file)
    await upgrade(store_file, SCHEMA)
    store = await open_store(store_file, PlainSigner())
    try:

        async def look(view: View) -> tuple[tuple[CalendarRule, ...], object, object]:
            front = await view.calendar.of(Scope.door("front"))
            door = await view.doors.get("front")
            due = await view.door_hours.of(["front", "back"])
            return (
                front,
                door and door.settings.conditions.permitted_addresses,
                [hours.door_id for hours in due],
            )

        rules, addresses, kept = await store.read(OrganizationId("o"), look)
    finally:
        await store.close()
    days = frozenset({Weekday.MONDAY, Weekday.FRIDAY})
    assert [rule.timing for rule in rules] == [
        Weekly(window=WeeklyWindow(days, time(8), time(18, 30)), exceptions=frozenset({date(2026, 12, 24)}))
    ]
    assert (rules[0].consequence, rules[0].number, rules[0].enabled) == (Consequence.UNLOCK, 7, True)
    assert (addresses, kept) == (("10.0.0.1",), ["front"])
