"""Credentials that are given with their doors, cards at encoders, phones and web keys."""

from datetime import timedelta

import pytest

from rekey.domain.credential import Credential, CredentialKind, CredentialState
from rekey.domain.document import DocumentKind
from rekey.domain.encoder import EncoderFault, Script
from rekey.domain.errors import Conflict, Invalid, NotFound
from rekey.domain.scope import Scope
from rekey.operations.encode_card import EncodeCard, ScriptEncoder, encode_card, script_encoder
from rekey.operations.end_credential import EndCredential, end_credential
from rekey.operations.give_credential import (
    EditGiven,
    GiveCredential,
    HandCredential,
    edit_given,
    give_credential,
    hand_credential,
)
from rekey.operations.keep_document import AddDocument, add_document
from rekey.operations.phones import AddPhone, DeactivatePhone, add_phone, deactivate_phone
from rekey.operations.revoke_person import RevokePerson, revoke_person
from rekey.operations.web_key import EndWebKey, end_web_key
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio


async def give(acme: Acme, person: str, kind: CredentialKind, *doors: str, **terms: object) -> Credential:
    wanted = GiveCredential(
        person_id=person,
        site_id=acme.site.id,
        kind=kind,
        door_ids=frozenset(doors),
        **terms,  # type: ignore[arg-type]  # the terms of a test
    )
    return await acme.do(give_credential, wanted)


async def kept(acme: Acme, credential: Credential) -> Credential:
    found = await acme.read(lambda view: view.credentials.get(credential.id))
    assert found is not None
    return found


async def test_a_credential_brings_its_doors_and_takes_them_along(acme: Acme) -> None:
    person, door = await acme.person("Ada"), await acme.door("Front")
    given = await give(acme, person, CredentialKind.PIN, door, code="482915")
    assert await acme.may(person, door)
    await acme.do(end_credential, EndCredential(credential_id=given.id))
    assert not await acme.may(person, door)


async def test_a_revocation_at_the_door_outlasts_the_credential(acme: Acme) -> None:
    person, door = await acme.person("Ada"), await acme.door("Front")
    given = await give(acme, person, CredentialKind.PIN, door, code="482915")
    await acme.do(revoke_person, RevokePerson(person_id=person, scope=Scope.door(door)))
    later = acme.clock.now() + timedelta(days=3)
    await acme.do(edit_given, EditGiven(credential_id=given.id, end=later))
    assert not await acme.may(person, door)


async def test_what_somebody_holds_is_handed_to_nobody_else(acme: Acme) -> None:
    given = await give(acme, await acme.person("Ada"), CredentialKind.CARD)
    with pytest.raises(Conflict):
        await acme.do(
            hand_credential, HandCredential(credential_id=given.id, person_id=await acme.person("Bo"))
        )


async def test_a_card_counts_once_it_is_encoded_and_not_by_a_failed_try(acme: Acme) -> None:
    card = await give(acme, await acme.person("Ada"), CredentialKind.CARD)
    encoder = await acme.do(add_document, AddDocument(kind=DocumentKind.ENCODER, parent_id=acme.site.id))
    fails = ScriptEncoder(encoder_id=encoder.id, encode=True, script=Script(fault=EncoderFault.NO_CARD))
    await acme.do(script_encoder, fails)
    wanted = EncodeCard(encoder_id=encoder.id, credential_id=card.id, reachable=True)
    assert (await acme.do(encode_card, wanted)).action == "card.encode_failed"
    assert (await kept(acme, card)).state is CredentialState.INACTIVE
    assert (await acme.do(encode_card, wanted)).action == "card.encoded"
    assert (await kept(acme, card)).state is CredentialState.ACTIVE


async def test_an_encoder_that_cannot_be_reached_writes_nothing(acme: Acme) -> None:
    card = await give(acme, await acme.person("Ada"), CredentialKind.CARD)
    encoder = await acme.do(add_document, AddDocument(kind=DocumentKind.ENCODER, parent_id=acme.site.id))
    wanted = EncodeCard(encoder_id=encoder.id, credential_id=card.id, reachable=False)
    assert (await acme.do(encode_card, wanted)).detail["fault"] == "offline"
    assert (await kept(acme, card)).state is CredentialState.INACTIVE


async def test_a_key_waits_for_a_phone_and_ends_with_it(acme: Acme) -> None:
    person = await acme.person("Ada")
    key = await give(acme, person, CredentialKind.MOBILE_KEY)
    assert key.state is CredentialState.INACTIVE
    phone = await acme.do(add_phone, AddPhone(person_id=person))
    assert (await kept(acme, key)).state is CredentialState.ACTIVE
    await acme.do(deactivate_phone, DeactivatePhone(phone_id=phone.id))
    assert (await kept(acme, key)).state is CredentialState.ENDED


async def test_a_pin_belongs_to_a_pin_alone_and_a_web_key_must_be_known(acme: Acme) -> None:
    with pytest.raises(Invalid):
        await give(acme, await acme.person("Ada"), CredentialKind.CARD, code="482915")
    with pytest.raises(NotFound):
        await acme.do(end_web_key, EndWebKey(credential_id="nobody"))
