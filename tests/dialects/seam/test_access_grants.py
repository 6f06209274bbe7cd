"""Access grants: doors and methods that a person is given together, and how they end."""

from typing import Any

from rekey.domain.scope import Scope
from rekey.operations.revoke_person import RevokePerson, revoke_person
from tests.dialects.in_world import Api
from tests.dialects.seam.access import FUTURE, delete, event_types, get_grant, give, methods_of, types
from tests.dialects.seam.api import UNKNOWN, add_person, devices_of, link, may_open, query, refusal, seam_test
from tests.dialects.seam.furnished import make_space
from tests.dialects.seam.resources import KEYS, faults


async def digits_of(api: Api, grant: dict[str, Any]) -> str:
    return str((await methods_of(api, grant))[0]["code"])


def _everywhere(api: Api) -> Scope:
    return Scope.organization(api.world.organization_id)


async def _doors_told(api: Api) -> list[tuple[str, str]]:
    """Give which doors the events say were gained and lost, in their order."""
    listed = await api.done("GET", query("/events/list", since="2000-01-01T00:00:00Z"))
    told = ("access_grant.access_to_door_lost", "access_grant.access_granted_to_door")
    return [
        (event["event_type"].partition(".")[2], event["acs_entrance_id"])
        for event in listed["events"]
        if event["event_type"] in told
    ]


@seam_test
async def test_a_grant_with_a_code_opens_its_doors_and_no_other(api: Api) -> None:
    front, back = await api.world.add_door("Front"), await api.world.add_door("Back")
    grant = await give(api, front, user_identity={"full_name": "Ada"}, name="Stay")
    assert [*faults(KEYS["access_grant"], grant)] == []
    (method,) = await methods_of(api, grant)
    assert [*faults(KEYS["access_method"], method)] == []
    assert (method["mode"], method["is_issued"]) == ("code", True)
    assert types(api, method["code"], front)
    assert not types(api, method["code"], back)
    person = grant["user_identity_id"]
    assert (await may_open(api, person, front), await may_open(api, person, back)) == (True, False)


@seam_test
async def test_the_events_of_a_grant_come_in_the_order_of_the_contract(api: Api) -> None:
    front = await api.world.add_door("Front")
    await give(api, front)
    assert await event_types(api, "access_grant.", "access_method.") == [
        "access_grant.created",
        "access_method.created",
        "access_method.issued",
        "access_grant.access_granted_to_door",
        "access_grant.access_granted_to_all_doors",
    ]


@seam_test
async def test_a_deleted_grant_takes_its_doors_and_codes_and_leaves_the_person(api: Api) -> None:
    front = await api.world.add_door("Front")
    grant = await give(api, front)
    code = await digits_of(api, grant)
    await delete(api, "/access_grants/delete", access_grant_id=grant["access_grant_id"])
    await api.world.settle()
    person = grant["user_identity_id"]
    assert not types(api, code, front)
    assert not await may_open(api, person, front)
    answer = await api.call("GET", query("/access_grants/get", access_grant_id=grant["access_grant_id"]))
    assert refusal(answer) == (404, "access_grant_not_found")
    assert (await api.done("GET", query("/user_identities/get", user_identity_id=person)))["ok"]
    assert await event_types(api, "access_grant.deleted", "access_method.deleted", "access_code.deleted") == [
        "access_method.deleted",
        "access_grant.deleted",
        "access_code.deleted",
    ]


@seam_test
async def test_a_person_revoked_at_a_door_is_shut_out_with_the_code_and_the_grant_says_so(api: Api) -> None:
    front = await api.world.add_door("Front")
    grant = await give(api, front)
    code = await digits_of(api, grant)
    await link(api, grant["user_identity_id"], front, "revoke")
    await api.world.settle()
    assert not types(api, code, front)
    shown = await get_grant(api, grant["access_grant_id"])
    assert [error["error_code"] for error in shown["errors"]] == ["access_not_provisioned"]
    (method,) = await methods_of(api, grant)
    assert method["is_issued"] is False


@seam_test
async def test_a_grant_is_found_by_its_key_which_is_unique(api: Api) -> None:
    front = await api.world.add_door("Front")
    grant = await give(api, front, access_grant_key="g1")
    found = await api.done("GET", query("/access_grants/get", access_grant_key="g1"))
    assert found["access_grant"]["access_grant_id"] == grant["access_grant_id"]
    body = {
        "user_identity_id": grant["user_identity_id"],
        "device_ids": [front],
        "access_grant_key": "g1",
        "requested_access_methods": [{"mode": "code"}],
    }
    again = await api.call("POST", "/access_grants/create", body)
    assert refusal(again) == (409, "access_grant_already_exists")
    other = await give(api, front)
    keyless = await api.done("GET", query("/access_grants/list", access_grant_key=""))
    assert [one["access_grant_id"] for one in keyless["access_grants"]] == [other["access_grant_id"]]


@seam_test
async def test_what_a_grant_needs_is_asked_for(api: Api) -> None:
    front, person = await api.world.add_door("Front"), await add_person(api)
    methods = [{"mode": "code"}]
    whole = {"user_identity_id": person, "device_ids": [front], "requested_access_methods": methods}
    for wrong in (
        {**whole, "device_ids": []},
        {**whole, "requested_access_methods": []},
        {**whole, "requested_access_methods": [{"mode": "spell"}]},
        {**whole, "requested_access_methods": [{"mode": "code", "code": "12"}]},
        {**whole, "user_identity": {"full_name": "Bob"}},
        {**whole, "ends_at": "2001-01-01T00:00:00Z"},
    ):
        answer = await api.call("POST", "/access_grants/create", wrong)
        assert refusal(answer) == (400, "invalid_input"), wrong
    answer = await api.call("POST", "/access_grants/create", {**whole, "device_ids": [UNKNOWN]})
    assert refusal(answer) == (404, "device_not_found")
    assert (await api.done("GET", query("/access_grants/list")))["access_grants"] == []


@seam_test
async def test_grants_follow_their_spaces(api: Api) -> None:
    front, back = await api.world.add_door("Front"), await api.world.add_door("Back")
    space = (await make_space(api, front))["space_id"]
    grant = await give(api, space_ids=[space])
    code = await digits_of(api, grant)
    await api.done("PUT", "/spaces/add_devices", {"space_id": space, "device_ids": [back]})
    await api.world.settle()
    assert types(api, code, back)
    await delete(api, "/spaces/remove_devices", space_id=space, device_ids=front)
    await api.world.settle()
    assert not types(api, code, front)
    await delete(api, "/spaces/delete", space_id=space)
    await api.world.settle()
    assert not types(api, code, back)
    assert await _doors_told(api) == [
        ("access_granted_to_door", front),
        ("access_granted_to_door", back),
        ("access_to_door_lost", front),
        ("access_to_door_lost", back),
    ]


@seam_test
async def test_another_window_revokes_and_reissues_the_methods_and_keeps_the_digits(api: Api) -> None:
    front = await api.world.add_door("Front")
    grant = await give(api, front, modes=("code", "cloud_key"))
    before = {one["mode"]: one.get("code") for one in await methods_of(api, grant)}
    window = {"access_grant_id": grant["access_grant_id"], "ends_at": "2198-01-01T00:00:00.000Z"}
    await api.done("PATCH", "/access_grants/update", window)
    await api.world.settle()
    shown = await get_grant(api, grant["access_grant_id"])
    assert shown["ends_at"] == window["ends_at"]
    methods = await methods_of(api, grant)
    assert {one["mode"]: one.get("code") for one in methods} == before
    assert all(one["is_issued"] for one in methods)
    assert types(api, str(before["code"]), front)
    told = await event_types(api, "access_method.re", "access_grant.access_times_changed")
    assert told[0] == "access_grant.access_times_changed"
    assert (told.count("access_method.revoked"), told.count("access_method.reissued")) == (2, 2)


@seam_test
async def test_places_that_are_sent_replace_the_grants_places(api: Api) -> None:
    front, back = await api.world.add_door("Front"), await api.world.add_door("Back")
    grant = await give(api, front)
    code = await digits_of(api, grant)
    moved = {"access_grant_id": grant["access_grant_id"], "device_ids": [back]}
    await api.done("PATCH", "/access_grants/update", moved)
    await api.world.settle()
    assert (types(api, code, front), types(api, code, back)) == (False, True)
    assert await devices_of(api, grant["user_identity_id"]) == [back]


@seam_test
async def test_a_code_that_is_taken_is_replaced_by_another_with_a_warning(api: Api) -> None:
    front = await api.world.add_door("Front")
    await api.done("POST", "/access_codes/create", {"device_id": front, "code": "4711"})
    wanted = [{"mode": "code", "code": "4711"}]
    grant = await give(api, front, requested_access_methods=wanted)
    (warning,) = (await get_grant(api, grant["access_grant_id"]))["warnings"]
    assert (warning["warning_code"], warning["original_code"]) == ("requested_code_unavailable", "4711")
    assert warning["new_code"] == await digits_of(api, grant) != "4711"


@seam_test
async def test_several_grants_of_one_person_share_a_code_where_doors_can_tell(api: Api) -> None:
    front, back = await api.world.add_door("Front"), await api.world.add_door("Back")
    person = await add_person(api)
    one = await give(api, front, user_identity_id=person)
    other = await give(api, back, user_identity_id=person)
    third = await give(api, back, user_identity_id=person)
    assert await digits_of(api, one) == await digits_of(api, other) != await digits_of(api, third)


@seam_test
async def test_a_person_who_left_is_given_no_grant_and_the_refusal_changes_nothing(api: Api) -> None:
    front = await api.world.add_door("Front")
    grant = await give(api, front)
    person, code = grant["user_identity_id"], await digits_of(api, grant)
    await api.world.perform(
        revoke_person, RevokePerson(person_id=person, scope=_everywhere(api), leaving=True)
    )
    await api.world.settle()
    assert not types(api, code, front)
    body = {
        "user_identity_id": person,
        "device_ids": [front],
        "requested_access_methods": [{"mode": "code"}],
    }
    answer = await api.call("POST", "/access_grants/create", body)
    assert 400 <= answer.status < 500, answer.body
    more = {
        "access_grant_id": grant["access_grant_id"],
        "requested_access_methods": [{"mode": "cloud_key"}],
    }
    answer = await api.call("POST", "/access_grants/request_access_methods", more)
    assert 400 <= answer.status < 500, answer.body
    listed = await api.done("GET", query("/access_grants/list", user_identity_id=person))
    assert [one["access_grant_id"] for one in listed["access_grants"]] == [grant["access_grant_id"]]
    assert [one["mode"] for one in await methods_of(api, grant)] == ["code"]


@seam_test
async def test_everything_revoked_of_a_user_of_the_system_leaves_a_dead_code(api: Api) -> None:
    front = await api.world.add_door("Front")
    grant = await give(api, front)
    code = await digits_of(api, grant)
    assert types(api, code, front)
    user = {"user_identity_id": grant["user_identity_id"]}
    await api.done("POST", "/acs/users/revoke_access_to_all_entrances", user)
    await api.world.settle()
    assert not types(api, code, front)


@seam_test
async def test_related_resources_come_in_one_answer(api: Api) -> None:
    front = await api.world.add_door("Front")
    grant = await give(api, front)
    path = query("/access_grants/get_related", access_grant_ids=[grant["access_grant_id"]])
    batch = (await api.done("GET", path))["batch"]
    assert [*faults(KEYS["batch"], batch)] == []
    assert [one["device_id"] for one in batch["devices"]] == [front]
    assert [one["access_grant_id"] for one in batch["access_grants"]] == [grant["access_grant_id"]]
    narrowed = await api.done("GET", f"{path}&include=user_identities")
    assert {*narrowed["batch"]} == {"access_grants", "user_identities"}


@seam_test
async def test_unmanaged_grants_and_methods_are_none(api: Api) -> None:
    assert (await api.done("GET", query("/access_grants/unmanaged/list")))["access_grants"] == []
    answer = await api.call("GET", query("/access_grants/unmanaged/get", access_grant_id=UNKNOWN))
    assert refusal(answer) == (404, "access_grant_not_found")
    listed = await api.done("GET", query("/access_methods/unmanaged/list", access_grant_id=UNKNOWN))
    assert listed["access_methods"] == []


@seam_test
async def test_a_stay_has_its_doors_and_its_days(api: Api) -> None:
    front, back = await api.world.add_door("Front"), await api.world.add_door("Back")
    first = await give(api, front, reservation_key="r1", ends_at="2198-01-01T00:00:00Z")
    assert first["reservation_key"] == "r1"
    joined = await give(api, front, reservation_key="r1", ends_at="2198-01-01T00:00:00Z")
    person = joined["user_identity_id"]
    whole = {
        "user_identity_id": person,
        "requested_access_methods": [{"mode": "code"}],
        "reservation_key": "r1",
    }
    later = {"starts_at": "2198-02-01T00:00:00Z", "ends_at": FUTURE}
    for other in ({"device_ids": [back]}, {"device_ids": [front, back]}, {"device_ids": [front], **later}):
        answer = await api.call("POST", "/access_grants/create", {**whole, **other})
        assert answer.status == 409, other
    listed = await api.done("GET", query("/access_grants/list", reservation_key="r1"))
    assert len(listed["access_grants"]) == 2


@seam_test
async def test_a_filter_by_customer_is_held_before_a_page_is_cut(api: Api) -> None:
    front = await api.world.add_door("Front")
    for name in ("Ben", "Cleo", "Dan"):
        await give(api, front, user_identity_id=await add_person(api, name))
    person = await api.world.add_person("Ada", customer_key="c1")
    grant = await give(api, front, user_identity_id=person)
    listed = await api.done("GET", query("/access_grants/list", customer_key="c1", limit=1))
    assert [one["access_grant_id"] for one in listed["access_grants"]] == [grant["access_grant_id"]]
    assert listed["pagination"]["has_next_page"] is False


@seam_test
async def test_a_client_session_lists_no_grants(api: Api) -> None:
    person = await add_person(api)
    made = await api.done("POST", "/client_sessions/create", {"user_identity_id": person})
    client = api.world.client("/seam", {"client-session-token": made["client_session"]["token"]})
    answer = await Api(api.world, client).call("GET", query("/access_grants/list"))
    assert refusal(answer) == (401, "unauthorized")
