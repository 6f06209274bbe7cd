"""Sharing: how many at once, for how long, as what, and that a door keeps an administrator."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from rekey.domain.grant import Holder
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.operations.grant_access import GrantAccess, NewGrant, grant_access
from tests.dialects.doordeck.signing import Phone, newcomer, owner_of
from tests.support.world import World, open_world


def tell(data: Path, tale: Callable[[World, Phone, str], Awaitable[None]]) -> None:
    async def told() -> None:
        async with open_world(data, dialects=("doordeck",)) as world:
            lock = await world.add_door("Front")
            await tale(world, await owner_of(world), lock)

    asyncio.run(told())


async def caretaker_of(world: World, lock: str, name: str = "cara") -> Phone:
    """Give a user who administers this lock and nothing else."""
    phone = await newcomer(world, name)
    grant = NewGrant(holder=Holder.person(phone.user_id), scope=Scope.door(lock), role=Role.ADMINISTRATOR)
    await world.perform(grant_access, GrantAccess(grants=(grant,)))
    return phone


async def role_of(phone: Phone, lock: str) -> str:
    return str((await phone.call("GET", f"/device/{lock}")).json()["role"])


def test_25_users_are_shared_with_in_one_act(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        people = [
            Phone(world, user_id=await world.add_person(f"P{at}", email=f"p{at}@acme.test"))
            for at in range(25)
        ]
        before = await world.journal_size()
        assert (await owner.share(lock, *people)).status == 204
        assert await world.journal_size() == before + 1
        users = (await owner.call("GET", f"/device/{lock}/users")).json()
        assert {phone.user_id for phone in people} < {user["userId"] for user in users}

    tell(tmp_path, tale)


@pytest.mark.parametrize(
    ("window", "status"),
    [
        ({"start": None, "end": None}, 204),
        ({"start": 0}, 204),
        ({"end": 0}, 400),
        ({"start": 1_900_000_000_000}, 400),
        ({"end": 1_900_000_000_000}, 400),
        ({"start": 4_000_000_000, "end": 3_000_000_000}, 400),
        ({"start": "4000000000"}, 400),
        ({"role": None}, 204),
        ({"role": "OWNER"}, 400),
        ({"user": "ann"}, 400),
        ({"publicKey": None}, 400),
        ({"type": "x", "more": {"type": "y"}}, 204),
    ],
)
def test_the_members_of_a_share_are_taken_or_refused(
    tmp_path: Path, window: dict[str, Any], status: int
) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann = await newcomer(world, "ann")
        assert (await owner.share(lock, ann, **window)).status == status
        assert (await ann.open(lock)).status == (200 if status == 204 else 403)

    tell(tmp_path, tale)


def test_the_last_administrator_of_a_lock_is_neither_lowered_nor_removed(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        cara = await caretaker_of(world, lock)
        lock_owner = await world.owner_person_id()
        assert (await owner.remove(lock, lock_owner)).status == 200
        assert (await cara.share(lock, cara)).status == 409
        assert (await cara.remove(lock, cara.user_id)).status == 409
        assert await role_of(cara, lock) == "ADMIN"
        assert [one["refusal"] for one in await world.refusals()][-2:] == ["LastOwner", "LastOwner"]

    tell(tmp_path, tale)


def test_the_last_administrator_may_hand_the_lock_over_in_one_batch(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        cara, ann = await caretaker_of(world, lock), await newcomer(world, "ann")
        await owner.remove(lock, await world.owner_person_id())
        users = [
            {"user": cara.user_id, "publicKey": "unused", "role": "USER"},
            {"user": ann.user_id, "publicKey": "unused", "role": "ADMIN"},
        ]
        assert (await cara.execute(lock, {"type": "BATCH_ADD_USER", "users": users})).status == 204
        assert [await role_of(cara, lock), await role_of(ann, lock)] == ["USER", "ADMIN"]

    tell(tmp_path, tale)


def test_an_owner_keeps_the_own_access_whatever_a_share_says(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        cara = await caretaker_of(world, lock)
        assert (await cara.share(lock, owner, role="USER")).status == 204
        assert await role_of(owner, lock) == "ADMIN"
        assert (await cara.remove(lock, owner.user_id)).status == 403
        assert (await owner.open(lock)).status == 200

    tell(tmp_path, tale)


def test_an_administrator_of_one_lock_reads_its_users_and_its_log_and_shares_no_other(tmp_path: Path) -> None:
    async def tale(world: World, _owner: Phone, lock: str) -> None:
        cara, ann = await caretaker_of(world, lock), await newcomer(world, "ann")
        other = await world.add_door("Back")
        assert (await cara.call("GET", f"/device/{lock}/users")).status == 200
        assert (await cara.call("GET", f"/device/{lock}/log")).status == 200
        assert (await cara.share(other, ann)).status == 403
        assert (await cara.remove(other, ann.user_id)).status == 403

    tell(tmp_path, tale)


def test_a_user_administers_nothing(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann, bob = await newcomer(world, "ann"), await newcomer(world, "bob")
        await owner.share(lock, ann)
        assert (await ann.share(lock, bob)).status == 403
        assert (await ann.execute(lock, {"type": "MUTATE_SETTING", "unlockDuration": 9})).status == 403
        assert (await ann.call("GET", f"/device/{lock}/users")).status == 403
        assert (await ann.call("GET", "/device/shareable")).json() == []

    tell(tmp_path, tale)
