"""The thirty rules against a real server, over TLS at the root of its host, by a client written from the contract.

The client signs as the official one does and refuses every answer that that one would refuse.
"""

import asyncio
import json
import re
import ssl
import uuid
from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from tests.acceptance.doordeck_client import V1, V2, V3, bare, owner_site, shown, somebody, tell, told_of
from tests.dialects.doordeck.partner import NEW, Partner, add_application, partner_of
from tests.dialects.doordeck.signing import PASSWORD, Phone, base64std
from tests.support.process import RekeyProcess
from tests.support.remote_world import remote_world
from tests.support.tls import throw_away_certificate
from tests.support.world import World

HOST = "api.doordeck.test"
AGENT = "KMP SDK JVM - v2.14.0"
OPEN = {"type": "MUTATE_LOCK", "locked": False}
HOURS = {"start": "22:07", "end": "06:31", "timezone": "Europe/London", "days": ["MONDAY", "FRIDAY"]}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("doordeck")
    shown = throw_away_certificate(folder / "tls", HOST, "127.0.0.1")
    options = ("--tls-cert", str(shown.chain), "--tls-key", str(shown.key), "--vhost", f"doordeck={HOST}")
    trust = ssl.create_default_context(cafile=str(shown.authority))
    with RekeyProcess(folder / "data", serve=options) as server:
        yield remote_world(server, HOST, trust, AGENT)


@pytest.fixture
def lock(world: World) -> str:
    server: Any = world.server
    return str(server.add_door(f"Door {uuid.uuid4().hex[:8]}"))


def test_rule_1_segments_come_in_both_forms_of_base64(world: World, lock: str) -> None:
    async def tale(owner: Phone) -> None:
        for standard in (True, False):
            token = owner.sign(owner.claims(lock, OPEN), standard=standard)
            assert (await owner.post(lock, token)).status == 200
        signed = owner.sign(owner.claims(lock, {**OPEN, "note": "???>>>~~~"}), standard=True)
        respelt = signed.replace("+", "-").replace("/", "_").replace("=", "")
        assert signed != respelt
        assert (await owner.post(lock, respelt)).status == 403

    tell(world, tale)


def test_rule_2_an_applications_token_comes_in_both_forms_and_under_both_names(world: World) -> None:
    async def tale(owner: Phone) -> None:
        partner = await partner_of(owner, issuer=f"https://{uuid.uuid4()}.test/", kid=str(uuid.uuid4()))
        for standard in (True, False):
            for alg in ("EdDSA", "Ed25519"):
                token = partner.token(partner.claims("ann?>~"), standard=standard, alg=alg)
                assert (await Phone(world, auth=token).call("GET", "/account")).status == 200

    tell(world, tale)


def test_rule_3_the_vendors_type_wins_in_a_combined_accept(world: World, lock: str) -> None:
    async def tale(owner: Phone) -> None:
        first = (await owner.call("GET", f"/device/{lock}/log", **V1)).json()
        second = await told_of(owner, lock)
        assert ("issuer" in first[0], "issuer" in second[0]) == (False, True)

    tell(world, tale)


def test_rule_4_a_stray_type_is_ignored_at_every_depth(world: World, lock: str) -> None:
    async def tale(owner: Phone) -> None:
        stray = {"type": "com.doordeck.multiplatform.sdk.model.UpdateLockNameRequest"}
        body = {**stray, "name": "Mine", "settings": {**stray, "hidden": True}}
        assert (await owner.call("PUT", f"/device/{lock}", body)).status == 200
        assert (await shown(owner, lock))["name"] == "Mine"

    tell(world, tale)


def test_rule_5_an_explicit_null_is_absent_unless_it_clears(world: World, lock: str) -> None:
    async def tale(owner: Phone) -> None:
        default = (await shown(owner, lock))["settings"]["defaultName"]
        await owner.call("PUT", f"/device/{lock}", {"name": "Mine", "favourite": True})
        await owner.call("PUT", f"/device/{lock}", {"name": None, "favourite": None, "settings": None})
        one = await shown(owner, lock)
        assert (one["name"], one["favourite"]) == (default, True)

    tell(world, tale)


def test_rule_6_asking_for_a_code_is_200_with_the_method(world: World) -> None:
    async def tale(_owner: Phone) -> None:
        phone, _email = await somebody(world)
        further = Phone(world)
        reply = await phone.call(
            "POST", "/auth/certificate/verify?method=EMAIL", {"ephemeralKey": further.public_key}
        )
        assert (reply.status, reply.json()) == (200, {"method": "EMAIL"})

    tell(world, tale)


def test_rule_7_renewing_gives_a_refresh_token_too(world: World) -> None:
    async def tale(owner: Phone) -> None:
        renewing = Phone(world, auth=owner.refresh)
        reply = await renewing.call(
            "POST", "/auth/token/refresh", None, **{"content-type": "application/json"}
        )
        assert set(reply.json()) >= {"authToken", "refreshToken"}

    tell(world, tale)


def test_rule_8_a_new_application_has_an_absolute_location(world: World) -> None:
    async def tale(owner: Phone) -> None:
        reply = await owner.call("POST", "/platform/application", NEW)
        location = reply.header("location") or ""
        assert (reply.status, location.startswith(f"https://{HOST}")) == (204, True)
        uuid.UUID(location.rpartition("/")[2])

    tell(world, tale)


def test_rule_9_public_routes_ignore_a_stale_bearer(world: World) -> None:
    async def tale(_owner: Phone) -> None:
        stale = {"authorization": "Bearer stale.stale.stale"}
        assert (await bare(world, "GET", "/time", **stale)).status == 200
        login = await bare(world, "POST", "/auth/token", dict(world.owner), **stale)
        assert login.status == 200
        wrong = {"code": "x", "message": ""}
        assert (await bare(world, "PUT", "/account/email/verify?code=no", wrong, **stale)).status in {
            400,
            404,
        }

    tell(world, tale)


def test_rule_10_and_11_a_token_holds_scalars_and_more_than_a_day(world: World) -> None:
    async def tale(owner: Phone) -> None:
        payload = owner.auth.split(".")[1].translate(str.maketrans("-_", "+/"))
        claims = json.loads(b64decode(payload + "=" * (-len(payload) % 4)))
        assert all(not isinstance(value, list | dict) for value in claims.values())
        assert claims["exp"] > owner.world.clock.now().timestamp() + 86_400

    tell(world, tale)


def test_rule_12_a_leaf_has_more_than_a_week(world: World) -> None:
    async def tale(owner: Phone) -> None:
        for _time in ("at first", "renewed"):
            leaf = x509.load_der_x509_certificate(b64decode((await owner.certify()).chain[0]))
            assert leaf.not_valid_after_utc - datetime.now(UTC) > timedelta(days=7)

    tell(world, tale)


def test_rule_13_every_public_key_is_rsa(world: World, lock: str) -> None:
    async def tale(owner: Phone) -> None:
        found = [
            (await owner.call("GET", "/account")).json(),
            (await owner.call("GET", f"/user/{owner.user_id}")).json(),
            *(await owner.call("GET", f"/device/{lock}/users")).json(),
            (await owner.call("POST", "/directory/query", {"email": world.owner["email"]})).json(),
        ]
        for one in found:
            assert isinstance(load_der_public_key(b64decode(one["publicKey"])), RSAPublicKey)

    tell(world, tale)


def test_rule_14_ids_are_uuids(world: World, lock: str) -> None:
    async def tale(owner: Phone) -> None:
        sites = (await owner.call("GET", "/site")).json()
        for one in (owner.user_id, lock, *(site["id"] for site in sites)):
            assert str(uuid.UUID(one)) == one
        assert (await owner.call("GET", "/device/1")).status == 404

    tell(world, tale)


def test_rule_15_names_of_events_and_capabilities_are_the_vendors(world: World, lock: str) -> None:
    async def tale(owner: Phone) -> None:
        ann, _email = await somebody(world)
        for role in ("USER", "ADMIN", "USER"):
            assert (await owner.share(lock, ann, role=role)).status == 204
        await owner.remove(lock, ann.user_id)
        kinds = {event["type"] for event in await told_of(owner, lock)}
        wanted = {"LOCK_SHARED", "USER_PROMOTED", "USER_DEMOTED", "LOCK_REVOKED", "OWNER_ASSIGNED"}
        assert kinds == wanted
        assert (await shown(owner, lock))["settings"]["capabilities"]["BATCH_SHARING_25"] == "SUPPORTED"

    tell(world, tale)


def test_rule_16_lists_are_never_null(world: World, lock: str) -> None:
    async def tale(owner: Phone) -> None:
        settings = (await shown(owner, lock))["settings"]
        for name in ("permittedAddresses", "tiles", "directAccessEndpoints"):
            assert settings[name] == []
        assert settings["usageRequirements"]["time"] == []

    tell(world, tale)


def test_rule_17_users_have_foreign_and_an_email(world: World, lock: str) -> None:
    async def tale(owner: Phone) -> None:
        users = (await owner.call("GET", f"/device/{lock}/users")).json()
        assert [(type(user["foreign"]), user["email"]) for user in users] == [(bool, world.owner["email"])]

    tell(world, tale)


def test_rule_18_owners_have_both_names_of_orphan(world: World) -> None:
    async def tale(owner: Phone) -> None:
        partner = Partner(owner, await add_application(owner))
        (row,) = (await partner.do("GET", "/owner")).json()
        assert row["orphan"] is row["orphaned"] is False

    tell(world, tale)


def test_rule_19_a_match_by_phone_has_both_names(world: World) -> None:
    async def tale(owner: Phone) -> None:
        partner = await partner_of(owner, issuer=f"https://{uuid.uuid4()}.test/", kid=str(uuid.uuid4()))
        number = "+447700900123"
        ann = await partner.user("ann", telephone=number, telephone_verified=True)
        reply = await ann.call("POST", "/directory/query", {"telephone": [number]}, **V2)
        (row,) = reply.json()
        assert (row["telephone"], row["phone"]) == (number, number)

    tell(world, tale)


def test_rule_20_an_audit_row_is_the_union_of_both_shapes(world: World, lock: str) -> None:
    async def tale(owner: Phone) -> None:
        await owner.open(lock)
        event = (await told_of(owner, lock))[0]
        assert event["deviceId"] == lock
        assert event["issuer"]["userId"] == event["user"] == owner.user_id
        assert event["issuer"]["ip"] == "127.0.0.1"
        assert event["userAgent"] == {"type": "KMP_SDK_JVM", "version": "2.14.0"}

    tell(world, tale)


def test_rule_21_a_lock_is_complete_in_every_listing(world: World, lock: str) -> None:
    async def tale(owner: Phone) -> None:
        await owner.call("PUT", f"/device/{lock}", {"favourite": True})
        one = await shown(owner, lock)
        for path in ("/device", "/device/favourite", f"/site/{owner_site(world)}/device"):
            assert one in (await owner.call("GET", path)).json()

    tell(world, tale)


def test_rule_22_metres_are_integers(world: World, lock: str) -> None:
    async def tale(owner: Phone) -> None:
        where = {"latitude": 51.5, "longitude": -0.1, "enabled": True, "radius": 20, "accuracy": 30}
        settings = {"settings": {"usageRequirements": {"location": where}}}
        assert (await owner.call("PUT", f"/device/{lock}", settings)).status == 200
        assert (await shown(owner, lock))["settings"]["usageRequirements"]["location"] == where
        assert re.search(rb'"radius":\d+[,}]', (await owner.call("GET", "/site")).body)

    tell(world, tale)


def test_rule_23_times_are_numbers_without_an_exponent(world: World, lock: str) -> None:
    async def tale(owner: Phone) -> None:
        log = (await owner.call("GET", f"/device/{lock}/log", **V2)).body
        site = (await owner.call("GET", "/site")).body
        assert re.search(rb'"timestamp":\d{10}[,}]', log)
        assert re.search(rb'"created":\d{10}[,}]', site)

    tell(world, tale)


def test_rule_24_a_delete_carries_a_body(world: World) -> None:
    async def tale(owner: Phone) -> None:
        partner = Partner(owner, await add_application(owner))
        origin = {"url": "https://tower.test"}
        assert [(await partner.do(verb, "/cors", origin)).status for verb in ("POST", "DELETE")] == [204, 204]
        assert (await partner.show())["corsDomains"] == []

    tell(world, tale)


def test_rule_25_an_empty_post_that_says_json_is_not_parsed(world: World) -> None:
    async def tale(_owner: Phone) -> None:
        phone, _email = await somebody(world)
        reply = await phone.call("POST", "/auth/token/destroy", None, **{"content-type": "application/json"})
        assert (reply.status, reply.body) == (204, b"")
        assert (await phone.call("GET", "/account")).status == 401

    tell(world, tale)


def test_rule_26_a_duration_beside_null_hours_leaves_the_hours(world: World, lock: str) -> None:
    async def tale(owner: Phone) -> None:
        hours = {**HOURS, "exceptions": ["2026-12-24"]}
        for members in ({"unlockBetween": hours}, {"unlockDuration": 9, "unlockBetween": None}):
            assert (await owner.execute(lock, {"type": "MUTATE_SETTING", **members})).status == 200
        settings = (await shown(owner, lock))["settings"]
        assert (settings["unlockTime"], settings["unlockBetweenWindow"]) == (9, hours)
        await owner.execute(lock, {"type": "MUTATE_SETTING", "unlockDuration": None, "unlockBetween": None})
        assert (await shown(owner, lock))["settings"]["unlockBetweenWindow"] is None

    tell(world, tale)


def test_rule_27_a_fault_of_the_operation_is_not_401_and_a_stale_bearer_uses_nothing_up(
    world: World, lock: str
) -> None:
    async def tale(owner: Phone) -> None:
        token = owner.sign(owner.claims(lock, OPEN), standard=True)
        path = f"/device/{lock}/execute"
        stale = await world.client().send("POST", path, {"authorization": "Bearer stale"}, token)
        assert stale.status == 401
        assert (await owner.post(lock, token)).status == 200
        assert (await owner.post(lock, token[:-8] + "AAAAAAA=")).status == 403
        assert (await owner.execute(lock, OPEN, exp=1)).status == 400

    tell(world, tale)


def test_rule_28_the_second_arrival_is_409_and_undoes_nothing(world: World, lock: str) -> None:
    async def tale(owner: Phone) -> None:
        token = owner.sign(owner.claims(lock, OPEN), standard=True)
        directly = world.client().send("POST", "/device/execute", {"content-type": "application/jwt"}, token)
        answers = await asyncio.gather(owner.post(lock, token), directly)
        assert sorted(answer.status for answer in answers) == [200, 409]
        opened = [one for one in await told_of(owner, lock) if one["type"] == "DOOR_UNLOCK"]
        assert sorted(event["rejected"] for event in opened) == [False, True]

    tell(world, tale)


def test_rule_29_errors_have_a_number_and_a_text(world: World) -> None:
    async def tale(owner: Phone) -> None:
        wrong = {"email": world.owner["email"], "password": f"{PASSWORD}, not"}
        reply = await bare(world, "POST", "/auth/token", wrong)
        assert reply.json() == {"code": 401, "message": "HTTP 401 Unauthorized"}
        tile = await owner.call("GET", f"/tile/{uuid.uuid4()}", **V3)
        assert tile.json() == {"code": 404, "message": "No devices associated with this tile"}

    tell(world, tale)


def test_rule_30_a_trailing_slash_is_accepted(world: World, lock: str) -> None:
    async def tale(owner: Phone) -> None:
        for path in (
            "/site/",
            f"/site/{owner_site(world)}/device/",
            f"/user/{owner.user_id}/",
            f"/device/{lock}/",
        ):
            assert (await owner.call("GET", path)).status == 200
        der = owner.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        again = await owner.call("POST", "/auth/certificate/", {"ephemeralKey": base64std(der)})
        assert again.status == 200

    tell(world, tale)


def test_every_one_of_the_thirty_rules_has_a_test_of_its_number() -> None:
    names = re.findall(r"def test_rule_((?:\d+_)(?:and_\d+_)?)", Path(__file__).read_text())
    numbers = [int(number) for name in names for number in re.findall(r"\d+", name)]
    assert sorted(numbers) == list(range(1, 31))
