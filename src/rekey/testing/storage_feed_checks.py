"""What every store promises of feeds: rows by many filters, things as they were, subscriptions, deliveries."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from rekey.domain.ids import OperatorId, Position
from rekey.domain.journal import Outcome
from rekey.domain.subscription import Delivery, DeliveryState, Feed, Subscription
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.journal import JournalFilter
from rekey.ports.store import UnitOfWork, View
from rekey.testing.frozen_clock import NOON
from rekey.testing.storage_check import Chapter, same
from rekey.testing.storage_values import add_door, add_person, add_site
from rekey.testing.storage_world import World, new_id, nothing

FEEDS = Chapter()
HOUR = timedelta(hours=1)


async def _positions(world: World, **filters: Any) -> list[int]:
    listing = {name: filters.pop(name) for name in ("after", "limit", "newest_first") if name in filters}

    async def look(view: View) -> list[int]:
        rows = await view.journal.rows(matching=JournalFilter(**filters), **listing)
        return [stored.row.position for stored in rows]

    return await world.read(look)


async def _rows(world: World, *rows: dict[str, Any]) -> None:
    for row in rows:
        await world.act(nothing, **row)


@FEEDS.promise
async def rows_of_several_actions_come_in_one_order(world: World) -> None:
    names = ("b.done", "a.done", "c.done", "b.done", "a.done")
    await _rows(world, *({"action": name} for name in names))
    wanted = frozenset({"a.done", "b.done"})
    same(await _positions(world, actions=wanted), [2, 3, 5, 6])
    same(await _positions(world, actions=wanted, newest_first=True), [6, 5, 3, 2])
    same(await _positions(world, actions=wanted, after=2, limit=2), [3, 5])
    same(await _positions(world, actions=wanted, after=6, limit=2, newest_first=True), [5, 3])
    many = wanted | {f"{number}.done" for number in range(20)}
    same(await _positions(world, actions=many), [2, 3, 5, 6])
    same(await _positions(world, actions=frozenset()), [])


@FEEDS.promise
async def every_filter_of_rows_must_match(world: World) -> None:
    await _rows(
        world,
        {"person_id": "p", "door_id": "d", "site_id": "s", "operator_id": "o", "outcome": Outcome.DENIED},
        {"person_id": "p", "door_id": "other", "site_id": "s", "operator_id": "o"},
        {"person_id": "p", "door_id": "d", "outcome": Outcome.DENIED},
    )
    same(await _positions(world, person_id="p"), [2, 3, 4])
    same(await _positions(world, person_id="p", site_id="s"), [2, 3])
    same(await _positions(world, door_id="d", outcome=Outcome.DENIED), [2, 4])
    same(await _positions(world, operator_id="o", door_id="d"), [2])
    same(await _positions(world, operator_id="nobody"), [])


@FEEDS.promise
async def rows_of_a_span_of_time_are_found_though_clocks_stand_apart(world: World) -> None:
    minutes = (0, 10, 8, 20, 15, 30)
    await _rows(world, *({"at": NOON + HOUR + timedelta(minutes=passed)} for passed in minutes))

    async def between(first: int, last: int, **more: Any) -> list[int]:
        since, before = (NOON + HOUR + timedelta(minutes=passed) for passed in (first, last))
        return await _positions(world, since=since, before=before, **more)

    same(await between(8, 20), [3, 4, 6])
    same(await between(8, 20, newest_first=True), [6, 4, 3])
    same(await between(8, 20, after=3), [4, 6])
    same(await between(31, 40), [])


@FEEDS.promise
async def rows_of_acts_that_did_several_things_are_found_by_that(world: World) -> None:
    also: list[Any] = [{"action": "b.done", "person": None, "door": None, "site": None, "detail": {}}]
    await _rows(world, {"action": "a.done"}, {"action": "a.done", "detail": {"also": also}})
    same(await _positions(world, has_parts=True), [3])

    async def parts(view: View) -> list[str]:
        (stored,) = await view.journal.rows(matching=JournalFilter(has_parts=True))
        return [part.action for part in stored.row.parts()]

    same(await world.read(parts), ["a.done", "b.done"])


@FEEDS.promise
async def a_row_is_found_between_two_ids(world: World) -> None:
    await _rows(world, {}, {})

    async def look(view: View) -> list[object]:
        rows = await view.journal.rows(after=1)
        head = [stored.row.id[:-4] for stored in rows]
        found = [await view.journal.by_id_between(f"{part}0000", f"{part}ffff") for part in head]
        same(found, [*rows])
        return [await view.journal.by_id_between("x", "y")]

    same(await world.read(look), [None])


@FEEDS.promise
async def a_thing_is_known_as_it_was_at_each_position_also_when_it_has_ended(world: World) -> None:
    ada = await world.act(lambda work: add_person(work, name="Ada"))
    made = Position(await world.position())
    await world.act(lambda work: work.people.replace(replace(ada, name="Ada Lovelace")))
    await world.act(lambda work: work.people.end(ada.id))
    ended = Position(await world.position())

    async def names(view: View) -> list[str | None]:
        known = [
            await view.history.person(ada.id, Position(at)) for at in (made - 1, made, made + 1, ended, 999)
        ]
        return [None if person is None else person.name for person in known]

    same(await world.read(names), [None, "Ada", "Ada Lovelace", "Ada Lovelace", "Ada Lovelace"])


@FEEDS.promise
async def several_things_are_known_with_how_long_each_version_was_the_newest(world: World) -> None:
    ada = await world.act(lambda work: add_person(work, name="Ada"))
    made = Position(await world.position())
    await world.act(lambda work: work.people.replace(replace(ada, name="Ada Lovelace")))

    async def spans(view: View) -> list[tuple[str, int, int | None]]:
        positions = (Position(at) for at in (made - 1, made, made + 1))
        found = [(await view.history.people([ada.id, "nobody"], at)).get(ada.id) for at in positions]
        return [(span.value.name, span.since, span.until) for span in found if span is not None]

    same(await world.read(spans), [("Ada", made, made + 1), ("Ada Lovelace", made + 1, None)])


@FEEDS.promise
async def doors_and_sites_are_known_as_they_were(world: World) -> None:
    async def build(work: UnitOfWork) -> tuple[str, str]:
        site = await add_site(work)
        return site.id, (await add_door(work, site)).id

    site_id, door_id = await world.act(build)
    at = Position(await world.position())

    async def look(view: View) -> list[bool]:
        site, door = await view.history.site(site_id, at), await view.history.door(door_id, at)
        return [site is not None, door is not None, await view.history.door(site_id, at) is None]

    same(await world.read(look), [True, True, True])


async def _add(work: UnitOfWork, **parts: Any) -> Subscription:
    plain: dict[str, Any] = {
        "id": new_id(),
        "number": work.next_number(),
        "form": "plain",
        "name": "Hook",
        "url": "https://hooks.example/",
        "owner_id": OperatorId("o"),
        "created_at": NOON,
        "updated_at": NOON,
    }
    one = Subscription(**plain | parts)
    await work.subscriptions.add(one, secret=b"sealed", read=Position(1))
    return one


@FEEDS.promise
async def a_subscription_reads_back_whole_and_is_gone_when_it_has_ended(world: World) -> None:
    one = await world.act(
        lambda work: _add(
            work, events=("a", "b"), site_id="s", enabled=False, warned_at=NOON, stopped_at=NOON
        )
    )
    kept = replace(one, has_secret=True)

    async def look(view: View) -> tuple[object, ...]:
        found = view.subscriptions
        return await found.get(one.id), await found.by_number(one.number), (await found.list(WHOLE)).items

    same(await world.read(look), (kept, kept, (kept,)))
    same(await world.act(lambda work: work.subscriptions.end(one.id, NOON)), True)
    same(await world.read(look), (None, None, ()))
    same(await world.read(lambda view: view.subscriptions.feed(one.id)), None)
    same(await world.read(lambda view: view.subscriptions.secrets(one.id, NOON)), ())


@FEEDS.promise
async def subscriptions_are_listed_by_form_owner_site_state_and_name(world: World) -> None:
    async def build(work: UnitOfWork) -> list[str]:
        first = await _add(work, form="one", owner_id=OperatorId("ada"), name="Front desk")
        second = await _add(work, form="two", site_id="s", enabled=False)
        return [first.id, second.id]

    first, second = await world.act(build)

    async def ids(**by: Any) -> list[str]:
        listed = await world.read(lambda view: view.subscriptions.list(WHOLE, **by))
        return [one.id for one in listed.items]

    same([await ids(form="one"), await ids(owner_id="ada"), await ids(query="DESK")], [[first]] * 3)
    same([await ids(site_id="s"), await ids(enabled=False)], [[second]] * 2)


@FEEDS.promise
async def organizations_with_a_subscription_are_known(world: World) -> None:
    other = await world.other()
    one = await world.act(_add)
    same(await world.store.directory.subscribed_organizations(), (world.organization_id,))
    await other.act(_add)
    await world.act(lambda work: work.subscriptions.end(one.id, NOON))
    same(await world.store.directory.subscribed_organizations(), (other.organization_id,))


@FEEDS.promise
async def an_older_secret_goes_on_signing_until_its_time(world: World) -> None:
    one = await world.act(_add)

    async def secrets(hours: int) -> tuple[bytes, ...]:
        return await world.read(lambda view: view.subscriptions.secrets(one.id, NOON + hours * HOUR))

    same(await secrets(0), (b"sealed",))
    await world.act(lambda work: work.subscriptions.rotate_secret(one.id, b"new", older_until=NOON + HOUR))
    same([await secrets(0), await secrets(1)], [(b"new", b"sealed"), (b"new",)])
    await world.act(lambda work: work.subscriptions.set_secret(one.id, b"only"))
    same(await secrets(0), (b"only",))
    await world.act(lambda work: work.subscriptions.set_secret(one.id, b""))
    same(await secrets(0), ())


@FEEDS.promise
async def how_far_a_subscription_was_read_is_kept_without_an_act(world: World) -> None:
    one = await world.act(_add)
    before = await world.position()
    held = Feed(Position(7), "reader", NOON + HOUR)

    async def move(unit: UnitOfWork) -> None:
        unit.keep_books()
        await unit.subscriptions.move(one.id, held)

    await world.store.act(world.organization_id, move)
    same(await world.read(lambda view: view.subscriptions.feed(one.id)), held)
    same(await world.position(), before)


async def _deliver(work: UnitOfWork, subscription_id: str, **parts: Any) -> Delivery:
    plain: dict[str, Any] = {
        "id": new_id(),
        "number": work.next_number(),
        "subscription_id": subscription_id,
        "position": work.position,
        "event_id": new_id(),
        "event_type": "thing.done",
        "body": b'{"a":1}',
        "due_at": NOON,
        "created_at": NOON,
    }
    delivery = Delivery(**plain | parts)
    await work.deliveries.add(delivery)
    return delivery


@FEEDS.promise
async def deliveries_are_due_in_the_order_of_their_time_and_number(world: World) -> None:
    one = await world.act(_add)

    async def build(work: UnitOfWork) -> list[str]:
        late = await _deliver(work, one.id, due_at=NOON + HOUR)
        first, second = await _deliver(work, one.id), await _deliver(work, one.id)
        await _deliver(work, one.id, state=DeliveryState.DELIVERED, ended_at=NOON)
        await _deliver(work, "another")
        return [first.id, second.id, late.id]

    ids = await world.act(build)

    async def due(hours: int, limit: int = 10) -> list[str]:
        found = await world.read(lambda view: view.deliveries.due(one.id, NOON + hours * HOUR, limit=limit))
        return [delivery.id for delivery in found]

    same([await due(0), await due(1), await due(1, 1)], [ids[:2], ids, ids[:1]])
    same(await world.read(lambda view: view.deliveries.pending(one.id)), 3)


@FEEDS.promise
async def a_delivery_reads_back_whole_and_is_dropped_with_its_subscription(world: World) -> None:
    one = await world.act(_add)
    delivery = await world.act(lambda work: _deliver(work, one.id, attempts=2, answer="5xx"))
    same(await world.read(lambda view: view.deliveries.get(delivery.id)), delivery)
    await world.act(lambda work: work.subscriptions.end(one.id, NOON))
    same(await world.read(lambda view: view.deliveries.get(delivery.id)), None)


@FEEDS.promise
async def deliveries_that_are_over_are_forgotten_and_pending_ones_given_up(world: World) -> None:
    one = await world.act(_add)
    waiting = await world.act(lambda work: _deliver(work, one.id))
    await world.act(lambda work: _deliver(work, one.id, state=DeliveryState.DELIVERED, ended_at=NOON - HOUR))
    same(await world.read(lambda view: view.deliveries.oldest_end()), NOON - HOUR)
    same(await world.act(lambda work: work.deliveries.forget_ended_before(NOON)), 1)
    same(await world.read(lambda view: view.deliveries.oldest_end()), None)
    same(await world.act(lambda work: work.deliveries.give_up_all(one.id, NOON)), 1)
    given_up = replace(waiting, state=DeliveryState.GIVEN_UP, ended_at=NOON)
    listed = await world.read(
        lambda view: view.deliveries.list(WHOLE, subscription_id=one.id, state=DeliveryState.GIVEN_UP)
    )
    same(listed.items, (given_up,))
