"""Fail closed: a store that can't write and a driver that breaks leave every door shut (I3, I10)."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rekey.domain.access import DoorRecord
from rekey.domain.door_order import DoorOrder, OrderState
from rekey.domain.errors import StoreUnavailable
from rekey.drivers.simulated import SimulatedDriver
from rekey.ports.door_driver import Confirmation
from rekey.storage.unit_of_work import SqlUnitOfWork
from tests.attacks.callers import owner_caller
from tests.attacks.estate import Ids, acme_of, fill
from tests.attacks.state import state_of
from tests.attacks.targets import samples, targets_of
from tests.dialects.doordeck.signing import owner_of
from tests.support.world import World, open_world

OPENINGS = {
    "native": "native POST /doors/{door}/open",
    "kisi": "kisi POST /locks/{id}/unlock",
    "seam": "seam POST /locks/unlock_door",
}


@dataclass
class Dead:
    """A store that still reads and can make nothing durable."""

    alive: Any

    async def act(self, _organization_id: str, _work: object) -> object:
        raise StoreUnavailable("the disk is full")

    async def read(self, organization_id: str, work: object) -> object:
        return await self.alive.read(organization_id, work)

    @property
    def directory(self) -> object:
        return self.alive.directory


def in_filled_world(test: Callable[[World, Ids], Awaitable[None]], data: Path) -> None:
    async def told() -> None:
        async with open_world(data) as world:
            await test(world, await fill(acme_of(world)))

    asyncio.run(told())


def kill_store(world: World) -> None:
    object.__setattr__(world.core, "store", Dead(world.core.store))


def revive_store(world: World) -> None:
    object.__setattr__(world.core, "store", world.server.store)


def openings(world: World, ids: Ids) -> int:
    return len(world.simulated.openings(ids["door"].id))


def test_every_act_of_every_dialect_is_503_while_the_store_is_dead(tmp_path: Path) -> None:
    async def told(world: World, ids: Ids) -> None:
        owner, before, opened = await owner_caller(acme_of(world)), state_of(world), openings(world, ids)
        kill_store(world)
        dialects, acts = set(), 0
        for target in targets_of(world):
            for sample in samples(target, ids):
                answer = await owner.send(target, sample)
                assert answer.status < 500 or answer.status == 503, (target.name, answer.status, answer.body)
                if answer.status == 503:
                    dialects.add(target.dialect)
                    acts += 1
                elif not target.reads:
                    assert answer.status >= 400 or target.name in NO_ACT, (target.name, answer.body)
        revive_store(world)
        assert dialects == {"native", "kisi", "seam", "doordeck", "scim"}
        assert acts > 80
        assert state_of(world) == before
        assert openings(world, ids) == opened

    in_filled_world(told, tmp_path)


# They change nothing that is kept.
NO_ACT = {
    "kisi DELETE /login/elsewhere",
    "kisi PUT /login",
    "native PATCH /doors/{door}/simulate",
    "native POST /doors/{door}/simulate",
    "native PUT /door_groups/{group}/doors/{door}",
    "seam POST /acs/systems/report_devices",
    "seam POST /connected_accounts/sync",
    "seam POST /user_identities/add_acs_user",
    "seam PUT /user_identities/add_acs_user",
}


@pytest.mark.parametrize("dialect", OPENINGS)
def test_no_door_opens_when_the_journal_can_not_be_written(
    dialect: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(_unit: object, _row: object) -> None:
        raise StoreUnavailable("the journal is full")

    async def told(world: World, ids: Ids) -> None:
        owner, opened = await owner_caller(acme_of(world)), openings(world, ids)
        target = next(one for one in targets_of(world, dialect) if one.name == OPENINGS[dialect])
        sample = next(iter(samples(target, ids)))
        await world.settle()
        before = state_of(world)
        with monkeypatch.context() as broken:
            broken.setattr(SqlUnitOfWork, "record", full)
            answer = await owner.send(target, sample)
            await world.settle()
        assert answer.status == 503, answer.body
        assert state_of(world) == before
        assert openings(world, ids) == opened

    in_filled_world(told, tmp_path)


def test_no_signed_operation_runs_when_the_journal_can_not_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(_unit: object, _row: object) -> None:
        raise StoreUnavailable("the journal is full")

    async def told(world: World, ids: Ids) -> None:
        owner, opened = await owner_of(world), openings(world, ids)
        with monkeypatch.context() as broken:
            broken.setattr(SqlUnitOfWork, "record", full)
            answer = await owner.open(ids["door"].id)
            await world.settle()
        assert answer.status == 503, answer.body
        assert openings(world, ids) == opened

    in_filled_world(told, tmp_path)


FAULTS = (RuntimeError("boom"), ValueError("bad"), KeyError("x"), OSError("no route"), AssertionError())


@pytest.mark.parametrize("fault", FAULTS, ids=[type(fault).__name__ for fault in FAULTS])
def test_a_driver_that_breaks_leaves_the_door_shut_and_its_orders_ended(
    fault: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_driver: object, _door: DoorRecord, _order: DoorOrder) -> Confirmation:
        raise fault

    async def told(world: World, ids: Ids) -> None:
        owner, phone, opened = await owner_caller(acme_of(world)), await owner_of(world), openings(world, ids)
        monkeypatch.setattr(SimulatedDriver, "carry_out", broken)
        for dialect, name in OPENINGS.items():
            target = next(one for one in targets_of(world, dialect) if one.name == name)
            answer = await owner.send(target, next(iter(samples(target, ids))))
            told_by_order = dialect == "seam" and answer.status == 200
            assert told_by_order or 502 <= answer.status <= 504, (dialect, answer.status, answer.body)
        assert 502 <= (await phone.open(ids["door"].id)).status <= 504
        await world.server.services.orders.close()
        assert openings(world, ids) == opened
        unfinished = await world.core.store.read(
            world.organization_id, lambda view: view.orders.unfinished(door_id=ids["door"].id)
        )
        assert [order for order in unfinished if order.state is not OrderState.QUEUED] == []

    in_filled_world(told, tmp_path)
