"""What the tests of the Kisi dialect share."""

from typing import Any

from rekey.dialects.kisi.kit import Kit
from rekey.dialects.kisi.routes import make_routes
from rekey.webkit.route import RouteTable
from rekey.webkit.settings import DialectSettings
from tests.dialects.in_world import Api, in_world
from tests.dialects.kisi.conformance import check
from tests.support.asgi import Response
from tests.support.world import World

_TABLE: list[RouteTable] = []


class KisiApi(Api):
    """An Api whose every answer is held against the description."""

    async def call(self, method: str, path: str, body: object = None, **headers: str) -> Response:
        answer = await super().call(method, path, body, **headers)
        check(_table_of(self.world), method, path, answer)
        return answer


def as_owner(world: World) -> Api:
    """Call as the owner, with the key that `rekey init` gave."""
    return KisiApi(world, world.client("/kisi", {"authorization": f"KISI-LOGIN {world.keys['kisi']}"}))


def as_login(world: World, secret: str) -> Api:
    return KisiApi(world, world.client("/kisi", {"authorization": f"KISI-LOGIN {secret}"}))


def _table_of(world: World) -> RouteTable:
    """Give the table of routes; it is the same in every world, and making it takes a while."""
    if not _TABLE:
        kit = Kit(world.services, DialectSettings(data=world.server.settings.data))
        _TABLE.append(RouteTable(make_routes(kit)))
    return _TABLE[0]


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
