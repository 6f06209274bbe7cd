"""What the tests of the native dialect share."""

from typing import Any

from tests.dialects.in_world import Api, in_world
from tests.support.world import World


def as_service(world: World) -> Api:
    """Call with the key of the organization's own service."""
    return Api(world, world.client("/api/v1", {"authorization": f"Bearer {world.keys['rekey']}"}))


native_test = in_world(as_service)


async def add_person(api: Api, name: str) -> Any:
    return await api.done("POST", "/people", {"name": name, "email": f"{name}@acme.test"})


async def add_door(api: Api, name: str) -> Any:
    door = await api.done("POST", "/doors", {"name": name, "site": api.world.site_id, "driver": "simulated"})
    await api.world.settle()
    return door


async def grant(api: Api, person: Any, **where: Any) -> Any:
    given = await api.done("POST", "/grants", {"person": person["id"], **where})
    await api.world.settle()
    return given


async def revoke(api: Api, person: Any, **where: Any) -> Any:
    revoked = await api.done("POST", f"/people/{person['id']}/revoke", where)
    await api.world.settle()
    return revoked


async def receipt(api: Api, revoked: Any) -> Any:
    return await api.done("GET", f"/revocations/{revoked['revocation']['id']}/receipt")


async def present(api: Api, door: Any, person: Any) -> bool:
    answer = await api.done("POST", f"/doors/{door['id']}/simulate", {"person": person["id"]})
    return bool(answer["opened"])
