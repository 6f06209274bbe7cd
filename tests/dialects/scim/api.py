"""What the tests of the SCIM dialect share: the directory beside the other wire APIs."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from rekey.domain.journal import JournalRow
from tests.dialects.in_world import Api, in_world
from tests.support.world import World

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def directory_of(world: World, key: str | None = None) -> Api:
    """Call with the organization's directory key, or another one."""
    headers = {"authorization": f"Bearer {key or world.keys['scim']}"}
    return Api(world, world.client("/scim/v2", headers))


def native_of(world: World) -> Api:
    return Api(world, world.client("/api/v1", {"authorization": f"Bearer {world.keys['rekey']}"}))


def kisi_of(world: World, key: str | None = None) -> Api:
    return Api(world, world.client("/kisi", {"authorization": f"KISI-LOGIN {key or world.keys['kisi']}"}))


scim_test = in_world(directory_of)


async def add_user(api: Api, account: str, **attributes: Any) -> Any:
    return await api.done(
        "POST",
        "/Users",
        {"schemas": [USER], "userName": f"{account}@acme.test", "active": True, **attributes},
    )


async def add_group(api: Api, name: str, *members: dict[str, Any]) -> Any:
    body = {"schemas": [GROUP], "displayName": name, "members": [{"value": one["id"]} for one in members]}
    return await api.done("POST", "/Groups", body)


async def patch(api: Api, thing: dict[str, Any], *operations: dict[str, Any]) -> Any:
    """Patch a user or a group and give the answer."""
    path = thing["meta"]["location"].split("/scim/v2", 1)[1]
    return await api.call("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)})


async def find(api: Api, kind: str, wanted: str) -> list[Any]:
    """Give what a filter finds."""
    answer = await api.call("GET", f"/{kind}?filter={quoted(wanted)}")
    assert answer.status == 200, answer.body
    return list(answer.json()["Resources"])


def quoted(text: str) -> str:
    return quote(text)


@dataclass(frozen=True)
class Front:
    """A door, and what tells whether somebody may pass it."""

    api: Api
    id: str

    async def grant(self, **holder: str) -> None:
        await native_of(self.api.world).done("POST", "/grants", {**holder, "door": self.id})

    async def opens_for(self, user: dict[str, Any]) -> bool:
        """Ask the rule, and present the person at the door itself, which must agree."""
        native = native_of(self.api.world)
        decided = await native.done("GET", f"/people/{user['id']}/can/{self.id}")
        await self.api.world.settle()
        presented = await native.done("POST", f"/doors/{self.id}/simulate", {"person": user["id"]})
        assert decided["allowed"] == presented["opened"], (decided, presented)
        return bool(decided["allowed"])

    async def refusal(self, user: dict[str, Any]) -> tuple[str | None, str | None]:
        decided = await native_of(self.api.world).done("GET", f"/people/{user['id']}/can/{self.id}")
        return decided["reason"], decided["cause"]


async def add_front(api: Api, name: str = "Front") -> Front:
    return Front(api, await api.world.add_door(name))


async def journal(api: Api) -> list[JournalRow]:
    rows = await api.world.core.store.read(
        api.world.organization_id, lambda view: view.journal.rows(limit=10_000)
    )
    return [stored.row for stored in rows]


async def actions(api: Api) -> list[str]:
    return [row.action for row in await journal(api)]
