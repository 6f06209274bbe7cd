"""Cards and codes: whose they are, where they count, and what happens when they are presented."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from rekey.domain.card import CardType
from rekey.domain.credential import Credential, CredentialKind, CredentialState
from rekey.domain.decision import Denied, DenyReason, Granted
from rekey.domain.door_order import OrderState
from rekey.domain.errors import (
    AccessDenied,
    AlreadyExists,
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    PersonLeft,
)
from rekey.domain.grant import Holder
from rekey.domain.journal import Outcome
from rekey.domain.validity import Validity
from rekey.operations.activate_credential import ActivateCredential, activate_credential
from rekey.operations.assign_credential import (
    AssignCredential,
    UnassignCredential,
    assign_credential,
    unassign_credential,
)
from rekey.operations.edit_credential import EditCredential, edit_credential
from rekey.operations.end_credential import EndCredential, end_credential
from rekey.operations.imprints import card_imprint, pin_imprint, reveal_code, second_imprint
from rekey.operations.issue_credential import IssueCredential, NewCredential, issue_credential
from rekey.operations.present_credential import Presentation, PresentCredential, present_credential, use_link
from rekey.operations.revoke_person import Revoked
from rekey.operations.suspend_credential import SuspendCredential, suspend_credential
from rekey.operations.use_door import present_and_wait
from tests.unit.operations.acme import Acme
from tests.unit.operations.at_doors import UID, a_card, a_link, a_pin, card, present, present_pin

pytestmark = pytest.mark.anyio
HF = (CardType.HF_UID, {"uid": UID})


def reason(shown: Presentation) -> DenyReason | None:
    return shown.decision.reason if isinstance(shown.decision, Denied) else None


async def admitted(acme: Acme, name: str = "Ada", door: str = "front") -> tuple[str, str]:
    """Give a door and a person who may open it."""
    front, person = await acme.door(door), await acme.person(name)
    await acme.grant(person, front)
    return front, person


async def assign(acme: Acme, credential: Credential, person: str, **terms: Any) -> Credential:
    wanted = AssignCredential(credential_id=credential.id, holder=Holder.person(person))
    return await acme.do(assign_credential, replace(wanted, **terms))


async def now_of(acme: Acme, credential: Credential) -> Credential:
    found: Credential = await acme.read(lambda view: view.credentials.get(credential.id))
    return found


async def test_a_card_at_a_reader_opens_what_its_holder_may_open(acme: Acme) -> None:
    front, ada = await admitted(acme)
    issued = await a_card(acme, ada)
    shown = await present(acme, front, card())
    assert isinstance(shown.decision, Granted)
    assert shown.order is not None
    assert (shown.order.person_id, shown.order.credential_id) == (ada, issued.id)
    assert shown.order.state is OrderState.SENT
    back = await acme.door("back")
    assert reason(await present(acme, back, card())) is DenyReason.NO_GRANT


async def test_what_is_presented_and_granted_moves_the_door(acme: Acme) -> None:
    front, ada = await admitted(acme)
    await a_card(acme, ada)
    kept = card_imprint(acme.core.secrets, *HF)
    wanted = PresentCredential(door_id=front, kind=CredentialKind.CARD, fingerprint=kept.fingerprint)
    order = await present_and_wait(acme.world.services, acme.service, wanted)
    assert order.state is OrderState.CONFIRMED
    assert len(acme.simulated.openings(front)) == 1


async def test_what_is_denied_moves_nothing(acme: Acme) -> None:
    front = await acme.door()
    await a_card(acme, await acme.person("Ada"))
    kept = card_imprint(acme.core.secrets, *HF)
    wanted = PresentCredential(door_id=front, kind=CredentialKind.CARD, fingerprint=kept.fingerprint)
    with pytest.raises(AccessDenied, match="no_grant"):
        await present_and_wait(acme.world.services, acme.service, wanted)
    assert acme.simulated.openings(front) == ()


async def test_the_journal_names_the_holder_and_the_grant_and_never_the_secret(acme: Acme) -> None:
    front, ada = await admitted(acme)
    issued = await a_pin(acme, ada, "86420")
    await present_pin(acme, front, "86420")
    row = await acme.newest()
    assert (row.action, row.outcome, row.person_id) == ("door.open_requested", Outcome.GRANTED, ada)
    assert (row.detail["name"], row.detail["credential"]) == ("Ada", issued.id)
    assert row.detail["grant"]
    assert "86420" not in str(row.detail)
    assert issued.fingerprint not in str(row.detail)


async def test_an_unknown_card_leaves_a_row_at_its_door(acme: Acme) -> None:
    front = await acme.door()
    shown = await present(acme, front, card("FFFFFF"))
    assert (reason(shown), shown.credential) == (DenyReason.CREDENTIAL_UNKNOWN, None)
    row = await acme.newest()
    assert (row.outcome, row.door_id, row.detail["credential"]) == (Outcome.DENIED, front, None)


async def test_only_who_may_open_the_door_speaks_for_its_reader(acme: Acme) -> None:
    front, ada = await admitted(acme)
    await a_card(acme, ada)
    session = await acme.account(await acme.person("Ben"))
    kept = card_imprint(acme.core.secrets, *HF)
    wanted = PresentCredential(door_id=front, kind=CredentialKind.CARD, fingerprint=kept.fingerprint)
    with pytest.raises(NotAllowed):
        await acme.do(present_credential, wanted, by=session)


async def test_a_card_that_nobody_holds_opens_nothing_until_it_is_assigned(acme: Acme) -> None:
    front, ada = await admitted(acme)
    stock = await a_card(acme)
    assert stock.state is CredentialState.UNASSIGNED
    assert reason(await present(acme, front, card())) is DenyReason.CREDENTIAL_UNASSIGNED
    await assign(acme, stock, ada)
    assert reason(await present(acme, front, card())) is None
    await acme.do(unassign_credential, UnassignCredential(credential_id=stock.id))
    assert reason(await present(acme, front, card())) is DenyReason.CREDENTIAL_UNASSIGNED


async def test_an_inactive_card_counts_once_it_is_activated(acme: Acme) -> None:
    front, ada = await admitted(acme)
    stock = await a_card(acme)
    await assign(acme, stock, ada, inactive=True)
    assert reason(await present(acme, front, card())) is DenyReason.CREDENTIAL_INACTIVE
    await acme.do(activate_credential, ActivateCredential(credential_id=stock.id))
    assert reason(await present(acme, front, card())) is None
    await acme.do(activate_credential, ActivateCredential(credential_id=stock.id, active=False))
    assert reason(await present(acme, front, card())) is DenyReason.CREDENTIAL_INACTIVE


async def test_a_card_has_one_holder_at_a_time(acme: Acme) -> None:
    ada, ben = await acme.person("Ada"), await acme.person("Ben")
    stock = await a_card(acme, ada)
    with pytest.raises(Conflict, match="unassign"):
        await assign(acme, stock, ben)
    assert await assign(acme, stock, ada) == stock


async def test_a_suspended_card_stays_so_when_it_changes_hands(acme: Acme) -> None:
    front, ada = await admitted(acme)
    stock = await a_card(acme, ada)
    await acme.do(suspend_credential, SuspendCredential(credential_id=stock.id, suspended=True))
    await acme.do(unassign_credential, UnassignCredential(credential_id=stock.id))
    with pytest.raises(Conflict, match="suspended"):
        await assign(acme, stock, ada)
    with pytest.raises(Conflict):
        await acme.do(activate_credential, ActivateCredential(credential_id=stock.id))
    await acme.do(suspend_credential, SuspendCredential(credential_id=stock.id, suspended=False))
    assert (await now_of(acme, stock)).state is CredentialState.UNASSIGNED
    assert reason(await present(acme, front, card())) is DenyReason.CREDENTIAL_UNASSIGNED


async def test_resuming_activates_no_card_that_was_never_activated(acme: Acme) -> None:
    stock = await a_card(acme)
    await assign(acme, stock, await acme.person("Ada"), inactive=True)
    for suspended in (True, False):
        await acme.do(suspend_credential, SuspendCredential(credential_id=stock.id, suspended=suspended))
    assert (await now_of(acme, stock)).state is CredentialState.INACTIVE


async def test_nothing_is_assigned_or_activated_for_a_leaver(acme: Acme) -> None:
    ada = await acme.person("Ada")
    stock, waiting = await a_card(acme, uid="04000001"), await a_card(acme, uid="04000002")
    await assign(acme, waiting, ada, inactive=True)
    await acme.revoke_everywhere(ada)
    with pytest.raises(PersonLeft):
        await assign(acme, stock, ada)
    with pytest.raises(Conflict):
        await acme.do(activate_credential, ActivateCredential(credential_id=waiting.id))
    with pytest.raises(PersonLeft):
        await a_pin(acme, ada)


async def test_a_leavers_card_goes_back_to_the_stock_and_the_code_ends(acme: Acme) -> None:
    front, ada = await admitted(acme)
    held, code = await a_card(acme, ada), await a_pin(acme, ada)
    await acme.revoke_everywhere(ada)
    assert reason(await present(acme, front, card())) is DenyReason.CREDENTIAL_UNASSIGNED
    assert reason(await present_pin(acme, front)) is DenyReason.CREDENTIAL_ENDED
    assert (await now_of(acme, held)).holder is None
    assert (await now_of(acme, code)).state is CredentialState.ENDED


async def test_the_same_card_is_enrolled_once(acme: Acme) -> None:
    await a_card(acme)
    with pytest.raises(AlreadyExists, match="fingerprint"):
        await a_card(acme, await acme.person("Ada"), uid="04A1B2C3")


async def test_identifiers_are_compared_in_one_form(acme: Acme) -> None:
    spelled = card_imprint(acme.core.secrets, HF[0], {"uid": "04:a1:b2:c3"})
    assert spelled == replace(
        card_imprint(acme.core.secrets, HF[0], {"uid": "04A1B2C3"}), sealed_part=spelled.sealed_part
    )
    with pytest.raises(Invalid, match="uid"):
        card_imprint(acme.core.secrets, HF[0], {"uid": "xyz"})
    with pytest.raises(Invalid, match="token"):
        card_imprint(acme.core.secrets, HF[0], {"uid": "04A1B2C3", "token": "1"})


async def test_the_same_code_at_one_door_is_refused_and_at_another_it_is_not(acme: Acme) -> None:
    front, back = await acme.door("front"), await acme.door("back")
    ada, ben = await acme.person("Ada"), await acme.person("Ben")
    await a_pin(acme, ada, door_ids=frozenset({front}))
    await a_pin(acme, ben, door_ids=frozenset({back}))
    with pytest.raises(AlreadyExists):
        await a_pin(acme, ben, door_ids=frozenset({front, back}))
    with pytest.raises(AlreadyExists):
        await a_pin(acme, ben)


async def test_a_code_means_at_each_door_whoever_has_it_there(acme: Acme) -> None:
    front, ada = await admitted(acme, "Ada", "front")
    back, ben = await admitted(acme, "Ben", "back")
    await a_pin(acme, ada, door_ids=frozenset({front}))
    await a_pin(acme, ben, door_ids=frozenset({back}))
    shown = [await present_pin(acme, door) for door in (front, back)]
    assert [one.holder_name for one in shown] == ["Ada", "Ben"]
    assert [reason(one) for one in shown] == [None, None]


async def test_a_code_for_some_doors_opens_no_other(acme: Acme) -> None:
    front, ada = await admitted(acme)
    back = await acme.door("back")
    await acme.grant(ada, back)
    await a_pin(acme, ada, door_ids=frozenset({front}))
    assert reason(await present_pin(acme, back)) is DenyReason.CREDENTIAL_NOT_FOR_DOOR


async def test_a_card_with_a_second_factor_needs_it(acme: Acme) -> None:
    front, ada = await admitted(acme)
    stock = await a_card(acme)
    await assign(acme, stock, ada, second=second_imprint(acme.core.secrets, "4711"))
    typed = ["", "0000", "4711"]
    seen = [reason(await present(acme, front, card(second=digits))) for digits in typed]
    assert seen == [DenyReason.SECOND_FACTOR_MISSING, DenyReason.SECOND_FACTOR_WRONG, None]


async def test_a_second_factor_has_four_digits(acme: Acme) -> None:
    for wrong in ("471", "47111", "47a1", ""):
        with pytest.raises(Invalid):
            second_imprint(acme.core.secrets, wrong)


async def test_the_second_factor_leaves_with_its_holder(acme: Acme) -> None:
    front, ada = await admitted(acme)
    ben = await acme.person("Ben")
    await acme.grant(ben, front)
    stock = await a_card(acme)
    await assign(acme, stock, ada, second=second_imprint(acme.core.secrets, "4711"))
    await acme.do(unassign_credential, UnassignCredential(credential_id=stock.id))
    await assign(acme, stock, ben)
    assert reason(await present(acme, front, card())) is None


async def test_the_last_use_is_given_once_however_many_present_it(acme: Acme) -> None:
    front, ada = await admitted(acme)
    await a_pin(acme, ada, max_uses=1)
    shown = await asyncio.gather(*(present_pin(acme, front) for _ in range(8)))
    assert sorted(str(reason(one)) for one in shown) == ["None", *["credential_used_up"] * 7]


async def test_a_revocation_beats_every_presenting_after_it(acme: Acme) -> None:
    front, ada = await admitted(acme)
    await a_card(acme, ada)
    both = asyncio.gather(
        *(present(acme, front, card()) for _ in range(4)),
        acme.revoke(ada, front),
        *(present(acme, front, card()) for _ in range(4)),
    )
    results = await both
    (revoked,) = [one for one in results if isinstance(one, Revoked)]
    shown = [one for one in results if isinstance(one, Presentation)]
    for one in shown:
        late = one.row.position > revoked.revocation.position
        assert isinstance(one.decision, Denied) == late


async def test_a_code_is_shown_again_from_what_was_sealed(acme: Acme) -> None:
    issued = await a_pin(acme, await acme.person("Ada"), "97531")
    assert reveal_code(acme.core.secrets, await now_of(acme, issued)) == "97531"
    assert b"97531" not in issued.sealed_part


async def test_an_edited_code_replaces_the_old_one(acme: Acme) -> None:
    front, ada = await admitted(acme)
    issued = await a_pin(acme, ada)
    kept = pin_imprint(acme.core.secrets, "13579")
    wanted = replace(
        EditCredential.of(issued), fingerprint=kept.fingerprint, sealed_part=kept.sealed_part, label="new"
    )
    await acme.do(edit_credential, wanted)
    assert reason(await present_pin(acme, front)) is DenyReason.CREDENTIAL_UNKNOWN
    assert reason(await present_pin(acme, front, "13579")) is None


async def test_a_credential_counts_within_its_own_validity(acme: Acme) -> None:
    front, ada = await admitted(acme)
    now = acme.clock.now()
    await a_pin(acme, ada, validity=Validity(now + timedelta(hours=1), now + timedelta(hours=2)))
    seen = [reason(await present_pin(acme, front))]
    for _ in range(2):
        acme.pass_time(hours=1)
        seen.append(reason(await present_pin(acme, front)))
    assert seen == [DenyReason.CREDENTIAL_NOT_YET_VALID, None, DenyReason.CREDENTIAL_EXPIRED]


async def test_keys_that_sign_are_no_cards(acme: Acme) -> None:
    front, ada = await acme.door(), await acme.person("Ada")
    key = IssueCredential(person_id=ada, kind=CredentialKind.DEVICE_KEY, fingerprint="key")
    issued = await acme.do(issue_credential, key)
    with pytest.raises(Invalid):
        await acme.do(unassign_credential, UnassignCredential(credential_id=issued.id))
    with pytest.raises(Invalid):
        await acme.do(issue_credential, replace(key, fingerprint="k2", door_ids=frozenset({front})))
    with pytest.raises(Invalid):
        await acme.do(
            present_credential,
            PresentCredential(door_id=front, kind=CredentialKind.DEVICE_KEY, fingerprint="key"),
        )


async def test_only_a_card_waits_for_its_holder(acme: Acme) -> None:
    with pytest.raises(Invalid, match="person_id"):
        await acme.do(issue_credential, IssueCredential(kind=CredentialKind.PIN, fingerprint="f"))
    wrong = IssueCredential(kind=CredentialKind.CARD, fingerprint="f", max_uses=0)
    with pytest.raises(Invalid, match="max_uses"):
        await acme.do(issue_credential, wrong)


async def test_an_ended_card_can_be_enrolled_anew(acme: Acme) -> None:
    first = await a_card(acme, await acme.person("Ada"))
    await acme.do(end_credential, EndCredential(credential_id=first.id))
    with pytest.raises(NotFound):
        await acme.do(end_credential, EndCredential(credential_id=first.id))
    second = await a_card(acme)
    assert second.id != first.id


async def test_a_link_is_used_by_its_secret_alone(acme: Acme) -> None:
    front = await acme.door()
    secret = acme.core.secrets.fingerprint("a long secret of a link")
    web = NewCredential(kind=CredentialKind.LINK, fingerprint=secret)
    await a_link(acme, front, credentials=(web,))
    stranger = await acme.account(await acme.person("Nobody"))
    wanted = PresentCredential(door_id=front, kind=CredentialKind.LINK, fingerprint=secret)
    shown = await acme.do(use_link, wanted, by=stranger)
    assert (reason(shown), shown.holder_name) == (None, "Visitor")
    assert shown.row.detail["means"] == "link"
    rows = await acme.world.journal_size()
    with pytest.raises(NotFound):
        await acme.do(use_link, replace(wanted, fingerprint="guess"), by=stranger)
    assert await acme.world.journal_size() == rows
    with pytest.raises(Invalid):
        await acme.do(use_link, replace(wanted, kind=CredentialKind.PIN), by=stranger)
