"""What proving a mailbox, choosing a password and claiming an invitation promise."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from rekey.domain.errors import (
    AlreadyExists,
    Conflict,
    Gone,
    NotAllowed,
    NotFound,
    NotSignedIn,
    TooManyRequests,
)
from rekey.domain.ids import OperatorId
from rekey.domain.operator import Actor, KeyKind
from rekey.operations.authenticate import password_operator
from rekey.operations.challenges import MOST_IN_WINDOW
from rekey.operations.change_password import (
    AskPasswordReset,
    ResetPassword,
    ask_password_reset,
    change_own_password,
    reset_password,
)
from rekey.operations.edit_person import EditPerson, edit_person
from rekey.operations.issue_key import IssueKey
from rekey.operations.open_session import NewSession
from rekey.operations.post import Letter
from rekey.operations.register_operator import Registered, RegisterOperator, register_operator
from rekey.operations.verified_mail import AskEmailCode, VerifyEmail, ask_email_code, verify_email
from rekey.testing.frozen_clock import FrozenClock
from tests.support.mailbox import Mailbox
from tests.support.world import open_world
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio

LETTER = Letter(subject="Your code", text="It is {code} for {person}")
ADA = "ada@acme.test"


@pytest.fixture
async def acme(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Acme]:
    """Give an organization whose notices reach people."""
    clock = FrozenClock()
    async with open_world(tmp_path, clock=clock, dialects=(), mailbox=Mailbox(reaches_people=True)) as world:
        yield Acme(world, clock)


def stranger(acme: Acme) -> Actor:
    return Actor(
        organization_id=acme.world.organization_id, operator_id=OperatorId(""), key_id=None, via="test"
    )


async def register(acme: Acme, email: str = ADA, *, claims: bool = False) -> tuple[Registered, Actor]:
    secret = acme.core.entropy.new_id()
    key = IssueKey(
        operator_id="",
        kind=KeyKind.SESSION,
        name="first",
        via="test",
        secret_fingerprint=acme.core.secrets.fingerprint(secret),
    )
    wanted = RegisterOperator(
        name="Ada",
        email=email,
        password_hash=await acme.core.secrets.hash_password("the first password"),
        keys=NewSession(session=key),
        letter=LETTER,
        claims=claims,
    )
    made = await acme.do(register_operator, wanted, by=stranger(acme))
    assert made.session is not None
    actor = Actor(
        organization_id=acme.world.organization_id,
        operator_id=made.operator.id,
        key_id=made.session.session.id,
        via="test",
    )
    return made, actor


async def code(acme: Acme, to: str = ADA) -> str:
    return (await acme.world.deliver()).code(to)


async def verify(acme: Acme, token: str) -> None:
    await acme.do(verify_email, VerifyEmail(token=token), by=stranger(acme))


async def reset(acme: Acme, token: str, password: str = "a new password") -> None:  # noqa: S107  # made up
    hashed = await acme.core.secrets.hash_password(password)
    await acme.do(reset_password, ResetPassword(token=token, new_hash=hashed), by=stranger(acme))


async def ask_reset(acme: Acme, email: str = ADA) -> None:
    acme.pass_time(seconds=1)
    await acme.do(ask_password_reset, AskPasswordReset(email=email, letter=LETTER), by=stranger(acme))


async def signs_in(acme: Acme, email: str, password: str) -> bool:
    try:
        await password_operator(acme.core, acme.world.organization_id, email, password)
    except NotSignedIn:
        return False
    return True


async def test_the_code_from_the_mailbox_verifies_it_once(acme: Acme) -> None:
    made, _actor = await register(acme)
    token = await code(acme)
    await verify(acme, token)
    assert (await acme.read(lambda view: view.operators.get(made.operator.id))).email_verified
    with pytest.raises(Gone):
        await verify(acme, token)


async def test_no_code_lies_readable_in_the_store_or_in_the_journal(acme: Acme) -> None:
    await register(acme)
    store = acme.world.server.settings.store
    token = await code(acme)
    assert isinstance(store, Path)
    kept = b"".join(file.read_bytes() for file in store.parent.glob("rekey.db*"))
    assert token.encode() not in kept


async def test_a_code_ends_after_two_days_and_when_a_newer_one_is_asked_for(acme: Acme) -> None:
    _made, actor = await register(acme)
    first = await code(acme)
    acme.clock.advance(timedelta(seconds=1))
    assert await acme.do(ask_email_code, AskEmailCode(letter=LETTER), by=actor)
    with pytest.raises(Gone):
        await verify(acme, first)
    second = await code(acme)
    acme.pass_time(hours=49)
    with pytest.raises(Gone):
        await verify(acme, second)


async def test_a_code_for_an_address_that_was_changed_meanwhile_proves_nothing(acme: Acme) -> None:
    made, _actor = await register(acme)
    token = await code(acme)
    await acme.do(edit_person, EditPerson(person_id=made.person.id, email="other@acme.test"))
    with pytest.raises(NotFound):
        await verify(acme, token)


async def test_nobody_asks_for_codes_without_end(acme: Acme) -> None:
    _made, actor = await register(acme)
    for _ in range(MOST_IN_WINDOW - 1):
        await acme.do(ask_email_code, AskEmailCode(letter=LETTER), by=actor)
    with pytest.raises(TooManyRequests) as refused:
        await acme.do(ask_email_code, AskEmailCode(letter=LETTER), by=actor)
    acme.clock.advance(timedelta(seconds=refused.value.retry_after))
    assert await acme.do(ask_email_code, AskEmailCode(letter=LETTER), by=actor)


async def test_an_invited_address_is_refused_and_claimed_only_by_its_mailbox(acme: Acme) -> None:
    invited = await acme.person("Ada", email=ADA)
    door = await acme.door()
    await acme.grant(invited, door)
    with pytest.raises(Conflict):
        await register(acme)
    made, actor = await register(acme, claims=True)
    assert made.person.id != invited
    assert made.person.email is None
    assert not await signs_in(acme, ADA, "the first password")
    await verify(acme, await code(acme))
    operator = await acme.read(lambda view: view.operators.get(made.operator.id))
    assert (operator.person_id, operator.email_verified) == (invited, True)
    assert await signs_in(acme, ADA, "the first password")
    with pytest.raises(NotSignedIn):
        await acme.do(ask_email_code, AskEmailCode(letter=LETTER), by=actor)


async def test_claiming_gives_nothing_before_the_mailbox_is_proved(acme: Acme) -> None:
    invited, door = await acme.person("Ada", email=ADA), await acme.door()
    await acme.grant(invited, door)
    made, _actor = await register(acme, claims=True)
    assert not await acme.may(made.person.id, door)


async def test_of_two_who_claim_an_invitation_the_one_with_the_mailbox_has_it(acme: Acme) -> None:
    await acme.person("Ada", email=ADA)
    await register(acme, claims=True)
    first = await code(acme)
    await register(acme, claims=True)
    second = await code(acme)
    await verify(acme, second)
    with pytest.raises(Conflict):
        await verify(acme, first)


async def test_an_address_with_an_account_can_t_be_claimed(acme: Acme) -> None:
    await register(acme)
    with pytest.raises(AlreadyExists):
        await register(acme, claims=True)


async def test_somebody_who_left_can_t_be_claimed_back(acme: Acme) -> None:
    invited = await acme.person("Ada", email=ADA)
    await acme.revoke_everywhere(invited)
    await register(acme, claims=True)
    with pytest.raises(Conflict):
        await verify(acme, await code(acme))


async def test_a_reset_sets_the_password_ends_the_sessions_and_proves_the_mailbox(acme: Acme) -> None:
    made, actor = await register(acme)
    await ask_reset(acme)
    await reset(acme, await code(acme))
    assert not await signs_in(acme, ADA, "the first password")
    assert await signs_in(acme, ADA, "a new password")
    assert (await acme.read(lambda view: view.operators.get(made.operator.id))).email_verified
    with pytest.raises(NotSignedIn):
        await acme.do(ask_email_code, AskEmailCode(letter=LETTER), by=actor)


async def test_a_reset_of_an_unknown_address_says_nothing_and_sends_nothing(acme: Acme) -> None:
    size = await acme.world.journal_size()
    await ask_reset(acme, "nobody@acme.test")
    assert await acme.world.journal_size() == size
    assert (await acme.world.deliver()).notices == []


async def test_asking_too_often_for_a_reset_says_nothing_either(acme: Acme) -> None:
    await register(acme)
    before = (await acme.world.deliver()).count(ADA)
    for _ in range(MOST_IN_WINDOW + 3):
        await ask_reset(acme)
    assert (await acme.world.deliver()).count(ADA) == before + MOST_IN_WINDOW


async def test_a_reset_token_counts_for_an_hour_and_once(acme: Acme) -> None:
    await register(acme)
    await ask_reset(acme)
    token = await code(acme)
    await reset(acme, token)
    with pytest.raises(Gone):
        await reset(acme, token)
    await ask_reset(acme)
    late = await code(acme)
    acme.pass_time(minutes=61)
    with pytest.raises(Gone):
        await reset(acme, late)


async def test_whoever_left_resets_nothing(acme: Acme) -> None:
    made, _actor = await register(acme)
    await ask_reset(acme)
    token = await code(acme)
    await acme.revoke_everywhere(made.person.id)
    with pytest.raises(Conflict):
        await reset(acme, token)
    before = (await acme.world.deliver()).count(ADA)
    await ask_reset(acme)
    assert (await acme.world.deliver()).count(ADA) == before


async def test_an_invited_person_gets_an_account_by_the_mailbox(acme: Acme) -> None:
    await acme.person("Ada", email=ADA)
    await ask_reset(acme)
    await reset(acme, await code(acme))
    assert await signs_in(acme, ADA, "a new password")


async def test_changing_the_password_needs_the_old_one_and_ends_the_other_sessions(acme: Acme) -> None:
    made, actor = await register(acme)
    with pytest.raises(NotAllowed):
        await change_own_password(acme.core, actor, "wrong", "a new password")
    assert (await acme.newest()).detail["attempted"] == "change_password"
    other = await acme.account(made.person.id)
    await change_own_password(acme.core, actor, "the first password", "a new password")
    assert await signs_in(acme, ADA, "a new password")
    assert await acme.do(ask_email_code, AskEmailCode(letter=LETTER), by=actor)
    with pytest.raises(NotSignedIn):
        await acme.do(ask_email_code, AskEmailCode(letter=LETTER), by=other)
