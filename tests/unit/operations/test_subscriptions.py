"""Subscriptions: who may have them, and what an act on one does."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rekey.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from rekey.domain.journal import JournalRow, Outcome
from rekey.domain.role import Role
from rekey.domain.subscription import RETRIES, DeliveryState, Subscription, next_attempt
from rekey.operations.add_person import AddPerson, add_person
from rekey.operations.add_subscription import AddSubscription, add_subscription, subscribe
from rekey.operations.edit_subscription import (
    EditSubscription,
    EndSubscription,
    RotateSubscriptionSecret,
    edit_subscription,
    end_subscription,
    resubscribe,
    rotate_subscription_secret,
)
from rekey.operations.feeds import Told, event_id, row_of_event
from rekey.operations.read_on import MOST_PENDING, Work, read_on
from rekey.operations.settle_deliveries import (
    Attempt,
    ReplayDelivery,
    SettleDeliveries,
    replay_delivery,
    settle_deliveries,
)
from rekey.ports.listing import WHOLE
from rekey.ports.store import View
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio
URL = "https://hooks.example/in"


class PlainForm:
    """Tells every row as it is."""

    gives_up = True

    async def tell(self, view: View, row: JournalRow) -> Sequence[Told]:
        return [Told(id=event_id(row.id, 0), type=row.action, body=row.canonical(), site_id=row.site_id)]

    def headers(
        self, secrets: Sequence[bytes], body: bytes, *, delivery_id: str, at: datetime
    ) -> Mapping[str, str]:
        return {}


def wanted(**parts: Any) -> AddSubscription:
    return AddSubscription(**{"form": "plain", "url": URL, "name": "Hook", **parts})


async def subscription(acme: Acme, **parts: Any) -> Subscription:
    acme.world.services.feeds.register("plain", PlainForm())
    return await acme.do(add_subscription, wanted(**parts))


async def work_of(acme: Acme, one: Subscription, reader: str = "one") -> Work | None:
    feeds = acme.world.services.feeds
    return await read_on(acme.core, feeds, acme.world.organization_id, one.id, reader=reader)


async def told(acme: Acme, one: Subscription, reader: str = "one") -> list[str]:
    work = await work_of(acme, one, reader)
    return [] if work is None else [delivery.event_type for delivery in work.due]


async def settle(acme: Acme, one: Subscription, *, delivered: bool, gives_up: bool = True) -> None:
    work = await work_of(acme, one)
    assert work is not None
    attempts = tuple(Attempt(delivery.id, delivered, "5xx") for delivery in work.due)
    order = SettleDeliveries(subscription_id=one.id, attempts=attempts, gives_up=gives_up)
    await acme.do(settle_deliveries, order)


async def now(acme: Acme, one: Subscription) -> Subscription:
    found: Subscription = await acme.read(lambda view: view.subscriptions.get(one.id))
    return found


async def test_a_receiver_is_told_of_what_comes_after_it_subscribed_and_of_nothing_twice(acme: Acme) -> None:
    await acme.person("Before")
    one = await subscription(acme)
    await acme.person("After")
    await acme.person("Later")
    assert await told(acme, one) == ["person.added", "person.added"]
    await settle(acme, one, delivered=True)
    assert await told(acme, one) == []
    await acme.person("Last")
    assert await told(acme, one) == ["person.added"]


async def test_only_the_types_that_were_asked_for_are_told(acme: Acme) -> None:
    one = await subscription(acme, events=("team.added",))
    await acme.person("Ada")
    await acme.team()
    assert await told(acme, one) == ["team.added"]


async def test_a_subscription_of_a_site_is_told_of_that_site(acme: Acme) -> None:
    one = await subscription(acme, site_id=acme.world.site_id)
    await acme.person("Ada")
    await acme.door()
    assert await told(acme, one) == ["door.added"]


async def test_two_processes_never_read_for_one_subscription_at_once(acme: Acme) -> None:
    one = await subscription(acme)
    await acme.person("Ada")
    assert await told(acme, one, "first") == ["person.added"]
    assert await work_of(acme, one, "second") is None
    acme.pass_time(minutes=2)
    assert await told(acme, one, "second") == ["person.added"]
    assert await work_of(acme, one, "first") is None


async def test_a_failed_delivery_comes_again_by_the_schedule_and_is_given_up_at_its_end(acme: Acme) -> None:
    one = await subscription(acme)
    await acme.person("Ada")
    for pause in RETRIES:
        await settle(acme, one, delivered=False, gives_up=False)
        acme.pass_time(seconds=pause.total_seconds() - 1)
        assert await told(acme, one) == []
        acme.pass_time(seconds=1)
        assert await told(acme, one) == ["person.added"]
    await settle(acme, one, delivered=False, gives_up=False)
    (delivery,) = (await acme.read(lambda view: view.deliveries.list(WHOLE))).items
    assert (delivery.state, delivery.attempts, delivery.answer) == (DeliveryState.GIVEN_UP, 8, "5xx")
    assert (await now(acme, one)).tells


def test_the_eight_attempts_take_a_day_and_more() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    assert sum(RETRIES, timedelta()) == timedelta(hours=27, minutes=35, seconds=5)
    assert next_attempt(7, start) == start + timedelta(hours=10)
    assert next_attempt(8, start) is None


async def test_a_receiver_that_keeps_failing_is_warned_about_and_then_stopped(acme: Acme) -> None:
    one = await subscription(acme, events=("person.added",))
    await acme.person("Ada")
    for pause in RETRIES[:3]:
        await settle(acme, one, delivered=False)
        acme.pass_time(seconds=pause.total_seconds())
    assert (await now(acme, one)).warned_at is None
    await settle(acme, one, delivered=False)
    assert (await acme.newest()).action == "subscription.warned"
    for pause in RETRIES[3:]:
        acme.pass_time(seconds=pause.total_seconds())
        await settle(acme, one, delivered=False)
    stopped = await now(acme, one)
    assert (stopped.tells, stopped.enabled, stopped.stopped_at) == (False, True, acme.clock.now())
    assert (await acme.newest()).action == "subscription.stopped"
    await acme.person("Ben")
    assert await work_of(acme, one) is None


async def test_a_delivery_that_arrives_takes_the_warning_back(acme: Acme) -> None:
    one = await subscription(acme, events=("person.added",))
    await acme.person("Ada")
    for pause in RETRIES[:4]:
        await settle(acme, one, delivered=False)
        acme.pass_time(seconds=pause.total_seconds())
    assert (await now(acme, one)).warned_at is not None
    rows = await acme.world.journal_size()
    await settle(acme, one, delivered=True)
    assert (await now(acme, one)).warned_at is None
    assert await acme.world.journal_size() == rows


async def test_a_subscription_that_is_enabled_anew_begins_with_what_comes_then(acme: Acme) -> None:
    one = await subscription(acme, events=("person.added",))
    await acme.person("Ada")
    await work_of(acme, one)
    await acme.do(edit_subscription, EditSubscription(subscription_id=one.id, enabled=False))
    await acme.person("Ben")
    assert await work_of(acme, one) is None
    await acme.do(edit_subscription, EditSubscription(subscription_id=one.id, enabled=True))
    assert await told(acme, one) == []
    await acme.person("Cleo")
    assert await told(acme, one) == ["person.added"]
    states = [
        delivery.state for delivery in (await acme.read(lambda view: view.deliveries.list(WHOLE))).items
    ]
    assert states == [DeliveryState.GIVEN_UP, DeliveryState.PENDING]


async def test_nothing_is_sent_to_a_subscription_that_has_ended(acme: Acme) -> None:
    one = await subscription(acme)
    await acme.person("Ada")
    await work_of(acme, one)
    await acme.do(end_subscription, EndSubscription(subscription_id=one.id))
    assert await work_of(acme, one) is None
    assert (await acme.read(lambda view: view.deliveries.list(WHOLE))).items == ()
    with pytest.raises(NotFound):
        await acme.do(end_subscription, EndSubscription(subscription_id=one.id))


async def test_two_secrets_sign_for_a_day_after_a_rotation(acme: Acme) -> None:
    one = await subscription(acme, sealed_secret=b"first")
    order = RotateSubscriptionSecret(subscription_id=one.id, sealed_secret=b"second")
    await acme.do(rotate_subscription_secret, order)

    async def secrets() -> Any:
        return await acme.read(lambda view: view.subscriptions.secrets(one.id, acme.clock.now()))

    assert await secrets() == (b"second", b"first")
    acme.pass_time(hours=24)
    assert await secrets() == (b"second",)


async def test_a_delivery_that_was_given_up_can_be_sent_again(acme: Acme) -> None:
    one = await subscription(acme)
    await acme.person("Ada")
    await settle(acme, one, delivered=True)
    (delivery,) = (await acme.read(lambda view: view.deliveries.list(WHOLE))).items
    again = await acme.do(replay_delivery, ReplayDelivery(delivery_id=delivery.id))
    assert (again.state, again.attempts, again.body) == (DeliveryState.PENDING, 0, delivery.body)
    assert "person.added" in await told(acme, one)
    with pytest.raises(Conflict):
        await acme.do(replay_delivery, ReplayDelivery(delivery_id=delivery.id))
    with pytest.raises(NotFound):
        await acme.do(replay_delivery, ReplayDelivery(delivery_id="nothing"))


async def test_a_receiver_that_lets_too_much_wait_is_read_on_for_later(acme: Acme) -> None:
    assert MOST_PENDING >= 1000
    one = await subscription(acme)
    for name in ("Ada", "Ben"):
        await acme.person(name)
    work = await work_of(acme, one)
    assert work is not None
    assert not work.more


async def test_only_an_administrator_may_have_events_told(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door, Role.MANAGER)
    session = await acme.account(ada)
    with pytest.raises(NotAllowed):
        await acme.do(add_subscription, wanted(), by=session)
    one = await subscription(acme)
    edit = EditSubscription(subscription_id=one.id, url="https://evil.example/")
    with pytest.raises(NotAllowed):
        await acme.do(edit_subscription, edit, by=session)
    with pytest.raises(NotAllowed):
        await acme.do(end_subscription, EndSubscription(subscription_id=one.id), by=session)
    rotate = RotateSubscriptionSecret(subscription_id=one.id, sealed_secret=b"x")
    with pytest.raises(NotAllowed):
        await acme.do(rotate_subscription_secret, rotate, by=session)
    assert await now(acme, one) == one


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "https://169.254.169.254/latest", "https://u:p@x.example/"]
)
async def test_a_receiver_that_must_not_be_sent_to_is_refused_and_the_refusal_recorded(
    acme: Acme, url: str
) -> None:
    with pytest.raises(Invalid):
        await subscribe(acme.world.services, acme.service, wanted(url=url))
    row = await acme.newest()
    assert (row.outcome, row.detail["attempted"]) == (Outcome.REFUSED, "add_subscription")
    one = await subscription(acme)
    with pytest.raises(Invalid):
        await resubscribe(
            acme.world.services, acme.service, EditSubscription(subscription_id=one.id, url=url)
        )
    assert (await now(acme, one)).url == URL


async def test_the_journal_never_holds_a_receivers_address_or_secret(acme: Acme) -> None:
    await subscription(acme, url="https://hooks.example/token-5eed", sealed_secret=b"5eed")
    assert all("5eed" not in str(row.detail) for row in await acme.rows())


async def test_an_organization_has_a_bounded_number_of_subscriptions(acme: Acme) -> None:
    for number in range(50):
        await subscription(acme, name=f"Hook {number}")
    with pytest.raises(Conflict):
        await subscription(acme)


async def test_the_row_of_an_event_is_found_by_the_events_id(acme: Acme) -> None:
    person = await acme.do(add_person, AddPerson(name="Ada"))
    row = await acme.newest()
    assert row.person_id == person.id
    for at in (0, 1, 255, 65_535):
        found = await acme.read(lambda view, at=at: row_of_event(view, event_id(row.id, at)))
        assert found == (row, at)
    for text in ("", "x", row.id.upper(), f"{row.id[:-5]}"):
        assert await acme.read(lambda view, text=text: row_of_event(view, text)) is None
    with pytest.raises(ValueError, match="65,536"):
        event_id(row.id, 65_536)
