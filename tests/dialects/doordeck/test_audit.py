"""The audit of a lock and of a user: complete, in its span, and for those who may see it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from rekey.dialects.doordeck.audit import AT_DOORS, MESSAGES
from rekey.dialects.doordeck.audit_shapes import show_agent
from rekey.domain.actions import ACTIONS
from rekey.domain.grant import Holder
from rekey.domain.scope import Scope
from rekey.operations.grant_access import GrantAccess, NewGrant, grant_access
from rekey.operations.revoke_person import RevokePerson, revoke_person
from rekey.testing.frozen_clock import FrozenClock
from tests.dialects.doordeck.signing import Phone, newcomer, owner_of
from tests.support.world import World, open_world

V2 = {"accept": "application/vnd.doordeck.api-v2+json"}


def tell(data: Path, tale: Callable[[World, Phone, str], Awaitable[None]]) -> None:
    async def told() -> None:
        async with open_world(data, dialects=("doordeck",), clock=FrozenClock()) as world:
            lock = await world.add_door("Front")
            await tale(world, await owner_of(world), lock)

    asyncio.run(told())


async def log_of(phone: Phone, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await phone.call("GET", path, **V2)).json()
    return found


def test_an_audit_of_many_pages_is_whole_and_one_that_is_too_long_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def tale(_world: World, owner: Phone, lock: str) -> None:
        for seconds in range(7):
            await owner.execute(lock, {"type": "MUTATE_SETTING", "unlockDuration": seconds})
        whole = await log_of(owner, f"/device/{lock}/log")
        monkeypatch.setattr("rekey.dialects.doordeck.logs._PAGE", 2)
        assert await log_of(owner, f"/device/{lock}/log") == whole
        assert [event["type"] for event in whole] == ["SETTING_CHANGED"] * 7 + ["OWNER_ASSIGNED"]
        monkeypatch.setattr("rekey.dialects.doordeck.logs._MOST_ROWS", 4)
        assert (await owner.call("GET", f"/device/{lock}/log", **V2)).status == 400

    tell(tmp_path, tale)


def test_a_span_takes_its_start_and_leaves_its_end_and_is_a_week_by_default(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        assert isinstance(world.clock, FrozenClock)
        world.clock.advance(timedelta(days=8))
        at = int(world.clock.now().timestamp())
        await owner.open(lock)
        path = f"/device/{lock}/log"
        assert [event["type"] for event in await log_of(owner, path)] == ["DOOR_UNLOCK"]
        assert len(await log_of(owner, f"{path}?start=0")) == 2
        assert await log_of(owner, f"{path}?start={at - 5}&end={at}") == []
        assert len(await log_of(owner, f"{path}?start={at}&end={at + 1}")) == 1
        assert (await owner.call("GET", f"{path}?start={at}&end={at - 1}", **V2)).status == 400

    tell(tmp_path, tale)


def test_access_given_or_taken_around_a_lock_is_in_its_log(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann = await newcomer(world, "ann")
        new = NewGrant(holder=Holder.person(ann.user_id), scope=Scope.site(world.site_id))
        await world.perform(grant_access, GrantAccess(grants=(new,)))
        everywhere = Scope.organization(world.organization_id)
        await world.perform(revoke_person, RevokePerson(person_id=ann.user_id, scope=everywhere))
        for path in (f"/device/{lock}/log", f"/user/{ann.user_id}/log"):
            events = await log_of(owner, path)
            told = [
                (event["type"], event["deviceId"], event["subject"]["userId"])
                for event in events
                if event["subject"]
            ]
            assert told == [("LOCK_REVOKED", lock, ann.user_id), ("LOCK_SHARED", lock, ann.user_id)]

    tell(tmp_path, tale)


def test_a_users_log_holds_the_locks_alone_that_the_reader_administers(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        other = await world.add_door("Other")
        ann, bob = await newcomer(world, "ann"), await newcomer(world, "bob")
        await owner.share(lock, ann)
        await owner.share(other, ann)
        await owner.share(lock, bob, role="ADMIN")
        for door in (lock, other):
            await ann.open(door)
        path = f"/user/{ann.user_id}/log"
        assert {event["deviceId"] for event in await log_of(owner, path)} == {lock, other}
        assert {event["deviceId"] for event in await log_of(bob, path)} == {lock}
        assert await log_of(ann, path) == []
        assert [event["type"] for event in await log_of(bob, path)] == ["DOOR_UNLOCK", "LOCK_SHARED"]

    tell(tmp_path, tale)


def test_every_refusal_once_the_lock_is_known_is_a_row_with_its_reason_and_address(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann = await newcomer(world, "ann")
        await owner.share(lock, ann)
        token = ann.sign(ann.claims(lock, {"type": "MUTATE_LOCK", "locked": False}))
        await ann.post(lock, token)
        for attempt, kind in (
            (ann.post(lock, token), "DOOR_UNLOCK"),
            (ann.open(lock, exp=1), "DOOR_UNLOCK"),
            (ann.open(lock, iss=owner.user_id), "DOOR_UNLOCK"),
            (ann.share(lock, owner), "LOCK_SHARED"),
            (ann.remove(lock, owner.user_id), "LOCK_REVOKED"),
            (ann.execute(lock, {"type": "MUTATE_SETTING", "unlockDuration": 3}), "SETTING_CHANGED"),
        ):
            assert (await attempt).status in {400, 403, 409}
            event = (await log_of(owner, f"/device/{lock}/log"))[0]
            assert (event["type"], event["rejected"]) == (kind, True)
            assert event["rejectionReason"]
            assert (event["issuer"]["userId"], event["issuer"]["ip"]) == (ann.user_id, "192.0.2.7")

    tell(tmp_path, tale)


@pytest.mark.parametrize(
    ("agent", "shown"),
    [
        ("KMP SDK ANDROID - v2.14.0", {"type": "KMP_SDK_ANDROID", "version": "2.14.0"}),
        ("KMP SDK APPLE_WATCH - v2.14.0-rc1", {"type": "KMP_SDK_APPLE_WATCH", "version": "2.14.0-rc1"}),
        ("KMP SDK TOASTER - v1", None),
        ("Mozilla/5.0", None),
        ("", None),
        (None, None),
    ],
)
def test_only_the_vendors_own_client_has_a_name(agent: str | None, shown: dict[str, str] | None) -> None:
    assert show_agent(agent) == shown


def test_every_action_that_is_read_is_one_of_the_journals_and_every_type_has_a_text() -> None:
    assert set(ACTIONS) >= AT_DOORS
    assert all(MESSAGES.values())
