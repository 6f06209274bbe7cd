"""The rows of the removal table about cards, links and leftovers; checks 5 and 6. Source: contract 8 and 9."""

from dataclasses import dataclass
from typing import Any

from tests.dialects.in_world import Api
from tests.dialects.kisi.api import as_login
from tests.dialects.kisi.removal import (
    DOOR,
    code_of,
    give,
    group_of_door,
    is_refused_everywhere,
    on_stage,
    passes,
    set_user,
)
from tests.dialects.kisi.test_cards import add_card, give_card, tap
from tests.dialects.kisi.test_group_links import add_link, as_visitor
from tests.support.story_stage import Stage


@dataclass(frozen=True, slots=True)
class Holding:
    """What somebody holds: a right at a group, and a card that was activated."""

    group: int
    right: Any
    card: Any
    assignment: Any


async def holding(stage: Stage) -> Holding:
    group = await group_of_door(stage)
    right = await give(stage, group)
    card = await add_card(stage.kisi)
    assignment = await give_card(stage.kisi, card, {"id": stage.people["ada"].user})
    await stage.kisi.done("POST", f"/card_assignments/{assignment['id']}/activate")
    return Holding(group, right, card, assignment)


async def tapped(stage: Stage) -> str | None:
    """Tap the card at the door: None if it opens, else the code in the event of the attempt."""
    shown = await tap(stage.kisi, {"id": stage.locks[DOOR]})
    event = (await events(stage, "lock.unlock"))[0]
    assert event["success"] is shown["allowed"]
    code: str | None = event["error_code"]
    return code


async def events(stage: Stage, event_type: str) -> list[Any]:
    found = await stage.kisi.done("POST", "/event_sets", {"event_set": {"event_type": event_type}})
    shown: list[Any] = (await stage.kisi.done("GET", f"/event_sets/{found['id']}"))["events"]
    return shown


async def delete_user(stage: Stage) -> Any:
    return await stage.kisi.call("DELETE", f"/users/{stage.people['ada'].user}")


@on_stage
async def test_a_card_stays_assigned_and_loses_the_door_with_the_right(stage: Stage) -> None:
    held = await holding(stage)
    assert await tapped(stage) is None
    await stage.kisi.done("DELETE", f"/role_assignments/{held.right['id']}")
    assert await tapped(stage) == "fcd8ef"
    assert (await stage.kisi.done("GET", f"/cards/{held.card['id']}"))["assigned"] is True


@on_stage
async def test_a_card_stays_with_the_switch_off_and_is_refused_with_fcd8ff(stage: Stage) -> None:
    held = await holding(stage)
    await set_user(stage, access_enabled=False)
    assert await tapped(stage) == "fcd8ff"
    assert await code_of(stage) == (403, "fcd8ff")
    assert (await stage.kisi.done("GET", f"/cards/{held.card['id']}"))["assigned"] is True
    await set_user(stage, access_enabled=True)
    assert await tapped(stage) is None


@on_stage
async def test_a_deleted_users_card_is_unassigned_refused_and_can_be_given_again(stage: Stage) -> None:
    held = await holding(stage)
    await delete_user(stage)
    card = await stage.kisi.done("GET", f"/cards/{held.card['id']}")
    assert (card["assigned"], card["user_id"], card["activated"]) == (False, None, False)
    assert await tapped(stage) == "faa9ff"
    assert (await stage.kisi.call("GET", f"/card_assignments/{held.assignment['id']}")).status == 404
    await stage.add_person("bob")
    await give_card(stage.kisi, card, {"id": stage.people["bob"].user})


@on_stage
async def test_a_deleted_card_is_unknown_at_the_door(stage: Stage) -> None:
    held = await holding(stage)
    await stage.kisi.done("DELETE", f"/cards/{held.card['id']}")
    assert await tapped(stage) in {"faa9ef", "faa9ff"}
    assert await passes(stage)


@on_stage
async def test_links_that_a_deleted_user_made_keep_working_and_name_nobody(stage: Stage) -> None:
    admin, group = stage.people["ada"], await group_of_door(stage)
    number = (await stage.kisi.done("GET", "/organization"))["id"]
    wanted = {"user_id": admin.user, "organization_id": number, "role_id": "organization_admin"}
    await stage.kisi.done("POST", "/role_assignments", {"role_assignment": wanted})
    made = await add_link(admin.login, {"id": group})
    assert made["created_by_id"] == admin.user
    visitor = as_visitor(stage.world, made["secret"])
    answer = await delete_user(stage)
    assert (await visitor.call("POST", f"/locks/{stage.locks[DOOR]}/unlock")).status == 200
    (listed,) = await stage.kisi.done("GET", "/group_links")
    assert (listed["id"], listed["created_by_type"], listed["created_by_id"]) == (made["id"], None, None)
    left = await leftovers(stage, answer)
    assert [link["name"] for link in left["made_links"]] == ["Vera"]


async def leftovers(stage: Stage, answer: Any) -> Any:
    """Follow the link of a removal to what was left behind."""
    path = (answer.header("link") or "").partition(">")[0].removeprefix("</api/v1")
    assert path == f"/revocations/{answer.header('rekey-revocation')}/leftovers"
    return await stage.native.done("GET", path)


@on_stage
async def test_r6_every_way_of_removing_links_to_what_was_left_behind(stage: Stage) -> None:
    key = {"authorization": f"Bearer {stage.world.keys['scim']}"}
    for name in ("bob", "cleo"):
        await stage.add_person(name)
    scim = Api(stage.world, stage.world.client("/scim/v2", key))
    seam = Api(
        stage.world,
        stage.world.client("/seam", {"authorization": f"Bearer {stage.world.keys['seam']}"}),
    )
    people = stage.people
    body = {"user_identity_id": people["cleo"].person_id}
    answers = [
        await stage.kisi.call("DELETE", f"/users/{people['ada'].user}"),
        await scim.call("DELETE", f"/Users/{people['bob'].person_id}"),
        await seam.call("POST", "/user_identities/delete", body),
    ]
    for answer in answers:
        assert answer.status in {200, 204}, answer.body
        assert set(await leftovers(stage, answer)) >= {"made_links", "given_grants", "known_codes"}


@on_stage
async def test_check_5_one_right_of_two_then_the_switch_then_the_directory(stage: Stage) -> None:
    held = await holding(stage)
    await give(stage, await group_of_door(stage, "night"))
    await stage.kisi.done("DELETE", f"/role_assignments/{held.right['id']}")
    assert await passes(stage)
    assert await tapped(stage) is None
    await set_user(stage, access_enabled=False)
    assert await is_refused_everywhere(stage)
    assert (await code_of(stage), await tapped(stage)) == ((403, "fcd8ff"), "fcd8ff")
    scim = Api(
        stage.world,
        stage.world.client("/scim/v2", {"authorization": f"Bearer {stage.world.keys['scim']}"}),
    )
    off = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "active", "value": False}],
    }
    assert (await scim.call("PATCH", f"/Users/{stage.people['ada'].person_id}", off)).status in {200, 204}
    await set_user(stage, access_enabled=True)
    assert await tapped(stage) == "fcd8ff"


@on_stage
async def test_check_6_deleting_a_user_with_everything_leaves_nothing_that_opens(stage: Stage) -> None:
    held = await holding(stage)
    api, ada = stage.kisi, stage.people["ada"]
    second = await give(stage, await group_of_door(stage, "night"))
    team = await api.done("POST", "/teams", {"team": {"name": "Shift"}})
    member = {"team_id": team["id"], "member_id": ada.user, "member_type": "User"}
    await api.done("POST", "/team_memberships", {"team_membership": member})
    link = await add_link(api, {"id": held.group})
    assert await passes(stage)
    answer = await delete_user(stage)
    assert (answer.status, answer.body, answer.header("content-type")) == (204, b"", None)
    assert await is_refused_everywhere(stage)
    assert await tapped(stage) == "faa9ff"
    assert (await ada.login.call("GET", "/user")).status == 401
    for path in (
        f"/users/{ada.user}",
        f"/role_assignments/{held.right['id']}",
        f"/role_assignments/{second['id']}",
    ):
        assert (await api.call("GET", path)).status == 404, path
    assert await api.done("GET", f"/team_memberships?member_type=User&member_id={ada.user}") == []
    assert await api.done("GET", f"/card_assignments?user_id={ada.user}") == []
    visitor = as_visitor(stage.world, link["secret"])
    assert (await visitor.call("POST", f"/locks/{stage.locks[DOOR]}/unlock")).status == 200
    (gone,) = await events(stage, "user.destroy")
    assert gone["object_name"] == "ada"
    assert len(await events(stage, "role_assignment.destroy")) == 2


@on_stage
async def test_decision_order_the_earlier_refusal_is_the_one_that_is_told(stage: Stage) -> None:
    """Section 8.1: credential, lockdown, effective access, then the right."""
    held = await holding(stage)
    lock, ada = stage.locks[DOOR], stage.people["ada"]
    await stage.kisi.done("DELETE", f"/role_assignments/{held.right['id']}")
    assert await code_of(stage) == (403, "fcd8ef")
    await set_user(stage, access_enabled=False)
    assert await code_of(stage) == (403, "fcd8ff")
    await stage.kisi.done("POST", f"/locks/{lock}/lock_down")
    assert await code_of(stage) == (409, "fad001")
    ended = as_login(stage.world, "no such login")
    assert (await ended.call("POST", f"/locks/{lock}/unlock")).status == 401
    await stage.kisi.done("POST", f"/card_assignments/{held.assignment['id']}/deactivate")
    assert await tapped(stage) == "faa9ff"
    await stage.kisi.done("DELETE", f"/users/{ada.user}")
    assert await code_of(stage) == (401, "000401")
