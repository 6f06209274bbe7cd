"""Managing doors: names, metadata, what is seen but not managed, what goes wrong with them, and workspaces."""

import asyncio
from pathlib import Path

from tests.dialects.in_world import Api
from tests.dialects.seam.api import UNKNOWN, add_person, link, may_open, query, refusal, seam_test, with_key
from tests.dialects.seam.furnished import devices_seen, make_space
from tests.dialects.seam.resources import KEYS, UNMANAGED_DEVICE, faults
from tests.support.world import open_world


async def update(api: Api, door: str, **changes: object) -> None:
    await api.done("PATCH", "/devices/update", {"device_id": door, **changes})


async def device(api: Api, door: str) -> dict[str, object]:
    found: dict[str, object] = (await api.done("GET", query("/devices/get", device_id=door)))["device"]
    return found


async def codes(api: Api, door: str) -> set[str]:
    errors = (await device(api, door))["errors"]
    assert isinstance(errors, list)
    return {error["error_code"] for error in errors}


@seam_test
async def test_metadata_is_added_to_pair_by_pair_and_null_takes_a_pair_away(api: Api) -> None:
    door = await api.world.add_door("Front")
    await update(api, door, name="Main", custom_metadata={"floor": "2", "vip": True, "n": 7})
    await update(api, door, custom_metadata={"floor": None, "wing": "A"})
    shown = await device(api, door)
    assert (shown["display_name"], shown["custom_metadata"]) == ("Main", {"vip": True, "n": "7", "wing": "A"})
    path = "/devices/list?custom_metadata_has.vip=true&custom_metadata_has.wing=A&_strict=true"
    assert len((await api.done("GET", path))["devices"]) == 1
    assert await devices_seen(api, custom_metadata_has={"wing": "B"}) == []
    assert await devices_seen(api, search="wing") == []


@seam_test
async def test_metadata_has_bounds(api: Api) -> None:
    door = await api.world.add_door("Front")
    for metadata in ({"x": "y" * 501}, {str(n): "v" for n in range(51)}, {"x": [1]}):
        answer = await api.call("PATCH", "/devices/update", {"device_id": door, "custom_metadata": metadata})
        assert refusal(answer) == (400, "invalid_input")
    assert (await device(api, door))["custom_metadata"] == {}


@seam_test
async def test_a_device_that_is_given_up_is_seen_and_cannot_be_controlled(api: Api) -> None:
    door, ada = await api.world.add_door("Front"), await add_person(api)
    await link(api, ada, door)
    await update(api, door, is_managed=False)
    for path in ("/devices/get", "/locks/get", "/locks/unlock_door", "/locks/lock_door", "/devices/update"):
        answer = await api.call("POST", path, {"device_id": door})
        assert refusal(answer) == (404, "device_not_found"), path
    assert refusal(await link(api, ada, door)) == (404, "device_not_found")
    assert await devices_seen(api) == []
    listed = (await api.done("GET", "/devices/unmanaged/list"))["devices"]
    assert [*faults([UNMANAGED_DEVICE], listed)] == []
    found = await api.done("GET", query("/devices/unmanaged/get", device_id=door))
    assert found["device"] == listed[0]
    # Whoever may open it still may, and can still be taken out.
    assert await may_open(api, ada, door)
    assert (await link(api, ada, door, "revoke")).status == 200
    assert not await may_open(api, ada, door)


@seam_test
async def test_a_device_comes_back_into_management_and_no_other_way(api: Api) -> None:
    door = await api.world.add_door("Front")
    answer = await api.call("PATCH", "/devices/unmanaged/update", {"device_id": door, "is_managed": True})
    assert refusal(answer) == (404, "device_not_found")
    await update(api, door, is_managed=False)
    await api.done("PATCH", "/devices/unmanaged/update", {"device_id": door, "is_managed": True})
    assert await devices_seen(api) == [door]
    assert refusal(await api.call("POST", "/devices/unmanaged/get", {"device_id": door}))[0] == 404


@seam_test
async def test_errors_of_a_device_come_and_go_with_what_is_wrong(api: Api) -> None:
    door = await api.world.add_door("Front")
    for path, code, back in (
        ("disconnect", "device_disconnected", "connect"),
        ("disconnect_from_hub", "hub_disconnected", "connect_to_hub"),
    ):
        await api.done("POST", f"/devices/simulate/{path}", {"device_id": door})
        assert await codes(api, door) == {code}
        await api.done("POST", f"/devices/simulate/{back}", {"device_id": door})
        assert await codes(api, door) == set()
    unpaid = {"device_id": door, "is_expired": True}
    await api.done("POST", "/devices/simulate/paid_subscription", unpaid)
    assert await codes(api, door) == {"subscription_required"}
    attempt = await api.done("POST", "/locks/unlock_door", {"device_id": door, "sync": True})
    assert attempt["action_attempt"]["status"] == "error"
    await api.done("POST", "/devices/simulate/paid_subscription", {**unpaid, "is_expired": False})
    assert await codes(api, door) == set()
    await api.done("POST", "/devices/simulate/remove", {"device_id": door})
    assert await codes(api, door) == {"device_removed"}


def test_nothing_is_simulated_or_reset_on_a_server_that_is_in_earnest(tmp_path: Path) -> None:
    async def told() -> None:
        async with open_world(tmp_path, sandbox=False) as world:
            api = with_key(world)
            door = await world.add_door("Front")
            for path in ("/devices/simulate/disconnect", "/workspaces/reset_sandbox"):
                answer = await api.call("POST", path, {"device_id": door})
                assert refusal(answer) == (400, "workspace_not_sandbox"), path
            assert (await device(api, door))["can_simulate_removal"] is False

    asyncio.run(told())


@seam_test
async def test_when_a_door_locks_again_can_be_chosen_and_the_attempt_can_be_polled(api: Api) -> None:
    door = await api.world.add_door("Front")
    wanted = {"device_id": door, "auto_lock_enabled": True, "auto_lock_delay_seconds": 30}
    attempt = (await api.done("POST", "/locks/configure_auto_lock", wanted))["action_attempt"]
    assert [*faults(KEYS["action_attempt"], attempt)] == []
    assert (attempt["status"], attempt["action_type"]) == ("success", "CONFIGURE_AUTO_LOCK")
    path = query("/action_attempts/get", action_attempt_id=attempt["action_attempt_id"])
    assert (await api.done("GET", path))["action_attempt"] == attempt
    shown = await api.world.core.store.read(api.world.organization_id, lambda view: view.doors.get(door))
    assert shown is not None
    assert shown.settings.open_seconds == 30
    for wrong, expected in (
        ({**wanted, "auto_lock_delay_seconds": 61}, "invalid_input"),
        ({"device_id": door, "auto_lock_enabled": True}, "invalid_input"),
        ({"device_id": door, "auto_lock_enabled": False}, "not_supported"),
    ):
        assert refusal(await api.call("POST", "/locks/configure_auto_lock", wrong)) == (400, expected)


@seam_test
async def test_brands_are_listed_by_category(api: Api) -> None:
    listed = (await api.done("GET", "/devices/list_device_providers"))["device_providers"]
    assert [*faults(KEYS["device_providers"], listed)] == []
    filtered = await api.done("GET", query("/devices/list_device_providers", provider_category="cameras"))
    assert filtered["device_providers"] == []


@seam_test
async def test_time_zones_that_are_reported_are_checked(api: Api) -> None:
    door = await api.world.add_door("Front")
    one = {"device_id": door, "schlage_metadata": {"time_zone": "Europe/Berlin"}}
    await api.done("POST", "/devices/report_provider_metadata", {"devices": [one]})
    wrong = {**one, "schlage_metadata": {"time_zone": "Mars/Base"}}
    answer = await api.call("POST", "/devices/report_provider_metadata", {"devices": [wrong]})
    assert refusal(answer) == (400, "invalid_input")


@seam_test
async def test_a_reset_leaves_the_owner_one_site_and_the_keys(api: Api) -> None:
    door, ada = await api.world.add_door("Front"), await add_person(api)
    await link(api, ada, door)
    await make_space(api, door)
    attempt = (await api.done("POST", "/workspaces/reset_sandbox"))["action_attempt"]
    assert (attempt["status"], attempt["action_type"]) == ("success", "RESET_SANDBOX_WORKSPACE")
    assert not await may_open(api, ada, door)
    for path, key in (("/devices/list", "devices"), ("/spaces/list", "spaces")):
        assert (await api.done("GET", path))[key] == []
    left = (await api.done("GET", "/user_identities/list"))["user_identities"]
    assert [one["email_address"] for one in left] == [api.world.owner["email"]]


@seam_test
async def test_a_workspace_is_renamed_and_its_pages_take_the_chosen_looks(api: Api) -> None:
    looks = {"logo_shape": "circle", "primary_button_color": "#112233"}
    wanted = {"name": "Initech", "connect_partner_name": "Partner", "connect_webview_customization": looks}
    await api.done("PATCH", "/workspaces/update", wanted)
    shown = (await api.done("GET", "/workspaces/get"))["workspace"]
    assert [*faults(KEYS["workspace"], shown)] == []
    assert (shown["name"], shown["connect_partner_name"]) == ("Initech", "Partner")
    assert shown["connect_webview_customization"] == looks
    answer = await api.call("PATCH", "/workspaces/update", {"is_suspended": True})
    assert refusal(answer) == (400, "invalid_input")


async def personal_token(api: Api) -> str:
    """Make the owner's personal access token through the native API."""
    native = Api(
        api.world, api.world.client("/api/v1", {"authorization": f"Bearer {api.world.keys['rekey']}"})
    )
    person = await api.world.owner_person_id()
    made = await native.done("POST", "/keys", {"name": "Mine", "for": "seam_personal", "person": person})
    return str(made["secret"])


@seam_test
async def test_a_personal_token_names_its_workspace_except_to_list_and_to_make_some(api: Api) -> None:
    token = await personal_token(api)
    assert token.startswith("seam_at1")
    mine = Api(api.world, api.world.client("/seam", {"authorization": f"Bearer {token}"}))
    own = api.world.organization_id
    assert refusal(await mine.call("GET", "/devices/list")) == (401, "unauthorized")
    assert (await mine.call("GET", "/devices/list", seam_workspace=own)).status == 200
    assert refusal(await mine.call("GET", "/devices/list", seam_workspace=UNKNOWN)) == (
        401,
        "workspace_not_found",
    )
    assert len((await mine.done("GET", "/workspaces/list"))["workspaces"]) == 1


@seam_test
async def test_a_workspace_that_is_made_is_reached_by_the_token_that_made_it(api: Api) -> None:
    mine = Api(api.world, api.world.client("/seam", {"authorization": f"Bearer {await personal_token(api)}"}))
    made = (await mine.done("POST", "/workspaces/create", {"name": "Second", "company_name": "Two"}))[
        "workspace"
    ]
    assert (made["name"], made["company_name"]) == ("Second", "Two")
    listed = (await mine.done("GET", "/workspaces/list"))["workspaces"]
    assert {one["name"] for one in listed} == {"Acme", "Second"}
    inside = await mine.call("GET", "/workspaces/get", seam_workspace=made["workspace_id"])
    assert inside.json()["workspace"]["workspace_id"] == made["workspace_id"]
    refused = await api.call("POST", "/workspaces/create", {"name": "Third"})
    assert refusal(refused) == (401, "unauthorized")
