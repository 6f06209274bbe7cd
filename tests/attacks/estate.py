"""An organization with one of everything, and ids that name nothing."""

import json
from dataclasses import dataclass
from typing import Any

from rekey.domain.ids import OrganizationId
from rekey.domain.operator import Actor
from rekey.operations.add_person import AddPerson, add_person
from rekey.operations.core import Core
from tests.dialects.in_world import Api
from tests.support.world import PrefixClient, World

GLOBEX = {
    "name": "Globex",
    "domain": "globex",
    "owner_email": "hank@globex.test",
    "time_zone": "America/New_York",
}


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing by both of its names."""

    id: str
    number: int


Ids = dict[str, Thing]
KINDS = (
    "site",
    "door",
    "door_group",
    "place_in_group",
    "person",
    "team",
    "membership",
    "enrolment",
    "grant",
    "revocation",
    "key",
    "order",
)


def unknown_ids() -> Ids:
    """Name every kind of thing by names that nothing has."""
    return {
        kind: Thing(f"00000000-0000-4000-8000-{index:012d}", 900_000 + index)
        for index, kind in enumerate(KINDS)
    }


@dataclass(frozen=True, kw_only=True)
class Tenant:
    """One organization: its first keys, and how its owner signs in."""

    world: World
    organization_id: str
    site_id: str
    owner: dict[str, str]
    keys: dict[str, str]

    def native(self) -> Api:
        headers = {"authorization": f"Bearer {self.keys['rekey']}"}
        return Api(self.world, PrefixClient(self.world.app, "/api/v1", headers))

    def kisi(self) -> Api:
        headers = {"authorization": f"KISI-LOGIN {self.keys['kisi']}"}
        return Api(self.world, PrefixClient(self.world.app, "/kisi", headers))

    def seam(self) -> Api:
        headers = {"authorization": f"Bearer {self.keys['seam']}"}
        return Api(self.world, PrefixClient(self.world.app, "/seam", headers))

    async def service(self) -> Actor:
        """Give the actor of the organization's own service, with an unlimited key."""
        me = await self.native().done("GET", "/whoami")
        return Actor(
            organization_id=OrganizationId(self.organization_id),
            operator_id=me["operator"]["id"],
            key_id=me["key"]["id"],
            via="native",
        )


def acme_of(world: World) -> Tenant:
    return Tenant(
        world=world,
        organization_id=world.organization_id,
        site_id=world.site_id,
        owner=world.owner,
        keys=world.keys,
    )


async def found_globex(world: World, **changes: str) -> Tenant:
    """Found a second organization on the same server."""
    made = await acme_of(world).native().done("POST", "/organizations", {**GLOBEX, **changes})
    return Tenant(
        world=world,
        organization_id=made["organization"]["id"],
        site_id=made["site"]["id"],
        owner=made["owner"],
        keys=made["keys"],
    )


async def move_numbers_on(core: Core, actor: Actor, count: int) -> None:
    """Use up short names, so that those that follow exist in no other organization."""
    for index in range(count):
        await core.perform(add_person, actor, AddPerson(name=f"Filler {index}"))


async def fill(tenant: Tenant, tag: str = "a") -> Ids:
    """Make one of everything, newly each time, and give its names."""
    api = tenant.native()
    site = _thing(await api.done("POST", "/sites", {"name": f"Site {tag}", "time_zone": "UTC"}))
    places = {"site": site, "door": await _door(api, site.id, tag)}
    group = await api.done("POST", "/door_groups", {"name": f"Group {tag}", "site": site.id})
    await api.done("PUT", f"/door_groups/{group['id']}/doors/{places['door'].id}")
    people = await _people(api, tenant, tag, places["door"].id)
    wanted = {"person": people["person"].id, "door_group": group["id"]}
    grant = await api.done("POST", "/grants", wanted)
    key = await api.done("POST", "/keys", {"name": f"Key {tag}"})
    order = await api.done("POST", f"/doors/{places['door'].id}/open", {})
    return {
        **places,
        **people,
        "door_group": _thing(group),
        "place_in_group": await _newest(tenant.kisi(), f"/group_locks?group_id={group['number']}"),
        "grant": _thing(grant),
        "key": _thing(key),
        "order": Thing(order["id"], 0),
    }


async def _door(api: Api, site_id: str, tag: str) -> Thing:
    wanted = {"name": f"Door {tag}", "site": site_id, "driver": "simulated"}
    return _thing(await api.done("POST", "/doors", wanted))


async def _people(api: Api, tenant: Tenant, tag: str, door_id: str) -> Ids:
    """Make a person with a grant at a door, in a team with another, and one who was revoked there."""
    person, former = [
        await api.done("POST", "/people", {"name": f"{name} {tag}", "email": f"{name}.{tag}@people.test"})
        for name in ("ada", "bob")
    ]
    team = await api.done("POST", "/teams", {"name": f"Team {tag}"})
    await api.done("PUT", f"/teams/{team['id']}/members/{person['id']}")
    for holder in ({"person": person["id"]}, {"team": team["id"]}, {"person": former["id"]}):
        await api.done("POST", "/grants", {**holder, "door": door_id})
    revoked = await api.done("POST", f"/people/{former['id']}/revoke", {"door": door_id})
    users = await tenant.seam().done("POST", "/acs/users/list", {"user_identity_id": person["id"]})
    return {
        "person": _thing(person),
        "team": _thing(team),
        "membership": await _newest(tenant.kisi(), f"/team_memberships?team_id={team['number']}"),
        "enrolment": Thing(users["acs_users"][0]["acs_user_id"], 0),
        "revocation": Thing(revoked["revocation"]["id"], 0),
    }


async def _newest(kisi: Api, path: str) -> Thing:
    return Thing("", (await kisi.done("GET", path))[0]["id"])


def _thing(shown: dict[str, Any]) -> Thing:
    return Thing(shown["id"], shown["number"])


def dumped(value: object) -> bytes:
    return json.dumps(value).encode()
