"""What users, groups and credentials wait for comes with a wish and goes with what the doors have proved."""

from typing import Any

from tests.dialects.in_world import Api
from tests.dialects.seam.api import add_group, add_person, add_user, link, query, refusal, seam_test
from tests.dialects.seam.cards import get_credential, make_credential, told

LATER = {"starts_at": "2199-01-01T00:00:00.000Z", "ends_at": "2199-02-01T00:00:00.000Z"}


async def pending(api: Api, user_id: str) -> list[dict[str, Any]]:
    found = await told(api, "/acs/users/get", {"acs_user_id": user_id}, verb="GET")
    changes: list[dict[str, Any]] = found["acs_user"]["pending_mutations"]
    return [
        {name: value for name, value in one.items() if name not in {"message", "created_at"}}
        for one in changes
    ]


async def reach(api: Api, door_id: str, way: str) -> None:
    """Cut the door off, or bring it back, and let it be served."""
    await api.done("POST", f"/devices/simulate/{way}", {"device_id": door_id})
    await api.world.settle()


async def user_at(api: Api, door_id: str) -> str:
    """Add a user who may open the door, which knows it."""
    user: str = (await add_user(api))["acs_user_id"]
    await api.done("POST", "/acs/entrances/grant_access", {"acs_entrance_id": door_id, "acs_user_id": user})
    await api.world.settle()
    return user


@seam_test
async def test_a_user_without_access_waits_for_nothing(api: Api) -> None:
    await api.world.add_door("Front")
    assert await pending(api, (await add_user(api))["acs_user_id"]) == []


@seam_test
async def test_a_user_is_being_created_until_the_doors_of_its_groups_know_it(api: Api) -> None:
    group = await add_group(api, await api.world.add_door("Front"))
    user = (await add_user(api, acs_access_group_ids=[group]))["acs_user_id"]
    assert await pending(api, user) == [{"mutation_code": "creating"}]
    await api.world.settle()
    assert await pending(api, user) == []


@seam_test
async def test_a_suspension_waits_for_a_door_that_cannot_be_reached(api: Api) -> None:
    front = await api.world.add_door("Front")
    user = await user_at(api, front)
    await reach(api, front, "disconnect")
    await api.done("POST", "/acs/users/suspend", {"acs_user_id": user})
    await api.world.settle()
    waiting = {
        "mutation_code": "updating_suspension_state",
        "from": {"is_suspended": False},
        "to": {"is_suspended": True},
    }
    assert await pending(api, user) == [waiting]
    await reach(api, front, "connect")
    assert await pending(api, user) == []


@seam_test
async def test_a_suspension_that_was_taken_back_changes_nothing(api: Api) -> None:
    front = await api.world.add_door("Front")
    user = await user_at(api, front)
    await reach(api, front, "disconnect")
    for verb in ("suspend", "unsuspend"):
        await api.done("POST", f"/acs/users/{verb}", {"acs_user_id": user})
    await api.world.settle()
    assert await pending(api, user) == []


@seam_test
async def test_a_new_schedule_is_told_with_the_one_before(api: Api) -> None:
    front = await api.world.add_door("Front")
    user = await user_at(api, front)
    await api.done("PATCH", "/acs/users/update", {"acs_user_id": user, "access_schedule": LATER})
    waiting = {
        "mutation_code": "updating_access_schedule",
        "from": {"starts_at": None, "ends_at": None},
        "to": LATER,
    }
    assert await pending(api, user) == [waiting]
    await api.world.settle()
    assert await pending(api, user) == []


@seam_test
async def test_a_new_name_is_true_at_once(api: Api) -> None:
    user = await user_at(api, await api.world.add_door("Front"))
    await api.done("PATCH", "/acs/users/update", {"acs_user_id": user, "full_name": "Ada B"})
    assert await pending(api, user) == []


@seam_test
async def test_joining_and_leaving_a_group_wait_on_both_sides(api: Api) -> None:
    front, back = await api.world.add_door("Front"), await api.world.add_door("Back")
    group, user = await add_group(api, back), await user_at(api, front)
    named = {"acs_access_group_id": group, "acs_user_id": user}
    for verb, before, after in (("PUT", None, group), ("DELETE", group, None)):
        path = f"/acs/access_groups/{'add' if verb == 'PUT' else 'remove'}_user"
        await api.done(verb, query(path, **named) if verb == "DELETE" else path, named)
        assert await pending(api, user) == [
            {
                "mutation_code": "updating_group_membership",
                "from": {"acs_access_group_id": before},
                "to": {"acs_access_group_id": after},
            }
        ]
        shown = await told(api, "/acs/access_groups/get", {"acs_access_group_id": group}, verb="GET")
        (change,) = shown["acs_access_group"]["pending_mutations"]
        assert change["mutation_code"] == "updating_user_membership"
        assert change["to"] == {"acs_user_id": user if after else None}
        await api.world.settle()
        assert await pending(api, user) == []
        shown = await told(api, "/acs/access_groups/get", {"acs_access_group_id": group}, verb="GET")
        assert shown["acs_access_group"]["pending_mutations"] == []


@seam_test
async def test_a_credential_that_is_handed_on_waits_until_the_doors_know_it(api: Api) -> None:
    front = await api.world.add_door("Front")
    code = await make_credential(api, "code", front)
    owner = {"acs_credential_id": code["acs_credential_id"], "acs_user_id": code["acs_user_id"]}
    await told(api, "/acs/credentials/unassign", owner, verb="PATCH")
    await api.world.settle()
    user = await user_at(api, front)
    await told(api, "/acs/credentials/assign", {**owner, "acs_user_id": user}, verb="PATCH")
    assert await pending(api, user) == [
        {
            "mutation_code": "updating_credential_assignment",
            "from": {"acs_credential_id": None},
            "to": {"acs_credential_id": code["acs_credential_id"]},
        }
    ]
    await api.world.settle()
    assert await pending(api, user) == []
    assert (await get_credential(api, code["acs_credential_id"]))[
        "latest_desired_state_synced_with_provider_at"
    ]


@seam_test
async def test_a_deleted_user_is_shown_while_a_door_may_still_open_to_it(api: Api) -> None:
    front = await api.world.add_door("Front")
    user = await user_at(api, front)
    await reach(api, front, "disconnect")
    path = query("/acs/users/delete", acs_user_id=user)
    await api.done("DELETE", path)
    await api.world.settle()
    shown = (await told(api, "/acs/users/get", {"acs_user_id": user}, verb="GET"))["acs_user"]
    assert [one["warning_code"] for one in shown["warnings"]] == ["being_deleted"]
    assert [one["mutation_code"] for one in shown["pending_mutations"]] == ["deleting"]
    await api.done("DELETE", path)
    await reach(api, front, "connect")
    answer = await api.call("GET", query("/acs/users/get", acs_user_id=user))
    assert refusal(answer) == (404, "acs_user_not_found")
    assert refusal(await api.call("DELETE", path)) == (404, "acs_user_not_found")


@seam_test
async def test_a_deleted_person_is_shown_while_a_door_may_still_open(api: Api) -> None:
    front, person = await api.world.add_door("Front"), await add_person(api)
    await link(api, person, front)
    await api.world.settle()
    await reach(api, front, "disconnect")
    path = query("/user_identities/delete", user_identity_id=person)
    await api.done("DELETE", path)
    await api.world.settle()
    named = {"user_identity_id": person}
    shown = (await told(api, "/user_identities/get", named, verb="GET"))["user_identity"]
    assert [one["warning_code"] for one in shown["warnings"]] == ["being_deleted"]
    again = await api.call("DELETE", path)
    assert (again.status, bool(again.header("rekey-revocation"))) == (200, True)
    await reach(api, front, "connect")
    answer = await api.call("GET", query("/user_identities/get", **named))
    assert refusal(answer) == (404, "user_identity_not_found")


@seam_test
async def test_a_deleted_credential_is_shown_while_a_door_may_still_let_it_in(api: Api) -> None:
    front = await api.world.add_door("Front")
    code = (await make_credential(api, "code", front))["acs_credential_id"]
    await reach(api, front, "disconnect")
    path = query("/acs/credentials/delete", acs_credential_id=code)
    await api.done("DELETE", path)
    await api.world.settle()
    assert [one["warning_code"] for one in (await get_credential(api, code))["warnings"]] == ["being_deleted"]
    await api.done("DELETE", path)
    await reach(api, front, "connect")
    answer = await api.call("GET", query("/acs/credentials/get", acs_credential_id=code))
    assert refusal(answer) == (404, "acs_credential_not_found")


@seam_test
async def test_a_deleted_group_is_shown_while_a_door_of_it_cannot_be_told(api: Api) -> None:
    front = await api.world.add_door("Front")
    group, user = await add_group(api, front), (await add_user(api))["acs_user_id"]
    named = {"acs_access_group_id": group}
    await api.done("PUT", "/acs/access_groups/add_user", {**named, "acs_user_id": user})
    await api.world.settle()
    await reach(api, front, "disconnect")
    await api.done("DELETE", query("/acs/access_groups/delete", **named))
    await api.world.settle()
    shown = (await told(api, "/acs/access_groups/get", named, verb="GET"))["acs_access_group"]
    assert [one["warning_code"] for one in shown["warnings"]] == ["being_deleted"]
    assert [one["mutation_code"] for one in shown["pending_mutations"]] == ["deleting"]
    await reach(api, front, "connect")
    answer = await api.call("GET", query("/acs/access_groups/get", **named))
    assert refusal(answer) == (404, "acs_access_group_not_found")
