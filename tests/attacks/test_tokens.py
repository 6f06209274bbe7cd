"""Signed operations and tokens that prove nothing (rows 1 to 24): one row each, nothing changed, never 401."""

import asyncio
import json
import uuid
from base64 import b64encode
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.attacks.state import state_of
from tests.dialects.doordeck.signing import Phone, base64url, newcomer, owner_of
from tests.support.world import World, open_world

OPEN = {"type": "MUTATE_LOCK", "locked": False}
_L = 2**252 + 27742317777372353535851937790883648493
Make = Callable[[Phone, str], str]


def raw(head: bytes, payload: bytes) -> Make:
    """Sign bytes that are not what the helper would write; HEAD and CLAIMS stand for the honest parts."""

    def make(owner: Phone, lock: str) -> str:
        chain = json.dumps(owner.chain).encode()
        claims = json.dumps(owner.claims(lock, OPEN)).encode()[1:-1]
        honest = b'"alg":"EdDSA","typ":"JWT","x5c":' + chain
        parts = head.replace(b"HEAD", honest), payload.replace(b"CLAIMS", claims)
        signing = ".".join(base64url(part) for part in parts)
        return f"{signing}.{base64url(owner.key.sign(signing.encode()))}"

    return make


def header(**changes: Any) -> Make:
    return lambda owner, lock: owner.sign(owner.claims(lock, OPEN), **changes)


def claims(**changes: Any) -> Make:
    return lambda owner, lock: owner.sign({**owner.claims(lock, OPEN), **changes})


def signature(change: Callable[[bytes], bytes]) -> Make:
    def make(owner: Phone, lock: str) -> str:
        signing = owner.sign(owner.claims(lock, OPEN)).rpartition(".")[0]
        return f"{signing}.{base64url(change(owner.key.sign(signing.encode())))}"

    return make


def _malleated(honest: bytes) -> bytes:
    return honest[:32] + (int.from_bytes(honest[32:], "little") + _L).to_bytes(32, "little")


def chain(change: Callable[[list[str]], list[Any]]) -> Make:
    return lambda owner, lock: owner.sign(owner.claims(lock, OPEN), x5c=change(owner.chain))


def _batch(count: int) -> Make:
    users = [{"user": str(uuid.uuid4()), "publicKey": "x", "role": "USER"} for _ in range(count)]
    return claims(operation={"type": "BATCH_ADD_USER", "users": users})


FORGED: dict[str, Make] = {
    "row 1: alg none": header(alg="none"),
    "row 1: alg nOnE": header(alg="nOnE"),
    "row 1: no alg": raw(b'{"typ":"JWT"}', b"{CLAIMS}"),
    "row 2: HS256 keyed with the public key": header(alg="HS256"),
    "row 2: RS256": header(alg="RS256"),
    "row 3: empty signature": signature(lambda _honest: b""),
    "row 3: 63 bytes": signature(lambda honest: honest[:63]),
    "row 3: s + L": signature(_malleated),
    "row 4: crit unknown": header(crit=["x"]),
    "row 4: crit exp": header(crit=["exp"]),
    "row 4: b64 false": header(b64=False),
    "row 5: jwk": header(jwk={}),
    "row 5: jku": header(jku="https://evil.test/keys"),
    "row 5: x5u": header(x5u="https://evil.test/chain"),
    "row 7: leaf twice": chain(lambda certs: [certs[0], *certs]),
    "row 7: swapped": chain(lambda certs: certs[::-1]),
    "row 7: leaf alone": chain(lambda certs: certs[:1]),
    "row 7: fifty": chain(lambda certs: certs[:1] * 50),
    "row 7: junk": chain(lambda _certs: ["AAAA", "AAAA"]),
    "row 7: numbers": chain(lambda _certs: [1, None]),
    "row 7: empty": chain(lambda _certs: []),
    "row 8: alg twice": raw(b'{"alg":"EdDSA",HEAD}', b"{CLAIMS}"),
    "row 8: sub twice": raw(b"{HEAD}", b'{"sub":"x",CLAIMS}'),
    "row 8: exp twice": raw(b"{HEAD}", b'{"exp":1,CLAIMS}'),
    # Two would be the right padding of a signature, and standard base64 is a form that the vendor's SDK sends.
    "row 9: padding at the end": lambda owner, lock: owner.sign(owner.claims(lock, OPEN)) + "=",
    "row 9: a space": lambda owner, lock: owner.sign(owner.claims(lock, OPEN)).replace(".", ". ", 1),
    "row 9: a fourth part": lambda owner, lock: owner.sign(owner.claims(lock, OPEN)) + ".",
    "row 10: exp text": claims(exp="4000000000"),
    "row 10: exp true": claims(exp=True),
    "row 10: exp list": claims(exp=[1]),
    "row 10: exp NaN": raw(b"{HEAD}", b'{CLAIMS,"x":NaN}'),
    "row 10: exp 1e400": raw(b"{HEAD}", b'{CLAIMS,"x":1e400}'),
    "row 10: exp -1": claims(exp=-1),
    "row 10: exp 2^63 - 1": claims(exp=2**63 - 1),
    "row 10: no exp": claims(exp=None),
    "row 11: exp past": claims(exp=1),
    "row 11: nbf far off": claims(nbf=2**62),
    "row 12: UTF-16": raw(b"{HEAD}", '{"a":1}'.encode("utf-16")),
    "row 12: byte order mark": raw(b"{HEAD}", b"\xef\xbb\xbf{CLAIMS}"),
    "row 12: array": raw(b"{HEAD}", b"[1]"),
    "row 12: deep": raw(b"{HEAD}", b'{CLAIMS,"x":' + b"[" * 20_000 + b"]" * 20_000 + b"}"),
    "row 12: 5000 digits": raw(b"{HEAD}", b'{CLAIMS,"x":' + b"9" * 5_000 + b"}"),
    "row 13: zip": header(zip="DEF"),
    "row 19: no operation": claims(operation=None),
    "row 20: another lock": claims(sub=str(uuid.uuid4())),
    "row 20: another user": claims(iss=str(uuid.uuid4())),
    "row 22: jti empty": claims(jti=""),
    "row 22: jti of 10 kB": claims(jti="x" * 10_000),
    "row 22: jti NUL": raw(b"{HEAD}", b'{CLAIMS,"x":"\\u0000"}'),
    "row 22: jti number": claims(jti=7),
    "row 23: unknown type": claims(operation={"type": "OPEN_SESAME"}),
    "row 23: type list": claims(operation={"type": ["MUTATE_LOCK"], "locked": False}),
    "row 23: 26 users": _batch(26),
    "row 23: no users": _batch(0),
    "row 24: start after end": claims(
        operation={
            "type": "ADD_USER",
            "user": str(uuid.uuid4()),
            "publicKey": "x",
            "role": "USER",
            "start": 4_000_000_001,
            "end": 4_000_000_000,
        }
    ),
}


def with_owner(test: Callable[[World, Phone, str], Awaitable[None]], data: Path) -> None:
    async def told() -> None:
        async with open_world(data) as world:
            lock = await world.add_door("Front")
            owner = await owner_of(world)
            await test(world, owner, lock)

    asyncio.run(told())


def test_each_forged_operation_is_refused_with_one_row_and_opens_nothing(tmp_path: Path) -> None:
    async def told(world: World, owner: Phone, lock: str) -> None:
        before = state_of(world)
        for name, make in FORGED.items():
            size = await world.journal_size()
            answer = await owner.post(lock, make(owner, lock))
            assert answer.status in {400, 403, 404, 409}, (name, answer.status, answer.body)
            assert await world.journal_size() == size + 1, name
            assert state_of(world) == before, name
        assert world.simulated.openings(lock) == ()

    with_owner(told, tmp_path)


def test_a_replayed_operation_moves_the_door_once(tmp_path: Path) -> None:
    async def told(world: World, owner: Phone, lock: str) -> None:
        named = owner.claims(lock, OPEN)
        token = owner.sign(named)
        assert (await owner.post(lock, token)).status == 200
        later = await asyncio.gather(*(owner.post(lock, token) for _ in range(8)))
        assert all(answer.status in {200, 409} for answer in later)
        other = owner.sign({**named, "exp": named["exp"] + 1})
        assert (await owner.post(lock, other)).status == 409
        assert (await owner.post(lock, owner.sign(named, standard=True))).status in {200, 409}
        assert len(world.simulated.openings(lock)) == 1

    with_owner(told, tmp_path)


def test_eight_at_once_of_one_operation_move_the_door_once(tmp_path: Path) -> None:
    async def told(world: World, owner: Phone, lock: str) -> None:
        token = owner.sign(owner.claims(lock, OPEN))
        answers = await asyncio.gather(*(owner.post(lock, token) for _ in range(8)))
        assert sorted({answer.status for answer in answers} - {409}) == [200]
        assert len(world.simulated.openings(lock)) == 1

    with_owner(told, tmp_path)


def test_a_token_of_one_kind_is_no_token_of_another(tmp_path: Path) -> None:
    async def told(world: World, owner: Phone, lock: str) -> None:
        operation = owner.sign(owner.claims(lock, OPEN))
        client = world.client("/doordeck")
        for token in (operation, owner.refresh):
            answer = await client.send("GET", "/device", {"authorization": f"Bearer {token}"})
            assert answer.status == 401
        for token in (owner.auth, operation):
            answer = await client.send("POST", "/auth/token/refresh", {"authorization": f"Bearer {token}"})
            assert answer.status == 401
        for token in (owner.auth, owner.refresh):
            assert (await owner.post(lock, token)).status in {400, 403}

    with_owner(told, tmp_path)


def test_what_a_removed_user_signed_opens_nothing_any_more(tmp_path: Path) -> None:
    async def told(world: World, owner: Phone, lock: str) -> None:
        ann = await newcomer(world, "ann")
        assert (await owner.share(lock, ann, role="ADMIN")).status < 300
        kept = [ann.sign(ann.claims(lock, operation)) for operation in (OPEN, _share_with(owner))]
        assert (await owner.remove(lock, ann.user_id)).status < 300
        opened = len(world.simulated.openings(lock))
        for token in kept:
            assert (await ann.post(lock, token)).status in {403, 404}
        assert len(world.simulated.openings(lock)) == opened

    with_owner(told, tmp_path)


def _share_with(user: Phone) -> dict[str, Any]:
    return {"type": "ADD_USER", "user": user.user_id, "publicKey": "x", "role": "ADMIN"}


def test_the_last_administrator_of_a_lock_can_not_remove_himself(tmp_path: Path) -> None:
    async def told(world: World, owner: Phone, lock: str) -> None:
        before, size = state_of(world), await world.journal_size()
        answer = await owner.remove(lock, owner.user_id)
        assert answer.status == 409, answer.body
        assert state_of(world) == before
        assert await world.journal_size() == size + 1

    with_owner(told, tmp_path)


@pytest.mark.parametrize(
    "key",
    [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000",
    ],
)
def test_a_key_that_is_no_key_is_not_certified(key: str, tmp_path: Path) -> None:
    async def told(world: World, owner: Phone, _lock: str) -> None:
        before = state_of(world)
        body = {"ephemeralKey": b64encode(bytes.fromhex(key)).decode()}
        assert (await owner.call("POST", "/auth/certificate", body)).status == 400
        assert state_of(world) == before

    with_owner(told, tmp_path)


def test_one_key_serves_one_user(tmp_path: Path) -> None:
    async def told(world: World, owner: Phone, _lock: str) -> None:
        ann = await newcomer(world, "ann")
        answer = await ann.call("POST", "/auth/certificate", {"ephemeralKey": owner.public_key})
        assert answer.status == 409

    with_owner(told, tmp_path)
