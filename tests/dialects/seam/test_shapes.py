"""Every route that is served answers the keys and resources that clients were promised, by every verb."""

from typing import Any

from tests.dialects.in_world import Api
from tests.dialects.seam.api import add_group, add_person, add_user, query, seam_test
from tests.dialects.seam.resources import KEYS, faults

OVER = {"starts_at": "2020-01-01T00:00:00Z", "ends_at": "2020-02-01T00:00:00Z"}


async def answer(api: Api, verb: str, path: str, values: dict[str, Any]) -> dict[str, Any]:
    """Call, and hold the answer against the keys that the description promises for this route."""
    by_query = verb in {"GET", "DELETE"}
    shown: dict[str, Any] = await api.done(
        verb, query(path, **values) if by_query else path, None if by_query else values
    )
    described = (await api.done("GET", "/openapi.json"))["paths"][path][verb.lower()]
    promised = described["responses"]["200"]["content"]["application/json"]["schema"]["required"]
    assert sorted(shown) == sorted(promised), path
    assert [*faults({key: KEYS[key] for key in shown}, shown, path)] == []
    return shown


async def furnish(api: Api) -> dict[str, str]:
    """Make one of everything, and a door that is offline."""
    door = await api.world.add_door("Front")
    await api.world.add_door("Far", offline="true")
    user = await add_user(api, "Ada", email_address="ada@acme.test", access_schedule=OVER)
    await add_person(api, "Bo", user_identity_key="bo", phone_number="+4930123456")
    await api.done("POST", "/user_identities/create", {})
    return {
        "device_id": door,
        "acs_entrance_id": door,
        "acs_access_group_id": await add_group(api, door),
        "acs_user_id": user["acs_user_id"],
        "user_identity_id": user["user_identity_id"],
        "acs_system_id": api.world.site_id,
    }


READS = {
    "/workspaces/get": (),
    "/workspaces/list": (),
    "/devices/get": ("device_id",),
    "/devices/list": (),
    "/locks/get": ("device_id",),
    "/locks/list": (),
    "/action_attempts/list": (),
    "/user_identities/get": ("user_identity_id",),
    "/user_identities/list": (),
    "/user_identities/list_accessible_devices": ("user_identity_id",),
    "/user_identities/list_accessible_entrances": ("user_identity_id",),
    "/user_identities/list_acs_systems": ("user_identity_id",),
    "/user_identities/list_acs_users": ("user_identity_id",),
    "/acs/systems/get": ("acs_system_id",),
    "/acs/systems/list": (),
    "/acs/entrances/get": ("acs_entrance_id",),
    "/acs/entrances/list": (),
    "/acs/users/get": ("acs_user_id",),
    "/acs/users/list": (),
    "/acs/users/list_accessible_entrances": ("acs_user_id",),
    "/acs/access_groups/get": ("acs_access_group_id",),
    "/acs/access_groups/list": (),
    "/acs/access_groups/list_users": ("acs_access_group_id",),
    "/acs/access_groups/list_accessible_entrances": ("acs_access_group_id",),
}
WRITES = (
    ("PUT", "/user_identities/grant_access_to_device", ("user_identity_id", "device_id")),
    ("POST", "/acs/entrances/grant_access", ("acs_user_id", "acs_entrance_id")),
    ("PUT", "/acs/access_groups/add_user", ("acs_access_group_id", "acs_user_id")),
    ("PUT", "/acs/users/add_to_access_group", ("acs_access_group_id", "acs_user_id")),
    ("PUT", "/user_identities/add_acs_user", ("acs_user_id", "user_identity_id")),
    ("PATCH", "/user_identities/update", ("user_identity_id",)),
    ("PATCH", "/acs/users/update", ("acs_user_id",)),
    ("POST", "/acs/users/suspend", ("acs_user_id",)),
    ("POST", "/acs/users/unsuspend", ("acs_user_id",)),
    ("DELETE", "/acs/access_groups/remove_user", ("acs_access_group_id", "acs_user_id")),
    ("DELETE", "/acs/users/remove_from_access_group", ("acs_access_group_id", "acs_user_id")),
    ("DELETE", "/user_identities/revoke_access_to_device", ("user_identity_id", "device_id")),
    ("POST", "/acs/users/revoke_access_to_all_entrances", ("acs_user_id",)),
)
ENDS = (
    ("DELETE", "/acs/users/delete", ("acs_user_id",)),
    ("DELETE", "/user_identities/remove_acs_user", ("acs_user_id", "user_identity_id")),
    ("DELETE", "/user_identities/delete", ("user_identity_id",)),
)
# Their shapes are checked where they are told of: accounts, sessions, spaces, customers, feeds, management.
ELSEWHERE = (
    "/access_codes/",
    "/access_grants/",
    "/access_methods/",
    "/acs/access_groups/delete",
    "/acs/credentials/",
    "/acs/encoders/",
    "/acs/entrances/list_credentials_with_access",
    "/acs/entrances/unlock",
    "/acs/systems/",
    "/client_sessions/",
    "/connect_webviews/",
    "/connected_accounts/",
    "/customers/",
    "/devices/",
    "/events/",
    "/instant_keys/",
    "/locks/configure_auto_lock",
    "/locks/simulate/",
    "/phones/",
    "/spaces/",
    "/user_identities/generate_instant_key",
    "/user_identities/merge",
    "/user_identities/unmanaged/",
    "/webhooks/",
    "/workspaces/",
)
MOVES = ("/locks/unlock_door", "/locks/lock_door")


def named(known: dict[str, str], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: known[name] for name in names}


@seam_test
async def test_every_read_answers_its_shape_by_get_and_by_post(api: Api) -> None:
    known = await furnish(api)
    await api.done("POST", "/acs/entrances/grant_access", named(known, ("acs_user_id", "acs_entrance_id")))
    await api.done("PUT", "/acs/access_groups/add_user", named(known, ("acs_access_group_id", "acs_user_id")))
    await api.done("POST", "/locks/unlock_door", {"device_id": known["device_id"], "sync": True})
    for path, names in READS.items():
        by_get = await answer(api, "GET", path, named(known, names))
        assert by_get == await answer(api, "POST", path, named(known, names)), path


@seam_test
async def test_every_write_answers_its_shape_by_its_own_verb_and_by_post(api: Api) -> None:
    known = await furnish(api)
    for verb, path, names in WRITES:
        for way in (verb, "POST"):
            await answer(api, way, path, named(known, names))


@seam_test
async def test_everything_that_ends_answers_its_shape(api: Api) -> None:
    known = await furnish(api)
    for verb, path, names in ENDS:
        await answer(api, verb, path, named(known, names))


@seam_test
async def test_what_is_created_and_what_is_moved_answers_its_shape(api: Api) -> None:
    known = await furnish(api)
    await answer(api, "POST", "/user_identities/create", {"acs_system_ids": [known["acs_system_id"]]})
    wanted = {"acs_system_id": known["acs_system_id"], "full_name": "Cy"}
    await answer(api, "POST", "/acs/users/create", wanted)
    for path in MOVES:
        for sync in (False, True):
            moved = await answer(api, "POST", path, {"device_id": known["device_id"], "sync": sync})
            attempt = {"action_attempt_id": moved["action_attempt"]["action_attempt_id"]}
            for verb in ("GET", "POST"):
                await answer(api, verb, "/action_attempts/get", attempt)


@seam_test
async def test_no_route_is_left_out_here(api: Api) -> None:
    tried = {*READS, *MOVES, *(path for _verb, path, _names in (*WRITES, *ENDS))}
    tried |= {"/user_identities/create", "/acs/users/create", "/action_attempts/get"}
    described = set((await api.done("GET", "/openapi.json"))["paths"])
    assert tried <= described
    assert {path for path in described - tried if not path.startswith(ELSEWHERE)} == set()
