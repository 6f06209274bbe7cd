"""Applications that act for people: who lets them, what their keys must not do, and when those end."""

import hashlib
from base64 import urlsafe_b64encode
from typing import Any

import pytest

from rekey.domain.application import Application
from rekey.domain.consent import Consent, is_challenge, is_return_url
from rekey.domain.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from rekey.domain.ids import ApplicationId, ConsentId, OperatorId, OrganizationId
from rekey.domain.operator import Actor, Key, KeyKind
from rekey.operations.agree_to_application import ConsentRequest, agree_by_password
from rekey.operations.exchange_consent import (
    ConsentKeys,
    ExchangeCode,
    Given,
    RenewConsent,
    exchange_code,
    renew_consent,
)
from rekey.operations.issue_key import EndKey, IssueKey, end_key, issue_key
from rekey.operations.keep_application import (
    AddApplication,
    EditApplication,
    add_application,
    edit_application,
)
from rekey.operations.renew_application_secret import RenewApplicationSecret, renew_application_secret
from rekey.operations.sign_in import PasswordProof
from rekey.ports.listing import WHOLE
from rekey.testing.frozen_clock import NOON
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio
BACK = "https://calendar.test/back"


async def a_partner(acme: Acme, **changes: Any) -> Application:
    wanted = {
        "name": "Calendar",
        "owner_id": await acme.world.owner_person_id(),
        "return_urls": (BACK,),
        "secret_fingerprint": "secret",
        **changes,
    }
    return await acme.do(add_application, AddApplication(**wanted))


async def agreed(acme: Acme, application: Application, code: str = "code") -> Consent:
    proof = PasswordProof(email=acme.world.owner["email"], password=acme.world.owner["password"], via="test")
    return await agree_by_password(
        acme.core,
        OrganizationId(acme.world.organization_id),
        proof,
        request=ConsentRequest(application_id=application.id, return_url=BACK),
        code_fingerprint=code,
    )


async def key_of(acme: Acme, fingerprint: str) -> Key:
    key = await acme.core.store.read(
        acme.world.organization_id, lambda view: view.keys.by_secret(fingerprint)
    )
    assert key is not None
    return key


def given(application: Application, key: Key, name: str) -> Given:
    return Given(
        key_id=key.id,
        application_id=application.id,
        application_secret="secret",
        access_fingerprint=f"{name} access",
        refresh_fingerprint=f"{name} refresh",
    )


def stranger(acme: Acme, consent: Consent) -> Actor:
    return Actor(
        organization_id=acme.world.organization_id, operator_id=consent.operator_id, key_id=None, via="test"
    )


async def taken(acme: Acme, application: Application, consent: Consent) -> ConsentKeys:
    wanted = ExchangeCode(given=given(application, await key_of(acme, "code"), "first"), return_url=BACK)
    keys = await acme.do(exchange_code, wanted, by=stranger(acme, consent))
    assert keys is not None
    return keys


def in_hand(acme: Acme, consent: Consent, key: Key) -> Actor:
    return Actor(
        organization_id=acme.world.organization_id, operator_id=consent.operator_id, key_id=key.id, via="test"
    )


async def standing(acme: Acme, consent: Consent) -> list[KeyKind]:
    listed = await acme.core.store.read(
        acme.world.organization_id, lambda view: view.keys.list(WHOLE, operator_id=consent.operator_id)
    )
    return [key.kind for key in listed.items if key.consent_id == consent.id]


async def test_a_code_becomes_an_access_key_and_a_refresh_key_and_ends(acme: Acme) -> None:
    application = await a_partner(acme)
    consent = await agreed(acme, application)
    assert await standing(acme, consent) == [KeyKind.CONSENT_CODE]
    await taken(acme, application, consent)
    assert await standing(acme, consent) == [KeyKind.CONSENT_ACCESS, KeyKind.CONSENT_REFRESH]


async def test_a_key_that_comes_back_a_second_time_ends_the_consent_and_is_recorded(acme: Acme) -> None:
    application = await a_partner(acme)
    consent = await agreed(acme, application)
    keys = await taken(acme, application, consent)
    again = RenewConsent(given=given(application, keys.refresh, "second"))
    assert await acme.do(renew_consent, again, by=stranger(acme, consent)) is not None
    late = RenewConsent(given=given(application, keys.refresh, "third"))
    assert await acme.do(renew_consent, late, by=stranger(acme, consent)) is None
    assert await standing(acme, consent) == []
    assert (await acme.newest()).action == "consent.ended"


async def test_an_application_makes_no_key_and_no_application(acme: Acme) -> None:
    application = await a_partner(acme)
    consent = await agreed(acme, application)
    actor = in_hand(acme, consent, (await taken(acme, application, consent)).access)
    key = IssueKey(
        operator_id=consent.operator_id,
        kind=KeyKind.API_KEY,
        name="mine",
        via="test",
        secret_fingerprint="mine",
    )
    with pytest.raises(NotAllowed):
        await acme.do(issue_key, key, by=actor)
    for open_to_all in True, False:
        with pytest.raises(NotAllowed):
            await acme.do(add_application, AddApplication(name="Two", open_to_all=open_to_all), by=actor)
    renewing = RenewApplicationSecret(application_id=application.id, secret_fingerprint="other")
    with pytest.raises(NotAllowed):
        await acme.do(renew_application_secret, renewing, by=actor)


async def test_ending_one_key_of_a_consent_ends_them_all(acme: Acme) -> None:
    application = await a_partner(acme)
    consent = await agreed(acme, application)
    keys = await taken(acme, application, consent)
    await acme.do(end_key, EndKey(key_id=keys.refresh.id))
    assert await standing(acme, consent) == []


async def test_a_suspended_application_acts_for_nobody_from_the_next_act_on(acme: Acme) -> None:
    application = await a_partner(acme)
    consent = await agreed(acme, application)
    actor = in_hand(acme, consent, (await taken(acme, application, consent)).access)
    await acme.do(edit_application, EditApplication(application_id=application.id, suspended=True))
    with pytest.raises(NotSignedIn):
        await acme.do(edit_application, EditApplication(application_id=application.id, name="X"), by=actor)
    with pytest.raises(NotAllowed):
        await agreed(acme, application, "another code")


async def test_an_application_without_a_secret_or_an_address_asks_nobody(acme: Acme) -> None:
    for changes in {"secret_fingerprint": ""}, {"return_urls": ()}:
        with pytest.raises(NotFound):
            await agreed(acme, await a_partner(acme, **changes))


async def test_addresses_to_go_back_to_are_checked(acme: Acme) -> None:
    application = await a_partner(acme)
    wanted = EditApplication(application_id=application.id, return_urls=("http://calendar.test/back",))
    with pytest.raises(Invalid):
        await acme.do(edit_application, wanted)


@pytest.mark.parametrize(
    ("url", "fits"),
    [
        ("https://calendar.test/back?tab=1", True),
        ("http://localhost:9000/back", True),
        ("http://127.0.0.1/back", True),
        ("com.example.app:/back", True),
        ("http://calendar.test/back", False),
        ("https://user@calendar.test/back", False),
        ("https://calendar.test\\@evil.test/", False),
        ("https://calendar.test/back#part", False),
        ("https://calendar.test/ba ck", False),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("app:/back", False),
        ("/back", False),
        ("", False),
    ],
)
def test_codes_go_to_https_to_this_machine_or_to_an_apps_own_scheme(url: str, fits: bool) -> None:
    assert is_return_url(url) is fits


def test_a_challenge_is_proved_by_its_verifier_alone() -> None:
    verifier = "v" * 50
    challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    asked = a_consent(challenge)
    assert is_challenge(challenge)
    assert not is_challenge(verifier)
    assert asked.is_proved_by(verifier)
    assert not any(map(asked.is_proved_by, (None, "", challenge, "w" * 50, "v" * 42)))
    assert a_consent("").is_proved_by(None)
    assert not a_consent("").is_proved_by(verifier)


def a_consent(challenge: str) -> Consent:
    return Consent(
        id=ConsentId("1"),
        application_id=ApplicationId("2"),
        operator_id=OperatorId("3"),
        return_url=BACK,
        return_named=True,
        challenge=challenge,
        created_at=NOON,
    )
