"""The door worker: doors follow what was decided, for as long as it takes, and no test waits for it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from rekey.domain.door_order import OrderState
from rekey.domain.grant import Holder
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.operations.end_grant import EndGrant, end_grant
from rekey.operations.grant_access import GrantAccess, NewGrant, grant_access
from rekey.operations.lock_down import LockDown, lock_down
from rekey.operations.open_door import OpenDoor
from rekey.operations.revoke_person import RevokePerson, revoke_person
from rekey.operations.show_receipt import show_receipt
from rekey.operations.use_door import open_and_wait
from rekey.testing.frozen_clock import FrozenClock
from tests.support.world import World, open_world

Scene = Callable[[World, FrozenClock], Awaitable[None]]


def play(data: Path, scene: Scene) -> None:
    async def run() -> None:
        clock = FrozenClock()
        async with open_world(data, clock=clock, dialects=()) as world:
            await scene(world, clock)

    asyncio.run(run())


async def grant(world: World, person: str, scope: Scope) -> str:
    new = NewGrant(holder=Holder.person(person), scope=scope, role=Role.BASIC, origin="test")
    return (await world.perform(grant_access, GrantAccess(grants=(new,)))).grants[0].id


async def complete(world: World, revocation: str) -> bool:
    core = world.core
    receipt = await core.store.read(
        world.organization_id, lambda view: show_receipt(view, revocation, core.drivers, core.clock.now())
    )
    return receipt.complete


async def revoke(world: World, person: str, door: str) -> str:
    revoked = await world.perform(revoke_person, RevokePerson(person_id=person, scope=Scope.door(door)))
    return revoked.revocation.id


def test_a_door_learns_of_a_grant_and_of_its_end(tmp_path: Path) -> None:
    async def scene(world: World, _clock: FrozenClock) -> None:
        door, pia = await world.add_door("Front"), await world.add_person("Pia")
        given = await grant(world, pia, Scope.door(door))
        await world.settle()
        assert world.simulated.present(door, pia)
        await world.perform(end_grant, EndGrant(grant_id=given))
        await world.settle()
        assert not world.simulated.present(door, pia)

    play(tmp_path, scene)


def test_a_grant_at_a_site_reaches_every_door_of_it(tmp_path: Path) -> None:
    async def scene(world: World, _clock: FrozenClock) -> None:
        doors = [await world.add_door(name) for name in ("Front", "Back")]
        pia = await world.add_person("Pia")
        await grant(world, pia, Scope.site(world.site_id))
        await world.settle()
        assert [world.simulated.present(door, pia) for door in doors] == [True, True]

    play(tmp_path, scene)


def test_a_lockdown_reaches_its_door(tmp_path: Path) -> None:
    async def scene(world: World, _clock: FrozenClock) -> None:
        door, pia = await world.add_door("Front"), await world.add_person("Pia")
        await grant(world, pia, Scope.door(door))
        await world.settle()
        await world.perform(lock_down, LockDown(scope=Scope.door(door)))
        await world.settle()
        assert not world.simulated.present(door, pia)

    play(tmp_path, scene)


def test_an_unreachable_door_is_tried_again_after_growing_pauses_until_it_confirms(tmp_path: Path) -> None:
    async def scene(world: World, clock: FrozenClock) -> None:
        door, pia = await world.add_door("Front"), await world.add_person("Pia")
        await grant(world, pia, Scope.door(door))
        await world.settle()
        world.simulated.switches(door).offline = True
        revocation = await revoke(world, pia, door)
        await world.settle()
        assert not await complete(world, revocation)
        for _ in range(3):
            clock.advance(timedelta(minutes=1))
            await world.settle()
        assert not await complete(world, revocation)
        world.simulated.switches(door).offline = False
        clock.advance(timedelta(minutes=1))
        await world.settle()
        assert await complete(world, revocation)
        assert not world.simulated.present(door, pia)

    play(tmp_path, scene)


def test_a_door_that_lost_its_list_gets_all_of_it_again(tmp_path: Path) -> None:
    async def scene(world: World, _clock: FrozenClock) -> None:
        door, pia = await world.add_door("Front"), await world.add_person("Pia")
        await grant(world, pia, Scope.door(door))
        await world.settle()
        world.simulated.switches(door).forgets = True
        await grant(world, await world.add_person("Zoe"), Scope.door(door))
        await world.settle()
        assert world.simulated.present(door, pia)

    play(tmp_path, scene)


def test_a_lease_is_renewed_before_half_of_it_is_over_with_time_to_spare(tmp_path: Path) -> None:
    async def scene(world: World, clock: FrozenClock) -> None:
        door, pia = await world.add_door("Front"), await world.add_person("Pia")
        await grant(world, pia, Scope.door(door))
        for _ in range(6):
            await world.settle()
            clock.advance(timedelta(minutes=7, seconds=30))
        assert world.simulated.present(door, pia)

    play(tmp_path, scene)


def test_an_order_that_waits_is_run_when_its_door_is_back(tmp_path: Path) -> None:
    async def scene(world: World, clock: FrozenClock) -> None:
        door = await world.add_door("Front")
        world.simulated.switches(door).offline = True
        until = clock.now() + timedelta(hours=1)
        wanted = OpenDoor(door_id=door, expires_at=until, waits=True)
        order = await open_and_wait(world.services, world.actor, wanted)
        assert order.state is OrderState.QUEUED
        await world.settle()
        assert world.simulated.openings(door) == ()
        world.simulated.switches(door).offline = False
        await world.settle()
        assert len(world.simulated.openings(door)) == 1

    play(tmp_path, scene)


def test_an_order_whose_time_is_over_never_runs(tmp_path: Path) -> None:
    async def scene(world: World, clock: FrozenClock) -> None:
        door = await world.add_door("Front")
        world.simulated.switches(door).offline = True
        wanted = OpenDoor(door_id=door, expires_at=clock.now() + timedelta(minutes=1), waits=True)
        order = await open_and_wait(world.services, world.actor, wanted)
        clock.advance(timedelta(minutes=2))
        world.simulated.switches(door).offline = False
        await world.settle()
        ended = await world.core.store.read(world.organization_id, lambda view: view.orders.get(order.id))
        assert ended is not None
        assert ended.state is OrderState.EXPIRED
        assert world.simulated.openings(door) == ()

    play(tmp_path, scene)


def test_the_switches_in_a_doors_settings_are_set_when_the_worker_meets_it(tmp_path: Path) -> None:
    async def scene(world: World, _clock: FrozenClock) -> None:
        door = await world.add_door("Front", offline="true")
        assert world.simulated.switches(door).offline

    play(tmp_path, scene)
