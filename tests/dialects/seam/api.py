"""What the tests of the Seam dialect share."""

from typing import Any
from urllib.parse import urlencode

from rekey.domain.decision import Granted
from rekey.operations.add_door_group import AddDoorGroup, add_door_group
from rekey.operations.explain_decision import explain_decision
from rekey.operations.put_door_in_group import PutDoorInGroup, put_door_in_group
from tests.dialects.in_world import Api, in_world
from tests.support.asgi import Response
from tests.support.world import World

UNKNOWN = "00000000-0000-4000-8000-000000000000"


def with_key(world: World) -> Api:
    """Call with the organization's key for this API."""
    return Api(world, world.client("/seam", {"authorization": f"Bearer {world.keys['seam']}"}))


seam_test = in_world(with_key)


def query(path: str, **parameters: Any) -> str:
    """Spell a GET as the current clients do."""
    return f"{path}?{urlencode({**parameters, '_strict': 'true'}, doseq=True)}"


async def add_person(api: Api, name: str = "Ada", **fields: Any) -> str:
    made = await api.done("POST", "/user_identities/create", {"full_name": name, **fields})
    return str(made["user_identity"]["user_identity_id"])


async def add_user(api: Api, name: str = "Ada", **fields: Any) -> dict[str, Any]:
    wanted = {"acs_system_id": api.world.site_id, "full_name": name, **fields}
    user: dict[str, Any] = (await api.done("POST", "/acs/users/create", wanted))["acs_user"]
    return user


async def add_group(api: Api, *door_ids: str) -> str:
    group = await api.world.perform(add_door_group, AddDoorGroup(name="Labs", site_id=api.world.site_id))
    for door_id in door_ids:
        wanted = PutDoorInGroup(door_group_id=group.id, door_id=door_id)
        await api.world.perform(put_door_in_group, wanted)
    return group.id


async def link(api: Api, person_id: str, door_id: str, verb: str = "grant") -> Response:
    body = {"user_identity_id": person_id, "device_id": door_id}
    method = "PUT" if verb == "grant" else "DELETE"
    return await api.call(method, f"/user_identities/{verb}_access_to_device", body)


async def devices_of(api: Api, person_id: str) -> list[str]:
    path = query("/user_identities/list_accessible_devices", user_identity_id=person_id)
    return [device["device_id"] for device in (await api.done("GET", path))["devices"]]


async def entrances_of(api: Api, **user: str) -> list[str]:
    listed = await api.done("GET", query("/acs/users/list_accessible_entrances", **user))
    return [entrance["acs_entrance_id"] for entrance in listed["acs_entrances"]]


async def may_open(api: Api, person_id: str, door_id: str) -> bool:
    """Ask the core itself."""
    core, now = api.world.core, api.world.clock.now()
    explained = await core.store.read(
        api.world.organization_id, lambda view: explain_decision(view, person_id, door_id, now)
    )
    return isinstance(explained.decision, Granted)


def refusal(answer: Response) -> tuple[int, str]:
    """Give status and type of an error document, which always has a message and a request id."""
    document = answer.json()
    assert document["ok"] is False
    assert isinstance(document["error"]["message"], str)
    assert answer.header("seam-request-id")
    return answer.status, document["error"]["type"]
