"""Activation by the holder: once, by the mailed token or a tap, and never after somebody said no."""

from datetime import timedelta

import pytest

from rekey.domain.card import CardType
from rekey.domain.credential import Credential, CredentialKind, CredentialState
from rekey.domain.decision import Denied, DenyReason, Granted
from rekey.domain.errors import Conflict, Gone, NotFound
from rekey.domain.grant import Holder
from rekey.operations.activate_credential import ActivateCredential, activate_credential
from rekey.operations.assign_credential import (
    AssignCredential,
    UnassignCredential,
    assign_credential,
    unassign_credential,
)
from rekey.operations.await_activation import (
    ActivateByToken,
    AwaitActivation,
    activate_by_token,
    await_activation,
)
from rekey.operations.imprints import card_imprint
from rekey.operations.issue_credential import IssueCredential, issue_credential
from rekey.operations.post import Letter
from rekey.operations.present_credential import Presentation, PresentCredential, present_credential
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio
LETTER = Letter(subject="Activate", text="token {code}")


async def waiting_card(acme: Acme, person: str) -> Credential:
    """Give a card to a person who has to activate it."""
    read = card_imprint(acme.core.secrets, CardType.HF_UID, {"uid": "04a1b2c3"})
    wanted = IssueCredential(
        person_id=person,
        kind=CredentialKind.CARD,
        fingerprint=read.fingerprint,
        sealed_part=read.sealed_part,
        card_type=read.card_type,
        identifiers=read.identifiers,
        inactive=True,
    )
    card = await acme.do(issue_credential, wanted)
    await acme.do(await_activation, AwaitActivation(credential_id=card.id, letter=LETTER))
    return card


async def mailed_token(acme: Acme) -> str:
    return (await acme.world.deliver()).code("ada@acme.test")


async def tap(acme: Acme, door: str, card: Credential) -> Presentation:
    wanted = PresentCredential(door_id=door, kind=card.kind, fingerprint=card.fingerprint)
    return await acme.do(present_credential, wanted)


async def state_of(acme: Acme, card: Credential) -> CredentialState:
    found = await acme.read(lambda view: view.credentials.get(card.id))
    assert found is not None
    return found.state


async def test_the_mailed_token_activates_once(acme: Acme) -> None:
    card = await waiting_card(acme, await acme.person("Ada", email="ada@acme.test"))
    token = await mailed_token(acme)
    await acme.do(activate_by_token, ActivateByToken(token=token))
    assert await state_of(acme, card) is CredentialState.ACTIVE
    with pytest.raises(Gone):
        await acme.do(activate_by_token, ActivateByToken(token=token))


async def test_a_token_counts_fourteen_days(acme: Acme) -> None:
    await waiting_card(acme, await acme.person("Ada", email="ada@acme.test"))
    token = await mailed_token(acme)
    acme.clock.advance(timedelta(days=14))
    with pytest.raises(Gone):
        await acme.do(activate_by_token, ActivateByToken(token=token))


async def test_a_wrong_token_activates_nothing(acme: Acme) -> None:
    with pytest.raises(NotFound):
        await acme.do(activate_by_token, ActivateByToken(token="0" * 48))


async def test_a_tap_activates_what_waits_and_the_rule_decides_on_it(acme: Acme) -> None:
    ada, door = await acme.person("Ada"), await acme.door()
    card = await waiting_card(acme, ada)
    shown = await tap(acme, door, card)
    assert isinstance(shown.decision, Denied)
    assert shown.decision.reason is DenyReason.NO_GRANT
    assert shown.row.detail["activated"] is True
    assert await state_of(acme, card) is CredentialState.ACTIVE


async def test_a_tap_after_a_deactivation_stays_refused(acme: Acme) -> None:
    ada, door = await acme.person("Ada"), await acme.door()
    await acme.grant(ada, door)
    card = await waiting_card(acme, ada)
    await acme.do(activate_credential, ActivateCredential(credential_id=card.id, active=False))
    shown = await tap(acme, door, card)
    assert isinstance(shown.decision, Denied)
    assert shown.decision.reason is DenyReason.CREDENTIAL_INACTIVE


async def test_who_gets_the_card_next_is_not_activated_by_an_earlier_token(acme: Acme) -> None:
    ada, bob = await acme.person("Ada", email="ada@acme.test"), await acme.person("Bob")
    card = await waiting_card(acme, ada)
    token = await mailed_token(acme)
    await acme.do(unassign_credential, UnassignCredential(credential_id=card.id))
    given = AssignCredential(credential_id=card.id, holder=Holder.person(bob), inactive=True)
    await acme.do(assign_credential, given)
    with pytest.raises(Gone):
        await acme.do(activate_by_token, ActivateByToken(token=token))
    assert await state_of(acme, card) is CredentialState.INACTIVE


async def test_a_card_in_use_does_not_wait(acme: Acme) -> None:
    ada, door = await acme.person("Ada"), await acme.door()
    await acme.grant(ada, door)
    card = await waiting_card(acme, ada)
    assert isinstance((await tap(acme, door, card)).decision, Granted)
    with pytest.raises(Conflict):
        await acme.do(await_activation, AwaitActivation(credential_id=card.id))
