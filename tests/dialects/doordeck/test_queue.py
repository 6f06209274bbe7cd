"""Operations that wait, doors that do not answer, and bytes that come again."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from rekey.app.bootstrap import Parts, open_server
from rekey.app.settings import Settings
from rekey.operations.retire_door import RetireDoor, retire_door
from rekey.testing.frozen_clock import FrozenClock
from tests.dialects.doordeck.signing import Phone, newcomer, owner_of
from tests.support.world import World, open_world

V2 = {"accept": "application/vnd.doordeck.api-v2+json,application/json"}
OPEN = {"type": "MUTATE_LOCK", "locked": False}


def tell(
    data: Path, tale: Callable[[World, Phone, str, FrozenClock], Awaitable[None]], **switches: str
) -> None:
    async def told() -> None:
        clock = FrozenClock()
        async with open_world(data, clock=clock, dialects=("doordeck",)) as world:
            lock = await world.add_door("Front", **switches)
            await tale(world, await owner_of(world), lock, clock)

    asyncio.run(told())


async def come_back(world: World, lock: str) -> None:
    await world.services.orders.close()
    world.simulated.configure(lock, [("offline", "false")])
    await world.settle()


def test_an_opening_that_waits_is_cancelled_by_a_revocation(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str, clock: FrozenClock) -> None:
        ann = await newcomer(world, "ann")
        await owner.share(lock, ann)
        assert (await ann.open(lock, exp=int(clock.now().timestamp()) + 3600)).status == 202
        await world.services.orders.close()
        assert (await owner.remove(lock, ann.user_id)).status == 200
        await come_back(world, lock)
        assert world.simulated.openings(lock) == ()

    tell(tmp_path, tale, offline="true")


def test_an_opening_that_waits_is_dropped_after_its_expiry(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str, clock: FrozenClock) -> None:
        assert (await owner.open(lock, exp=int(clock.now().timestamp()) + 90)).status == 202
        clock.advance(timedelta(seconds=91))
        await come_back(world, lock)
        assert world.simulated.openings(lock) == ()

    tell(tmp_path, tale, offline="true")


def test_a_door_that_does_not_answer_is_504(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone, lock: str, _clock: FrozenClock) -> None:
        reply = await owner.open(lock)
        assert (reply.status, reply.json()["code"]) == (504, 504)

    tell(tmp_path, tale, drops_replies="true")


def test_locking_an_offline_door_is_503_and_shares_and_removals_are_not(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str, _clock: FrozenClock) -> None:
        ann = await newcomer(world, "ann")
        assert (await owner.execute(lock, {"type": "MUTATE_LOCK", "locked": True})).status == 503
        assert (await owner.share(lock, ann)).status == 204
        assert (await owner.remove(lock, ann.user_id)).status == 200

    tell(tmp_path, tale, offline="true")


def test_an_expiry_of_exactly_a_minute_is_not_queued_whatever_the_fraction_of_the_second(
    tmp_path: Path,
) -> None:
    async def tale(_world: World, owner: Phone, lock: str, clock: FrozenClock) -> None:
        clock.advance(timedelta(milliseconds=999))
        second = int(clock.now().timestamp())
        assert (await owner.open(lock, exp=second + 60)).status == 200
        assert (await owner.open(lock, exp=second + 61)).status == 202

    tell(tmp_path, tale)


def test_the_times_of_an_operation_have_their_limits(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone, lock: str, clock: FrozenClock) -> None:
        now, fortnight = int(clock.now().timestamp()), 14 * 86_400
        told = [
            (await owner.open(lock, **changes)).status
            for changes in (
                {"nbf": now + 30},
                {"nbf": now + 31},
                {"exp": now},
                {"exp": now + 1},
                {"exp": now + fortnight},
                {"exp": now + fortnight + 1},
            )
        ]
        assert told == [200, 400, 400, 200, 202, 400]

    tell(tmp_path, tale)


def test_a_retired_lock_is_410_with_a_row_in_its_log(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str, _clock: FrozenClock) -> None:
        await world.perform(retire_door, RetireDoor(door_id=lock))
        before = await world.journal_size()
        reply = await owner.open(lock)
        assert (reply.status, reply.json()["code"]) == (410, 410)
        assert await world.journal_size() == before + 1
        assert (await owner.call("GET", f"/device/{lock}")).status == 410

    tell(tmp_path, tale)


def test_an_operation_that_was_refused_may_be_sent_again(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str, _clock: FrozenClock) -> None:
        ann = await newcomer(world, "ann")
        claims = ann.claims(lock, OPEN)
        assert (await ann.post(lock, ann.sign(claims))).status == 403
        await owner.share(lock, ann)
        assert (await ann.post(lock, ann.sign(claims))).status == 200
        assert (await ann.post(lock, ann.sign({**claims, "iat": claims["iat"] + 1}))).status == 409

    tell(tmp_path, tale)


def test_a_repeated_operation_is_refused_after_a_restart_too(tmp_path: Path) -> None:
    async def told() -> None:
        async with open_world(tmp_path, dialects=("doordeck",)) as world:
            lock = await world.add_door("Front")
            owner = await owner_of(world)
            token = owner.sign(owner.claims(lock, OPEN))
            assert (await owner.post(lock, token)).status == 200
        parts = Parts(clock=world.clock, drivers={"simulated": world.simulated}, dialects=("doordeck",))
        server = await open_server(Settings(data=tmp_path / "rekey"), parts=parts)
        try:
            owner.world = replace(world, server=server)
            assert (await owner.post(lock, token)).status == 409
            assert (await owner.open(lock)).status == 200
        finally:
            await server.close()

    asyncio.run(told())
