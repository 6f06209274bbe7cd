"""Clients send every PUT and DELETE again when no answer came: what a second one does, route by route."""

from collections.abc import Awaitable, Callable
from typing import Any

from rekey.dialects.seam.letters import LETTERS
from tests.dialects.in_world import Api
from tests.dialects.seam.access import give, make_code, methods_of
from tests.dialects.seam.api import add_group, add_person, add_user, query, refusal, seam_test
from tests.dialects.seam.cards import make_credential, make_phone
from tests.dialects.seam.furnished import connect, make_space, make_webview, open_session
from tests.dialects.seam.test_instant_keys import make_key
from tests.dialects.seam.test_letters import rows_of

Given = dict[str, Any]
Made = Callable[[Api], Awaitable[Given]]
ELSEWHERE = ("/cameras/", "/media/", "/noise_sensors/", "/thermostats/")


def named(thing: Given, name: str) -> Given:
    return {name: thing[name]}


async def a_code(api: Api) -> Given:
    return named(await make_code(api, await api.world.add_door("Front"), code="4711"), "access_code_id")


async def a_foreign_code(api: Api) -> Given:
    door = await api.world.add_door("Front")
    body = {"device_id": door, "code": "4711", "name": "Foreign"}
    await api.done("POST", "/access_codes/simulate/create_unmanaged_access_code", body)
    await api.world.settle()
    listed = await api.done("GET", query("/access_codes/unmanaged/list", device_id=door))
    return named(listed["access_codes"][0], "access_code_id")


async def a_grant(api: Api) -> Given:
    return named(await give(api, await api.world.add_door("Front")), "access_grant_id")


async def a_method(api: Api) -> Given:
    grant = await give(api, await api.world.add_door("Front"))
    return named((await methods_of(api, grant))[0], "access_method_id")


async def a_group(api: Api) -> Given:
    return {"acs_access_group_id": await add_group(api, await api.world.add_door("Front"))}


async def a_member(api: Api) -> Given:
    member = {**await a_group(api), **named(await add_user(api), "acs_user_id")}
    await api.done("PUT", "/acs/access_groups/add_user", member)
    return member


async def a_credential(api: Api) -> Given:
    return named(await make_credential(api, "code", await api.world.add_door("Front")), "acs_credential_id")


async def a_user(api: Api) -> Given:
    return named(await add_user(api), "acs_user_id")


async def a_linked_user(api: Api) -> Given:
    user = await add_user(api)
    return {**named(user, "acs_user_id"), **named(user, "user_identity_id")}


async def a_session(api: Api) -> Given:
    return named(await open_session(api), "client_session_id")


async def a_webview(api: Api) -> Given:
    return named(await make_webview(api), "connect_webview_id")


async def an_account(api: Api) -> Given:
    return named(await connect(api), "connected_account_id")


async def a_key(api: Api) -> Given:
    return named(await make_key(api, await add_person(api)), "instant_key_id")


async def a_phone(api: Api) -> Given:
    return named(await make_phone(api, await add_person(api)), "device_id")


async def a_space(api: Api) -> Given:
    return named(await make_space(api), "space_id")


async def doors_in_a_space(api: Api, name: str = "device_ids") -> Given:
    door = await api.world.add_door("Front")
    return {**named(await make_space(api, door), "space_id"), name: [door]}


async def entrances_in_a_space(api: Api) -> Given:
    return await doors_in_a_space(api, "acs_entrance_ids")


async def an_account_in_a_space(api: Api) -> Given:
    account = await an_account(api)
    space = await make_space(api, connected_account_ids=[account["connected_account_id"]])
    return {**named(space, "space_id"), **account}


async def a_person(api: Api) -> Given:
    return {"user_identity_id": await add_person(api)}


async def a_person_at_a_device(api: Api) -> Given:
    both = {**await a_person(api), "device_id": await api.world.add_door("Front")}
    await api.done("PUT", "/user_identities/grant_access_to_device", both)
    return both


async def a_webhook(api: Api) -> Given:
    made = await api.done("POST", "/webhooks/create", {"url": "https://hooks.example/in"})
    return named(made["webhook"], "webhook_id")


async def a_changed_webhook(api: Api) -> Given:
    return {**await a_webhook(api), "event_types": ["lock.unlocked"]}


async def a_changed_code(api: Api) -> Given:
    return {**await a_code(api), "name": "Cleaner"}


async def two_doors(api: Api) -> Given:
    return {"device_ids": [await api.world.add_door(name) for name in ("Front", "Back")]}


async def a_users_identity(api: Api) -> Given:
    return await a_linked_user(api)


async def a_named_session(_api: Api) -> Given:
    return {"user_identifier_key": "shop"}


async def a_customer(api: Api) -> Given:
    pushed = {"customer_key": "c1", "guests": [{"guest_key": "g1", "name": "Ada"}]}
    await api.done("POST", "/customers/push_data", pushed)
    return {"guest_keys": ["g1"]}


# A thing that is gone is not found; a tie that is gone is what was asked for.
THINGS: dict[str, tuple[Made, str]] = {
    "/access_codes/delete": (a_code, "access_code_not_found"),
    "/access_codes/unmanaged/delete": (a_foreign_code, "access_code_not_found"),
    "/access_grants/delete": (a_grant, "access_grant_not_found"),
    "/access_methods/delete": (a_method, "access_method_not_found"),
    "/acs/access_groups/delete": (a_group, "acs_access_group_not_found"),
    "/acs/credentials/delete": (a_credential, "acs_credential_not_found"),
    "/acs/users/delete": (a_user, "acs_user_not_found"),
    "/client_sessions/delete": (a_session, "client_session_not_found"),
    "/connect_webviews/delete": (a_webview, "connect_webview_not_found"),
    "/connected_accounts/delete": (an_account, "connected_account_not_found"),
    "/instant_keys/delete": (a_key, "instant_key_not_found"),
    "/phones/deactivate": (a_phone, "phone_not_found"),
    "/spaces/delete": (a_space, "space_not_found"),
    "/user_identities/delete": (a_person, "user_identity_not_found"),
    "/webhooks/delete": (a_webhook, "webhook_not_found"),
}
TIES: dict[str, Made] = {
    "/acs/access_groups/remove_user": a_member,
    "/acs/users/remove_from_access_group": a_member,
    "/customers/delete_data": a_customer,
    "/spaces/remove_acs_entrances": entrances_in_a_space,
    "/spaces/remove_connected_account": an_account_in_a_space,
    "/spaces/remove_devices": doors_in_a_space,
    "/user_identities/remove_acs_user": a_linked_user,
    "/user_identities/revoke_access_to_device": a_person_at_a_device,
}
PUTS: dict[str, Made] = {
    "/access_codes/update": a_changed_code,
    "/acs/access_groups/add_user": a_member,
    "/acs/users/add_to_access_group": a_member,
    "/client_sessions/create": a_named_session,
    "/spaces/add_acs_entrances": entrances_in_a_space,
    "/spaces/add_connected_account": an_account_in_a_space,
    "/spaces/add_devices": doors_in_a_space,
    "/user_identities/add_acs_user": a_users_identity,
    "/user_identities/grant_access_to_device": a_person_at_a_device,
    "/webhooks/update": a_changed_webhook,
}


@seam_test
async def test_every_put_and_delete_about_access_is_tried_twice(api: Api) -> None:
    served = {path: verbs for path, verbs in rows_of(api).items() if not path.startswith(ELSEWHERE)}
    assert {path for path, verbs in served.items() if "DELETE" in verbs} == {*THINGS, *TIES}
    several = "/access_codes/create_multiple"
    assert {path for path, verbs in served.items() if "PUT" in verbs} == {*PUTS, several}
    assert {*served} <= {*LETTERS}


@seam_test
async def test_a_thing_that_is_deleted_again_is_not_found(api: Api) -> None:
    for path, (make, type_) in THINGS.items():
        given = query(path, **await make(api))
        assert (await api.call("DELETE", given)).status == 200, path
        await api.world.settle()
        assert refusal(await api.call("DELETE", given)) == (404, type_), path


@seam_test
async def test_a_tie_that_is_taken_away_again_is_as_it_should_be(api: Api) -> None:
    for path, make in TIES.items():
        given = query(path, **await make(api))
        for _time in range(2):
            assert (await api.call("DELETE", given)).status == 200, path
            await api.world.settle()


@seam_test
async def test_a_put_that_comes_again_changes_nothing_more(api: Api) -> None:
    for path, make in PUTS.items():
        given = await make(api)
        first = await api.done("PUT", path, given)
        await api.world.settle()
        again = await api.done("PUT", path, given)
        assert first.keys() == again.keys(), path


@seam_test
async def test_codes_for_several_devices_that_are_put_again_do_not_share_a_pin(api: Api) -> None:
    given = await two_doors(api)
    first = (await api.done("PUT", "/access_codes/create_multiple", given))["access_codes"]
    again = (await api.done("PUT", "/access_codes/create_multiple", given))["access_codes"]
    assert {code["code"] for code in first}.isdisjoint({code["code"] for code in again})
