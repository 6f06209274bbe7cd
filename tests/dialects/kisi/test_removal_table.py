"""The removal table, row by row: each removal through this API, then tried in every API and at the door.

Source: contract section 8.
"""

from typing import Any

from rekey.domain.block import BlockCause, Subject, SubjectKind
from rekey.operations.place_block import LiftBlock, PlaceBlock, lift_block, place_block
from tests.dialects.kisi.removal import (
    code_of,
    give,
    group_of_door,
    is_refused_everywhere,
    on_stage,
    passes,
    set_user,
    user_of,
)
from tests.support.story_stage import Stage

USER = "/users/{}"


async def delete_right(stage: Stage, right: Any) -> None:
    assert (await stage.kisi.call("DELETE", f"/role_assignments/{right['id']}")).status == 204


async def delete_user(stage: Stage) -> Any:
    answer = await stage.kisi.call("DELETE", f"/users/{stage.people['ada'].user}")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.header("content-type") is None
    return answer


async def switch_by_directory(stage: Stage, *, active: bool) -> None:
    """Turn the directory's switch as a directory does."""
    subject = Subject(SubjectKind.PERSON, stage.people["ada"].person_id)
    if active:
        await stage.world.perform(lift_block, LiftBlock(subject=subject, cause=BlockCause.DIRECTORY))
    else:
        await stage.world.perform(place_block, PlaceBlock(subject=subject, cause=BlockCause.DIRECTORY))


@on_stage
async def test_scope_of_deleting_a_right_is_that_right_only(stage: Stage) -> None:
    group = await group_of_door(stage)
    first, second = await give(stage, group), await give(stage, group)
    await delete_right(stage, first)
    assert await passes(stage)
    await delete_right(stage, second)
    assert await is_refused_everywhere(stage)
    assert await code_of(stage) == (403, "fcd8ef")


@on_stage
async def test_scope_of_the_switch_is_every_door_of_the_organization(stage: Stage) -> None:
    await give(stage, await group_of_door(stage))
    assert await passes(stage)
    assert await set_user(stage, access_enabled=False) == 204
    assert await is_refused_everywhere(stage)
    assert await code_of(stage) == (403, "fcd8ff")


@on_stage
async def test_scope_of_deleting_the_user_is_everything(stage: Stage) -> None:
    await give(stage, await group_of_door(stage))
    assert await passes(stage)
    await delete_user(stage)
    assert await is_refused_everywhere(stage)


@on_stage
async def test_other_rights_and_team_rights_still_open_after_one_is_deleted(stage: Stage) -> None:
    group = await group_of_door(stage)
    own = await give(stage, group)
    team = await stage.kisi.done("POST", "/teams", {"team": {"name": "night"}})
    member = {"team_id": team["id"], "member_id": stage.people["ada"].user, "member_type": "User"}
    await stage.kisi.done("POST", "/team_memberships", {"team_membership": member})
    wanted = {
        "applies_to_type": "Group",
        "applies_to_id": group,
        "assignee_type": "Team",
        "assignee_id": team["id"],
        "role_id": "group_basic",
    }
    await stage.kisi.done("POST", "/role_assignments", {"role_assignment": wanted})
    await delete_right(stage, own)
    assert await passes(stage)


@on_stage
async def test_rights_sleep_while_a_switch_is_off_and_wake_with_it(stage: Stage) -> None:
    right = await give(stage, await group_of_door(stage))
    await set_user(stage, access_enabled=False)
    assert (await stage.kisi.done("GET", f"/role_assignments/{right['id']}")) == right
    await set_user(stage, access_enabled=True)
    assert await passes(stage)


@on_stage
async def test_a_deleted_users_rights_and_places_in_teams_are_destroyed(stage: Stage) -> None:
    right = await give(stage, await group_of_door(stage))
    team = await stage.kisi.done("POST", "/teams", {"team": {"name": "night"}})
    member = {"team_id": team["id"], "member_id": stage.people["ada"].user, "member_type": "User"}
    membership = await stage.kisi.done("POST", "/team_memberships", {"team_membership": member})
    await delete_user(stage)
    for path in (f"/role_assignments/{right['id']}", f"/team_memberships/{membership['id']}"):
        assert (await stage.kisi.call("GET", path)).status == 404
    number = stage.people["ada"].user
    for path in ("/users?query=ada", "/members?query=ada", f"/role_assignments?user_id={number}"):
        assert await stage.kisi.done("GET", path) == []


@on_stage
async def test_signing_in_and_keys_are_untouched_by_the_switch_and_gone_with_the_user(stage: Stage) -> None:
    login = stage.people["ada"].login
    await set_user(stage, access_enabled=False)
    assert (await login.call("GET", "/user")).status == 200
    await delete_user(stage)
    assert (await login.call("GET", "/user")).status == 401
    assert await code_of(stage) == (401, "000401")


@on_stage
async def test_powers_stay_with_the_switch_off_but_not_that_over_oneself(stage: Stage) -> None:
    number = (await stage.kisi.done("GET", "/organization"))["id"]
    wanted = {
        "user_id": stage.people["ada"].user,
        "organization_id": number,
        "role_id": "organization_admin",
    }
    right = await stage.kisi.done("POST", "/role_assignments", {"role_assignment": wanted})
    mine, own = stage.people["ada"].login, USER.format(stage.people["ada"].user)
    await set_user(stage, access_enabled=False)
    assert (await mine.call("GET", "/users")).status == 200
    assert (await mine.call("PATCH", own, {"user": {"access_enabled": True}})).status == 403
    assert await is_refused_everywhere(stage)
    await delete_right(stage, right)
    assert (await mine.call("GET", "/users")).status == 403


@on_stage
async def test_the_directorys_switch_closes_the_doors_and_only_the_directory_opens_them(stage: Stage) -> None:
    await give(stage, await group_of_door(stage))
    await switch_by_directory(stage, active=False)
    assert await is_refused_everywhere(stage)
    assert await code_of(stage) == (403, "fcd8ff")
    shown = await user_of(stage.kisi, stage.people["ada"].user)
    assert (shown["access_enabled"], shown["scim_access_enabled"]) == (True, False)
    assert await set_user(stage, access_enabled=True, scim_access_enabled=True) == 204
    assert await is_refused_everywhere(stage)
    await switch_by_directory(stage, active=True)
    assert await passes(stage)


@on_stage
async def test_both_switches_must_be_on(stage: Stage) -> None:
    await give(stage, await group_of_door(stage))
    await switch_by_directory(stage, active=False)
    await set_user(stage, access_enabled=False)
    await switch_by_directory(stage, active=True)
    assert await is_refused_everywhere(stage)
    await set_user(stage, access_enabled=True)
    assert await passes(stage)


@on_stage
async def test_undoing_the_deletion_of_a_right_makes_a_new_one(stage: Stage) -> None:
    group = await group_of_door(stage)
    right = await give(stage, group)
    await delete_right(stage, right)
    again = await give(stage, group)
    assert again["id"] != right["id"]
    assert await passes(stage)


@on_stage
async def test_rights_that_a_deleted_user_gave_keep_working_and_name_nobody(stage: Stage) -> None:
    await stage.add_person("bob")
    group = await group_of_door(stage)
    wanted = {"user_id": stage.people["ada"].user, "group_id": group, "role_id": "group_manager"}
    await stage.kisi.done("POST", "/role_assignments", {"role_assignment": wanted})
    given = {"user_id": stage.people["bob"].user, "group_id": group, "role_id": "group_basic"}
    made = await stage.people["ada"].login.done("POST", "/role_assignments", {"role_assignment": given})
    assert made["created_by_id"] == stage.people["ada"].user
    await delete_user(stage)
    shown = await stage.kisi.done("GET", f"/role_assignments/{made['id']}")
    assert (shown["created_by_type"], shown["created_by_id"], shown["issued_by_id"]) == (None, None, None)
    assert await passes(stage, who="bob")


@on_stage
async def test_the_dashboard_counts_one_user_less_only_after_a_deletion(stage: Stage) -> None:
    async def users() -> int:
        return int((await stage.kisi.done("GET", "/organization/dashboard"))["users_count"])

    before = await users()
    await set_user(stage, access_enabled=False)
    assert await users() == before
    await delete_user(stage)
    assert await users() == before - 1


@on_stage
async def test_history_names_the_deleted_user(stage: Stage) -> None:
    await give(stage, await group_of_door(stage))
    assert await passes(stage)
    await delete_user(stage)
    for event_type in ("lock.unlock", "user.destroy"):
        asked = {"event_set": {"event_type": event_type}}
        found = await stage.kisi.done("POST", "/event_sets", asked)
        shown = await stage.kisi.done("GET", f"/event_sets/{found['id']}")
        assert "ada" in str([(event["actor_name"], event["object_name"]) for event in shown["events"]])
