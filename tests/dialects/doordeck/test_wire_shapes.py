"""Objects member by member and type by type, as the SDK parses them, and the forms that it sends."""

import asyncio
import json
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from tests.dialects.doordeck.signing import PREFIX, Phone, newcomer, owner_of
from tests.support.world import World, open_world

V2 = {"accept": "application/vnd.doordeck.api-v2+json,application/json"}
NOBODY = "11111111-1111-1111-1111-111111111111"


def tell(data: Path, tale: Callable[[World, Phone, str], Awaitable[None]]) -> None:
    async def told() -> None:
        async with open_world(data, dialects=("doordeck",)) as world:
            lock = await world.add_door("Front")
            await tale(world, await owner_of(world), lock)

    asyncio.run(told())


def require(value: dict[str, Any], **kinds: type | tuple[type, ...]) -> None:
    """Require each member to be there and of exactly one of these types; a bool is no int."""
    for name, kind in kinds.items():
        kinds_of_it = kind if isinstance(kind, tuple) else (kind,)
        assert name in value, name
        assert type(value[name]) in kinds_of_it, (name, value[name])


NULL = type(None)
EPOCH = (int, NULL)


def test_the_lock_object(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone, lock: str) -> None:
        hours = {"start": "22:00", "end": "06:30", "timezone": "Europe/Berlin", "days": ["SUNDAY"]}
        setting = {"type": "MUTATE_SETTING", "unlockBetween": {**hours, "exceptions": ["2026-12-24"]}}
        assert (await owner.execute(lock, setting)).status == 200
        one = (await owner.call("GET", f"/device/{lock}")).json()
        require(one, id=str, name=str, role=str, favourite=bool, start=EPOCH, end=EPOCH, unlockTime=int)
        require(one["state"], connected=bool, locked=bool, duration=int)
        settings = one["settings"]
        require(settings, unlockTime=int, defaultName=str, hidden=bool, permittedAddresses=list, tiles=list)
        require(settings, directAccessEndpoints=list, usageRequirements=dict, capabilities=dict, delay=int)
        require(settings["usageRequirements"], time=list)
        assert settings["unlockBetweenWindow"] == {**hours, "exceptions": ["2026-12-24"]}
        assert set(settings["capabilities"].values()) <= {"SUPPORTED", "UNSUPPORTED"}
        UUID(one["id"])

    tell(tmp_path, tale)


def test_users_sites_and_the_account(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann = await newcomer(world, "ann")
        await owner.share(lock, ann)
        for user in (await owner.call("GET", f"/device/{lock}/users")).json():
            require(user, userId=str, email=str, publicKey=str, displayName=(str, NULL), orphan=bool)
            require(user, foreign=bool, role=str, start=EPOCH, end=EPOCH)
        user = (await owner.call("GET", f"/user/{ann.user_id}")).json()
        require(user, userId=str, email=str, publicKey=str, orphan=bool, foreign=bool, devices=list)
        for held in user["devices"]:
            require(held, deviceId=str, role=str, start=EPOCH, end=EPOCH)
        for one in (await owner.call("GET", f"/site/{world.site_id}/user")).json():
            require(one, userId=str, email=str, displayName=(str, NULL), orphan=bool, foreign=bool)
        for site in (await owner.call("GET", "/site")).json():
            require(site, id=str, name=str, logoUrl=(str, NULL), colour=str, longitude=(int, float))
            require(site, latitude=(int, float), radius=int, created=int, updated=int)
        account = (await owner.call("GET", "/account")).json()
        require(account, publicKey=str, email=str, displayName=(str, NULL), emailVerified=bool)
        assert (await owner.call("GET", "/device/favourite")).json() == []

    tell(tmp_path, tale)


def test_the_audit_in_both_versions(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann = await newcomer(world, "ann")
        await owner.share(lock, ann)
        await owner.open(lock)
        await owner.remove(lock, ann.user_id)
        known = {"DOOR_UNLOCK", "DOOR_LOCK", "OWNER_ASSIGNED", "LOCK_SHARED", "LOCK_REVOKED"}
        events = (await owner.call("GET", f"/device/{lock}/log", **V2)).json()
        for event in events:
            require(event, deviceId=str, timestamp=int, type=str, issuer=dict, rejected=bool, message=str)
            require(event, rejectionReason=(str, NULL), subject=(dict, NULL))
            require(event["issuer"], userId=str, email=(str, NULL), displayName=(str, NULL))
            assert event["type"] in known
        for event in (await owner.call("GET", f"/device/{lock}/log")).json():
            require(event, timestamp=int, type=str, user=(str, NULL), message=str)
        later = events[0]["timestamp"] + 1
        assert (await owner.call("GET", f"/device/{lock}/log?start={later}", **V2)).json() == []
        within = await owner.call("GET", f"/user/{ann.user_id}/log?start=0&end={later}", **V2)
        assert [event["type"] for event in within.json()] == ["LOCK_REVOKED", "LOCK_SHARED"]

    tell(tmp_path, tale)


def test_the_public_key_of_an_invited_user_is_rsa_and_the_same_everywhere(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone, lock: str) -> None:
        invited = (await owner.call("POST", "/share/invite/cy@acme.test?visitor=false")).json()
        require(invited, id=str, publicKey=str)
        assert isinstance(load_der_public_key(b64decode(invited["publicKey"])), RSAPublicKey)
        one = await owner.call("POST", "/directory/query", {"email": "CY@acme.test"})
        assert one.json() == invited
        many = await owner.call("POST", "/directory/query", {"email": ["cy@acme.test"]}, **V2)
        assert many.json() == [{**invited, "email": "cy@acme.test"}]

    tell(tmp_path, tale)


def test_the_chain_runs_from_an_ed25519_leaf_to_one_root(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, _lock: str) -> None:
        chain = [x509.load_der_x509_certificate(b64decode(text)) for text in owner.chain]
        leaf, root = chain[0], chain[-1]
        assert all(certificate.version is x509.Version.v3 for certificate in chain)
        assert leaf.not_valid_after_utc - world.clock.now().astimezone(UTC) > timedelta(days=7)
        assert root.issuer == root.subject
        assert (await newcomer(world, "ann")).chain[1:] == owner.chain[1:]

    tell(tmp_path, tale)


def test_both_forms_of_an_ephemeral_key_are_one_key(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone, _lock: str) -> None:
        der = owner.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        text = b64encode(der).decode()
        broken = f"{text[:20]}\n{text[20:]}\n"
        for key in (owner.public_key, text, broken):
            reply = await owner.call("POST", "/auth/certificate", {"ephemeralKey": key, "type": "x"})
            assert reply.status == 200, reply.body
            require(reply.json(), certificateChain=list, userId=str)

    tell(tmp_path, tale)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", f"/device/{NOBODY}", 404),
        ("GET", "/device/no-id", 404),
        ("GET", f"/user/{NOBODY}", 404),
        ("GET", f"/site/{NOBODY}/device", 404),
        ("DELETE", f"/device/{NOBODY}", 405),
        ("POST", "/directory/query", 400),
        ("POST", "/auth/certificate", 400),
    ],
)
def test_errors_have_a_number_and_a_text(tmp_path: Path, method: str, path: str, status: int) -> None:
    async def tale(_world: World, owner: Phone, _lock: str) -> None:
        reply = await owner.call(method, path, '{"users": []}', **{"content-type": "application/json"})
        assert reply.status == status
        assert reply.json()["code"] == status
        assert isinstance(reply.json()["message"], str)
        assert reply.header("content-type") == "application/json"

    tell(tmp_path, tale)


def test_a_call_without_a_token_is_401_and_public_calls_ignore_a_stale_one(tmp_path: Path) -> None:
    async def tale(world: World, _owner: Phone, lock: str) -> None:
        stranger = Phone(world)
        for method, path in (("GET", "/device"), ("POST", f"/device/{lock}/execute"), ("GET", "/account")):
            reply = await stranger.call(method, path)
            assert (reply.status, reply.json()) == (401, {"code": 401, "message": "HTTP 401 Unauthorized"})
        stale = Phone(world, auth="stale")
        register = {"email": "new@acme.test", "password": "anything", "displayName": None, "more": {"a": 1}}
        assert (await stale.call("POST", "/auth/register/?force=false", register)).status == 200
        assert (await stale.call("POST", "/auth/token/", register)).status == 200
        assert (await stale.call("GET", "/time/")).status == 200
        assert (await stale.call("GET", "/account")).status == 401

    tell(tmp_path, tale)


@pytest.mark.parametrize(
    ("accept", "status", "has_pair"),
    [
        ("application/vnd.doordeck.api-v2+json,application/json", 200, False),
        ("application/json;q=0.9, application/vnd.doordeck.api-v2+json;q=0.1", 200, False),
        ("application/vnd.doordeck.api-v9+json,application/json", 200, True),
        ("*/*", 200, True),
        ("application/vnd.doordeck.api-v9+json", 406, False),
        ("text/html", 406, False),
    ],
)
def test_the_vendor_type_wins_and_what_is_not_served_is_406(
    tmp_path: Path, accept: str, status: int, has_pair: bool
) -> None:
    async def tale(world: World, _owner: Phone, _lock: str) -> None:
        client = world.client(PREFIX)
        reply = await client.send("POST", "/auth/token", {"accept": accept}, json.dumps(world.owner))
        assert (reply.status, "privateKey" in reply.json()) == (status, has_pair)
        assert reply.header("content-type") == "application/json"

    tell(tmp_path, tale)


def test_a_key_of_another_user_at_registration_changes_nothing(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, _lock: str) -> None:
        body = {"email": "new@acme.test", "password": "anything", "ephemeralKey": owner.public_key}
        client = world.client(PREFIX)
        refused = await client.send("POST", "/auth/register", {}, json.dumps(body))
        assert (refused.status, refused.json()["code"]) == (409, 409)
        assert (await client.send("POST", "/auth/token", {}, json.dumps(body))).status == 401
        assert (await owner.call("POST", "/directory/query", {"email": "new@acme.test"})).status == 404
        own = json.dumps({**body, "ephemeralKey": None})
        assert (await client.send("POST", "/auth/register", {}, own)).status == 200

    tell(tmp_path, tale)


@pytest.mark.parametrize(
    "hours", [{"start": "08"}, {"end": "18:00+02:00"}, {"end": "18:00:30"}, {"days": []}]
)
def test_open_hours_of_another_form_are_refused(tmp_path: Path, hours: dict[str, Any]) -> None:
    async def tale(_world: World, owner: Phone, lock: str) -> None:
        right = {"start": "08:00", "end": "18:00", "timezone": "Europe/Berlin", "days": ["MONDAY"]}
        setting = {"type": "MUTATE_SETTING", "unlockBetween": {**right, **hours}}
        assert (await owner.execute(lock, setting)).status == 400

    tell(tmp_path, tale)


def test_headers_and_bodies_of_old_clients_are_taken(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone, lock: str) -> None:
        claims = owner.claims(lock, {"type": "MUTATE_LOCK", "locked": False, "duration": 5, "x": {"y": None}})
        forms: tuple[tuple[str, dict[str, Any]], ...] = (
            ("application/json;charset=UTF-8", {"kid": "1"}),
            ("text/plain", {"type": "JWT"}),
            ("application/jwt", {"typ": "jwt"}),
        )
        for kind, header in forms:
            claims["jti"] = kind
            token = owner.sign(claims, **header) + "\r\n"
            reply = await owner.call(
                "POST", f"/device/{lock.upper()}/execute/", token, **{"content-type": kind}
            )
            assert reply.status == 200, (kind, reply.body)

    tell(tmp_path, tale)


def test_a_chain_in_another_order_or_of_another_user_is_refused(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann = await newcomer(world, "ann")
        claims = owner.claims(lock, {"type": "MUTATE_LOCK", "locked": False})
        swaps = (owner.chain[::-1], ann.chain, [ann.chain[0], *owner.chain], owner.chain[1:])
        assert [(await owner.post(lock, owner.sign(claims, x5c=chain))).status for chain in swaps] == [
            403
        ] * 4
        assert (await owner.post(lock, owner.sign(claims, x5c=[]))).status in {400, 403}
        assert (await owner.post(lock, owner.sign(claims))).status == 200

    tell(tmp_path, tale)
