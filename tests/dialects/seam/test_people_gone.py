"""A person who is removed takes everything along, one event for each thing, whichever API removed the person."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.dialects.in_world import Api, in_world
from tests.dialects.native.api import as_service
from tests.dialects.seam.access import give, methods_of, types
from tests.dialects.seam.api import add_user, query, refusal, seam_test, with_key
from tests.dialects.seam.cards import encode, make_credential, make_encoder, make_phone
from tests.dialects.seam.test_access_across_apis import by_kisi
from tests.dialects.seam.test_events import events

GONE = [
    "acs_credential.invalidated",
    "acs_credential.deleted",
    "access_method.deleted",
    "access_grant.deleted",
    "phone.deactivated",
    "client_session.deleted",
    "acs_user.deleted",
]
Remove = Callable[[Api, str, str], Awaitable[None]]


async def by_seam(api: Api, person_id: str, _door_id: str) -> None:
    answer = await api.call("DELETE", query("/user_identities/delete", user_identity_id=person_id))
    assert (answer.status, bool(answer.header("rekey-revocation"))) == (200, True)


async def by_native(api: Api, person_id: str, _door_id: str) -> None:
    await as_service(api.world).done("DELETE", f"/people/{person_id}")


async def by_scim(api: Api, person_id: str, _door_id: str) -> None:
    login = {"authorization": f"Bearer {api.world.keys['scim']}"}
    answer = await Api(api.world, api.world.client("/scim/v2", login)).call("DELETE", f"/Users/{person_id}")
    assert answer.status == 204, answer.body


async def by_customer(api: Api, _person_id: str, _door_id: str) -> None:
    await api.done("POST", "/customers/delete_data", {"customer_keys": ["acme"]})


async def furnish(api: Api, door_id: str) -> dict[str, Any]:
    """Give a user a bit of everything."""
    person = (
        await api.done(
            "POST",
            "/user_identities/create",
            {"full_name": "Ada", "email_address": "ada@acme.test", "customer_key": "acme"},
        )
    )["user_identity"]["user_identity_id"]
    user: dict[str, Any] = await add_user(api, user_identity_id=person)
    card = await make_credential(api, "card", door_id, acs_user_id=user["acs_user_id"])
    await encode(api, await make_encoder(api), card["acs_credential_id"])
    await make_phone(api, person)
    await api.done("POST", "/client_sessions/create", {"user_identity_id": person})
    await give(api, door_id, user_identity_id=person)
    return user


@pytest.mark.parametrize(
    "remove", [by_seam, by_kisi, by_native, by_scim, by_customer], ids=lambda one: one.__name__
)
def test_every_child_of_a_removed_person_is_told_of_once(remove: Remove, tmp_path: Any) -> None:
    async def tale(api: Api) -> None:
        front = await api.world.add_door("Front")
        user = await furnish(api, front)
        person = user["user_identity_id"]
        before = len(await events(api))
        await remove(api, person, front)
        told = [one["event_type"] for one in (await events(api))[before:]]
        assert [one for one in told if one in GONE] == GONE
        assert (
            len([one for one in await events(api, user_identity_id=person) if one["event_type"] in GONE]) == 7
        )
        for path, name, id_ in (
            ("/acs/users/get", "acs_user_id", user["acs_user_id"]),
            ("/user_identities/get", "user_identity_id", person),
        ):
            answer = await api.call("GET", query(path, **{name: id_}))
            assert refusal(answer)[0] == 404

    in_world(with_key)(tale)(tmp_path)


@seam_test
async def test_after_the_person_is_removed_nothing_of_it_opens_anywhere(api: Api) -> None:
    front = await api.world.add_door("Front")
    user = await add_user(api)
    person = user["user_identity_id"]
    pin = await make_credential(api, "code", front, acs_user_id=user["acs_user_id"])
    cloud = await make_credential(api, "cloud_key", front, acs_user_id=user["acs_user_id"])
    (method,) = await methods_of(api, await give(api, front, user_identity_id=person))
    assert types(api, pin["code"], front)
    assert types(api, method["code"], front)
    await by_seam(api, person, front)
    await api.world.settle()
    assert not types(api, pin["code"], front)
    assert not types(api, method["code"], front)
    body = {"acs_credential_id": cloud["acs_credential_id"], "acs_entrance_id": front}
    assert refusal(await api.call("POST", "/acs/entrances/unlock", body)) == (404, "acs_credential_not_found")
