"""What PUT /device/{id} keeps: the caller's own liking, the lock's settings, and who may change which."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from rekey.testing.frozen_clock import FrozenClock
from tests.dialects.doordeck.signing import Phone, newcomer, owner_of
from tests.support.world import World, open_world

# A Wednesday, 12:00 in London.
NOON = datetime(2026, 1, 14, 12, tzinfo=UTC)


def tell(data: Path, tale: Callable[[World, Phone, str], Awaitable[None]], **settings: Any) -> None:
    async def told() -> None:
        async with open_world(data, dialects=("doordeck",), clock=FrozenClock(NOON), **settings) as world:
            lock = await world.add_door("Front")
            await tale(world, await owner_of(world), lock)

    asyncio.run(told())


async def put(phone: Phone, lock: str, **body: Any) -> dict[str, Any]:
    reply = await phone.call("PUT", f"/device/{lock}", body)
    assert (reply.status, reply.body) == (200, b"{}"), reply.body
    shown: dict[str, Any] = (await phone.call("GET", f"/device/{lock}")).json()
    return shown


def window(start: str, end: str, zone: str, *days: str) -> dict[str, Any]:
    return {"start": start, "end": end, "timezone": zone, "days": list(days)}


def test_a_name_a_favourite_and_a_colour_are_each_users_own(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann = await newcomer(world, "ann")
        await owner.share(lock, ann)
        mine = await put(ann, lock, name="Home", favourite=True, colour="#ffggaa")
        assert (mine["name"], mine["favourite"], mine["colour"]) == ("Home", True, "#ffggaa")
        assert mine["settings"]["defaultName"] == "Front"
        theirs = (await owner.call("GET", f"/device/{lock}")).json()
        assert (theirs["name"], theirs["favourite"], theirs["colour"]) == ("Front", False, None)
        assert [one["id"] for one in (await ann.call("GET", "/device/favourite")).json()] == [lock]
        assert (await owner.call("GET", "/device/favourite")).json() == []
        assert (await put(ann, lock, name=None, favourite=False))["name"] == "Front"
        assert (await ann.call("GET", "/device/favourite")).json() == []

    tell(tmp_path, tale)


@pytest.mark.parametrize(
    "settings",
    [
        {"defaultName": "Gate"},
        {"hidden": True},
        {"permittedAddresses": ["10.0.0.1"]},
        {"usageRequirements": {"time": []}},
        {"usageRequirements": {"location": None}},
        {"directAccessEndpoints": []},
        {"capabilities": {"OPEN_HOURS": "UNSUPPORTED"}},
        {"delay": 3},
    ],
)
def test_a_user_changes_nothing_of_the_lock_not_even_beside_an_own_name(
    tmp_path: Path, settings: dict[str, Any]
) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann = await newcomer(world, "ann")
        await owner.share(lock, ann)
        reply = await ann.call("PUT", f"/device/{lock}", {"name": "Home", "settings": settings})
        assert reply.status == 403
        assert (await ann.call("GET", f"/device/{lock}")).json()["name"] == "Front"

    tell(tmp_path, tale)


def test_every_setting_is_shown_as_it_was_put_and_the_others_stay(tmp_path: Path) -> None:
    each = {
        "defaultName": "Gate",
        "hidden": True,
        "delay": 3,
        "txBeaconRssi": -57,
        "rxBeaconRssi": -60,
        "proximityUnlock": True,
        "permittedAddresses": ["192.0.2.7", "2001:db8::7"],
        "directAccessEndpoints": ["https://1-2-3-4.gate.test:27707/device/execute"],
    }

    async def tale(_world: World, owner: Phone, lock: str) -> None:
        for name, value in each.items():
            await put(owner, lock, settings={name: value})
        hours = window("22:01", "06:59", "America/New_York", "SATURDAY")
        where = {"latitude": -33.9, "longitude": 151, "enabled": True, "radius": 50, "accuracy": 60}
        await put(owner, lock, settings={"usageRequirements": {"time": [hours]}})
        shown = await put(owner, lock, settings={"usageRequirements": {"location": where}})
        assert {name: shown["settings"][name] for name in each} == each
        assert shown["settings"]["usageRequirements"] == {"time": [hours], "location": where}
        emptied = await put(owner, lock, settings={"usageRequirements": {"time": []}})
        assert emptied["settings"]["usageRequirements"] == {"time": [], "location": where}

    tell(tmp_path, tale)


def test_a_location_has_its_defaults_and_opens_and_shuts_nothing_here(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone, lock: str) -> None:
        near = {"latitude": 1, "longitude": 2}
        shown = await put(owner, lock, settings={"usageRequirements": {"location": near}})
        full = {**near, "enabled": False, "radius": 100, "accuracy": 200}
        assert shown["settings"]["usageRequirements"]["location"] == full
        on = {**near, "enabled": True}
        await put(owner, lock, settings={"usageRequirements": {"location": on}})
        assert (await owner.open(lock)).status == 200

    tell(tmp_path, tale)


def test_a_capability_that_is_noted_as_unsupported_is_left_out(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone, lock: str) -> None:
        shown = await put(owner, lock, settings={"capabilities": {"BATCH_SHARING_25": "UNSUPPORTED"}})
        assert set(shown["settings"]["capabilities"]) == {"OPEN_HOURS", "CONFIGURABLE_UNLOCK_DURATION"}
        back = await put(owner, lock, settings={"capabilities": {"BATCH_SHARING_25": "SUPPORTED"}})
        assert back["settings"]["capabilities"]["BATCH_SHARING_25"] == "SUPPORTED"

    tell(tmp_path, tale)


@pytest.mark.parametrize("member", ["permittedAddresses", "permittedAddress"])
def test_only_permitted_addresses_open_and_the_refusal_is_in_the_audit_with_the_address(
    tmp_path: Path, member: str
) -> None:
    async def tale(_world: World, owner: Phone, lock: str) -> None:
        shown = await put(owner, lock, settings={member: ["203.0.113.9"]})
        assert shown["settings"]["permittedAddresses"] == ["203.0.113.9"]
        assert (await owner.open(lock)).status == 403
        log = await owner.call("GET", f"/device/{lock}/log", accept="application/vnd.doordeck.api-v2+json")
        refused = log.json()[0]
        assert (refused["type"], refused["rejected"]) == ("DOOR_UNLOCK", True)
        assert refused["rejectionReason"] == "The device may not be used from this address"
        assert refused["issuer"]["ip"] == "192.0.2.7"
        await put(owner, lock, settings={member: ["203.0.113.9", "192.0.2.7"]})
        assert (await owner.open(lock)).status == 200

    tell(tmp_path, tale)


def test_behind_a_trusted_proxy_the_address_is_the_clients(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone, lock: str) -> None:
        await put(owner, lock, settings={"permittedAddresses": ["203.0.113.9"]})
        opening = {"type": "MUTATE_LOCK", "locked": False}
        for forwarded, status in (("203.0.113.8", 403), ("203.0.113.9", 200)):
            token = owner.sign(owner.claims(lock, opening))
            sent = {"x-forwarded-for": forwarded, "content-type": "application/jwt"}
            assert (await owner.call("POST", f"/device/{lock}/execute", token, **sent)).status == status

    tell(tmp_path, tale, trusted_proxies=("192.0.2.0/24",))


def test_usage_windows_bind_in_their_own_zone_and_may_cross_midnight(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        for hours, status in (
            (window("11:00", "12:30", "Europe/London", "WEDNESDAY"), 200),
            (window("11:00", "12:00", "Europe/London", "WEDNESDAY"), 403),
            (window("21:00", "21:01", "Asia/Tokyo", "WEDNESDAY"), 200),
            (window("23:00", "13:00", "Europe/London", "TUESDAY"), 200),
            (window("23:00", "13:00", "Europe/London", "WEDNESDAY"), 403),
        ):
            await put(owner, lock, settings={"usageRequirements": {"time": [hours]}})
            assert (await owner.open(lock)).status == status, hours
        assert world.clock.now() == NOON

    tell(tmp_path, tale)


@pytest.mark.parametrize(
    "body",
    [
        {"name": " "},
        {"name": 5},
        {"favourite": "yes"},
        {"settings": {"defaultName": ""}},
        {"settings": {"permittedAddresses": ["front.acme.test"]}},
        {"settings": {"permittedAddresses": [None]}},
        {"settings": {"usageRequirements": {"time": [window("8:00", "9:00", "Europe/London", "MONDAY")]}}},
        {"settings": {"usageRequirements": {"time": [window("08:00", "09:00", "Moon/Sea", "MONDAY")]}}},
        {"settings": {"usageRequirements": {"time": [window("08:00", "09:00", "Europe/London")]}}},
        {"settings": {"usageRequirements": {"location": {"latitude": 1}}}},
        {"settings": {"directAccessEndpoints": ["javascript:alert(1)"]}},
        {"settings": {"directAccessEndpoints": ["https://user@gate.test/"]}},
        {"settings": {"capabilities": {"TELEPORT": "SUPPORTED"}}},
    ],
)
def test_a_wrong_value_is_400_and_changes_nothing(tmp_path: Path, body: dict[str, Any]) -> None:
    async def tale(_world: World, owner: Phone, lock: str) -> None:
        before = (await owner.call("GET", f"/device/{lock}")).json()
        both = {**body, "settings": {"hidden": True, **body.get("settings", {})}}
        assert (await owner.call("PUT", f"/device/{lock}", both)).status == 400
        assert (await owner.call("GET", f"/device/{lock}")).json() == before

    tell(tmp_path, tale)


def test_a_lock_of_somebody_else_takes_no_name_from_a_stranger(tmp_path: Path) -> None:
    async def tale(world: World, _owner: Phone, lock: str) -> None:
        ann = await newcomer(world, "ann")
        assert (await ann.call("PUT", f"/device/{lock}", {"name": "Mine"})).status == 403

    tell(tmp_path, tale)
