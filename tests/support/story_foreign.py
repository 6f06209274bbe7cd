"""Another organization on the same server, which holds every key of its own and none of ours."""

from collections.abc import Mapping

from tests.dialects.in_world import Api
from tests.support.story_stage import Stage

_REFUSED = frozenset({400, 401, 403, 404, 422})


async def nothing_is_seen(stage: Stage, person: str, door: str) -> None:
    """Found the other organization, and try to see and to change our person and our door by every API."""
    wanted = {"name": "Umbrella", "domain": "umbrella", "owner_email": "olga@umbrella.test"}
    made = await stage.native.done("POST", "/organizations", wanted)
    keys = made["keys"]
    await _by_native(_client(stage, "/api/v1", f"Bearer {keys['rekey']}"), stage, person, door)
    await _by_seam(_client(stage, "/seam", f"Bearer {keys['seam']}"), stage, person, door)
    await _by_kisi(_client(stage, "/kisi", f"KISI-LOGIN {keys['kisi']}"), stage, person, door)


def _client(stage: Stage, prefix: str, authorization: str) -> Api:
    return Api(stage.world, stage.world.client(prefix, {"authorization": authorization}))


async def _refused(api: Api, tries: Mapping[tuple[str, str], object]) -> None:
    for (method, path), body in tries.items():
        answer = await api.call(method, path, body)
        assert answer.status in _REFUSED, (method, path, answer.status, answer.body)


async def _by_native(api: Api, stage: Stage, person: str, door: str) -> None:
    person_id, door_id = stage.people[person].person_id, stage.doors[door]
    await _refused(
        api,
        {
            ("GET", f"/people/{person_id}"): None,
            ("GET", f"/doors/{door_id}"): None,
            ("POST", f"/doors/{door_id}/open"): {"person": person_id},
            ("POST", f"/people/{person_id}/revoke"): {"door": door_id},
            ("POST", "/grants"): {"person": person_id, "door": door_id},
            ("DELETE", f"/people/{person_id}"): None,
        },
    )
    assert (await api.done("GET", "/doors"))["items"] == []
    assert person_id not in {one["id"] for one in (await api.done("GET", "/people"))["items"]}


async def _by_seam(api: Api, stage: Stage, person: str, door: str) -> None:
    link = {"user_identity_id": stage.people[person].person_id, "device_id": stage.doors[door]}
    one = {"user_identity_id": link["user_identity_id"]}
    await _refused(
        api,
        {
            ("POST", "/user_identities/get"): one,
            ("POST", "/devices/get"): {"device_id": link["device_id"]},
            ("POST", "/locks/unlock_door"): {"device_id": link["device_id"]},
            ("PUT", "/user_identities/grant_access_to_device"): link,
            ("DELETE", "/user_identities/revoke_access_to_device"): link,
            ("DELETE", "/user_identities/delete"): one,
        },
    )
    assert (await api.done("POST", "/devices/list", {}))["devices"] == []


async def _by_kisi(api: Api, stage: Stage, person: str, door: str) -> None:
    assert await api.done("GET", "/locks") == []
    assert await api.done("GET", f"/users?email={person}@acme.test") == []
    # Numbers count within an organization, so ours may name something else there, but never what is ours.
    answer = await api.call("GET", f"/locks/{stage.locks[door]}")
    assert answer.status == 404, answer.body
