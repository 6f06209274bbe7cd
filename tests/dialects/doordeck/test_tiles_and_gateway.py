"""Tiles, their landing page, the gateway's routes, and the stream of states."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from rekey.dialects.doordeck.account_keys import AccountKeys
from rekey.dialects.doordeck.events import Events
from rekey.dialects.doordeck.keyring import Keyring
from rekey.dialects.doordeck.kit import Kit, SignedIn
from rekey.domain.access import DoorRecord
from rekey.domain.operator import KeyKind
from rekey.domain.scope import Scope
from rekey.operations.authenticate import authenticate_session
from rekey.operations.retire_door import RetireDoor, retire_door
from rekey.operations.revoke_person import RevokePerson, revoke_person
from rekey.ports.door_driver import DoorState
from rekey.webkit.message import Request
from rekey.webkit.settings import DialectSettings
from tests.attacks.state import state_of
from tests.dialects.doordeck.partner import new_id, partner_of
from tests.dialects.doordeck.signing import PREFIX, Phone, newcomer, owner_of
from tests.support.world import World, open_world

V2 = {"accept": "application/vnd.doordeck.api-v2+json,application/json"}
V3 = {"accept": "application/vnd.doordeck.api-v3+json,application/json"}
DEMO = {"type": "demo", "port": 8080}
Tale = Callable[[World, Phone, str], Awaitable[None]]


def tell(data: Path, tale: Tale) -> None:
    async def told() -> None:
        async with open_world(data, dialects=("doordeck", "native")) as world:
            lock = await world.add_door("Front")
            await tale(world, await owner_of(world), lock)

    asyncio.run(told())


def test_a_tile_leads_to_its_lock_in_every_version(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        back, tile = await world.add_door("Back"), new_id()
        body = {"siteId": world.site_id, "devices": [lock, back]}
        answer = await owner.call("PUT", f"/tile/{tile}", body, **V2)
        assert (answer.status, answer.json()) == (200, body)
        first = await owner.call("GET", f"/tile/{tile}", accept="application/json")
        assert first.status == 303
        followed = (first.header("location") or "").partition(PREFIX)[2]
        assert (await owner.call("GET", followed)).json()["id"] == lock
        assert (await owner.call("GET", f"/tile/{tile}", **V2)).json() == {"deviceId": lock}
        whole = {"siteId": world.site_id, "tileId": tile, "deviceIds": [lock, back]}
        assert (await owner.call("GET", f"/tile/{tile}", **V3)).json() == whole

    tell(tmp_path, tale)


def test_a_tile_hangs_at_one_lock_until_it_is_taken_from_there(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        back, tile = await world.add_door("Back"), new_id()
        assert (await owner.call("PUT", f"/device/{lock}/tile/{tile}")).status == 202
        assert (await owner.call("PUT", f"/device/{lock}/tile/{tile}")).status == 202
        assert (await owner.call("PUT", f"/device/{back}/tile/{tile}")).status == 409
        assert (await owner.call("DELETE", f"/device/{back}/tile/{tile}")).status == 404
        assert (await owner.call("DELETE", f"/device/{lock}/tile/{tile}")).status == 202
        assert (await owner.call("GET", f"/tile/{tile}", **V3)).status == 404
        assert (await owner.call("PUT", f"/device/{back}/tile/{tile}")).status == 202

    tell(tmp_path, tale)


def test_a_tile_of_a_lock_that_was_taken_out_of_service_leads_nowhere_and_is_free(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        back, tile = await world.add_door("Back"), new_id()
        await owner.call("PUT", f"/device/{lock}/tile/{tile}")
        await world.perform(retire_door, RetireDoor(door_id=lock))
        answer = await owner.call("GET", f"/tile/{tile}", **V3)
        assert answer.json() == {"code": 404, "message": "No devices associated with this tile"}
        assert (await owner.call("PUT", f"/device/{back}/tile/{tile}")).status == 202

    tell(tmp_path, tale)


def test_only_who_administers_the_locks_and_the_site_sets_a_tile(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        back, tile = await world.add_door("Back"), new_id()
        ann = await newcomer(world, "ann")
        await owner.share(lock, ann, role="ADMIN")
        before = state_of(world)
        body = {"siteId": world.site_id, "devices": [lock]}
        assert (await ann.call("PUT", f"/tile/{tile}", body, **V2)).status == 403
        assert (await ann.call("PUT", f"/device/{back}/tile/{tile}")).status == 403
        wrong = {"siteId": world.site_id, "devices": [new_id()]}
        assert (await owner.call("PUT", f"/tile/{tile}", wrong, **V2)).status == 404
        assert state_of(world) == before
        assert (await ann.call("PUT", f"/device/{lock}/tile/{tile}")).status == 202
        assert (await ann.call("GET", f"/tile/{tile}", **V3)).status == 200

    tell(tmp_path, tale)


def test_a_browser_gets_the_same_page_for_every_tile_and_no_data(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        hung, free = new_id(), new_id()
        await owner.call("PUT", f"/device/{lock}/tile/{hung}")
        accept = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
        client = world.client(PREFIX)
        pages = [await client.send("GET", f"/tile/{tile}", accept) for tile in (hung, free)]
        pages.append(await client.send("GET", f"/link/{hung}?uid=04A1&ctr=1&cmac=FF", accept))
        for page in pages:
            assert (page.status, page.header("content-type")) == (200, "text/html; charset=utf-8")
            assert "default-src 'none'" in (page.header("content-security-policy") or "")
            assert "Front" not in page.body.decode()
            assert "Acme" not in page.body.decode()
            assert lock not in page.body.decode()
        assert pages[0].body.decode().replace(hung, "") == pages[1].body.decode().replace(free, "")
        assert (await client.send("GET", f"/tile/{hung}", {"accept": "application/json"})).status == 401
        assert (await client.send("GET", "/tile/<script>", accept)).status == 404

    tell(tmp_path, tale)


def test_an_enabled_demo_controller_is_a_lock_of_the_callers(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, _lock: str) -> None:
        wanted = {"name": "Lab", "siteId": world.site_id, "key": {"type": "demo", "port": 8080}}
        made = (await owner.call("POST", "/api/configuration/enable", wanted)).json()["deviceId"]
        await world.settle()
        shown = (await owner.call("GET", f"/device/{made}")).json()
        assert (shown["name"], shown["role"], shown["state"]["connected"]) == ("Lab", "ADMIN", True)
        assert (await owner.open(made)).status == 200
        setting = {"type": "MUTATE_SETTING", "unlockDuration": 7, "unlockBetween": None}
        assert (await owner.execute(made, setting)).status == 200
        ann = await newcomer(world, "ann")
        assert (await owner.share(made, ann)).status == 204
        assert (await ann.open(made)).status == 200
        assert (await owner.remove(made, ann.user_id)).status == 200
        assert (await owner.call("GET", "/api/configuration/type")).json() == {"status": "demo"}
        found = (await owner.call("POST", "/api/configuration", {"type": "demo", "port": "8080"})).json()
        assert [one["doordeck"]["id"] for one in found if "doordeck" in one] == [made]
        assert all(one["integration"] == {"key": DEMO, "metadata": {}} for one in found)

    tell(tmp_path, tale)


def test_a_controllers_state_runs_stops_and_ends_undefined(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, _lock: str) -> None:
        wanted = {"name": "Lab", "siteId": world.site_id, "key": DEMO}
        made = (await owner.call("POST", "/api/configuration/enable", wanted)).json()["deviceId"]
        state = f"/api/controller/state/{made}"

        async def now() -> str:
            return str((await owner.call("GET", state)).json()["state"])

        assert await now() == "RUNNING"
        assert (await owner.call("GET", f"{state}/stop")).status == 204
        assert await now() == "STOPPED"
        assert (await owner.open(made)).status == 503
        assert (await owner.call("GET", f"{state}/start")).status == 204
        assert await now() == "RUNNING"
        assert (await owner.open(made)).status == 200
        assert (await owner.call("DELETE", f"/api/configuration/{made}")).status == 204
        assert await now() == "UNDEFINED"
        assert (await owner.call("GET", f"/device/{made}")).status == 410
        assert (await owner.call("DELETE", f"/api/configuration/{made}")).status == 410

    tell(tmp_path, tale)


@pytest.mark.parametrize("kind", ["alpeta", "net2", "lenel", "zkteco-zkbio-cvsecurity", "Demo"])
def test_a_controller_of_another_type_is_refused_by_its_name(tmp_path: Path, kind: str) -> None:
    async def tale(world: World, owner: Phone, _lock: str) -> None:
        before = state_of(world)
        wanted = {"name": "Lab", "siteId": world.site_id, "key": {"type": kind, "username": "x", "doorId": 1}}
        for path, body in (
            ("/api/configuration/enable", wanted),
            ("/api/configuration", {"type": kind, "dataSource.url": "jdbc:x"}),
        ):
            answer = await owner.call("POST", path, body)
            assert answer.status == 400
            assert repr(kind) in answer.json()["message"]
        assert state_of(world) == before

    tell(tmp_path, tale)


def test_only_who_administers_a_lock_stops_or_deletes_it(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann = await newcomer(world, "ann")
        await owner.share(lock, ann)
        before = state_of(world)
        for method, path in (
            ("GET", f"/api/controller/state/{lock}/stop"),
            ("DELETE", f"/api/configuration/{lock}"),
        ):
            assert (await ann.call(method, path)).status == 403
        enabling = {"name": "Lab", "siteId": world.site_id, "key": DEMO}
        assert (await ann.call("POST", "/api/configuration/enable", enabling)).status == 403
        assert state_of(world) == before
        assert (await ann.call("GET", f"/api/controller/state/{lock}")).json() == {"state": "RUNNING"}
        stranger = await newcomer(world, "ben")
        assert (await stranger.call("GET", f"/api/controller/state/{lock}")).json() == {"state": "UNDEFINED"}

    tell(tmp_path, tale)


async def _no_time(_seconds: float) -> None:
    await asyncio.sleep(0)


async def _stream_of(world: World, phone: Phone, query: str = "") -> AsyncIterator[bytes]:
    """Open the stream as the phone's session, with time that passes at once."""
    settings = DialectSettings(data=world.server.settings.data)
    core = world.core
    kit = Kit(
        services=world.services,
        settings=settings,
        keyring=Keyring(settings, core.clock),
        account_keys=AccountKeys(core),
    )
    claims = (await phone.call("GET", "/platform/auth")).json()
    caller = await authenticate_session(
        core, world.organization_id, claims["sid"], kinds=frozenset({KeyKind.SESSION}), via="doordeck"
    )
    scope = {"type": "http", "method": "GET", "path": "/device/events", "query_string": query.encode()}
    request = Request(
        scope={**scope, "headers": []},
        id="x",
        caller=SignedIn(caller=caller, person_id=phone.user_id, claims=claims),
    )
    reply = await Events(kit, _no_time).stream(request)
    assert reply.stream is not None
    assert reply.media_type == "text/event-stream"
    return reply.stream


async def _next(stream: AsyncIterator[bytes]) -> dict[str, Any]:
    """Give the next event's data, past the stream's signs of life."""
    async for chunk in stream:
        kind, _, data = chunk.decode().partition("\ndata: ")
        if kind == "event: state":
            event: dict[str, Any] = json.loads(data)
            return event
    return {}


def test_the_stream_tells_each_state_once_and_every_change(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        stream = await _stream_of(world, owner, f"device={lock}")
        first = await _next(stream)
        assert set(first) == {"deviceId", "timestamp", "state"}
        assert (first["deviceId"], first["state"]["connected"], first["state"]["locked"]) == (
            lock,
            True,
            True,
        )
        world.simulated.switches(lock).offline = True
        assert (await _next(stream))["state"]["connected"] is False
        await stream.aclose()  # type: ignore[attr-defined]  # it is a generator

    tell(tmp_path, tale)


def test_a_reader_who_leaves_while_the_lock_answers_ends_the_stream(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        driver = world.core.drivers["simulated"]
        asked, answer = asyncio.Event(), driver.observe

        async def observe(door: DoorRecord) -> DoorState:
            asked.set()
            await asyncio.sleep(0)
            return await answer(door)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(driver, "observe", observe)
            stream = await _stream_of(world, owner, f"device={lock}")
            # Wherever between the question and the answer the reader leaves, nothing goes on.
            for turns in range(4):
                reading = asyncio.ensure_future(_next(stream))
                await asked.wait()
                for _ in range(turns):
                    await asyncio.sleep(0)
                if reading.done():
                    continue
                reading.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await reading
                asked.clear()
                stream = await _stream_of(world, owner, f"device={lock}")

    tell(tmp_path, tale)


def test_the_stream_ends_with_the_access_of_its_reader(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann = await newcomer(world, "ann")
        await owner.share(lock, ann)
        stream = await _stream_of(world, ann)
        assert (await _next(stream))["deviceId"] == lock
        wanted = RevokePerson(person_id=ann.user_id, scope=Scope.door(lock))
        await world.perform(revoke_person, wanted)
        assert await _next(stream) == {}

    tell(tmp_path, tale)


def test_the_stream_ends_with_the_session_of_its_reader(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        stream = await _stream_of(world, owner)
        assert (await _next(stream))["deviceId"] == lock
        assert (await owner.call("POST", "/auth/token/destroy")).status == 204
        assert await _next(stream) == {}

    tell(tmp_path, tale)


def test_nobody_streams_a_lock_that_he_does_not_hold(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann = await newcomer(world, "ann")
        assert (await ann.call("GET", f"/device/events?device={lock}")).status == 403
        assert (await ann.call("GET", f"/device/events?device={new_id()}")).status == 404
        assert (await owner.call("GET", "/device/events?device=front")).status == 400

    tell(tmp_path, tale)


def test_an_applications_user_reads_tiles_of_the_organization(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone, lock: str) -> None:
        tile = new_id()
        await owner.call("PUT", f"/device/{lock}/tile/{tile}")
        partner = await partner_of(owner)
        assert (await partner.phone("ann").call("GET", f"/tile/{tile}", **V3)).status == 200

    tell(tmp_path, tale)
