"""The stage of a story: one server, its APIs, the people with their phones, and the doors."""

from dataclasses import dataclass, field
from typing import Any

from tests.dialects.doordeck.signing import Phone, newcomer, owner_of
from tests.dialects.in_world import Api
from tests.dialects.kisi.api import as_owner, sign_in_for
from tests.dialects.native.api import as_service
from tests.dialects.seam.api import with_key
from tests.support.world import World


@dataclass(frozen=True)
class Player:
    """Somebody in a tale: with a phone for signed requests and a login of the Kisi API."""

    person_id: str
    phone: Phone
    login: Api
    user: int


@dataclass
class Stage:
    """What the verbs of every API work on. `revocation` is what the newest revoking reply named."""

    world: World
    owner: Phone
    native: Api
    kisi: Api
    seam: Api
    people: dict[str, Player] = field(default_factory=dict)
    doors: dict[str, str] = field(default_factory=dict)
    locks: dict[str, int] = field(default_factory=dict)
    groups: dict[str, Any] = field(default_factory=dict)
    teams: dict[str, Any] = field(default_factory=dict)
    grants: dict[tuple[str, str], str] = field(default_factory=dict)
    revocation: str = ""

    async def add_door(self, name: str) -> None:
        self.doors[name] = await self.world.add_door(name)
        listed = await self.kisi.done("GET", "/locks")
        self.locks[name] = next(lock["id"] for lock in listed if lock["name"] == name)

    async def add_person(self, name: str) -> None:
        phone = await newcomer(self.world, name)
        (user,) = await self.kisi.done("GET", f"/users?email={name}@acme.test")
        login = await sign_in_for(self.kisi, user)
        self.people[name] = Player(phone.user_id, phone, login, user["id"])

    async def group(self, name: str) -> Any:
        """Give a group of doors by its name, made on first use; its shape is the native one."""
        if name not in self.groups:
            self.groups[name] = await self.native.done("POST", "/door_groups", {"name": name})
        return self.groups[name]

    async def put_into_group(self, door: str, name: str) -> None:
        group = await self.group(name)
        await self.native.done("PUT", f"/door_groups/{group['id']}/doors/{self.doors[door]}")


async def open_stage(world: World) -> Stage:
    return Stage(
        world=world,
        owner=await owner_of(world),
        native=as_service(world),
        kisi=as_owner(world),
        seam=with_key(world),
    )
