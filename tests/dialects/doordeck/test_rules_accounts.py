"""The rules of the contract's section 0 that concern accounts, sessions and certificates, by number."""

import asyncio
import json
import uuid
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from tests.dialects.doordeck.signing import PREFIX, Phone, base64std, base64url
from tests.dialects.doordeck.test_sessions import claims_of
from tests.support.asgi import Response
from tests.support.mailbox import Mailbox
from tests.support.world import World, open_world

STALE = "Bearer eyJhbGciOiJFZERTQSJ9.eyJleHAiOjF9.c3RhbGU"
DAY = 86_400
Tale = Callable[[World], Awaitable[None]]


def tell(data: Path, tale: Tale) -> None:
    async def told() -> None:
        mailbox = Mailbox(reaches_people=True)
        async with open_world(data, dialects=("doordeck",), mailbox=mailbox) as world:
            await tale(world)

    asyncio.run(told())


async def send(world: World, method: str, path: str, body: object = None, **headers: str) -> Response:
    content = b"" if body is None else json.dumps(body)
    return await world.client(PREFIX).send(method, path, headers, content)


async def owner(world: World) -> Phone:
    return await Phone(world).sign_in(world.owner["email"], world.owner["password"])


def test_rule_3_the_vendor_type_in_a_combined_accept_wins(tmp_path: Path) -> None:
    async def tale(world: World) -> None:
        for version, keys in ((1, {"privateKey", "publicKey"}), (2, set()), (3, set())):
            accept = f"application/vnd.doordeck.api-v{version}+json,application/json"
            given = await send(world, "POST", "/auth/token", world.owner, accept=accept)
            assert set(given.json()) == {"authToken", "refreshToken"} | keys
            assert given.header("content-type") == "application/json"
        beyond = "application/vnd.doordeck.api-v9+json"
        assert (await send(world, "POST", "/auth/token", world.owner, accept=beyond)).status == 406

    tell(tmp_path, tale)


def test_rule_4_stray_and_unknown_members_are_ignored(tmp_path: Path) -> None:
    async def tale(world: World) -> None:
        stray = {**world.owner, "type": "com.doordeck.LoginRequest", "else": {"type": "x"}}
        assert (await send(world, "POST", "/auth/token", stray)).status == 200

    tell(tmp_path, tale)


def test_rule_5_explicit_nulls_count_as_absent(tmp_path: Path) -> None:
    async def tale(world: World) -> None:
        body = {
            "email": "new@acme.test",
            "password": "long enough",
            "displayName": None,
            "ephemeralKey": None,
        }
        made = await send(world, "POST", "/auth/register?force=false", body)
        assert made.status == 200
        shown = await Phone(world, auth=made.json()["authToken"]).call("GET", "/account")
        assert shown.json()["email"] == "new@acme.test"

    tell(tmp_path, tale)


def test_rule_6_asking_for_a_code_answers_200_with_the_method(tmp_path: Path) -> None:
    async def tale(world: World) -> None:
        await (await owner(world)).certify()
        further = await owner(world)
        asked = await further.call("POST", "/auth/certificate/verify", {"ephemeralKey": further.public_key})
        assert (asked.status, asked.json()) == (200, {"method": "EMAIL"})

    tell(tmp_path, tale)


def test_rule_7_renewing_always_gives_a_refresh_token_too(tmp_path: Path) -> None:
    async def tale(world: World) -> None:
        phone = await owner(world)
        renewed = await Phone(world, auth=phone.refresh).call("POST", "/auth/token/refresh")
        assert {name: type(value) for name, value in renewed.json().items()} == {
            "authToken": str,
            "refreshToken": str,
        }

    tell(tmp_path, tale)


def test_rule_9_public_routes_do_not_look_at_a_stale_bearer(tmp_path: Path) -> None:
    async def tale(world: World) -> None:
        new = {"email": "new@acme.test", "password": "long enough"}
        reset = {"userId": str(uuid.uuid4()), "token": "unknown", "password": "long enough"}
        calls: tuple[tuple[str, str, object, int], ...] = (
            ("POST", "/auth/token", world.owner, 200),
            ("POST", "/auth/register", new, 200),
            ("GET", "/time", None, 200),
            ("PUT", "/account/email/verify?code=unknown", None, 404),
            ("POST", "/account/password/reset/initialize", {"email": "new@acme.test"}, 204),
            ("POST", "/account/password/reset/verify", reset, 404),
        )
        for method, path, body, status in calls:
            plain = await send(world, method, path, body)
            stale = await send(world, method, path, body, authorization=STALE)
            allowed = {status, 409} if path == "/auth/register" else {status}
            assert {plain.status, stale.status} <= allowed, path

    tell(tmp_path, tale)


def test_rule_10_tokens_hold_scalars_alone(tmp_path: Path) -> None:
    async def tale(world: World) -> None:
        phone = await owner(world)
        for token in (phone.auth, phone.refresh):
            assert all(isinstance(value, str | int | bool) for value in claims_of(token).values())

    tell(tmp_path, tale)


def test_rule_11_a_fresh_token_has_more_than_a_day_left(tmp_path: Path) -> None:
    async def tale(world: World) -> None:
        claims = claims_of((await owner(world)).auth)
        assert claims["exp"] - world.clock.now().timestamp() > DAY

    tell(tmp_path, tale)


def test_rule_12_a_leaf_has_more_than_a_week_left_when_issued_and_when_renewed(tmp_path: Path) -> None:
    async def tale(world: World) -> None:
        phone = await (await owner(world)).certify()
        for chain in (phone.chain, (await phone.certify()).chain):
            leaf = x509.load_der_x509_certificate(b64decode(chain[0]))
            left = leaf.not_valid_after_utc - world.clock.now()
            assert (left.days > 7, leaf.version) == (True, x509.Version.v3)

    tell(tmp_path, tale)


def test_rule_13_the_public_key_of_an_account_is_rsa(tmp_path: Path) -> None:
    async def tale(world: World) -> None:
        shown = (await (await owner(world)).call("GET", "/account")).json()
        key = load_der_public_key(b64decode(shown["publicKey"], validate=True))
        assert isinstance(key, RSAPublicKey)
        assert set(shown) == {"publicKey", "email", "displayName", "emailVerified"}

    tell(tmp_path, tale)


def test_rule_14_ids_of_users_are_uuids(tmp_path: Path) -> None:
    async def tale(world: World) -> None:
        phone = await (await owner(world)).certify()
        assert str(uuid.UUID(phone.user_id)) == phone.user_id == claims_of(phone.auth)["sub"]

    tell(tmp_path, tale)


def test_rule_25_a_post_without_a_body_that_says_json_is_not_parsed(tmp_path: Path) -> None:
    async def tale(world: World) -> None:
        phone = await owner(world)
        says_json = {"content-type": "application/json", "content-length": "0"}
        assert (await phone.call("POST", "/account/email/reverify", **says_json)).status == 200
        assert (await phone.call("POST", "/auth/token/destroy", **says_json)).status == 204

    tell(tmp_path, tale)


def test_rule_27_nothing_about_a_key_or_a_code_is_401(tmp_path: Path) -> None:
    async def tale(world: World) -> None:
        await (await owner(world)).certify()
        further = await owner(world)
        key = {"ephemeralKey": further.public_key}
        told = [(await further.call("POST", "/auth/certificate", key)).status]
        told += [(await further.call("POST", "/auth/certificate", {"ephemeralKey": "AAAA"})).status]
        proof = {"verificationSignature": base64std(further.key.sign(b"00000000"))}
        told += [(await further.call("POST", "/auth/certificate/check", proof)).status]
        await further.call("POST", "/auth/certificate/verify", key)
        told += [(await further.call("POST", "/auth/certificate/check", proof)).status]
        wrong = {"oldPassword": "wrong", "newPassword": "long enough"}
        told += [(await further.call("POST", "/account/password", wrong)).status]
        assert told == [423, 400, 404, 403, 403]

    tell(tmp_path, tale)


def test_rule_29_errors_have_a_number_and_a_text(tmp_path: Path) -> None:
    async def tale(world: World) -> None:
        phone = await owner(world)
        short = {"oldPassword": world.owner["password"], "newPassword": "short"}
        refused = (
            await send(world, "POST", "/auth/token", {"email": "x@y.test", "password": "wrong"}),
            await send(world, "PUT", "/account/email/verify?code=unknown"),
            await phone.call("POST", "/account/password", short),
            await phone.call("POST", "/auth/certificate/verify?method=PIGEON", {"ephemeralKey": "x"}),
        )
        for reply, status in zip(refused, (401, 404, 400, 400), strict=True):
            body = reply.json()
            assert (reply.status, body["code"]) == (status, status)
            assert isinstance(body["message"], str)
            assert body["message"]
        assert refused[0].json()["message"] == "HTTP 401 Unauthorized"

    tell(tmp_path, tale)


def test_rule_30_a_trailing_slash_is_accepted_on_every_path(tmp_path: Path) -> None:
    async def tale(world: World) -> None:
        phone = await owner(world)
        for path in ("/account/", "/platform/auth/", "/time/"):
            assert (await phone.call("GET", path)).status == 200
        key = {"ephemeralKey": phone.public_key}
        assert (await phone.call("POST", "/auth/certificate/", key)).status == 200
        assert (await phone.call("POST", "/account/email/reverify/")).status == 200

    tell(tmp_path, tale)


def test_section_2_1_every_spelling_of_a_key_is_the_same_key(tmp_path: Path) -> None:
    async def tale(world: World) -> None:
        phone = await owner(world)
        public = phone.key.public_key()
        raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        broken = b64encode(der).decode()
        spellings = (
            base64std(raw),
            base64url(raw),
            base64std(der),
            f"{broken[:32]}\n{broken[32:]}\n",
        )
        for spelling in spellings:
            reply = await phone.call("POST", "/auth/certificate", {"ephemeralKey": spelling})
            assert reply.status == 200, spelling
            leaf = x509.load_der_x509_certificate(b64decode(reply.json()["certificateChain"][0]))
            assert leaf.public_key() == public

    tell(tmp_path, tale)
