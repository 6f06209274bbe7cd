"""Operations that prove nothing: refused in the dialect's own words, with one journal row, and never 401."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.dialects.doordeck.signing import Phone, base64url, newcomer, owner_of
from tests.support.world import open_world

OPEN = {"type": "MUTATE_LOCK", "locked": False}
OTHER = "11111111-1111-1111-1111-111111111111"


def _with(**changes: Any) -> Callable[[Phone, str], str]:
    return lambda owner, lock: owner.sign({**owner.claims(lock, OPEN), **changes})


def _head(**header: Any) -> Callable[[Phone, str], str]:
    return lambda owner, lock: owner.sign(owner.claims(lock, OPEN), **header)


def _stripped(owner: Phone, lock: str) -> str:
    return owner.sign(owner.claims(lock, OPEN)).rpartition(".")[0] + "."


def _tampered(owner: Phone, lock: str) -> str:
    head, _, signature = owner.sign(owner.claims(lock, OPEN)).split(".")
    return f"{head}.{base64url(json.dumps(owner.claims(lock, OPEN, exp=1)).encode())}.{signature}"


def _other_key(owner: Phone, lock: str) -> str:
    stranger = Phone(owner.world, user_id=owner.user_id, chain=owner.chain)
    return stranger.sign(stranger.claims(lock, OPEN))


CASES: dict[str, tuple[int, Callable[[Phone, str], str]]] = {
    "not a token": (400, lambda _owner, _lock: "nonsense"),
    "no signature": (403, _stripped),
    "a changed payload": (403, _tampered),
    "another key than the certified one": (403, _other_key),
    "alg none": (400, _head(alg="none")),
    "alg HS256": (400, _head(alg="HS256")),
    "no chain": (400, _head(x5c=None)),
    "half a chain": (403, lambda owner, lock: owner.sign(owner.claims(lock, OPEN), x5c=owner.chain[:2])),
    "a key in the header": (400, _head(jwk={})),
    "another lock in sub": (400, _with(sub=OTHER)),
    "another user in iss": (403, _with(iss=OTHER)),
    "iss that is no id": (400, _with(iss="me")),
    "an unknown type": (400, _with(operation={"type": "MUTATE_WORLD"})),
    "no operation": (400, _with(operation=None)),
    "expired": (400, _with(exp=1_000_000_000)),
    "not valid yet": (400, _with(nbf=4_000_000_000)),
    "valid for longer than 14 days": (400, _with(exp=4_000_000_000)),
    "no iat": (400, _with(iat=None)),
    "an endless jti": (400, _with(jti="x" * 300)),
    "a duration below nothing": (400, _with(operation={"type": "MUTATE_SETTING", "unlockDuration": -1})),
}


def test_forged_and_malformed_operations_are_refused_with_one_row_each(tmp_path: Path) -> None:
    async def told() -> None:
        async with open_world(tmp_path) as world:
            lock = await world.add_door("Front")
            owner = await owner_of(world)
            for name, (status, make) in CASES.items():
                before = await world.journal_size()
                reply = await owner.post(lock, make(owner, lock))
                assert reply.status == status, (name, reply.body)
                assert reply.json()["code"] == status, name
                assert await world.journal_size() == before + 1, name
            log = await owner.call(
                "GET", f"/device/{lock}/log", accept="application/vnd.doordeck.api-v2+json"
            )
            assert sum(event["rejected"] for event in log.json()) == len(CASES)

    asyncio.run(told())


def test_another_users_chain_does_not_serve_the_bearer(tmp_path: Path) -> None:
    async def told() -> None:
        async with open_world(tmp_path) as world:
            lock = await world.add_door("Front")
            owner, ann = await owner_of(world), await newcomer(world, "ann")
            token = owner.sign(owner.claims(lock, OPEN))
            assert (await ann.post(lock, token)).status == 403

    asyncio.run(told())


def test_an_unknown_lock_is_404(tmp_path: Path) -> None:
    async def told() -> None:
        async with open_world(tmp_path) as world:
            owner = await owner_of(world)
            assert (await owner.open(OTHER)).status == 404

    asyncio.run(told())


@pytest.mark.parametrize(
    "key",
    ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "x"],
)
def test_a_key_of_small_order_or_of_no_form_is_not_certified(tmp_path: Path, key: str) -> None:
    async def told() -> None:
        async with open_world(tmp_path) as world:
            owner = await Phone(world).sign_in(world.owner["email"], world.owner["password"])
            assert (await owner.call("POST", "/auth/certificate", {"ephemeralKey": key})).status == 400

    asyncio.run(told())
