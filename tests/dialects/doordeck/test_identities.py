"""Identities in the directory: tokens that an application encrypts to its key of ours."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from joserfc import jwe
from joserfc.jwk import RSAKey

from tests.dialects.doordeck.partner import Partner, partner_of
from tests.dialects.doordeck.signing import owner_of
from tests.support.asgi import Response
from tests.support.world import World, open_world

Tale = Callable[[World, Partner], Awaitable[None]]


def tell(data: Path, tale: Tale) -> None:
    async def told() -> None:
        async with open_world(data, dialects=("doordeck",)) as world:
            await tale(world, await partner_of(await owner_of(world)))

    asyncio.run(told())


async def seal(partner: Partner, token: str, *, alg: str = "RSA-OAEP-256", enc: str = "A256GCM") -> str:
    """Encrypt as an application does, with the key that its own object shows."""
    key = RSAKey.import_key((await partner.show())["identityKey"])
    return jwe.encrypt_compact({"alg": alg, "enc": enc}, token.encode(), key, algorithms=[alg, enc])


async def ask(partner: Partner, identity: str) -> Response:
    return await partner.phone("ann").call("POST", "/directory/query", {"identity": identity})


@pytest.mark.parametrize("alg", ["RSA-OAEP-256", "RSA-OAEP"])
@pytest.mark.parametrize("enc", ["A256GCM", "A128CBC-HS256"])
def test_an_identity_makes_the_user_who_then_signs_in_as_that_user(
    tmp_path: Path, alg: str, enc: str
) -> None:
    async def tale(_world: World, partner: Partner) -> None:
        identity = await seal(partner, partner.token(partner.claims("bob")), alg=alg, enc=enc)
        found = (await ask(partner, identity)).json()
        assert set(found) == {"id", "publicKey"}
        assert (await partner.user("bob")).user_id == found["id"]
        assert (await ask(partner, identity)).json() == found

    tell(tmp_path, tale)


def test_a_lock_is_shared_with_an_identity_before_its_first_call(tmp_path: Path) -> None:
    async def tale(world: World, partner: Partner) -> None:
        lock = await world.add_door("Front")
        ann = await partner.user("ann")
        await partner.owner.share(lock, ann, role="ADMIN")
        identity = await seal(partner, partner.token(partner.claims("bob")))
        found = (await ask(partner, identity)).json()
        share = {"type": "ADD_USER", "user": found["id"], "publicKey": found["publicKey"], "role": "USER"}
        assert (await ann.execute(lock, share)).status == 204
        assert (await (await partner.user("bob")).open(lock)).status == 200

    tell(tmp_path, tale)


def test_what_can_not_be_opened_or_does_not_hold_is_400_and_makes_nobody(tmp_path: Path) -> None:
    async def tale(world: World, partner: Partner) -> None:
        other = await partner_of(partner.owner, issuer="https://castle.test")
        await partner.phone("ann").call("GET", "/account")
        honest = partner.token(partner.claims("bob"))
        sealed, before = await seal(partner, honest), len(await world.refusals())
        for identity in (
            honest,
            "",
            sealed[:-4] + "AAAA",
            await seal(other, honest),
            await seal(partner, other.token(other.claims("bob"))),
            await seal(partner, partner.token(partner.claims("bob", exp=1))),
            await seal(partner, partner.owner.auth),
            await seal(partner, "no token"),
        ):
            assert (await ask(partner, identity)).status == 400, identity[:40]
        assert len(await world.refusals()) == before + 8
        assert [user["foreignKey"] for user in (await partner.do("GET", "/user")).json()] == ["ann"]

    tell(tmp_path, tale)


def test_an_account_of_the_server_asks_by_no_identity(tmp_path: Path) -> None:
    async def tale(_world: World, partner: Partner) -> None:
        sealed = await seal(partner, partner.token(partner.claims("bob")))
        answer = await partner.owner.call("POST", "/directory/query", {"identity": sealed})
        assert answer.status == 400

    tell(tmp_path, tale)
