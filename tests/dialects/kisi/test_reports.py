"""Reports: asked for, made in the background, fetched by a link, mailed when scheduled."""

import asyncio
import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

from rekey.testing.frozen_clock import NOON, FrozenClock
from tests.dialects.in_world import Api
from tests.dialects.kisi.api import add_group, add_lock, add_user, as_owner, assign, kisi_test, sign_in_for
from tests.support.mailbox import Mailbox
from tests.support.world import World, open_world

DAYS = {"start_date": "2020-01-01", "end_date": "2020-01-02"}


async def ask(api: Api, reporter: int, **more: Any) -> Any:
    return await api.done("POST", "/reports", {"report": {"name": "Mine", "reporter_id": reporter, **more}})


async def rows_of(api: Api, report: Any) -> list[list[str]]:
    await api.world.make_reports()
    url = (await api.done("POST", f"/reports/{report['id']}/download"))["url"]
    answer = await api.world.client().send("GET", "/" + url.partition("//")[2].partition("/")[2])
    assert answer.status == 200, answer.body
    return list(csv.reader(io.StringIO(answer.body.decode(), newline="")))


@kisi_test
async def test_a_report_waits_until_it_is_made(api: Api) -> None:
    report = await ask(api, 1)
    assert report["status"] == "waiting"
    assert (await api.call("POST", f"/reports/{report['id']}/download")).status == 409
    await api.world.make_reports()
    assert (await api.done("GET", f"/reports/{report['id']}"))["status"] == "finished"
    assert [one["id"] for one in await api.done("GET", "/reports")] == [report["id"]]


@kisi_test
async def test_unlocks_name_who_opened_and_who_was_refused(api: Api) -> None:
    lock = await add_lock(api, "Front")
    group = await add_group(api, "Staff", lock)
    ada, eve = await add_user(api, "ada"), await add_user(api, "eve")
    await assign(api, ada, group)
    await (await sign_in_for(api, ada)).done("POST", f"/locks/{lock['id']}/unlock", {})
    assert (await (await sign_in_for(api, eve)).call("POST", f"/locks/{lock['id']}/unlock", {})).status == 403
    head, *rows = await rows_of(api, await ask(api, 3))
    told = [dict(zip(head, row, strict=True)) for row in rows]
    assert [(one["actor_name"], one["success"], one["code"]) for one in told] == [
        ("ada", "true", ""),
        ("eve", "false", "fcd8ef"),
    ]


@kisi_test
async def test_users_and_presences_are_tables_too(api: Api) -> None:
    lock = await add_lock(api, "Front")
    ada = await add_user(api, "ada")
    await assign(api, ada, await add_group(api, "Staff", lock))
    await (await sign_in_for(api, ada)).done("POST", f"/locks/{lock['id']}/unlock", {})
    users = await rows_of(api, await ask(api, 2))
    assert [row[1] for row in users] == ["name", "Olga Owner", "ada"]
    _head, (_date, _place, name, *_times, door) = await rows_of(api, await ask(api, 4))
    assert (name, door) == ("ada", "Front")


@kisi_test
async def test_days_without_events_give_the_head_alone(api: Api) -> None:
    assert len(await rows_of(api, await ask(api, 1, **DAYS))) == 1


@kisi_test
async def test_a_name_that_is_a_formula_is_made_harmless(api: Api) -> None:
    await add_user(api, "=cmd()")
    users = await rows_of(api, await ask(api, 2))
    assert users[-1][1] == "'=cmd()"


@kisi_test
async def test_the_pdf_is_a_link_too(api: Api) -> None:
    report = await ask(api, 2)
    await api.world.make_reports()
    url = (await api.done("POST", f"/reports/{report['id']}/download?format=pdf"))["url"]
    answer = await api.world.client().send("GET", "/" + url.partition("//")[2].partition("/")[2])
    assert answer.header("content-type") == "application/pdf"
    assert answer.body.startswith(b"%PDF-")


@kisi_test
async def test_a_link_dies_with_its_report_and_no_other_link_is_taken(api: Api) -> None:
    report = await ask(api, 2)
    await api.world.make_reports()
    url = (await api.done("POST", f"/reports/{report['id']}/download"))["url"]
    path = "/" + url.partition("//")[2].partition("/")[2]
    client = api.world.client()
    assert (await client.send("GET", path[:-1] + ("A" if path[-1] != "A" else "B"))).status == 404
    await api.done("DELETE", f"/reports/{report['id']}")
    assert (await client.send("GET", path)).status == 404
    assert (await api.call("GET", f"/reports/{report['id']}")).status == 404


@kisi_test
async def test_what_no_reporter_makes_is_refused(api: Api) -> None:
    for wrong in (
        {"reporter_id": 99},
        {"reporter_id": 1, "start_date": "2024-01-01", "end_date": "2024-07-01"},
        {"reporter_id": 1, "start_date": "2024-01-02", "end_date": "2024-01-01"},
        {"reporter_id": 1, "time_zone": "Mars/Olympus"},
        {"reporter_id": 1, "start_date": "0001-01-01", "end_date": "0001-01-02"},
    ):
        answer = await api.call("POST", "/reports", {"report": {"name": "Mine", **wrong}})
        assert answer.status == 422, wrong
    assert (await api.done("GET", "/reports")) == []


@kisi_test
async def test_who_may_not_read_events_gets_no_report(api: Api) -> None:
    ada = await sign_in_for(api, await add_user(api, "ada"))
    wanted = {"report": {"name": "Mine", "reporter_id": 1}}
    assert (await ada.call("POST", "/reports", wanted)).status == 403
    assert (await ada.call("GET", "/reports")).status == 403


@kisi_test
async def test_reports_are_told_as_events(api: Api) -> None:
    await rows_of(api, await ask(api, 2))
    events = (await api.done("POST", "/event_sets", {"event_set": {}}))["events"]
    assert [one["type"] for one in events if one["type"].startswith("report.")] == [
        "report.download",
        "report.finish",
        "report.create",
    ]


DAILY = {
    "name": "Weekly unlocks",
    "reporter_id": 3,
    "period": "week",
    "frequency": 1,
    "scheduled_at": (NOON + timedelta(hours=1)).isoformat(),
    "time_zone": "Europe/Berlin",
    "emails": ["boss@acme.test", "auditor@acme.test"],
}


def test_a_scheduled_report_is_mailed_once_when_it_is_due_and_again_a_week_later(tmp_path: Path) -> None:
    asyncio.run(_scheduled(tmp_path))


async def _scheduled(tmp_path: Path) -> None:
    clock, mailbox = FrozenClock(NOON), Mailbox(reaches_people=True)
    async with open_world(tmp_path, clock=clock, mailbox=mailbox) as world:
        api = as_owner(world)
        schedule = await api.done("POST", "/scheduled_reports", {"scheduled_report": DAILY})
        assert await _mails(world) == 0
        clock.advance(timedelta(hours=1))
        assert await _mails(world) == 1
        assert await _mails(world) == 1
        link = next(word for word in mailbox.newest("boss@acme.test").text.split() if word.startswith("http"))
        path = "/" + link.partition("//")[2].partition("/")[2]
        assert (await world.client().send("GET", path)).status == 200
        clock.advance(timedelta(days=7))
        assert await _mails(world) == 2
        assert (await world.client().send("GET", path)).status == 404
        off = {"scheduled_report": {"enabled": False}}
        await api.done("PATCH", f"/scheduled_reports/{schedule['id']}", off)
        clock.advance(timedelta(days=7))
        assert await _mails(world) == 2


async def _mails(world: World) -> int:
    await world.make_reports()
    return (await world.deliver()).count("auditor@acme.test")


@kisi_test
async def test_a_scheduled_report_is_shown_changed_and_ended(api: Api) -> None:
    made = await api.done("POST", "/scheduled_reports", {"scheduled_report": DAILY})
    path = f"/scheduled_reports/{made['id']}"
    assert made["frequency"] == 1
    assert made["emails"] == ["boss@acme.test", "auditor@acme.test"]
    await api.done("PUT", path, {"scheduled_report": {"emails": "one@acme.test", "period": "month"}})
    shown = await api.done("GET", path)
    assert (shown["period"], shown["emails"], shown["enabled"]) == ("month", ["one@acme.test"], True)
    await api.done("DELETE", path)
    assert (await api.call("GET", path)).status == 404


@kisi_test
async def test_a_schedule_that_could_mail_nobody_or_never_is_refused(api: Api) -> None:
    wrongs: tuple[dict[str, Any], ...] = (
        {"emails": []},
        {"emails": ["a@x.test", "b@x.test", "c@x.test", "d@x.test", "e@x.test", "f@x.test"]},
        {"emails": ["nobody"]},
        {"period": "year"},
        {"frequency": 0},
        {"scheduled_at": "9999-12-31T23:59:59Z"},
        {"time_zone": None},
    )
    for wrong in wrongs:
        answer = await api.call("POST", "/scheduled_reports", {"scheduled_report": {**DAILY, **wrong}})
        assert answer.status == 422, wrong


@kisi_test
async def test_a_schedule_goes_on_mailing_somebody_who_was_removed_and_is_a_leftover(api: Api) -> None:
    ada = await add_user(api, "ada")
    wanted = {**DAILY, "emails": ["Ada@acme.test"]}
    made = await api.done("POST", "/scheduled_reports", {"scheduled_report": wanted})
    await api.done("DELETE", f"/users/{ada['id']}")
    events = await api.world.core.store.read(
        api.world.organization_id, lambda view: view.journal.rows(limit=1, newest_first=True)
    )
    left = events[0].row.detail["leftovers"]
    assert isinstance(left, dict)
    assert isinstance(left["report_schedules"], list)
    assert len(left["report_schedules"]) == 1
    assert (await api.done("GET", f"/scheduled_reports/{made['id']}"))["emails"] == ["ada@acme.test"]
