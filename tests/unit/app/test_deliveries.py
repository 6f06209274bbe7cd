"""The delivery worker: every receiver at its own pace, in the order of the journal, signed afresh each time."""

import asyncio
import functools
import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from rekey.domain.journal import JournalRow
from rekey.domain.subscription import RETRIES, Delivery, DeliveryState, Subscription
from rekey.operations.add_person import AddPerson, add_person
from rekey.operations.add_subscription import AddSubscription, add_subscription
from rekey.operations.edit_subscription import EndSubscription, end_subscription
from rekey.operations.feeds import Told, event_id
from rekey.ports.listing import WHOLE
from rekey.ports.store import View
from rekey.testing.frozen_clock import FrozenClock
from rekey.webkit.outgoing import Answer
from tests.support.world import World, open_world

URL = "https://hooks.example/in"


class PlainForm:
    """Tells of people alone, by name, and signs with the time."""

    gives_up = True

    async def tell(self, view: View, row: JournalRow) -> Sequence[Told]:
        if row.action != "person.added":
            return []
        return [Told(id=event_id(row.id, 0), type=row.action, body=str(row.detail["name"]).encode())]

    def headers(
        self, secrets: Sequence[bytes], body: bytes, *, delivery_id: str, at: datetime
    ) -> Mapping[str, str]:
        return {"id": delivery_id, "at": at.isoformat(), "secrets": b",".join(secrets).decode()}


@dataclass
class Post:
    """Remembers what was sent where; answers as it is told to."""

    sent: list[tuple[str, str, Mapping[str, str]]] = field(default_factory=list)
    failing: set[str] = field(default_factory=set)
    hanging: set[str] = field(default_factory=set)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        self.sent.append((url, body.decode(), headers))
        if url in self.hanging:
            await asyncio.Event().wait()
        return Answer(False, "5xx") if url in self.failing else Answer(True, "2xx")

    def bodies(self, url: str = URL) -> list[str]:
        return [body for sent_to, body, _headers in self.sent if sent_to == url]


@dataclass
class Estate:
    world: World
    post: Post
    clock: FrozenClock

    async def subscribe(self, url: str = URL) -> Subscription:
        wanted = AddSubscription(form="plain", url=url, name="Hook", sealed_secret=self._sealed())
        return await self.world.perform(add_subscription, wanted)

    async def people(self, *names: str) -> None:
        for name in names:
            await self.world.perform(add_person, AddPerson(name=name))

    async def tell(self) -> None:
        await self.world.tell_receivers()

    async def deliveries(self) -> tuple[Delivery, ...]:
        store = self.world.core.store
        listed = await store.read(self.world.organization_id, lambda view: view.deliveries.list(WHOLE))
        return listed.items

    def _sealed(self) -> bytes:
        return self.world.core.secrets.seal(b"5eed")


def in_estate(test: Callable[[Estate], Awaitable[None]]) -> Callable[[Path], None]:
    async def run(tmp_path: Path) -> None:
        clock, post = FrozenClock(), Post()
        async with open_world(tmp_path, clock=clock, sender=post, dialects=("native",)) as world:
            world.services.feeds.register("plain", PlainForm())
            await test(Estate(world, post, clock))

    @functools.wraps(test)
    def wrapped(tmp_path: Path) -> None:
        asyncio.run(run(tmp_path))

    wrapped.__signature__ = inspect.signature(run)  # type: ignore[attr-defined]  # pytest reads it for fixtures
    return wrapped


@in_estate
async def test_events_are_sent_in_the_order_of_the_journal_and_once(estate: Estate) -> None:
    await estate.subscribe()
    names = [f"Person {number}" for number in range(250)]
    await estate.people(*names)
    await estate.tell()
    await estate.tell()
    assert estate.post.bodies() == names
    assert {delivery.state for delivery in await estate.deliveries()} == {DeliveryState.DELIVERED}


@in_estate
async def test_a_delivery_is_signed_afresh_under_the_same_id_each_time(estate: Estate) -> None:
    await estate.subscribe()
    estate.post.failing.add(URL)
    await estate.people("Ada")
    await estate.tell()
    estate.clock.advance(RETRIES[0])
    await estate.tell()
    (_, first, before), (_, again, after) = estate.post.sent
    assert first == again == "Ada"
    assert before["id"] == after["id"]
    assert before["at"] < after["at"]
    assert before["secrets"] == "5eed"


@in_estate
async def test_a_dead_receiver_holds_up_nobody_else(estate: Estate) -> None:
    dead, alive = "https://dead.example/", "https://alive.example/"
    await estate.subscribe(dead)
    await estate.subscribe(alive)
    estate.post.hanging.add(dead)
    await estate.people("Ada", "Ben")
    await estate.world.server.deliveries.turn()
    for _ in range(2000):
        await asyncio.sleep(0.001)
        if estate.post.bodies(alive) == ["Ada", "Ben"]:
            break
    assert estate.post.bodies(alive) == ["Ada", "Ben"]
    assert estate.post.bodies(dead) == ["Ada"]


@in_estate
async def test_a_receiver_that_fails_again_and_again_is_left_alone_for_a_while(estate: Estate) -> None:
    await estate.subscribe()
    estate.post.failing.add(URL)
    await estate.people(*"abcdef")
    await estate.tell()
    assert estate.post.bodies() == ["a", "b", "c"]
    await estate.tell()
    assert len(estate.post.sent) == 3
    estate.clock.advance(timedelta(seconds=30))
    estate.post.failing.clear()
    await estate.tell()
    assert sorted(estate.post.bodies()[3:]) == [*"abcdef"]


@in_estate
async def test_what_fails_is_sent_again_later_while_newer_events_go_on(estate: Estate) -> None:
    await estate.subscribe()
    estate.post.failing.add(URL)
    await estate.people("Ada")
    await estate.tell()
    estate.post.failing.clear()
    await estate.people("Ben")
    await estate.tell()
    estate.clock.advance(RETRIES[0])
    await estate.tell()
    assert estate.post.bodies() == ["Ada", "Ben", "Ada"]


@in_estate
async def test_deleting_a_subscription_stops_what_was_to_be_sent_again(estate: Estate) -> None:
    one = await estate.subscribe()
    estate.post.failing.add(URL)
    await estate.people("Ada")
    await estate.tell()
    await estate.world.perform(end_subscription, EndSubscription(subscription_id=one.id))
    estate.clock.advance(timedelta(days=2))
    await estate.tell()
    assert estate.post.bodies() == ["Ada"]


@in_estate
async def test_nothing_is_written_where_there_is_nothing_to_tell(estate: Estate) -> None:
    await estate.subscribe()
    await estate.tell()
    before = await estate.world.journal_size()
    await estate.tell()
    assert await estate.world.journal_size() == before
    assert estate.post.sent == []


@in_estate
async def test_deliveries_that_are_over_are_forgotten_after_a_month(estate: Estate) -> None:
    await estate.subscribe()
    await estate.people("Ada")
    await estate.tell()
    estate.clock.advance(timedelta(days=31))
    await estate.tell()
    assert await estate.deliveries() == ()


def test_an_event_is_told_again_if_the_server_died_before_it_noted_the_answer(tmp_path: Path) -> None:
    async def run() -> None:
        clock, post = FrozenClock(), Post()
        async with open_world(tmp_path, clock=clock, sender=post, dialects=("native",)) as world:
            world.services.feeds.register("plain", PlainForm())
            estate = Estate(world, post, clock)
            await estate.subscribe()
            await estate.people("Ada")
            post.hanging.add(URL)
            await world.server.deliveries.turn()
            for _ in range(2000):
                await asyncio.sleep(0.001)
                if post.sent:
                    break
            await world.server.deliveries.close()
            (delivery,) = await estate.deliveries()
            assert delivery.state is DeliveryState.PENDING
            post.hanging.clear()
            await estate.tell()
            (_, _, first), (_, _, again) = post.sent
            assert first["id"] == again["id"]

    asyncio.run(run())
