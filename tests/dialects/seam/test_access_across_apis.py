"""What this API gives and what the other APIs take meet at the keypad, both ways."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.dialects.doordeck.signing import newcomer, owner_of
from tests.dialects.in_world import Api
from tests.dialects.native.api import as_service
from tests.dialects.seam.access import (
    delete,
    event_types,
    get_code,
    get_grant,
    give,
    make_code,
    methods_of,
    types,
)
from tests.dialects.seam.api import add_person, query, refusal, seam_test

Take = Callable[[Api, str, str], Awaitable[None]]


def in_kisi(api: Api) -> Api:
    login = {"authorization": f"KISI-LOGIN {api.world.keys['kisi']}"}
    return Api(api.world, api.world.client("/kisi", login))


async def by_kisi(api: Api, person_id: str, _door_id: str) -> None:
    """Delete the user there."""
    person = await api.world.core.store.read(
        api.world.organization_id, lambda view: view.people.get(person_id)
    )
    users = await in_kisi(api).done("GET", "/users")
    (user,) = [user for user in users if person is not None and user["name"] == person.name]
    await in_kisi(api).done("DELETE", f"/users/{user['id']}")


async def by_doordeck(api: Api, person_id: str, door_id: str) -> None:
    """Take the user from the lock there."""
    answer = await (await owner_of(api.world)).remove(door_id, person_id)
    assert answer.status == 200, answer.body


async def by_native(api: Api, person_id: str, door_id: str) -> None:
    """Revoke the person at the door there."""
    await as_service(api.world).done("POST", f"/people/{person_id}/revoke", {"door": door_id})


async def exposed(api: Api) -> list[str]:
    """Give the credentials that the native API lists as exposed."""
    listed = await as_service(api.world).done("GET", "/exposure")
    return [item["credential"]["id"] for item in listed["items"] if "credential" in item]


async def codes_at(api: Api, door_id: str) -> list[dict[str, Any]]:
    listed = await api.done("GET", query("/access_codes/list", device_id=door_id))
    codes: list[dict[str, Any]] = listed["access_codes"]
    return codes


@pytest.mark.parametrize("take", [by_doordeck, by_native], ids=lambda take: take.__name__)
def test_whoever_is_revoked_at_a_door_elsewhere_has_a_dead_code_and_the_grant_says_so(
    take: Take, tmp_path: Any
) -> None:
    async def tale(api: Api) -> None:
        front = await api.world.add_door("Front")
        person = (await newcomer(api.world, "ann")).user_id
        grant = await give(api, front, user_identity_id=person)
        (method,) = await methods_of(api, grant)
        assert types(api, method["code"], front)
        await take(api, person, front)
        await api.world.settle()
        assert not types(api, method["code"], front)
        shown = await get_grant(api, grant["access_grant_id"])
        assert [error["error_code"] for error in shown["errors"]] == ["access_not_provisioned"]
        (method,) = await methods_of(api, grant)
        assert method["is_issued"] is False
        (code,) = await codes_at(api, front)
        assert (code["status"], code["errors"][0]["error_code"]) == ("unset", "access_code_inactive")

    seam_test(tale)(tmp_path)


@pytest.mark.parametrize("take", [by_doordeck, by_native], ids=lambda take: take.__name__)
def test_a_door_that_is_away_keeps_a_revoked_code_in_removing_until_it_proves_the_end(
    take: Take, tmp_path: Any
) -> None:
    async def tale(api: Api) -> None:
        front = await api.world.add_door("Front")
        person = (await newcomer(api.world, "ann")).user_id
        grant = await give(api, front, user_identity_id=person)
        (method,) = await methods_of(api, grant)
        api.world.simulated.switches(front).offline = True
        await take(api, person, front)
        await api.world.settle()
        (code,) = await codes_at(api, front)
        assert code["status"] == "removing"
        assert types(api, method["code"], front)
        api.world.simulated.switches(front).offline = False
        await as_service(api.world).done("POST", f"/doors/{front}/sync")
        (code,) = await codes_at(api, front)
        assert code["status"] == "unset"
        assert not types(api, method["code"], front)

    seam_test(tale)(tmp_path)


@seam_test
async def test_whoever_is_deleted_in_kisi_has_a_dead_code_and_no_grant(api: Api) -> None:
    front = await api.world.add_door("Front")
    grant = await give(api, front)
    (method,) = await methods_of(api, grant)
    await by_kisi(api, grant["user_identity_id"], front)
    await api.world.settle()
    assert not types(api, method["code"], front)
    answer = await api.call("GET", query("/access_grants/get", access_grant_id=grant["access_grant_id"]))
    assert refusal(answer) == (404, "access_grant_not_found")
    assert await codes_at(api, front) == []
    removed = await event_types(api, "access_code.removed", "access_code.deleted")
    assert removed == ["access_code.removed_from_device", "access_code.deleted"]


@seam_test
async def test_a_deleted_grant_shuts_the_code_and_leaves_what_another_api_shared(api: Api) -> None:
    front = await api.world.add_door("Front")
    ann, owner = await newcomer(api.world, "ann"), await owner_of(api.world)
    grant = await give(api, front, user_identity_id=ann.user_id)
    (method,) = await methods_of(api, grant)
    assert (await owner.share(front, ann)).status == 204
    await delete(api, "/access_grants/delete", access_grant_id=grant["access_grant_id"])
    await api.world.settle()
    assert not types(api, method["code"], front)
    assert (await ann.open(front)).status == 200


@seam_test
async def test_a_deleted_grant_at_a_door_that_is_away_is_exposed_until_the_door_proves_the_end(
    api: Api,
) -> None:
    front = await api.world.add_door("Front")
    grant = await give(api, front)
    (method,) = await methods_of(api, grant)
    (code,) = await codes_at(api, front)
    api.world.simulated.switches(front).offline = True
    answer = await delete(api, "/access_grants/delete", access_grant_id=grant["access_grant_id"])
    assert answer.status == 200, answer.body
    await api.world.settle()
    assert types(api, method["code"], front)
    assert await exposed(api) == [code["access_code_id"]]
    api.world.simulated.switches(front).offline = False
    await as_service(api.world).done("POST", f"/doors/{front}/sync")
    assert not types(api, method["code"], front)
    assert await exposed(api) == []


@seam_test
async def test_a_deleted_code_at_a_door_that_is_away_is_exposed_until_the_door_proves_the_end(
    api: Api,
) -> None:
    front = await api.world.add_door("Front")
    code = await make_code(api, front, code="4711")
    api.world.simulated.switches(front).offline = True
    await delete(api, "/access_codes/delete", access_code_id=code["access_code_id"])
    await api.world.settle()
    assert types(api, "4711", front)
    assert (await get_code(api, code["access_code_id"]))["status"] == "removing"
    assert await exposed(api) == [code["access_code_id"]]
    api.world.simulated.switches(front).offline = False
    await as_service(api.world).done("POST", f"/doors/{front}/sync")
    assert not types(api, "4711", front)
    assert await exposed(api) == []


@seam_test
async def test_a_deleted_code_and_a_deleted_grant_are_refused_at_once_where_the_door_answers(
    api: Api,
) -> None:
    front = await api.world.add_door("Front")
    code = await make_code(api, front, code="4711")
    grant = await give(api, front, user_identity_id=await add_person(api, "Ben"))
    (method,) = await methods_of(api, grant)
    await delete(api, "/access_codes/delete", access_code_id=code["access_code_id"])
    await delete(api, "/access_grants/delete", access_grant_id=grant["access_grant_id"])
    await api.world.settle()
    assert (types(api, "4711", front), types(api, method["code"], front)) == (False, False)
    assert await exposed(api) == []
