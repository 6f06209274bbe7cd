"""Sessions: tokens, renewing, signing out, and what a token may not do."""

import asyncio
import json
from base64 import b64decode, urlsafe_b64decode
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_der_public_key

from rekey.domain.scope import Scope
from rekey.operations.revoke_person import RevokePerson, revoke_person
from rekey.testing.frozen_clock import FrozenClock
from tests.dialects.doordeck.signing import PREFIX, Phone, newcomer, owner_of
from tests.support.world import World, open_world


def claims_of(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


async def renew(world: World, token: str) -> tuple[int, Phone]:
    phone = Phone(world, auth=token)
    reply = await phone.call("POST", "/auth/token/refresh", **{"content-type": "application/json"})
    if reply.status == 200:
        phone.auth, phone.refresh = reply.json()["authToken"], reply.json()["refreshToken"]
    return reply.status, phone


def test_tokens_hold_plain_values_and_live_longer_than_a_day(tmp_path: Path) -> None:
    async def told() -> None:
        async with open_world(tmp_path) as world:
            owner = await Phone(world).sign_in(world.owner["email"], world.owner["password"])
            claims = claims_of(owner.auth)
            assert all(isinstance(value, str | int | bool) for value in claims.values())
            assert claims["exp"] - claims["iat"] > 86_400
            assert claims["sub"] == await world.owner_person_id()
            assert (await owner.call("GET", "/platform/auth")).json() == claims

    asyncio.run(told())


def test_a_wrong_password_is_told_in_the_vendors_words(tmp_path: Path) -> None:
    async def told() -> None:
        async with open_world(tmp_path) as world:
            body = json.dumps({"email": world.owner["email"], "password": "wrong"})
            reply = await world.client(PREFIX).send("POST", "/auth/token/", {}, body)
            assert reply.status == 401
            assert reply.json() == {"code": 401, "message": "HTTP 401 Unauthorized"}

    asyncio.run(told())


def test_the_first_version_also_gives_the_accounts_rsa_pair(tmp_path: Path) -> None:
    async def told() -> None:
        async with open_world(tmp_path) as world:
            body = json.dumps(world.owner)
            stale = {"authorization": "Bearer stale"}
            given = (await world.client(PREFIX).send("POST", "/auth/token", stale, body)).json()
            private = load_der_private_key(b64decode(given["privateKey"]), None)
            public = load_der_public_key(b64decode(given["publicKey"]))
            assert isinstance(public, RSAPublicKey)
            assert private.public_key() == public
            shown = await Phone(world, auth=given["authToken"]).call("GET", "/account")
            assert shown.json()["publicKey"] == given["publicKey"]

    asyncio.run(told())


def test_renewing_rotates_and_the_old_refresh_token_works_for_a_short_grace(tmp_path: Path) -> None:
    async def told() -> None:
        clock = FrozenClock()
        async with open_world(tmp_path, clock=clock) as world:
            owner = await Phone(world).sign_in(world.owner["email"], world.owner["password"])
            status, renewed = await renew(world, owner.refresh)
            assert (status, bool(renewed.refresh)) == (200, True)
            assert (await renewed.call("GET", "/account")).status == 200
            assert (await renew(world, owner.refresh))[0] == 200
            clock.advance(timedelta(minutes=2))
            assert (await renew(world, owner.refresh))[0] == 401
            assert (await renew(world, renewed.refresh))[0] == 200

    asyncio.run(told())


def test_signing_out_ends_every_token_of_the_sign_in_at_once(tmp_path: Path) -> None:
    async def told() -> None:
        async with open_world(tmp_path) as world:
            owner = await Phone(world).sign_in(world.owner["email"], world.owner["password"])
            _status, renewed = await renew(world, owner.refresh)
            assert (await renewed.call("POST", "/auth/token/destroy")).status == 204
            assert (await renewed.call("GET", "/account")).status == 401
            for token in (owner.refresh, renewed.refresh):
                assert (await renew(world, token))[0] == 401

    asyncio.run(told())


def test_each_kind_of_token_is_refused_in_the_place_of_the_other(tmp_path: Path) -> None:
    async def told() -> None:
        async with open_world(tmp_path) as world:
            owner = await Phone(world).sign_in(world.owner["email"], world.owner["password"])
            assert (await renew(world, owner.auth))[0] == 401
            assert (await Phone(world, auth=owner.refresh).call("GET", "/account")).status == 401
            assert (await Phone(world, auth=owner.auth[:-4] + "AAAA").call("GET", "/account")).status == 401

    asyncio.run(told())


def test_the_session_of_a_person_revoked_everywhere_is_dead_at_once(tmp_path: Path) -> None:
    async def told() -> None:
        async with open_world(tmp_path) as world:
            ann = await newcomer(world, "ann")
            everywhere = Scope.organization(world.organization_id)
            await world.perform(
                revoke_person, RevokePerson(person_id=ann.user_id, scope=everywhere, leaving=True)
            )
            assert (await ann.call("GET", "/account")).status == 401
            assert (await renew(world, ann.refresh))[0] == 401

    asyncio.run(told())


def test_registering_a_known_address_is_a_conflict(tmp_path: Path) -> None:
    async def told() -> None:
        async with open_world(tmp_path) as world:
            body = json.dumps({"email": world.owner["email"], "password": "anything at all"})
            reply = await world.client(PREFIX).send("POST", "/auth/register?force=true", {}, body)
            assert reply.status == 409

    asyncio.run(told())


def test_a_key_given_at_registration_is_trusted_and_renewed_without_more(tmp_path: Path) -> None:
    async def told() -> None:
        async with open_world(tmp_path) as world:
            phone = Phone(world)
            body = {"email": "New@Acme.test", "password": "anything", "ephemeralKey": phone.public_key}
            reply = await world.client(PREFIX).send("POST", "/auth/register", {}, json.dumps(body))
            phone.auth = reply.json()["authToken"]
            first = (await phone.certify()).chain
            assert (await phone.certify()).chain[1:] == first[1:]
            assert (await phone.call("GET", "/account")).json()["email"] == "new@acme.test"

    asyncio.run(told())


def test_a_key_of_another_user_is_refused(tmp_path: Path) -> None:
    async def told() -> None:
        async with open_world(tmp_path) as world:
            owner, ann = await owner_of(world), await newcomer(world, "ann")
            reply = await ann.call("POST", "/auth/certificate", {"ephemeralKey": owner.public_key})
            assert reply.status == 409

    asyncio.run(told())
