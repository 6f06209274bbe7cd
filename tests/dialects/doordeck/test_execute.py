"""Signed operations, as the SDK and as the vendor's pages send them."""

import asyncio
import copy
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.dialects.doordeck.signing import Phone, newcomer, owner_of
from tests.support.world import World, open_world


def tell(data: Path, tale: Callable[[World, Phone, str], Awaitable[None]]) -> None:
    """Tell a tale in a new world with one door and its owner's phone."""

    async def told() -> None:
        async with open_world(data) as world:
            lock = await world.add_door("Front")
            await tale(world, await owner_of(world), lock)

    asyncio.run(told())


@pytest.mark.parametrize("alg", ["EdDSA", "Ed25519"])
@pytest.mark.parametrize("standard", [True, False])
def test_both_base64_forms_and_both_algorithm_names_open_the_door(
    tmp_path: Path, alg: str, standard: bool
) -> None:
    async def tale(_world: World, owner: Phone, lock: str) -> None:
        claims = owner.claims(lock, {"type": "MUTATE_LOCK", "locked": False})
        reply = await owner.post(lock, owner.sign(claims, alg=alg, standard=standard))
        assert (reply.status, reply.body) == (200, b"{}")

    tell(tmp_path, tale)


def test_a_shared_user_opens_until_removed_and_the_reply_names_the_revocation(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann = await newcomer(world, "ann")
        assert (await ann.open(lock)).status == 403
        shared = await owner.share(lock, ann)
        assert (shared.status, shared.body) == (204, b"")
        assert (await ann.open(lock)).status == 200
        removed = await owner.remove(lock, ann.user_id)
        assert (removed.status, removed.body) == (200, b"{}")
        assert removed.header("rekey-revocation")
        assert (await ann.open(lock)).status == 403
        assert (await owner.call("GET", f"/user/{ann.user_id}")).json()["devices"] == []

    tell(tmp_path, tale)


def test_several_users_are_removed_in_one_act_with_a_revocation_each(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann, bob = await newcomer(world, "ann"), await newcomer(world, "bob")
        await owner.share(lock, ann, bob)
        before = await world.journal_size()
        removed = await owner.remove(lock, ann.user_id, bob.user_id, "11111111-1111-1111-1111-111111111111")
        assert removed.status == 200
        assert len((removed.header("rekey-revocation") or "").split(",")) == 2
        assert await world.journal_size() == before + 1
        assert [(await phone.open(lock)).status for phone in (ann, bob)] == [403, 403]

    tell(tmp_path, tale)


def test_a_user_may_drop_a_lock_from_the_own_account_but_not_remove_others(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann, bob = await newcomer(world, "ann"), await newcomer(world, "bob")
        await owner.share(lock, ann, bob)
        assert (await ann.remove(lock, bob.user_id)).status == 403
        assert (await ann.remove(lock, ann.user_id)).status == 200
        assert (await ann.call("GET", "/device")).json() == []
        assert (await bob.open(lock)).status == 200

    tell(tmp_path, tale)


def test_the_last_administrator_is_not_removed(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        reply = await owner.remove(lock, owner.user_id)
        assert reply.status == 409
        assert reply.json()["code"] == 409
        assert (await owner.open(lock)).status == 200
        assert (await world.refusals())[-1]["refusal"] == "LastOwner"

    tell(tmp_path, tale)


def test_26_users_are_refused_with_one_journal_row_and_nothing_changes(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann = await newcomer(world, "ann")
        before = await world.journal_size()
        assert (await owner.share(lock, *[ann] * 26)).status == 400
        assert await world.journal_size() == before + 1
        assert (await ann.open(lock)).status == 403

    tell(tmp_path, tale)


def test_a_batch_with_an_unknown_user_gives_nobody_anything(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann = await newcomer(world, "ann")
        ghost = copy.copy(ann)
        ghost.user_id = "11111111-1111-1111-1111-111111111111"
        before = await world.journal_size()
        assert (await owner.share(lock, ann, ghost)).status == 404
        assert await world.journal_size() == before + 1
        assert (await ann.open(lock)).status == 403

    tell(tmp_path, tale)


@pytest.mark.parametrize("jti", [None, "the same"])
def test_a_signed_operation_runs_once(tmp_path: Path, jti: str | None) -> None:
    async def tale(_world: World, owner: Phone, lock: str) -> None:
        token = owner.sign(owner.claims(lock, {"type": "MUTATE_LOCK", "locked": False}, jti=jti))
        assert (await owner.post(lock, token)).status == 200
        assert (await owner.post(lock, token)).status == 409

    tell(tmp_path, tale)


def test_only_an_operation_longer_than_a_minute_is_queued(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann = await newcomer(world, "ann")
        later = int(world.clock.now().timestamp()) + 90
        assert (await owner.open(lock, exp=later)).status == 202
        share = {"type": "ADD_USER", "user": ann.user_id, "publicKey": "unused"}
        assert (await owner.execute(lock, share, exp=later)).status == 202
        removed = await owner.remove(lock, ann.user_id, exp=later)
        assert removed.status == 202
        assert removed.header("rekey-revocation")

    tell(tmp_path, tale)


def test_an_offline_lock_answers_503_and_takes_a_queued_opening_when_it_is_back(tmp_path: Path) -> None:
    async def told() -> None:
        async with open_world(tmp_path) as world:
            lock = await world.add_door("Shed", offline="true")
            owner = await owner_of(world)
            assert (await owner.open(lock)).status == 503
            later = int(world.clock.now().timestamp()) + 90
            assert (await owner.open(lock, exp=later)).status == 202
            await world.services.orders.close()
            world.simulated.configure(lock, [("offline", "false")])
            await world.settle()
            events = await owner.call(
                "GET", f"/device/{lock}/log", accept="application/vnd.doordeck.api-v2+json"
            )
            outcomes = [(event["type"], event["rejected"]) for event in reversed(events.json())]
            assert outcomes[1:] == [
                ("DEVICE_DISCONNECTED", False),
                ("DOOR_UNLOCK", True),
                ("DEVICE_CONNECTED", False),
                ("DOOR_UNLOCK", False),
            ]

    asyncio.run(told())


def test_settings_follow_the_table_of_nulls(tmp_path: Path) -> None:
    hours = {"start": "08:00", "end": "18:30", "timezone": "Europe/Berlin", "days": ["MONDAY", "FRIDAY"]}

    async def tale(_world: World, owner: Phone, lock: str) -> None:
        async def after(**members: object) -> tuple[int, object]:
            reply = await owner.execute(lock, {"type": "MUTATE_SETTING", **members})
            assert (reply.status, reply.body) == (200, b"{}")
            settings = (await owner.call("GET", f"/device/{lock}")).json()["settings"]
            return settings["unlockTime"], settings["unlockBetweenWindow"]

        kept = {**hours, "exceptions": []}
        assert await after(unlockBetween=hours) == (5, kept)
        assert await after(unlockDuration=9, unlockBetween=None) == (9, kept)
        assert await after(unlockDuration=7) == (7, kept)
        assert await after(unlockDuration=None, unlockBetween=None) == (7, None)
        assert await after(unlockDuration=None, unlockBetween=hours) == (7, kept)
        assert await after(unlockBetween=None) == (7, None)

    tell(tmp_path, tale)


def test_sharing_again_changes_the_role(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann = await newcomer(world, "ann")
        for role in ("ADMIN", "USER"):
            await owner.share(lock, ann, role=role)
            users = (await owner.call("GET", f"/device/{lock}/users")).json()
            assert [user["role"] for user in users if user["userId"] == ann.user_id] == [role]

    tell(tmp_path, tale)


def test_a_share_that_starts_later_is_shown_and_does_not_open_yet(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann = await newcomer(world, "ann")
        start = int(world.clock.now().timestamp()) + 3600
        await owner.share(lock, ann, start=start, end=start + 60)
        shown = (await ann.call("GET", "/device")).json()
        assert [(one["id"], one["start"], one["end"]) for one in shown] == [(lock, start, start + 60)]
        assert (await ann.open(lock)).status == 403

    tell(tmp_path, tale)
