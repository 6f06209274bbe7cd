"""Notices are sent after their act, again after a failure, and never for somebody who no longer needs them."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from rekey.app.adapters.notifier import ConsoleNotifier
from rekey.app.housekeeping import Housekeeper
from rekey.app.postman import Postman
from rekey.operations.act import Act, operation
from rekey.operations.post import Letter, post
from rekey.operations.send_notices import ClaimNotices, claim_notices
from rekey.ports.notifier import NotDelivered, Notice
from rekey.testing.frozen_clock import FrozenClock
from tests.support.mailbox import Mailbox
from tests.support.world import World, open_world
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio

TO = "ada@acme.test"
LETTER = Letter(subject="Hello", text="a text")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def acme(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Acme]:
    clock = FrozenClock()
    async with open_world(tmp_path, clock=clock, dialects=()) as world:
        yield Acme(world, clock)


@operation(None)
async def tell(act: Act, wanted: Letter) -> None:
    """Queue a notice that counts for an hour."""
    act.waive("a test")
    await post(act, TO, wanted, until=act.now + timedelta(hours=1))
    await act.record("person.edited")


async def sent(world: World) -> int:
    return (await world.deliver()).count(TO)


async def test_a_notice_goes_out_after_its_act_and_once(acme: Acme) -> None:
    await acme.do(tell, LETTER)
    assert acme.world.mailbox.count(TO) == 0
    assert await sent(acme.world) == 1
    assert await sent(acme.world) == 1


async def test_an_act_that_failed_sends_nothing(acme: Acme) -> None:
    @operation(None)
    async def fails(act: Act, wanted: Letter) -> None:
        """Queue a notice and fail."""
        act.waive("a test")
        await post(act, TO, wanted)
        raise RuntimeError("after the notice")

    with pytest.raises(RuntimeError, match="after"):
        await acme.do(fails, LETTER)
    assert await sent(acme.world) == 0


async def test_while_the_mail_server_is_down_notices_wait_and_are_tried_again(acme: Acme) -> None:
    acme.world.mailbox.down = True
    await acme.do(tell, LETTER)
    assert await sent(acme.world) == 0
    acme.world.mailbox.down = False
    assert await sent(acme.world) == 0
    acme.pass_time(seconds=21)
    assert await sent(acme.world) == 1


async def test_a_notice_that_nobody_needs_any_more_is_given_up_with_a_row(acme: Acme) -> None:
    acme.world.mailbox.down = True
    await acme.do(tell, LETTER)
    await sent(acme.world)
    acme.world.mailbox.down = False
    acme.pass_time(hours=2)
    assert await sent(acme.world) == 0
    assert (await acme.newest()).action == "notices.given_up"


async def test_an_address_that_is_refused_for_good_is_not_tried_again(acme: Acme) -> None:
    class Refusing(Mailbox):
        async def send(self, notice: Notice) -> None:
            raise NotDelivered("no such mailbox", for_good=True)

    core = acme.core
    object.__setattr__(core, "notifier", Refusing())
    await acme.do(tell, LETTER)
    await acme.world.deliver()
    row = await acme.newest()
    assert (row.action, row.detail["reason"]) == ("notices.given_up", "no such mailbox")
    due = await acme.read(lambda view: view.outbox.due(acme.clock.now() + timedelta(hours=1), limit=9))
    assert due == ()


async def test_a_notice_that_was_under_way_when_the_server_died_is_sent_by_the_next(acme: Acme) -> None:
    await acme.do(tell, LETTER)
    await acme.do(claim_notices, ClaimNotices())
    assert await sent(acme.world) == 0
    acme.pass_time(minutes=3)
    house = Housekeeper(acme.core, acme.world.services.orders)
    await Postman(acme.core, house).turn()
    assert acme.world.mailbox.count(TO) == 1


async def test_a_fault_of_the_notifier_stops_nobody_behind_it(acme: Acme) -> None:
    class Faulty(Mailbox):
        async def send(self, notice: Notice) -> None:
            if not self.notices and notice.subject == "First":
                raise ZeroDivisionError
            await super().send(notice)

    box = Faulty()
    object.__setattr__(acme.core, "notifier", box)
    await acme.do(tell, Letter(subject="First", text=""))
    acme.pass_time(seconds=1)
    await acme.do(tell, Letter(subject="Second", text=""))
    await acme.world.deliver()
    assert [notice.subject for notice in box.notices] == ["Second"]


async def test_the_console_shows_a_notice_and_lets_no_text_move_the_cursor(
    capsys: pytest.CaptureFixture[str],
) -> None:
    await ConsoleNotifier().send(Notice(to=TO, subject="Hello", text="line one\n\x1b[2Jline two"))
    shown = capsys.readouterr().err
    assert "line one" in shown
    assert "\x1b" not in shown
