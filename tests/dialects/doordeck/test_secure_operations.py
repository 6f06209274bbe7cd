"""Signed operations beyond the ordinary: locking early, old clients, direct access, lost phones."""

import asyncio
import json
from base64 import b64decode
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_private_key

from rekey.domain.credential import CredentialKind
from rekey.operations.end_credential import EndCredential, end_credential
from rekey.operations.suspend_credential import SuspendCredential, suspend_credential
from rekey.ports.listing import WHOLE
from rekey.testing.frozen_clock import FrozenClock
from tests.dialects.doordeck.signing import PASSWORD, PREFIX, Phone, base64url, newcomer, owner_of
from tests.support.asgi import Response
from tests.support.mailbox import Mailbox
from tests.support.world import World, open_world

V2 = {"accept": "application/vnd.doordeck.api-v2+json"}
OPEN = {"type": "MUTATE_LOCK", "locked": False}
LOCK = {"type": "MUTATE_LOCK", "locked": True}


def tell(data: Path, tale: Callable[[World, Phone, str], Awaitable[None]], **settings: Any) -> None:
    async def told() -> None:
        async with open_world(data, dialects=("doordeck",), clock=FrozenClock(), **settings) as world:
            lock = await world.add_door("Front")
            await tale(world, await owner_of(world), lock)

    asyncio.run(told())


async def log_of(phone: Phone, lock: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await phone.call("GET", f"/device/{lock}/log", **V2)).json()
    return found


def pass_time(world: World, **span: float) -> None:
    assert isinstance(world.clock, FrozenClock)
    world.clock.advance(timedelta(**span))


async def directly(phone: Phone, token: str, path: str = "/device/execute") -> Response:
    """Send a signed request as the client does on the local network: without a session."""
    return await phone.world.client(PREFIX).send("POST", path, {"content-type": "application/jwt"}, token)


def test_any_user_in_the_window_locks_early_and_nobody_else(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann, bob = await newcomer(world, "ann"), await newcomer(world, "bob")
        start = int(world.clock.now().timestamp()) + 60
        await owner.share(lock, ann)
        await owner.share(lock, bob, start=start)
        assert (await ann.open(lock)).status == 200
        locked = await ann.execute(lock, LOCK)
        assert (locked.status, locked.body) == (200, b"{}")
        assert [event["type"] for event in await log_of(owner, lock)][:2] == ["DOOR_LOCK", "DOOR_UNLOCK"]
        assert (await bob.execute(lock, LOCK)).status == 403
        refused = (await log_of(owner, lock))[0]
        assert (refused["type"], refused["rejected"]) == ("DOOR_LOCK", True)
        assert refused["issuer"]["userId"] == bob.user_id

    tell(tmp_path, tale)


def test_an_administrator_locks_whatever_the_lock_asks_of_those_who_open(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann = await newcomer(world, "ann")
        await owner.share(lock, ann)
        elsewhere = {"settings": {"permittedAddresses": ["203.0.113.9"]}}
        assert (await owner.call("PUT", f"/device/{lock}", elsewhere)).status == 200
        assert [(await phone.execute(lock, LOCK)).status for phone in (owner, ann)] == [200, 403]
        assert (await owner.open(lock)).status == 403

    tell(tmp_path, tale)


def test_a_locking_that_waits_runs_when_the_lock_is_back(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, _lock: str) -> None:
        shed = await world.add_door("Shed", offline="true")
        assert (await owner.execute(shed, LOCK)).status == 503
        later = int(world.clock.now().timestamp()) + 90
        assert (await owner.execute(shed, LOCK, exp=later)).status == 202
        await world.services.orders.close()
        world.simulated.configure(shed, [("offline", "false")])
        await world.settle()
        told = [(event["type"], event["rejected"]) for event in await log_of(owner, shed)]
        assert told[0] == ("DOOR_LOCK", False)

    tell(tmp_path, tale)


def test_an_order_that_came_too_late_is_in_the_audit_as_rejected(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, _lock: str) -> None:
        shed = await world.add_door("Shed", offline="true")
        later = int(world.clock.now().timestamp()) + 90
        assert (await owner.open(shed, exp=later)).status == 202
        await world.services.orders.close()
        pass_time(world, seconds=91)
        await world.settle()
        event = (await log_of(owner, shed))[0]
        assert (event["type"], event["rejected"], event["rejectionReason"]) == (
            "DOOR_UNLOCK",
            True,
            "too late",
        )
        assert event["issuer"]["userId"] == owner.user_id

    tell(tmp_path, tale)


@pytest.mark.parametrize(("asked", "given"), [(2, 2), (5, 5), (60, 5), (0, 0)])
def test_a_duration_of_old_clients_shortens_an_opening_and_never_lengthens_it(
    tmp_path: Path, asked: int, given: int
) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        assert (await owner.execute(lock, {**OPEN, "duration": asked})).status == 200
        pass_time(world, seconds=60)
        events = await log_of(owner, lock)
        assert [event["type"] for event in events[:2]] == ["DOOR_LOCK", "DOOR_UNLOCK"]
        assert events[0]["timestamp"] - events[1]["timestamp"] == given
        assert (await owner.execute(lock, {**OPEN, "duration": -1})).status == 400

    tell(tmp_path, tale)


def test_an_unlock_duration_of_zero_is_kept_and_shown(tmp_path: Path) -> None:
    async def tale(_world: World, owner: Phone, lock: str) -> None:
        for seconds, status in ((0, 200), (60, 200), (61, 400), (-1, 400)):
            setting = {"type": "MUTATE_SETTING", "unlockDuration": seconds, "unlockBetween": None}
            assert (await owner.execute(lock, setting)).status == status
        assert (await owner.call("GET", f"/device/{lock}")).json()["unlockTime"] == 60

    tell(tmp_path, tale)


def test_the_direct_endpoint_opens_for_whoever_signed_without_a_session(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann, bob = await newcomer(world, "ann"), await newcomer(world, "bob")
        await owner.share(lock, ann)
        token = ann.sign(ann.claims(lock, OPEN), standard=True)
        opened = await directly(ann, token, "/device/execute/")
        assert (opened.status, opened.body) == (200, b"{}")
        assert [(await directly(ann, token)).status, (await ann.post(lock, token)).status] == [409, 409]
        assert (await directly(bob, bob.sign(bob.claims(lock, OPEN)))).status == 403
        assert len(world.simulated.openings(lock)) == 1
        told = [(event["issuer"]["userId"], event["rejected"]) for event in await log_of(owner, lock)]
        assert told[0] == (bob.user_id, True)
        assert (ann.user_id, False) in told

    tell(tmp_path, tale)


def test_the_direct_endpoint_proves_everything_that_a_session_would(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann = await newcomer(world, "ann")
        await owner.share(lock, ann)
        now = int(world.clock.now().timestamp())
        good = ann.claims(lock, OPEN)
        forged = ann.sign(good)[:-6] + "AAAAAA"
        of_owner = ann.sign({**good, "iss": owner.user_id})
        share = owner.sign(owner.claims(lock, {"type": "REMOVE_USER", "users": [ann.user_id]}))
        nowhere = ann.sign(ann.claims("11111111-1111-4111-8111-111111111111", OPEN))
        for token, status in (
            (forged, 403),
            (of_owner, 403),
            (share, 400),
            (nowhere, 404),
            (ann.sign({**good, "exp": now}), 400),
            (ann.sign(good, x5c=None), 400),
            ("", 400),
        ):
            reply = await directly(ann, token)
            assert (reply.status, reply.json()["code"]) == (status, status)
        assert world.simulated.openings(lock) == ()
        await owner.remove(lock, ann.user_id)
        assert (await directly(ann, ann.sign(good))).status == 403

    tell(tmp_path, tale)


def test_a_stranger_leaves_no_row_at_the_direct_endpoint(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        before = await world.journal_size()
        for token in ("x", "a.b.c", owner.sign(owner.claims(lock, OPEN))[:-6] + "AAAAAA"):
            assert (await directly(owner, token)).status in {400, 403}
        assert await world.journal_size() == before

    tell(tmp_path, tale)


async def rsa_token(phone: Phone, lock: str, email: str, password: str, **header: Any) -> str:
    """Sign in as the first clients did, and sign with the pair that the server gives."""
    given = await phone.call("POST", "/auth/token", {"email": email, "password": password})
    key = load_der_private_key(b64decode(given.json()["privateKey"]), password=None)
    assert isinstance(key, RSAPrivateKey)
    head = json.dumps({"alg": "RS256", "typ": "JWT", **header}).encode()
    signing = f"{base64url(head)}.{base64url(json.dumps(phone.claims(lock, OPEN)).encode())}"
    return f"{signing}.{base64url(key.sign(signing.encode(), PKCS1v15(), SHA256()))}"


def test_the_first_clients_sign_with_the_pair_that_the_server_issued(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann = await Phone(world).register("ann@acme.test")
        ann.user_id = (await ann.call("GET", "/platform/auth")).json()["sub"]
        await owner.share(lock, ann)
        token = await rsa_token(ann, lock, "ann@acme.test", PASSWORD, kid="1")
        assert (await ann.post(lock, token)).status == 200
        assert (await ann.post(lock, token)).status == 409
        head, payload, _ = token.split(".")
        assert (await ann.post(lock, f"{head}.{payload}.AAAA")).status == 403
        assert (await directly(ann, token)).status == 400
        with_chain = await rsa_token(ann, lock, "ann@acme.test", PASSWORD, x5c=owner.chain)
        assert (await ann.post(lock, with_chain)).status == 400

    tell(tmp_path, tale)


def test_a_stolen_password_gets_around_no_second_factor_by_the_old_pair(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann = await newcomer(world, "ann")
        await owner.share(lock, ann)
        token = await rsa_token(ann, lock, "ann@acme.test", PASSWORD)
        assert (await ann.post(lock, token)).status == 403

    tell(tmp_path, tale, mailbox=Mailbox(reaches_people=True), key_second_factor="on")


def test_a_lost_phone_signs_nothing_any_more_on_either_way(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, _lock: str) -> None:
        shed = await world.add_door("Shed", offline="true")
        ann = await newcomer(world, "ann")
        await owner.share(shed, ann)
        later = int(world.clock.now().timestamp()) + 600
        assert (await ann.open(shed, exp=later)).status == 202
        await world.services.orders.close()
        await world.perform(end_credential, EndCredential(credential_id=await key_of(world, ann)))
        world.simulated.configure(shed, [("offline", "false")])
        await world.settle()
        assert world.simulated.openings(shed) == ()
        assert (await ann.open(shed)).status == 403
        assert (await directly(ann, ann.sign(ann.claims(shed, OPEN)))).status == 403
        again = await ann.call("POST", "/auth/certificate", {"ephemeralKey": ann.public_key})
        assert again.status == 403
        told = [(event["type"], event["rejected"]) for event in await log_of(owner, shed)]
        assert ("DOOR_UNLOCK", False) not in told

    tell(tmp_path, tale)


def test_a_suspended_key_signs_nothing_and_the_users_other_phone_still_does(tmp_path: Path) -> None:
    async def tale(world: World, owner: Phone, lock: str) -> None:
        ann = await newcomer(world, "ann")
        await owner.share(lock, ann)
        other = await Phone(world, auth=ann.auth).certify()
        lost = await key_of(world, ann)
        assert (await other.open(lock)).status == 200
        await world.perform(suspend_credential, SuspendCredential(credential_id=lost, suspended=True))
        assert [(await phone.open(lock)).status for phone in (ann, other)] == [403, 200]

    tell(tmp_path, tale)


async def key_of(world: World, phone: Phone) -> str:
    """Give the credential of the user's oldest signing key."""
    held = await world.core.store.read(
        world.organization_id,
        lambda view: view.credentials.list(WHOLE, person_id=phone.user_id, kind=CredentialKind.DEVICE_KEY),
    )
    return min(held.items, key=lambda credential: credential.number).id
