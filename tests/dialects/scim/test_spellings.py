"""Every spelling of "switch off", each tried by every API, with a card and with a PIN. Source: contract 6.1, 6.2, 7.

The person signs in anew after each switch-on, because keys that were ended do not come back.
"""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.dialects.in_world import Api
from tests.dialects.kisi.api import sign_in_for
from tests.dialects.kisi.removal import (
    DOOR,
    WHO,
    give,
    group_of_door,
    is_refused_everywhere,
    on_stage,
    passes,
)
from tests.dialects.kisi.test_cards import add_card, give_card
from tests.dialects.scim.api import (
    ENTERPRISE,
    PATCH,
    USER,
    actions,
    add_front,
    add_user,
    directory_of,
    patch,
    scim_test,
)
from tests.support.story_stage import Stage, open_stage
from tests.support.world import open_world

PIN = {"kind": "pin", "code": "97531"}
CARD = {"kind": "card", "card_type": "hf_uid", "identifiers": {"uid": "04A1B2C3"}}


def by_patch(*operations: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return "PATCH", {"schemas": [PATCH], "Operations": list(operations)}


def by_put(**members: Any) -> tuple[str, dict[str, Any]]:
    return "PUT", {"schemas": [USER], "userName": "ada@acme.test", **members}


def replaced(value: object, path: str | None = "active", op: str = "replace") -> tuple[str, dict[str, Any]]:
    return by_patch({"op": op, "value": value, **({} if path is None else {"path": path})})


SPELLINGS = {
    "1 a capital verb": replaced(False, op="Replace"),
    "1 shouted": replaced(False, op="REPLACE"),
    "1 added instead of replaced": replaced(False, op="Add"),
    "2 a text": replaced("False"),
    "2 a small text": replaced("false"),
    "2 a text of zero": replaced("0"),
    "2 a zero": replaced(0),
    "3 within a list": replaced([False]),
    "3 within an object": replaced({"value": "False"}),
    "3 within both": replaced([{"value": "False"}]),
    "3 under its own name": replaced({"active": "False"}),
    "4 without a path": replaced({"active": False}, None),
    "4 without a path, as a text": replaced({"active": "False"}, None),
    "4 with an empty path": replaced({"active": False}, ""),
    "5 beside dotted names": replaced(
        {"name.givenName": "Ada", "active": False, f"{ENTERPRISE}:department": "Past"}, None
    ),
    "5 under the schema": replaced({USER: {"active": False}}, None),
    "6 by its whole name": replaced("False", f"{USER}:active"),
    "6 by its whole name without a path": replaced({f"{USER}:active": False}, None),
    "6 with the schema as the path": replaced({"active": False}, USER),
    "6 in other letters": replaced(False, "ACTIVE"),
    "7 beside an address that is not there": by_patch(
        {"op": "Replace", "path": 'emails[type eq "other"].value', "value": "ada@home.test"},
        {"op": "Replace", "path": "active", "value": "False"},
    ),
    "13 beside a manager that is gone": by_patch(
        {"op": "Replace", "path": f"{ENTERPRISE}:manager", "value": [{"value": ""}]},
        {"op": "Replace", "path": "active", "value": "False"},
    ),
    "14 beside blanks": by_patch(
        {"op": "replace", "path": "title", "value": ""}, {"op": "replace", "path": "active", "value": False}
    ),
    "15 the last word of several": by_patch(
        {"op": "replace", "path": "active", "value": True},
        {"op": "replace", "path": "active", "value": "False"},
    ),
    "by PUT": by_put(active=False),
    "by PUT as a text": by_put(active="False", groups=[], password="1mz050nq"),
    "by PUT under the schema": by_put(**{USER: {"active": False}}),
    "by PUT by the whole name": by_put(**{f"{USER}:active": "false"}),
}


async def furnish(stage: Stage) -> None:
    """Let the person in by a right, and give a card and a PIN."""
    await give(stage, await group_of_door(stage))
    card = await add_card(stage.kisi)
    assignment = await give_card(stage.kisi, card, {"id": stage.people[WHO].user})
    await stage.kisi.done("POST", f"/card_assignments/{assignment['id']}/activate")
    await stage.native.done("POST", "/credentials", {**PIN, "person": stage.people[WHO].person_id})


async def opened_by(stage: Stage, shown: dict[str, Any]) -> bool:
    await stage.world.settle()
    answer = await stage.native.done("POST", f"/doors/{stage.doors[DOOR]}/present", shown)
    return bool(answer["allowed"])


async def sign_in_anew(stage: Stage) -> None:
    player = stage.people[WHO]
    await player.phone.sign_in("ada@acme.test", "a long enough password")
    login = await sign_in_for(stage.kisi, {"email": "ada@acme.test"})
    stage.people[WHO] = replace(player, login=login)


@pytest.mark.parametrize("spelling", SPELLINGS, ids=lambda name: name.replace(" ", "-"))
def test_switched_off_in_this_spelling_nothing_opens_until_switched_on(spelling: str, tmp_path: Path) -> None:
    async def told() -> None:
        async with open_world(tmp_path) as world:
            stage = await open_stage(world)
            await stage.add_door(DOOR)
            await stage.add_person(WHO)
            await furnish(stage)
            directory, path = directory_of(world), f"/Users/{stage.people[WHO].person_id}"
            assert await passes(stage)
            method, body = SPELLINGS[spelling]
            answer = await directory.call(method, path, body)
            assert (answer.status, answer.json()["active"]) == (200, False)
            assert await is_refused_everywhere(stage)
            assert [await opened_by(stage, shown) for shown in (CARD, PIN)] == [False, False]
            await directory.done(*_on(method, path))
            assert (await stage.people[WHO].login.call("GET", "/user")).status == 401
            await sign_in_anew(stage)
            assert await passes(stage)
            assert [await opened_by(stage, shown) for shown in (CARD, PIN)] == [True, True]

    asyncio.run(told())


def _on(method: str, path: str) -> tuple[str, str, dict[str, Any]]:
    body = by_put(active="True")[1] if method == "PUT" else replaced("True", op="Replace")[1]
    return method, path, body


@on_stage
async def test_the_card_and_the_pin_are_refused_for_good_once_the_directory_deletes(stage: Stage) -> None:
    await furnish(stage)
    await directory_of(stage.world).done("DELETE", f"/Users/{stage.people[WHO].person_id}")
    assert [await opened_by(stage, shown) for shown in (CARD, PIN)] == [False, False]


@scim_test
async def test_a_switch_in_a_schema_that_nobody_knows_is_400_and_never_passed_over(api: Api) -> None:
    front, ada = await add_front(api), await add_user(api, "ada")
    await front.grant(person=ada["id"])
    foreign = "urn:scim:schemas:core:1.0:active"
    operations: tuple[dict[str, Any], ...] = (
        {"op": "replace", "path": foreign, "value": False},
        {"op": "replace", "value": {foreign: False}},
    )
    for operation in operations:
        answer = await patch(api, ada, operation)
        assert (answer.status, answer.json()["scimType"]) == (400, "invalidPath"), operation
    await api.world.settle()
    assert "directory.alarmed" in await actions(api)
