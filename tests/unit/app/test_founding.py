"""The first organization, its keys, and the dialects around it."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from rekey.app.adapters.machine import SystemEntropy
from rekey.app.errors import AlreadyInitialized
from rekey.app.founding import FirstOrganization, found_first
from rekey.domain.errors import Invalid
from rekey.domain.operator import KeyKind
from rekey.operations.authenticate import authenticate_secret, password_operator
from rekey.operations.found_organization import FoundOrganization
from rekey.operations.found_with_keys import found_with_keys, make_keys
from tests.support.world import World, open_world

Scene = Callable[[World], Awaitable[None]]
API_KEYS = frozenset({KeyKind.API_KEY})


def play(data: Path, scene: Scene) -> None:
    async def run() -> None:
        async with open_world(data, dialects=()) as world:
            await scene(world)

    asyncio.run(run())


def test_a_sandboxs_seam_key_says_so_and_another_never_passes_for_one_of_another_kind() -> None:
    entropy = SystemEntropy()
    letters = "[1-9A-HJ-NP-Za-km-z]"
    sandbox = make_keys(entropy, sandbox=True).seam
    real = [make_keys(entropy, sandbox=False).seam for _ in range(200)]
    assert re.fullmatch(f"seam_test{letters}{{4}}_{letters}{{24}}", sandbox)
    assert [key for key in real if not re.fullmatch(f"seam_{letters}{{8}}_{letters}{{24}}", key)] == []
    assert [key for key in real if key.startswith(("seam_at", "seam_cst", "seam_pk", "seam_test"))] == []


def test_each_first_key_is_recognised_by_its_own_api_and_the_kisi_key_is_the_owners(tmp_path: Path) -> None:
    async def scene(world: World) -> None:
        owner = await world.owner_person_id()
        for api, via, whose in (
            ("seam", "seam", None),
            ("kisi", "kisi", owner),
            ("rekey", "native", None),
        ):
            caller = await authenticate_secret(world.core, world.keys[api], kinds=API_KEYS, via=via)
            assert caller.operator.person_id == whose
        directory = frozenset({KeyKind.SCIM})
        caller = await authenticate_secret(world.core, world.keys["scim"], kinds=directory, via="scim")
        assert caller.actor.is_automation

    play(tmp_path, scene)


def test_the_owner_signs_in_with_the_password_that_was_shown(tmp_path: Path) -> None:
    async def scene(world: World) -> None:
        operator, _ = await password_operator(
            world.core, world.organization_id, world.owner["email"], world.owner["password"]
        )
        assert operator.person_id == await world.owner_person_id()

    play(tmp_path, scene)


def test_founding_is_one_act_in_the_journal(tmp_path: Path) -> None:
    async def scene(world: World) -> None:
        assert await world.journal_size() == 1

    play(tmp_path, scene)


def test_a_store_that_has_an_organization_is_left_as_it_is(tmp_path: Path) -> None:
    async def scene(world: World) -> None:
        with pytest.raises(AlreadyInitialized):
            await found_first(world.server, FirstOrganization(domain="other"))
        assert await world.core.store.directory.organization_named("other") is None

    play(tmp_path, scene)


def test_a_refused_founding_leaves_nothing_behind(tmp_path: Path) -> None:
    async def scene(world: World) -> None:
        before = await world.core.store.directory.all_organizations()
        wanted = FoundOrganization(
            name="Beta",
            domain="beta",
            site_name="HQ",
            time_zone="Mars/Base",
            owner_name="Bo",
            owner_email="bo@beta.test",
            password_hash="hash",
        )
        with pytest.raises(Invalid):
            await found_with_keys(world.core, wanted, via="test")
        assert await world.core.store.directory.all_organizations() == before

    play(tmp_path, scene)


def test_a_dialect_that_is_not_installed_is_left_out_and_the_others_serve(
    tmp_path: Path,
) -> None:
    async def run() -> frozenset[str]:
        async with open_world(tmp_path, dialects=("native", "imaginary")) as world:
            return world.server.dialects

    assert asyncio.run(run()) == {"native"}
