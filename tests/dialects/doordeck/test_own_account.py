"""Accounts over the wire: mailbox, password, invitation, second phone, and leaving."""

import asyncio
import json
from base64 import b64decode
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from rekey.dialects.doordeck.cert_authority import CertAuthority
from rekey.operations.end_credential import EndCredential, end_credential
from rekey.ports.attempts import AttemptKind
from rekey.testing.frozen_clock import FrozenClock
from rekey.webkit.attempt_limit import RATES
from tests.dialects.doordeck.signing import PREFIX, Phone, base64std, base64url
from tests.support.asgi import Response
from tests.support.mailbox import Mailbox
from tests.support.world import World, open_world

ADA = "ada@acme.test"
PASSWORD = "a long enough password"
Tale = Callable[[World, FrozenClock], Awaitable[None]]


def tell(data: Path, tale: Tale, *, mail: bool = True, **settings: Any) -> None:
    async def told() -> None:
        clock, mailbox = FrozenClock(), Mailbox(reaches_people=mail)
        async with open_world(
            data, clock=clock, dialects=("doordeck",), mailbox=mailbox, **settings
        ) as world:
            await tale(world, clock)

    asyncio.run(told())


async def send(world: World, method: str, path: str, body: object = None) -> Response:
    return await world.client(PREFIX).send(method, path, {}, b"" if body is None else json.dumps(body))


async def register(world: World, email: str = ADA, *, force: bool = False, **more: str) -> Response:
    body = {"email": email, "password": PASSWORD, **more}
    return await send(world, "POST", f"/auth/register?force={str(force).lower()}", body)


async def code(world: World, to: str = ADA) -> str:
    return (await world.deliver()).code(to)


async def owner(world: World) -> Phone:
    return await Phone(world).sign_in(world.owner["email"], world.owner["password"])


async def prove(phone: Phone, digits: str, *, standard: bool = True) -> Response:
    encode = base64std if standard else base64url
    proof = {"verificationSignature": encode(phone.key.sign(digits.encode()))}
    return await phone.call("POST", "/auth/certificate/check", proof)


async def ask(phone: Phone, method: str = "") -> Response:
    key = {"ephemeralKey": phone.public_key}
    return await phone.call("POST", f"/auth/certificate/verify{method}", key)


def test_registering_sends_a_code_that_verifies_the_mailbox(tmp_path: Path) -> None:
    async def tale(world: World, _clock: FrozenClock) -> None:
        phone = Phone(world, auth=(await register(world)).json()["authToken"])
        assert (await phone.call("GET", "/account")).json()["emailVerified"] is False
        assert (await send(world, "PUT", f"/account/email/verify?code={await code(world)}")).status == 200
        assert (await phone.call("GET", "/account")).json()["emailVerified"] is True
        again = await send(world, "PUT", f"/account/email/verify?code={await code(world)}")
        assert again.status == 410

    tell(tmp_path, tale)


@pytest.mark.parametrize(("visitor", "told"), [("false", "install the app"), ("true", "nothing to install")])
def test_an_invited_address_is_told_once_and_a_visitor_of_the_web_alone(
    tmp_path: Path, visitor: str, told: str
) -> None:
    async def tale(world: World, _clock: FrozenClock) -> None:
        await world.add_door("Front")
        administrator = await owner(world)
        for _ in range(2):
            path = f"/share/invite/{ADA}?visitor={visitor}"
            assert (await administrator.call("POST", path)).status == 200
        mailbox = await world.deliver()
        assert mailbox.count(ADA) == 1
        assert told in mailbox.newest(ADA).text

    tell(tmp_path, tale)


def test_an_invited_address_is_409_and_with_force_claimed_by_its_mailbox_alone(tmp_path: Path) -> None:
    async def tale(world: World, _clock: FrozenClock) -> None:
        lock = await world.add_door("Front")
        administrator = await (await owner(world)).certify()
        invited = (await administrator.call("POST", f"/share/invite/{ADA}")).json()["id"]
        await world.deliver()
        guest = Phone(world, user_id=invited)
        assert (await administrator.share(lock, guest)).status == 204
        assert (await register(world)).status == 409
        claiming = Phone(world, auth=(await register(world, force=True)).json()["authToken"])
        shown = (await claiming.call("GET", "/account")).json()
        assert (shown["email"], shown["emailVerified"]) == (ADA, False)
        assert (await claiming.call("GET", "/device")).json() == []
        assert (await send(world, "PUT", f"/account/email/verify?code={await code(world)}")).status == 200
        assert (await claiming.call("GET", "/account")).status == 401
        signed_in = await Phone(world).sign_in(ADA, PASSWORD)
        assert [found["id"] for found in (await signed_in.call("GET", "/device")).json()] == [lock]
        await signed_in.certify()
        assert signed_in.user_id == invited
        assert (await signed_in.open(lock)).status == 200

    tell(tmp_path, tale)


def test_without_mail_nobody_claims_an_invitation(tmp_path: Path) -> None:
    async def tale(world: World, _clock: FrozenClock) -> None:
        await world.add_person("Ada", email=ADA)
        assert (await register(world, force=True)).status == 409

    tell(tmp_path, tale, mail=False)


def test_passwords_that_are_too_short_or_too_long_are_400_with_the_reason(tmp_path: Path) -> None:
    async def tale(world: World, _clock: FrozenClock) -> None:
        for password in ("seven77", "x" * 129):
            refused = await register(world, password=password)
            assert (refused.status, "8 to 128" in refused.json()["message"]) == (400, True)

    tell(tmp_path, tale)


def test_registrations_from_one_address_are_limited(tmp_path: Path) -> None:
    async def tale(world: World, _clock: FrozenClock) -> None:
        burst = RATES[AttemptKind.REGISTRATION].account.burst
        told = [(await register(world)).status for _ in range(burst + 1)]
        assert told == [200, *[409] * (burst - 1), 429]

    tell(tmp_path, tale)


def test_a_new_password_counts_at_once_and_signs_the_other_devices_out(tmp_path: Path) -> None:
    async def tale(world: World, _clock: FrozenClock) -> None:
        first, other = await owner(world), await owner(world)
        change = {"oldPassword": world.owner["password"], "newPassword": PASSWORD}
        assert (await first.call("POST", "/account/password", change)).status == 204
        assert (await first.call("GET", "/account")).status == 200
        assert (await other.call("GET", "/account")).status == 401
        assert (await send(world, "POST", "/auth/token", world.owner)).status == 401
        renewed = await Phone(world, auth=other.refresh).call("POST", "/auth/token/refresh")
        assert renewed.status == 401
        same = {"oldPassword": PASSWORD, "newPassword": PASSWORD}
        assert (await first.call("POST", "/account/password", same)).status == 204

    tell(tmp_path, tale)


def test_a_forgotten_password_is_chosen_anew_by_the_mailbox(tmp_path: Path) -> None:
    async def tale(world: World, clock: FrozenClock) -> None:
        phone = Phone(world, auth=(await register(world)).json()["authToken"])
        user = (await phone.call("GET", "/platform/auth")).json()["sub"]
        clock.advance(timedelta(seconds=1))
        for email in (ADA, "nobody@acme.test"):
            asked = await send(world, "POST", "/account/password/reset/initialize", {"email": email})
            assert (asked.status, asked.body) == (204, b"")
        token = await code(world)
        assert user in world.mailbox.newest(ADA).text
        body = {"userId": user, "token": token, "password": "quite another one"}
        assert (await send(world, "POST", "/account/password/reset/verify", body)).status == 204
        assert (await phone.call("GET", "/account")).status == 401
        await Phone(world).sign_in(ADA, "quite another one")
        assert (await send(world, "POST", "/account/password/reset/verify", body)).status == 410

    tell(tmp_path, tale)


def test_a_token_of_one_user_resets_no_other(tmp_path: Path) -> None:
    async def tale(world: World, clock: FrozenClock) -> None:
        await register(world)
        clock.advance(timedelta(seconds=1))
        await send(world, "POST", "/account/password/reset/initialize", {"email": ADA})
        body = {
            "userId": await world.owner_person_id(),
            "token": await code(world),
            "password": "quite another one",
        }
        assert (await send(world, "POST", "/account/password/reset/verify", body)).status == 404
        await Phone(world).sign_in(ADA, PASSWORD)

    tell(tmp_path, tale)


def test_a_further_key_is_423_until_the_code_from_the_mailbox_is_signed(tmp_path: Path) -> None:
    async def tale(world: World, _clock: FrozenClock) -> None:
        lock = await world.add_door("Front")
        first, second = await (await owner(world)).certify(), await owner(world)
        key = {"ephemeralKey": second.public_key}
        assert (await second.call("POST", "/auth/certificate", key)).status == 423
        assert (await ask(second)).json() == {"method": "EMAIL"}
        digits = await code(world, world.owner["email"])
        assert (len(digits), digits.isdigit()) == (8, True)
        proved = await prove(second, digits)
        assert (proved.status, proved.json()["userId"]) == (200, first.user_id)
        second.chain, second.user_id = proved.json()["certificateChain"], first.user_id
        assert (await second.open(lock)).status == 200
        assert (await first.certify()).chain

    tell(tmp_path, tale)


@pytest.mark.parametrize("standard", [True, False])
def test_the_signature_over_the_code_comes_in_either_alphabet(tmp_path: Path, standard: bool) -> None:
    async def tale(world: World, _clock: FrozenClock) -> None:
        await (await owner(world)).certify()
        second = await owner(world)
        await ask(second)
        digits = await code(world, world.owner["email"])
        assert (await prove(second, digits, standard=standard)).status == 200

    tell(tmp_path, tale)


def test_wrong_codes_are_403_then_429_and_a_late_one_410(tmp_path: Path) -> None:
    async def tale(world: World, clock: FrozenClock) -> None:
        await (await owner(world)).certify()
        second = await owner(world)
        await ask(second)
        told = [(await prove(second, "00000000")).status for _ in range(6)]
        assert told == [403] * 5 + [429]
        clock.advance(timedelta(seconds=1))
        await ask(second)
        digits = await code(world, world.owner["email"])
        clock.advance(timedelta(minutes=5))
        assert (await prove(second, digits)).status == 410

    tell(tmp_path, tale)


def test_codes_asked_for_again_and_again_are_429(tmp_path: Path) -> None:
    async def tale(world: World, _clock: FrozenClock) -> None:
        await (await owner(world)).certify()
        second = await owner(world)
        told = [(await ask(second)).status for _ in range(7)]
        assert told == [200] * 6 + [429]

    tell(tmp_path, tale)


def test_only_mail_is_offered_as_a_method(tmp_path: Path) -> None:
    async def tale(world: World, _clock: FrozenClock) -> None:
        await (await owner(world)).certify()
        second = await owner(world)
        told = [
            (await ask(second, f"?method={method}")).status
            for method in ("EMAIL", "TELEPHONE", "SMS", "WHATSAPP", "PIGEON")
        ]
        assert told == [200, 400, 400, 400, 400]

    tell(tmp_path, tale)


def test_a_key_given_at_registration_is_trusted_and_counts_as_the_first(tmp_path: Path) -> None:
    async def tale(world: World, _clock: FrozenClock) -> None:
        phone = Phone(world)
        phone.auth = (await register(world, ephemeralKey=phone.public_key)).json()["authToken"]
        await phone.certify()
        other = Phone(world, auth=phone.auth)
        refused = await other.call("POST", "/auth/certificate", {"ephemeralKey": other.public_key})
        assert refused.status == 423

    tell(tmp_path, tale)


@pytest.mark.parametrize(
    ("mail", "setting", "status"), [(False, "auto", 200), (True, "off", 200), (False, "on", 423)]
)
def test_the_second_factor_follows_mail_or_the_setting(
    tmp_path: Path, mail: bool, setting: str, status: int
) -> None:
    async def tale(world: World, _clock: FrozenClock) -> None:
        await (await owner(world)).certify()
        second = await owner(world)
        key = {"ephemeralKey": second.public_key}
        assert (await second.call("POST", "/auth/certificate", key)).status == status

    tell(tmp_path, tale, mail=mail, key_second_factor=setting)


def test_what_a_lost_phone_signs_is_worthless_at_once(tmp_path: Path) -> None:
    async def tale(world: World, clock: FrozenClock) -> None:
        lock = await world.add_door("Front")
        phone = await (await owner(world)).certify()
        away = await world.add_door("Back", offline="true")
        later = int(clock.now().timestamp()) + 3600
        assert (await phone.open(away, exp=later)).status == 202
        await world.services.orders.close()
        key = await phone_key(world, phone)
        await world.perform(end_credential, EndCredential(credential_id=key))
        assert (await phone.open(lock)).status == 403
        refused = await phone.call("POST", "/auth/certificate", {"ephemeralKey": phone.public_key})
        assert refused.status == 403
        world.simulated.configure(away, [("offline", "false")])
        await world.settle()
        assert world.simulated.openings(away) == ()

    tell(tmp_path, tale)


async def phone_key(world: World, phone: Phone) -> str:
    from rekey.dialects.doordeck.certificates import fingerprint_of
    from rekey.domain.credential import CredentialKind

    raw = b64decode(phone.public_key)
    found = await world.core.store.read(
        world.organization_id,
        lambda view: view.credentials.by_fingerprint(CredentialKind.DEVICE_KEY, fingerprint_of(raw)),
    )
    assert found is not None
    return found.id


def test_leaving_ends_account_keys_and_locks_with_a_receipt(tmp_path: Path) -> None:
    async def tale(world: World, _clock: FrozenClock) -> None:
        lock = await world.add_door("Front")
        administrator = await (await owner(world)).certify()
        ada = Phone(world, auth=(await register(world)).json()["authToken"])
        await ada.certify()
        assert (await administrator.share(lock, ada)).status == 204
        left = await ada.call("DELETE", "/account")
        assert (left.status, bool(left.header("rekey-revocation"))) == (204, True)
        assert (await ada.call("GET", "/account")).status == 401
        assert (await send(world, "POST", "/auth/token", {"email": ADA, "password": PASSWORD})).status == 401
        again = Phone(world, auth=(await register(world)).json()["authToken"])
        assert (await again.call("GET", "/device")).json() == []
        assert (await administrator.call("DELETE", "/account")).status == 409

    tell(tmp_path, tale)


def test_a_rotated_issuing_key_issues_at_once_and_breaks_no_phone(tmp_path: Path) -> None:
    async def tale(world: World, clock: FrozenClock) -> None:
        lock = await world.add_door("Front")
        phone = await (await owner(world)).certify()
        before = list(phone.chain)
        directory = world.server.settings.data / "keys" / "doordeck" / "ca"
        CertAuthority.rotate(directory, now=clock.now())
        assert (await phone.open(lock)).status == 200
        await phone.certify()
        issuers = [x509.load_der_x509_certificate(b64decode(chain[1])) for chain in (before, phone.chain)]
        assert issuers[0].public_key() != issuers[1].public_key()
        assert before[2] == phone.chain[2]
        assert (await phone.open(lock)).status == 200
        phone.chain = before
        assert (await phone.open(lock)).status == 200

    tell(tmp_path, tale)
