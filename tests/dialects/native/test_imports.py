"""Importing people through the native API: a file in, a document to follow, and a way back."""

from typing import Any

from tests.dialects.in_world import Api
from tests.dialects.native.api import native_test

TWO = b"name,email\nAda,ada@acme.test\nGrace,grace@acme.test\n"


async def _import(api: Api, content: bytes, **headers: str) -> Any:
    answer = await api.call(
        "POST", "/imports?name=staff.csv", content, **({"content_type": "text/csv"} | headers)
    )
    assert answer.status == 202, answer.body
    begun = answer.json()
    await api.world.services.imports.finish(begun["id"])
    return await api.done("GET", f"/imports/{begun['id']}")


@native_test
async def test_a_file_is_taken_in_and_followed_to_its_end(api: Api) -> None:
    shown = await _import(api, TWO)
    assert (shown["name"], shown["status"], shown["people"]) == ("staff.csv", "finished", 2)
    found = await api.done("GET", "/people?q=grace@acme.test")
    assert [person["name"] for person in found["items"]] == ["Grace"]


@native_test
async def test_a_bad_file_shows_its_lines_and_changes_nothing(api: Api) -> None:
    shown = await _import(api, b"name,email\nAda,ada@acme.test\nGrace,grace\n")
    assert (shown["status"], shown["problem_count"]) == ("failed", 1)
    assert shown["problems"][0]["line"] == 3
    assert (await api.done("GET", "/people?q=ada@acme.test"))["items"] == []


@native_test
async def test_an_import_is_listed_and_undone(api: Api) -> None:
    shown = await _import(api, TWO)
    assert [one["id"] for one in (await api.done("GET", "/imports"))["items"]] == [shown["id"]]
    undone = await api.done("POST", f"/imports/{shown['id']}/undo")
    assert (undone["removed"], undone["kept_count"]) == (2, 0)
    assert (await api.done("GET", "/people?q=grace@acme.test"))["items"] == []


@native_test
async def test_what_is_no_csv_is_not_taken_in(api: Api) -> None:
    answer = await api.call("POST", "/imports", b"{}")
    assert answer.status == 400
    assert "text/csv" in answer.json()["detail"]


@native_test
async def test_an_import_that_nobody_made_is_not_found(api: Api) -> None:
    assert (await api.call("GET", "/imports/nothing")).status == 404
    assert (await api.call("POST", "/imports/nothing/undo")).status == 404
