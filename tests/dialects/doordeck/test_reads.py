"""Locks, users, sites and the directory as clients read them."""

import asyncio
import json
from pathlib import Path
from typing import Any

from tests.dialects.doordeck.signing import PREFIX, Phone, newcomer, owner_of
from tests.support.world import open_world

V2 = {"accept": "application/vnd.doordeck.api-v2+json,application/json"}


def test_a_lock_has_every_member_that_the_sdk_needs_in_every_listing(tmp_path: Path) -> None:
    async def told() -> None:
        async with open_world(tmp_path) as world:
            lock = await world.add_door("Front")
            owner = await owner_of(world)
            one = (await owner.call("GET", f"/device/{lock.upper()}/")).json()
            assert (await owner.call("GET", "/device")).json() == [one]
            assert (await owner.call("GET", f"/site/{world.site_id}/device/")).json() == [one]
            assert (await owner.call("GET", "/device/shareable")).json() == [{"id": lock, "name": "Front"}]
            assert (one["id"], one["name"], one["role"]) == (lock, "Front", "ADMIN")
            assert one["favourite"] is False
            assert one["state"]["connected"] is True
            settings: dict[str, Any] = one["settings"]
            assert (settings["tiles"], settings["permittedAddresses"], settings["hidden"]) == ([], [], False)
            assert settings["defaultName"] == "Front"
            assert settings["capabilities"]["BATCH_SHARING_25"] == "SUPPORTED"

    asyncio.run(told())


def test_who_does_not_hold_a_lock_sees_nothing_of_it(tmp_path: Path) -> None:
    async def told() -> None:
        async with open_world(tmp_path) as world:
            lock = await world.add_door("Front")
            ann = await newcomer(world, "ann")
            paths = {"/device": 200, "/site": 200, "/device/shareable": 200}
            for path, status in paths.items():
                reply = await ann.call("GET", path)
                assert (reply.status, reply.json()) == (status, []), path
            for path in (f"/device/{lock}", f"/device/{lock}/users", f"/device/{lock}/log"):
                assert (await ann.call("GET", path)).status == 403, path
            assert (await ann.call("GET", "/device/11111111-1111-1111-1111-111111111111")).status == 404
            assert (await ann.call("POST", "/share/invite/cy@acme.test?visitor=false")).status == 403

    asyncio.run(told())


def test_an_invited_address_becomes_an_orphan_who_can_be_shared_with(tmp_path: Path) -> None:
    async def told() -> None:
        async with open_world(tmp_path) as world:
            lock = await world.add_door("Front")
            owner = await owner_of(world)
            invited = (await owner.call("POST", "/share/invite/cy+1@acme.test?visitor=false")).json()
            again = (await owner.call("POST", "/share/invite/cy+1@acme.test?visitor=true")).json()
            assert invited == again
            found = (await owner.call("POST", "/directory/query", {"email": "cy+1@acme.test"}, **V2)).status
            assert found == 400
            await owner.share(lock, Phone(world, user_id=invited["id"]))
            users = {
                user["userId"]: user for user in (await owner.call("GET", f"/device/{lock}/users")).json()
            }
            cy = users[invited["id"]]
            assert (cy["orphan"], cy["foreign"], cy["displayName"], cy["role"]) == (True, True, None, "USER")
            assert cy["publicKey"] == invited["publicKey"]
            at_site = (await owner.call("GET", f"/site/{world.site_id}/user")).json()
            assert {user["userId"] for user in at_site} == set(users)

    asyncio.run(told())


def test_the_directory_answers_by_version(tmp_path: Path) -> None:
    async def told() -> None:
        async with open_world(tmp_path) as world:
            owner, ann = await owner_of(world), await newcomer(world, "ann")
            one = await owner.call("POST", "/directory/query", {"email": "ann@acme.test", "localKey": None})
            assert one.json()["id"] == ann.user_id
            assert (await owner.call("POST", "/directory/query", {"email": "x@acme.test"})).status == 404
            assert (await owner.call("POST", "/directory/query", {})).status == 400
            many = await owner.call(
                "POST",
                "/directory/query",
                {"email": ["ann@acme.test", "x@acme.test"], "localKey": [ann.user_id]},
                **V2,
            )
            assert [row["id"] for row in many.json()] == [ann.user_id] * 2
            assert many.json()[0]["email"] == "ann@acme.test"
            full = {"email": ["x@acme.test"] * 26}
            assert (await owner.call("POST", "/directory/query", full, **V2)).status == 400

    asyncio.run(told())


def test_an_unserved_version_alone_is_406(tmp_path: Path) -> None:
    async def told() -> None:
        async with open_world(tmp_path) as world:
            owner = await owner_of(world)
            far = {"accept": "application/vnd.doordeck.api-v9+json"}
            assert (await owner.call("POST", "/directory/query", {"email": "x@y.z"}, **far)).status == 406

    asyncio.run(told())


def test_the_default_name_is_changed_by_administrators_alone(tmp_path: Path) -> None:
    async def told() -> None:
        async with open_world(tmp_path) as world:
            lock = await world.add_door("Front")
            owner, ann = await owner_of(world), await newcomer(world, "ann")
            await owner.share(lock, ann)
            stray = {"type": "com.doordeck.Update", "settings": {"type": "x", "defaultName": "Gate"}}
            assert (await ann.call("PUT", f"/device/{lock}", stray)).status == 403
            assert (await owner.call("PUT", f"/device/{lock}", stray)).status == 200
            assert (await owner.call("GET", f"/device/{lock}")).json()["name"] == "Gate"
            assert (await owner.call("PUT", f"/device/{lock}", {"favourite": True})).status == 200

    asyncio.run(told())


def test_the_audit_of_a_lock_names_the_events_in_the_vendors_words(tmp_path: Path) -> None:
    async def told() -> None:
        async with open_world(tmp_path) as world:
            lock = await world.add_door("Front")
            owner, ann = await owner_of(world), await newcomer(world, "ann")
            await owner.share(lock, ann)
            await ann.open(lock)
            await owner.remove(lock, ann.user_id)
            await ann.open(lock)
            events = (await owner.call("GET", f"/device/{lock}/log", **V2)).json()
            told = [(event["type"], event["rejected"]) for event in events]
            assert told == [
                ("DOOR_UNLOCK", True),
                ("LOCK_REVOKED", False),
                ("DOOR_UNLOCK", False),
                ("LOCK_SHARED", False),
                ("OWNER_ASSIGNED", False),
            ]
            assert events[1]["subject"]["userId"] == ann.user_id
            assert events[2]["issuer"]["displayName"] == "ann"
            own = (await owner.call("GET", f"/user/{ann.user_id}/log", **V2)).json()
            assert len(own) == 4

    asyncio.run(told())


def test_the_time_is_told_in_milliseconds_to_everybody(tmp_path: Path) -> None:
    async def told() -> None:
        async with open_world(tmp_path) as world:
            reply = await world.client(PREFIX).send("GET", "/time", {"authorization": "Bearer stale"})
            assert abs(json.loads(reply.body)["now"] / 1000 - world.clock.now().timestamp()) < 5

    asyncio.run(told())


def test_the_own_name_is_changed(tmp_path: Path) -> None:
    async def told() -> None:
        async with open_world(tmp_path) as world:
            ann = await newcomer(world, "ann")
            assert (await ann.call("POST", "/account", {"displayName": "Ann A."})).status == 204
            assert (await ann.call("GET", "/account")).json()["displayName"] == "Ann A."

    asyncio.run(told())
