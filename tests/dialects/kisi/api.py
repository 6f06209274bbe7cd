"""What the tests of the Kisi dialect share."""

from typing import Any

from tests.dialects.in_world import Api, in_world
from tests.support.world import World


def as_owner(world: World) -> Api:
    """Call as the owner, with the key that `rekey init` gave."""
    return Api(world, world.client("/kisi", {"authorization": f"KISI-LOGIN {world.keys['kisi']}"}))


def as_login(world: World, secret: str) -> Api:
    return Api(world, world.client("/kisi", {"authorization": f"KISI-LOGIN {secret}"}))


kisi_test = in_world(as_owner)


async def add_user(api: Api, name: str) -> Any:
    return await api.done("POST", "/users", {"user": {"name": name, "email": f"{name}@acme.test"}})


async def add_lock(api: Api, name: str) -> Any:
    place = (await api.done("GET", "/places"))[0]
    return await api.done("POST", "/locks", {"lock": {"name": name, "place_id": place["id"]}})


async def add_group(api: Api, name: str, *locks: Any) -> Any:
    group = await api.done("POST", "/groups", {"group": {"name": name}})
    for lock in locks:
        wrapped = {"group_lock": {"group_id": group["id"], "lock_id": lock["id"]}}
        await api.done("POST", "/group_locks", wrapped)
    return group


async def assign(api: Api, user: Any, group: Any, **more: Any) -> Any:
    wanted = {
        "applies_to_type": "Group",
        "applies_to_id": group["id"],
        "assignee_type": "User",
        "assignee_id": user["id"],
        "role_id": "group_basic",
        **more,
    }
    return await api.done("POST", "/role_assignments", {"role_assignment": wanted})


async def sign_in_for(api: Api, user: Any) -> Api:
    """Sign a user in on the user's behalf, as an administrator of a white-label app does."""
    login = await api.done(
        "POST", "/logins", {"login": {"type": "device", "email": user["email"], "expire": False}}
    )
    return as_login(api.world, login["secret"])
