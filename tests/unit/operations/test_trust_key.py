"""Which signing keys count as a person's own, and what ends with them."""

from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from rekey.domain.credential import CredentialKind, CredentialState
from rekey.domain.door_order import OrderState
from rekey.domain.errors import (
    Gone,
    Invalid,
    NotFound,
    SecondFactorNeeded,
    TooManyRequests,
    WrongCode,
)
from rekey.domain.operator import Actor
from rekey.operations.challenges import MOST_IN_WINDOW, Answer
from rekey.operations.end_credential import EndCredential, end_credential
from rekey.operations.issue_credential import IssueCredential
from rekey.operations.open_door import OpenDoor, open_door
from rekey.operations.post import Letter
from rekey.operations.suspend_credential import SuspendCredential, suspend_credential
from rekey.operations.trust_key import (
    AnswerKeyCode,
    AskKeyCode,
    KeyAnswer,
    TrustKey,
    answer_key_code,
    ask_key_code,
    trust_key,
)
from rekey.testing.frozen_clock import FrozenClock
from rekey.webkit.keys import verify_ed25519
from tests.support.mailbox import Mailbox
from tests.support.world import open_world
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio

LETTER = Letter(subject="Your code", text="It is {code}")
ADA = "ada@acme.test"


@pytest.fixture
async def acme(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Acme]:
    """Give an organization whose notices reach people."""
    clock = FrozenClock()
    async with open_world(tmp_path, clock=clock, dialects=(), mailbox=Mailbox(reaches_people=True)) as world:
        yield Acme(world, clock)


class Phone:
    """Somebody's key, and the session that it is shown with."""

    def __init__(self, acme: Acme, person: str, session: Actor) -> None:
        self.acme = acme
        self.person = person
        self.session = session
        self.key = SigningKey.generate()

    @property
    def wanted(self) -> IssueCredential:
        public = bytes(self.key.verify_key)
        return IssueCredential(
            person_id=self.person,
            kind=CredentialKind.DEVICE_KEY,
            fingerprint=sha256(public).hexdigest(),
            public_part=public,
        )

    async def trust(self, *, second_factor: bool = True) -> str:
        wanted = TrustKey(key=self.wanted, second_factor=second_factor)
        return (await self.acme.do(trust_key, wanted, by=self.session)).id

    async def ask(self) -> str:
        self.acme.pass_time(seconds=1)
        await self.acme.do(ask_key_code, AskKeyCode(key=self.wanted, letter=LETTER), by=self.session)
        return (await self.acme.world.deliver()).code(ADA)

    async def answer(self, code: str, *, key: SigningKey | None = None) -> KeyAnswer:
        signature = (key or self.key).sign(code.encode()).signature

        def proves(public: bytes, message: bytes) -> bool:
            return verify_ed25519(public, message, signature)

        return await self.acme.do(answer_key_code, AnswerKeyCode(proves=proves), by=self.session)


async def phones(acme: Acme) -> tuple[Phone, Phone]:
    """Give Ada's first phone, which is trusted, and her second."""
    person = await acme.person("Ada", email=ADA)
    session = await acme.account(person)
    first, second = Phone(acme, person, session), Phone(acme, person, session)
    await first.trust()
    return first, second


async def test_the_first_key_is_trusted_and_a_further_one_is_not(acme: Acme) -> None:
    first, second = await phones(acme)
    assert await first.trust() == await first.trust()
    with pytest.raises(SecondFactorNeeded):
        await second.trust()


async def test_a_server_without_mail_trusts_further_keys_too(acme: Acme) -> None:
    _first, second = await phones(acme)
    assert await second.trust(second_factor=False)


async def test_a_key_that_has_ended_still_makes_the_next_one_a_further_key(acme: Acme) -> None:
    first, second = await phones(acme)
    await acme.do(end_credential, EndCredential(credential_id=await first.trust()))
    with pytest.raises(SecondFactorNeeded):
        await second.trust()


async def test_the_code_signed_by_the_key_that_waits_makes_it_trusted(acme: Acme) -> None:
    _first, second = await phones(acme)
    answer = await second.answer(await second.ask())
    assert answer.insist(acme.clock.now()).public_part == bytes(second.key.verify_key)
    assert await second.trust()
    operator = await acme.read(lambda view: view.operators.of_person(second.person))
    assert operator.email_verified


async def test_the_code_signed_by_another_key_proves_nothing(acme: Acme) -> None:
    _first, second = await phones(acme)
    code = await second.ask()
    assert (await second.answer(code, key=SigningKey.generate())).answer is Answer.WRONG
    with pytest.raises(SecondFactorNeeded):
        await second.trust()


async def test_five_wrong_answers_end_the_code_for_good(acme: Acme) -> None:
    _first, second = await phones(acme)
    code = await second.ask()
    for _ in range(5):
        with pytest.raises(WrongCode):
            (await second.answer("00000000")).insist(acme.clock.now())
    with pytest.raises(TooManyRequests):
        (await second.answer(code)).insist(acme.clock.now())


async def test_a_code_counts_for_five_minutes_and_once(acme: Acme) -> None:
    _first, second = await phones(acme)
    code = await second.ask()
    acme.clock.advance(timedelta(minutes=5))
    with pytest.raises(Gone):
        (await second.answer(code)).insist(acme.clock.now())
    fresh = await second.ask()
    (await second.answer(fresh)).insist(acme.clock.now())
    with pytest.raises(Gone):
        (await second.answer(fresh)).insist(acme.clock.now())


async def test_without_a_code_there_is_nothing_to_answer(acme: Acme) -> None:
    _first, second = await phones(acme)
    with pytest.raises(NotFound):
        (await second.answer("12345678")).insist(acme.clock.now())


async def test_asking_again_replaces_the_code_and_the_key_that_waits(acme: Acme) -> None:
    first, second = await phones(acme)
    third = Phone(acme, first.person, first.session)
    old = await second.ask()
    new = await third.ask()
    assert (await second.answer(old)).answer is Answer.WRONG
    assert (await third.answer(new)).answer is Answer.RIGHT


async def test_codes_are_asked_for_a_few_times_an_hour_only(acme: Acme) -> None:
    _first, second = await phones(acme)
    for _ in range(MOST_IN_WINDOW):
        await second.ask()
    with pytest.raises(TooManyRequests):
        await second.ask()


async def test_nobody_asks_for_a_code_for_somebody_else(acme: Acme) -> None:
    first, second = await phones(acme)
    ben = await acme.account(await acme.person("Ben", email="ben@acme.test"))
    stolen = Phone(acme, first.person, ben)
    with pytest.raises(Invalid):
        await acme.do(ask_key_code, AskKeyCode(key=stolen.wanted, letter=LETTER), by=ben)
    with pytest.raises(NotFound):
        (await stolen.answer(await second.ask())).insist(acme.clock.now())


async def waiting_order(acme: Acme, phone: Phone) -> str:
    """Have the phone order an opening of a door that is away, and give the order's id."""
    door = await acme.door("away", offline="true")
    await acme.grant(phone.person, door)
    wanted = OpenDoor(
        door_id=door,
        credential_id=await phone.trust(),
        waits=True,
        expires_at=acme.clock.now() + timedelta(hours=1),
    )
    opening = await acme.do(open_door, wanted, by=phone.session)
    assert opening.order is not None
    await acme.world.services.orders.finish(phone.session, opening.door, opening.order)
    return opening.order.id


async def test_ending_a_lost_key_cancels_what_it_ordered_and_leaves_the_other_phone(acme: Acme) -> None:
    first, second = await phones(acme)
    order = await waiting_order(acme, first)
    await second.trust(second_factor=False)
    ended = await acme.do(end_credential, EndCredential(credential_id=await first.trust()))
    assert ended.state is CredentialState.ENDED
    kept = await acme.read(lambda view: view.orders.get(order))
    assert kept.state is OrderState.CANCELLED
    assert (await acme.newest()).detail["cancelled_orders"] == [order]
    assert await second.trust()


async def test_an_order_of_a_key_that_rests_is_not_taken_up(acme: Acme) -> None:
    first, _second = await phones(acme)
    order = await waiting_order(acme, first)
    resting = SuspendCredential(credential_id=await first.trust(), suspended=True)
    await acme.do(suspend_credential, resting)
    door = await acme.read(lambda view: view.orders.get(order))
    acme.simulated.configure(door.door_id, [("offline", "false")])
    await acme.world.settle()
    kept = await acme.read(lambda view: view.orders.get(order))
    assert (kept.state, acme.simulated.openings(door.door_id)) == (OrderState.CANCELLED, ())
