"""Codes that were mailed before somebody left count no more, whatever becomes of the person later."""

import pytest

from rekey.domain.block import BlockCause, Subject, SubjectKind
from rekey.domain.errors import Gone, NotAllowed, PersonLeft
from rekey.operations.change_password import (
    AskPasswordReset,
    ResetPassword,
    ask_password_reset,
    reset_password,
)
from rekey.operations.place_block import PlaceBlock, place_block
from rekey.operations.reinstate_person import ReinstatePerson, reinstate_person
from rekey.operations.take_up_invitation import (
    InviteToAccount,
    TakeUpInvitation,
    invite_to_account,
    take_up_invitation,
)
from rekey.operations.verified_mail import VerifyEmail, verify_email
from tests.unit.operations.acme import Acme
from tests.unit.operations.test_own_mailbox import ADA, LETTER, acme, register, stranger

__all__ = ["acme"]
pytestmark = pytest.mark.anyio


async def code_of(acme: Acme) -> str:
    return (await acme.world.deliver()).code(ADA)


async def test_an_invitation_from_before_a_person_left_makes_no_account_after_the_return(acme: Acme) -> None:
    ada = await acme.person("Ada", email=ADA)
    await acme.do(invite_to_account, InviteToAccount(person_id=ada, letter=LETTER))
    token = await code_of(acme)
    await acme.revoke_everywhere(ada)
    taking = TakeUpInvitation(token=token, password_hash="x")
    with pytest.raises(PersonLeft):
        await acme.do(take_up_invitation, taking, by=stranger(acme))
    acme.pass_time(minutes=1)
    await acme.do(reinstate_person, ReinstatePerson(person_id=ada))
    with pytest.raises(Gone):
        await acme.do(take_up_invitation, taking, by=stranger(acme))


async def test_a_reset_from_before_a_person_left_sets_no_password_after_the_return(acme: Acme) -> None:
    ada = await acme.person("Ada", email=ADA)
    await acme.do(ask_password_reset, AskPasswordReset(email=ADA, letter=LETTER), by=stranger(acme))
    token = await code_of(acme)
    await acme.revoke_everywhere(ada)
    await acme.do(reinstate_person, ReinstatePerson(person_id=ada))
    with pytest.raises(Gone):
        await acme.do(reset_password, ResetPassword(token=token, new_hash="x"), by=stranger(acme))


async def test_a_claim_from_before_a_person_left_takes_nothing_over_after_the_return(acme: Acme) -> None:
    ada = await acme.person("Ada", email=ADA)
    await register(acme, claims=True)
    token = await code_of(acme)
    await acme.revoke_everywhere(ada)
    await acme.do(reinstate_person, ReinstatePerson(person_id=ada))
    with pytest.raises(Gone):
        await acme.do(verify_email, VerifyEmail(token=token), by=stranger(acme))


async def test_a_blocked_account_does_not_become_the_person_whom_it_claims(acme: Acme) -> None:
    await acme.person("Ada", email=ADA)
    registered, _actor = await register(acme, claims=True)
    token = await code_of(acme)
    stand_in = Subject(SubjectKind.PERSON, registered.operator.person_id or "")
    await acme.do(place_block, PlaceBlock(subject=stand_in, cause=BlockCause.OPERATOR))
    with pytest.raises(NotAllowed):
        await acme.do(verify_email, VerifyEmail(token=token), by=stranger(acme))
