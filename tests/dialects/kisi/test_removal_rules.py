"""Rules R1, R3, R5 to R11 of the removal, by number. Source: contract section 8."""

import asyncio
from typing import Any

import pytest

from rekey.domain.errors import StoreUnavailable
from rekey.storage.session import Session
from tests.dialects.kisi.api import add_user
from tests.dialects.kisi.removal import (
    DOOR,
    give,
    group_of_door,
    is_refused_everywhere,
    on_stage,
    passes,
    set_user,
    user_of,
)
from tests.support.story_apis import REFUSED, Kisi, Seam
from tests.support.story_stage import Stage


@on_stage
async def test_r1_from_the_204_on_nothing_opens_and_the_door_itself_has_confirmed_it(stage: Stage) -> None:
    await give(stage, await group_of_door(stage))
    assert await passes(stage)
    answer = await stage.kisi.call("DELETE", f"/users/{stage.people['ada'].user}")
    assert answer.status == 204
    revocation = answer.header("rekey-revocation")
    await stage.world.settle()
    receipt = await stage.native.done("GET", f"/revocations/{revocation}/receipt")
    assert receipt["doors"]
    assert {line["status"] for line in receipt["doors"]} == {"confirmed"}
    assert await is_refused_everywhere(stage)


@on_stage
async def test_r1_of_openings_that_race_a_deletion_none_succeeds_after_the_reply(stage: Stage) -> None:
    await give(stage, await group_of_door(stage))
    login, lock = stage.people["ada"].login, stage.locks[DOOR]

    async def remove() -> None:
        await stage.kisi.done("DELETE", f"/users/{stage.people['ada'].user}")

    async def tries() -> list[int]:
        return [(await login.call("POST", f"/locks/{lock}/unlock")).status for _ in range(8)]

    _gone, statuses = await asyncio.gather(remove(), tries())
    assert statuses == sorted(statuses)
    assert (await login.call("POST", f"/locks/{lock}/unlock")).status == 401


@on_stage
async def test_r3_a_second_delete_is_404_and_a_second_switch_no_event(stage: Stage) -> None:
    right = await give(stage, await group_of_door(stage))
    path = f"/role_assignments/{right['id']}"
    assert [(await stage.kisi.call("DELETE", path)).status for _ in range(2)] == [204, 404]
    assert await set_user(stage, access_enabled=False) == 204
    before = await stage.world.journal_size()
    assert await set_user(stage, access_enabled=False) == 204
    assert await set_user(stage, scim_access_enabled=False) == 204
    assert await stage.world.journal_size() == before
    user = f"/users/{stage.people['ada'].user}"
    assert [(await stage.kisi.call("DELETE", user)).status for _ in range(2)] == [204, 404]


@on_stage
async def test_r5_the_last_owner_is_neither_deleted_disabled_nor_demoted(stage: Stage) -> None:
    owner = await stage.kisi.done("GET", "/user")
    path = f"/users/{owner['id']}"
    right = (await stage.kisi.done("GET", "/role_assignments?role_id=organization_owner"))[0]
    other = await add_user(stage.kisi, "adam")
    number = (await stage.kisi.done("GET", "/organization"))["id"]
    admin = {"user_id": other["id"], "organization_id": number, "role_id": "organization_admin"}
    await stage.kisi.done("POST", "/role_assignments", {"role_assignment": admin})
    assert (await stage.kisi.call("DELETE", path)).status == 422
    for switch in ("access_enabled", "scim_access_enabled"):
        assert (await stage.kisi.call("PATCH", path, {"user": {switch: False}})).status == 422
    demoted = {"role_assignment": {"role_id": "organization_admin"}}
    assert (await stage.kisi.call("PATCH", f"/role_assignments/{right['id']}", demoted)).status == 422
    assert (await stage.kisi.call("DELETE", f"/role_assignments/{right['id']}")).status == 422
    member = (await stage.kisi.done("GET", f"/members?user_id={owner['id']}"))[0]
    assert (await stage.kisi.call("DELETE", f"/members/{member['id']}")).status == 422


@on_stage
async def test_r6_the_journal_names_what_a_removed_user_leaves_behind(stage: Stage) -> None:
    group = await group_of_door(stage)
    await give(stage, group)
    await give(stage, group)
    await stage.kisi.done("DELETE", f"/users/{stage.people['ada'].user}")
    rows = await stage.world.core.store.read(
        stage.world.organization_id, lambda view: view.journal.rows(limit=1, newest_first=True)
    )
    detail = rows[0].row.detail
    assert rows[0].row.action == "person.removed"
    left = detail["leftovers"]
    assert isinstance(left, dict)
    assert len(left["duplicate_grants"]) == 1  # type: ignore[arg-type]  # a list of ids


@on_stage
async def test_r7_a_directory_switch_turned_off_by_rest_closes_and_on_is_ignored(stage: Stage) -> None:
    await give(stage, await group_of_door(stage))
    assert await set_user(stage, scim_access_enabled="false") == 204
    assert await is_refused_everywhere(stage)
    shown = await user_of(stage.kisi, stage.people["ada"].user)
    assert (shown["access_enabled"], shown["scim_access_enabled"]) == (False, True)
    assert await set_user(stage, scim_access_enabled=True) == 204
    assert await is_refused_everywhere(stage)


@on_stage
async def test_r8_a_deletion_that_cannot_be_written_removes_nothing(stage: Stage) -> None:
    await give(stage, await group_of_door(stage))
    path, before = f"/users/{stage.people['ada'].user}", await stage.kisi.done("GET", "/role_assignments")
    store = stage.world.core.store
    real = store.act

    async def broken(*_given: object) -> None:
        raise StoreUnavailable("the disk is full")

    object.__setattr__(store, "act", broken)
    try:
        answer = await stage.kisi.call("DELETE", path)
    finally:
        object.__setattr__(store, "act", real)
    assert (answer.status, set(answer.json())) == (503, {"error", "code"})
    assert await stage.kisi.done("GET", "/role_assignments") == before
    assert await passes(stage)


@on_stage
async def test_r8_a_deletion_that_fails_at_any_of_its_writes_removes_nothing(stage: Stage) -> None:
    await give(stage, await group_of_door(stage))
    path = f"/users/{stage.people['ada'].user}"
    before = await all_of(stage, path)
    failed = 0
    for survives in range(1_000):
        with pytest.MonkeyPatch.context() as patch:
            fail_after(patch, survives)
            answer = await stage.kisi.call("DELETE", path)
        if answer.status == 204:
            break
        failed += 1
        assert (answer.status, set(answer.json())) == (503, {"error", "code"}), survives
        assert await all_of(stage, path) == before, survives
        assert await passes_by_login(stage)
    assert failed > 5
    assert await is_refused_everywhere(stage)


async def all_of(stage: Stage, path: str) -> Any:
    """Give what there is of a user, but for when he last opened a door."""
    user = await stage.kisi.done("GET", path)
    return user | {"last_accessed_at": None}, await stage.kisi.done("GET", "/role_assignments")


def fail_after(patch: pytest.MonkeyPatch, survives: int) -> None:
    """Let so many writes of the store succeed, and the next one fail."""
    left = [survives]
    for name in ("change", "insert"):
        real = getattr(Session, name)

        def write(self: Session, *given: Any, real: Any = real, **params: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise StoreUnavailable("the disk is full")
            return real(self, *given, **params)

        patch.setattr(Session, name, write)


async def passes_by_login(stage: Stage) -> bool:
    login, lock = stage.people["ada"].login, stage.locks[DOOR]
    return (await login.call("POST", f"/locks/{lock}/unlock")).status == 200


@on_stage
async def test_r9_leaving_a_group_leaves_rights_at_the_place_and_every_path_is_named(stage: Stage) -> None:
    right = await give(stage, await group_of_door(stage))
    place = (await stage.kisi.done("GET", "/places"))[0]
    wanted = {"user_id": stage.people["ada"].user, "place_id": place["id"], "role_id": "place_basic"}
    await stage.kisi.done("POST", "/role_assignments", {"role_assignment": wanted})
    await stage.kisi.done("DELETE", f"/role_assignments/{right['id']}")
    assert await passes(stage)
    person, door = stage.people["ada"].person_id, stage.doors[DOOR]
    why = await stage.native.done("GET", f"/people/{person}/can/{door}")
    assert why["allowed"] is True
    assert place["name"] in str(why) or "site" in str(why)


@on_stage
async def test_r10_deleting_a_group_ends_the_rights_at_it(stage: Stage) -> None:
    group = await group_of_door(stage)
    right = await give(stage, group)
    assert (await stage.kisi.call("DELETE", f"/groups/{group}")).status == 204
    assert await is_refused_everywhere(stage)
    assert (await stage.kisi.call("GET", f"/role_assignments/{right['id']}")).status == 404
    assert (await stage.kisi.call("DELETE", f"/groups/{group}")).status == 404


@on_stage
async def test_r10_deleting_a_team_ends_access_by_it(stage: Stage) -> None:
    group = await group_of_door(stage)
    team = await stage.kisi.done("POST", "/teams", {"team": {"name": "night"}})
    member = {"team_id": team["id"], "member_id": stage.people["ada"].user, "member_type": "User"}
    await stage.kisi.done("POST", "/team_memberships", {"team_membership": member})
    wanted = {"applies_to_type": "Group", "applies_to_id": group, "role_id": "group_basic"}
    given = {**wanted, "assignee_type": "Team", "assignee_id": team["id"]}
    right = await stage.kisi.done("POST", "/role_assignments", {"role_assignment": given})
    assert await passes(stage)
    await stage.kisi.done("DELETE", f"/teams/{team['id']}")
    assert await is_refused_everywhere(stage)
    assert (await stage.kisi.call("GET", f"/role_assignments/{right['id']}")).status == 404


@on_stage
async def test_r10_deleting_a_place_ends_its_locks_its_groups_and_the_rights_at_them(stage: Stage) -> None:
    place = await stage.kisi.done("POST", "/places", {"place": {"name": "Annex", "address": "Main 1"}})
    lock = await stage.kisi.done("POST", "/locks", {"lock": {"name": "side", "place_id": place["id"]}})
    group = await stage.kisi.done("POST", "/groups", {"group": {"name": "g", "place_id": place["id"]}})
    wrapped = {"group_lock": {"group_id": group["id"], "lock_id": lock["id"]}}
    await stage.kisi.done("POST", "/group_locks", wrapped)
    right = await give(stage, group["id"])
    login = stage.people["ada"].login
    assert (await login.call("POST", f"/locks/{lock['id']}/unlock")).status == 200
    assert (await stage.kisi.call("DELETE", f"/places/{place['id']}")).status == 204
    assert (await login.call("POST", f"/locks/{lock['id']}/unlock")).status == 404
    for path in (
        f"/places/{place['id']}",
        f"/locks/{lock['id']}",
        f"/groups/{group['id']}",
        f"/role_assignments/{right['id']}",
    ):
        assert (await stage.kisi.call("GET", path)).status == 404, path


@on_stage
async def test_r10_deleting_a_lock_takes_it_out_of_its_groups(stage: Stage) -> None:
    group = await group_of_door(stage)
    await give(stage, group)
    assert (await stage.kisi.call("DELETE", f"/locks/{stage.locks[DOOR]}")).status == 204
    assert await stage.kisi.done("GET", f"/group_locks?group_id={group}") == []
    assert (await stage.kisi.done("GET", f"/groups/{group}"))["locks_count"] == 0
    assert await Kisi(stage).open("ada", DOOR) == REFUSED
    assert await Seam(stage).open("ada", DOOR) == REFUSED
    login = stage.people["ada"].login
    assert (await login.call("POST", f"/locks/{stage.locks[DOOR]}/unlock")).status == 404


@on_stage
async def test_r11_a_deleted_address_that_comes_back_is_a_clean_user(stage: Stage) -> None:
    await give(stage, await group_of_door(stage))
    old = stage.people["ada"]
    await stage.kisi.done("DELETE", f"/users/{old.user}")
    again = await add_user(stage.kisi, "ada")
    assert again["id"] != old.user
    assert again["groups_count"] == 0
    assert await stage.kisi.done("GET", f"/role_assignments?user_id={again['id']}") == []
    assert await is_refused_everywhere(stage)
    assert (await old.login.call("GET", "/user")).status == 401


@on_stage
async def test_r11_nothing_of_a_deleted_user_comes_back_with_the_address_in_another_case(
    stage: Stage,
) -> None:
    group, old = await group_of_door(stage), stage.people["ada"]
    await give(stage, group)
    team = await stage.kisi.done("POST", "/teams", {"team": {"name": "night"}})
    member = {"team_id": team["id"], "member_id": old.user, "member_type": "User"}
    await stage.kisi.done("POST", "/team_memberships", {"team_membership": member})
    card = await stage.kisi.done("POST", "/cards", {"card": {"type": "third_party_hf", "uid": "04a1b2c3"}})
    held = {"card_id": card["id"], "assignee_type": "User", "assignee_id": old.user}
    await stage.kisi.done("POST", "/card_assignments", {"card_assignment": held})
    await stage.kisi.done("PATCH", f"/users/{old.user}", {"user": {"metadata": {"a": 1}, "notes": "old"}})
    await stage.kisi.done("POST", f"/locks/{stage.locks[DOOR]}/favorite")
    await stage.kisi.done("DELETE", f"/users/{old.user}")
    email = (old_address := "ada@acme.test").upper()
    again = await stage.kisi.done("POST", "/users", {"user": {"email": email, "name": "Ada"}})
    assert (again["email"], again["metadata"], again["notes"]) == (old_address, {}, None)
    for path in ("role_assignments", "team_memberships", "card_assignments"):
        named = "user_id" if path != "team_memberships" else "member_type=User&member_id"
        assert await stage.kisi.done("GET", f"/{path}?{named}={again['id']}") == [], path
    assert (await stage.kisi.done("GET", f"/cards/{card['id']}"))["assigned"] is False
    assert await is_refused_everywhere(stage)


@on_stage
async def test_many_users_are_deleted_one_by_one_and_natively_in_one_call(stage: Stage) -> None:
    users = [await add_user(stage.kisi, f"user{number}") for number in range(30)]
    for user in users[:10]:
        assert (await stage.kisi.call("DELETE", f"/users/{user['id']}")).status == 204
    before = await stage.world.journal_size()
    body = {"people": [str(user["id"]) for user in users[10:]], "reason": "a bulk removal"}
    answer = await stage.native.call("POST", "/people/remove", body)
    assert answer.status == 200, answer.body
    assert len(answer.json()["people"]) == 20
    assert answer.header("rekey-revocation")
    assert await stage.world.journal_size() == before + 1
    assert await stage.kisi.done("GET", "/users?query=user") == []
