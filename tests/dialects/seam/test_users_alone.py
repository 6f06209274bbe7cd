"""Users of access systems that live on without a user identity, and users that come with access."""

from rekey.operations.find import find_enrolment
from rekey.ports.store import View
from tests.dialects.in_world import Api
from tests.dialects.seam.api import (
    UNKNOWN,
    add_person,
    add_user,
    entrances_of,
    link,
    may_open,
    query,
    seam_test,
)

LINK, UNLINK = "/user_identities/add_acs_user", "/user_identities/remove_acs_user"
ONE_OF_TWO = (
    ("PUT", "/acs/access_groups/add_user", "acs_access_group_id"),
    ("DELETE", "/acs/access_groups/remove_user", "acs_access_group_id"),
    ("DELETE", "/acs/users/remove_from_access_group", "acs_access_group_id"),
    ("PATCH", "/acs/credentials/assign", "acs_credential_id"),
    ("PATCH", "/acs/credentials/unassign", "acs_credential_id"),
)


async def unlinked(api: Api, door: str) -> dict[str, str]:
    """Make a user with a code and an entrance, and take it from its user identity."""
    user = await add_user(api)
    pair = {"acs_user_id": user["acs_user_id"], "user_identity_id": user["user_identity_id"]}
    grant = {"acs_entrance_id": door, "acs_user_id": user["acs_user_id"]}
    await api.done("POST", "/acs/entrances/grant_access", grant)
    code = {"acs_user_id": user["acs_user_id"], "access_method": "code", "code": "482916"}
    await api.done("POST", "/acs/credentials/create", code)
    answer = await api.call("DELETE", query(UNLINK, **pair))
    assert answer.header("rekey-revocation")
    return pair


async def record_of(api: Api, user: str) -> str:
    """Give the id under which the core knows the user's nameless record."""

    async def look(view: View) -> str:
        return (await find_enrolment(view, user)).person_id

    return await api.world.core.store.read(api.world.organization_id, look)


async def types_since(api: Api, **about: str) -> list[str]:
    path = query("/events/list", since="2020-01-01T00:00:00Z", **about)
    return [event["event_type"] for event in (await api.done("GET", path))["events"]]


@seam_test
async def test_a_user_without_a_user_identity_keeps_its_entrances_and_credentials(api: Api) -> None:
    door = await api.world.add_door("Front")
    pair = await unlinked(api, door)
    own = {"acs_user_id": pair["acs_user_id"]}
    user = (await api.done("GET", query("/acs/users/get", **own)))["acs_user"]
    (code,) = (await api.done("GET", query("/acs/credentials/list", **own)))["acs_credentials"]
    assert "user_identity_id" not in user
    assert "user_identity_id" not in code
    assert (code["acs_user_id"], code["code"]) == (pair["acs_user_id"], "482916")
    assert await entrances_of(api, **own) == [door]


@seam_test
async def test_the_user_identity_has_lost_user_credentials_and_entrances(api: Api) -> None:
    door = await api.world.add_door("Front")
    person = (await unlinked(api, door))["user_identity_id"]
    who = query("/user_identities/get", user_identity_id=person)
    held = query("/acs/credentials/list", user_identity_id=person)
    assert (await api.done("GET", who))["user_identity"]["acs_user_ids"] == []
    assert (await api.done("GET", held))["acs_credentials"] == []
    assert not await may_open(api, person, door)


@seam_test
async def test_no_route_of_user_identities_knows_the_record_of_such_a_user(api: Api) -> None:
    pair = await unlinked(api, await api.world.add_door("Front"))
    before = await api.done("GET", "/user_identities/list")
    record = await record_of(api, pair["acs_user_id"])
    assert record not in {one["user_identity_id"] for one in before["user_identities"]}
    assert (await api.call("GET", query("/user_identities/get", user_identity_id=record))).status == 404
    assert (await link(api, record, await api.world.add_door("Back"))).status == 404


@seam_test
async def test_linked_again_the_user_identity_opens_as_before(api: Api) -> None:
    door = await api.world.add_door("Front")
    pair = await unlinked(api, door)
    for _ in range(2):
        await api.done("PUT", LINK, pair)
    assert await may_open(api, pair["user_identity_id"], door)
    path = query("/user_identities/get", user_identity_id=pair["user_identity_id"])
    shown = (await api.done("GET", path))["user_identity"]
    assert shown["acs_user_ids"] == [pair["acs_user_id"]]
    assert "merged_user_identity_ids" not in shown


@seam_test
async def test_a_key_that_nobody_bears_makes_a_user_identity_of_the_user(api: Api) -> None:
    pair = await unlinked(api, await api.world.add_door("Front"))
    await api.done("PUT", LINK, {"acs_user_id": pair["acs_user_id"], "user_identity_key": "new"})
    shown = (await api.done("GET", query("/user_identities/get", user_identity_key="new")))["user_identity"]
    assert shown["acs_user_ids"] == [pair["acs_user_id"]]


@seam_test
async def test_an_entrance_tells_of_the_user_that_came_with_it_and_a_device_makes_none(api: Api) -> None:
    person, door = await add_person(api), await api.world.add_door("Front")
    await link(api, person, door)
    assert "acs_user.created" not in await types_since(api)
    body = {"acs_entrance_id": door, "user_identity_id": person}
    for _ in range(2):
        await api.done("POST", "/acs/entrances/grant_access", body)
    assert (await types_since(api)).count("acs_user.created") == 1


@seam_test
async def test_a_grant_tells_of_the_user_that_came_with_it(api: Api) -> None:
    person, door = await add_person(api), await api.world.add_door("Front")
    wanted = {
        "user_identity_id": person,
        "device_ids": [door],
        "requested_access_methods": [{"mode": "code"}],
    }
    await api.done("POST", "/access_grants/create", wanted)
    assert (await types_since(api)).count("acs_user.created") == 1


@seam_test
async def test_entrances_are_listed_by_access_method(api: Api) -> None:
    person, door = await add_person(api), await api.world.add_door("Front")
    await api.world.add_door("Back")
    wanted = {
        "user_identity_id": person,
        "device_ids": [door],
        "requested_access_methods": [{"mode": "code"}, {"mode": "cloud_key"}],
    }
    grant = (await api.done("POST", "/access_grants/create", wanted))["access_grant"]
    for method in grant["access_method_ids"]:
        listed = await api.done("GET", query("/acs/entrances/list", access_method_id=method))
        assert [one["acs_entrance_id"] for one in listed["acs_entrances"]] == [door]


@seam_test
async def test_a_space_key_that_is_taken_is_named_as_such(api: Api) -> None:
    wanted = {"name": "Suite", "space_key": "suite"}
    await api.done("POST", "/spaces/create", wanted)
    answer = await api.call("POST", "/spaces/create", wanted)
    assert (answer.status, answer.json()["error"]["data"]) == (409, {"parameter": "space_key"})


@seam_test
async def test_a_missing_selector_comes_before_an_unknown_id(api: Api) -> None:
    for verb, path, named in ONE_OF_TWO:
        answer = await api.call(verb, path, {named: UNKNOWN})
        assert (path, answer.status, answer.json()["error"]["type"]) == (path, 400, "invalid_input")
