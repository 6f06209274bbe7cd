"""The rules of the contract's section 0 about locks, their audit and signed operations, by their numbers."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from rekey.testing.frozen_clock import FrozenClock
from tests.dialects.doordeck.signing import PREFIX, Phone, newcomer, owner_of
from tests.support.world import World, open_world

V2 = {"accept": "application/vnd.doordeck.api-v2+json,application/json"}
OPEN = {"type": "MUTATE_LOCK", "locked": False}
HOURS = {"start": "08:07", "end": "18:31", "timezone": "Europe/London", "days": ["MONDAY", "FRIDAY"]}


def tell(data: Path, tale: Callable[[World, Phone, str], Awaitable[None]]) -> None:
    async def told() -> None:
        async with open_world(data, dialects=("doordeck",)) as world:
            lock = await world.add_door("Front")
            await tale(world, await owner_of(world), lock)

    asyncio.run(told())


@pytest.mark.parametrize("alg", ["EdDSA", "Ed25519"])
@pytest.mark.parametrize("standard", [True, False])
def test_rule_1_both_base64_forms_hold_and_the_signed_bytes_are_those_received(
    tmp_path: Path, alg: str, standard: bool
) -> None:
    async def tale(_world: World, owner: Phone, lock: str) -> None:
        token = owner.sign(owner.claims(lock, OPEN), alg=alg, standard=standard)
        assert (await owner.post(lock, token)).status == 200
        header, payload, signature = owner.sign(owner.claims(lock, OPEN), standard=True).split(".")
        respelt = ".".join((header, payload.rstrip("=").translate(str.maketrans("+/", "-_")), signature))
        if respelt != f"{header}.{payload}.{signature}":
            assert (await owner.post(lock, respelt)).status == 403

    tell(tmp_path, tale)


def test_rule_3_a_combined_accept_gets_each_version_of_the_audit(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone, lock: str) -> None:
        second = (await owner.call("GET", f"/device/{lock}/log", **V2)).json()
        first = (await owner.call("GET", f"/device/{lock}/log", accept="application/json")).json()
        assert ["issuer" in event for event in (second[0], first[0])] == [True, False]
        third = {"accept": "application/vnd.doordeck.api-v3+json,application/json"}
        assert (await owner.call("GET", f"/device/{lock}", **third)).status == 200

    tell(tmp_path, tale)


def test_rule_4_a_stray_type_is_ignored_at_every_depth_of_an_update(tmp_path: Path) -> None:
    stray = {"type": "com.doordeck.UpdateLockSettingTimeUsageRequest"}
    time = [{**stray, **HOURS}]

    async def tale(_world: World, owner: Phone, lock: str) -> None:
        body = {**stray, "settings": {**stray, "usageRequirements": {**stray, "time": time}}}
        assert (await owner.call("PUT", f"/device/{lock}", body)).status == 200
        shown = (await owner.call("GET", f"/device/{lock}")).json()
        assert shown["settings"]["usageRequirements"]["time"] == [HOURS]

    tell(tmp_path, tale)


def test_rule_5_nulls_leave_members_alone_but_a_null_name_and_a_null_location_clear(tmp_path: Path) -> None:
    where = {"latitude": 51.5, "longitude": -0.1}

    async def tale(_world: World, owner: Phone, lock: str) -> None:
        async def put(**body: object) -> dict[str, object]:
            assert (await owner.call("PUT", f"/device/{lock}", body)).status == 200
            shown: dict[str, object] = (await owner.call("GET", f"/device/{lock}")).json()
            return shown

        await put(name="Mine", favourite=True, settings={"usageRequirements": {"location": where}})
        nulls = {"defaultName": None, "permittedAddresses": None, "hidden": None, "usageRequirements": None}
        kept = await put(favourite=None, colour=None, settings=nulls)
        assert (kept["name"], kept["favourite"]) == ("Mine", True)
        assert kept["settings"]["usageRequirements"]["location"]["latitude"] == 51.5  # type: ignore[index]  # JSON
        cleared = await put(name=None, settings={"usageRequirements": {"location": None}})
        assert cleared["name"] == "Front"
        assert cleared["settings"]["usageRequirements"] == {"time": []}  # type: ignore[index]  # JSON

    tell(tmp_path, tale)


def test_rule_15_only_the_listed_names_stand_in_locks_and_audits(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann = await newcomer(world, "ann")
        for role in ("USER", "ADMIN", "USER"):
            await owner.share(lock, ann, role=role)
        await owner.execute(lock, {"type": "MUTATE_SETTING", "unlockDuration": 0, "unlockBetween": None})
        await owner.open(lock)
        await owner.execute(lock, {"type": "MUTATE_LOCK", "locked": True})
        await owner.remove(lock, ann.user_id)
        await owner.call("PUT", f"/device/{lock}", {"settings": {"hidden": True}})
        # The client itself refuses a name that is not listed.
        told = [event["type"] for event in (await owner.call("GET", f"/device/{lock}/log", **V2)).json()]
        assert told[0] == "SETTING_CHANGED"
        assert {"USER_PROMOTED", "USER_DEMOTED", "LOCK_SHARED", "LOCK_REVOKED", "DOOR_LOCK"} < set(told)

    tell(tmp_path, tale)


def test_rule_16_emptied_lists_are_empty_lists(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone, lock: str) -> None:
        pairs: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
            ({"permittedAddresses": ["192.0.2.7", "2001:db8::7"]}, {"permittedAddresses": []}),
            (
                {"directAccessEndpoints": ["https://a.test:27707/device/execute"]},
                {"directAccessEndpoints": []},
            ),
            ({"usageRequirements": {"time": [HOURS]}}, {"usageRequirements": {"time": []}}),
        )
        for pair in pairs:
            for settings in pair:
                reply = await owner.call("PUT", f"/device/{lock}", {"settings": settings})
                assert reply.status == 200
                shown = (await owner.call("GET", f"/device/{lock}")).json()["settings"]
                ((member, value),) = settings.items()
                assert shown[member] == value

    tell(tmp_path, tale)


def test_rule_20_an_audit_row_is_the_union_of_both_shapes(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone, lock: str) -> None:
        agent = {"user-agent": "KMP SDK JS_NODE - v2.14.0"}
        token = owner.sign(owner.claims(lock, OPEN))
        sent = {"content-type": "application/jwt", **agent}
        assert (await owner.call("POST", f"/device/{lock}/execute", token, **sent)).status == 200
        event = (await owner.call("GET", f"/device/{lock}/log", **V2)).json()[0]
        assert (event["type"], event["rejected"], event["rejectionReason"]) == ("DOOR_UNLOCK", False, None)
        assert event["issuer"]["userId"] == event["user"] == owner.user_id
        assert event["issuer"]["ip"] == "192.0.2.7"
        assert event["userAgent"] == {"type": "KMP_SDK_JS_NODE", "version": "2.14.0"}
        assert (event["email"], event["message"]) == (event["issuer"]["email"], "Door unlocked")

    tell(tmp_path, tale)


def test_rule_21_what_the_client_needs_of_a_lock_stands_in_every_listing(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        assert (await owner.call("PUT", f"/device/{lock}", {"favourite": True})).status == 200
        one = (await owner.call("GET", f"/device/{lock}")).json()
        for path in ("/device", "/device/favourite", f"/site/{world.site_id}/device"):
            assert (await owner.call("GET", path)).json() == [one]

    tell(tmp_path, tale)


def test_rule_22_the_metres_of_a_location_are_integers(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone, lock: str) -> None:
        where = {"latitude": 10, "longitude": 20.5, "enabled": True, "radius": 1, "accuracy": 1000}
        settings = {"usageRequirements": {"location": where}}
        assert (await owner.call("PUT", f"/device/{lock}", {"settings": settings})).status == 200
        text = (await owner.call("GET", f"/device/{lock}")).body
        assert re.search(rb'"radius":1[,}]', text)
        for name, value in (("radius", 0), ("accuracy", 1001), ("latitude", 90.5), ("longitude", -181)):
            wrong = {"usageRequirements": {"location": {**where, name: value}}}
            assert (await owner.call("PUT", f"/device/{lock}", {"settings": wrong})).status == 400

    tell(tmp_path, tale)


def test_rule_23_times_of_locks_and_audits_are_whole_seconds(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone, lock: str) -> None:
        await owner.open(lock)
        one = (await owner.call("GET", f"/device/{lock}")).body
        log = (await owner.call("GET", f"/device/{lock}/log", **V2)).body
        assert re.search(rb'"lastOperation":\d{10}[,}]', one)
        assert re.search(rb'"timestamp":\d{10}[,}]', log)

    tell(tmp_path, tale)


def test_rule_26_a_duration_beside_null_hours_leaves_the_hours(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone, lock: str) -> None:
        await owner.execute(lock, {"type": "MUTATE_SETTING", "unlockBetween": {**HOURS, "exceptions": []}})
        await owner.execute(lock, {"type": "MUTATE_SETTING", "unlockDuration": 9, "unlockBetween": None})
        settings = (await owner.call("GET", f"/device/{lock}")).json()["settings"]
        assert settings["unlockTime"] == 9
        assert settings["unlockBetweenWindow"] == {**HOURS, "exceptions": []}

    tell(tmp_path, tale)


def test_rule_27_no_fault_of_an_operation_is_401_and_a_stale_bearer_consumes_nothing(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone, lock: str) -> None:
        token = owner.sign(owner.claims(lock, OPEN))
        client = owner.world.client(PREFIX)
        stale = await client.send("POST", f"/device/{lock}/execute", {"authorization": "Bearer stale"}, token)
        assert stale.status == 401
        assert (await owner.post(lock, token)).status == 200
        now = int(owner.world.clock.now().timestamp())
        for changes in ({"exp": now - 1}, {"nbf": now + 90}, {"iss": lock}, {"sub": owner.user_id}):
            assert (await owner.execute(lock, OPEN, **changes)).status in {400, 403}

    tell(tmp_path, tale)


def test_rule_28_the_same_operation_on_both_ways_runs_once(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        token = owner.sign(owner.claims(lock, OPEN), standard=True)
        direct = world.client(PREFIX).send(
            "POST", "/device/execute", {"content-type": "application/jwt"}, token
        )
        answers = await asyncio.gather(owner.post(lock, token), direct)
        assert sorted(answer.status for answer in answers) == [200, 409]
        assert len(world.simulated.openings(lock)) == 1

    tell(tmp_path, tale)


def test_a_derived_locking_follows_an_opening_and_is_nobodys(tmp_path: Path) -> None:
    async def told() -> None:
        clock = FrozenClock()
        async with open_world(tmp_path, clock=clock, dialects=("doordeck",)) as world:
            lock = await world.add_door("Front")
            owner = await owner_of(world)
            await owner.open(lock)
            before = (await owner.call("GET", f"/device/{lock}/log", **V2)).json()
            clock.advance(timedelta(seconds=6))
            after = (await owner.call("GET", f"/device/{lock}/log", **V2)).json()
            assert [event["type"] for event in after[:2]] == ["DOOR_LOCK", "DOOR_UNLOCK"]
            assert after[1:] == before
            assert (after[0]["user"], after[0]["timestamp"]) == (None, before[0]["timestamp"] + 5)

    asyncio.run(told())


def test_every_one_of_the_thirty_rules_has_a_test_of_its_number() -> None:
    told = "".join(path.read_text() for path in Path(__file__).parent.glob("test_rules_*.py"))
    numbers: set[int] = set()
    for name in re.findall(r"def test_rule_((?:\d+_)(?:and_\d+_)?)", told):
        numbers |= {int(number) for number in re.findall(r"\d+", name)}
    assert numbers == set(range(1, 31))
