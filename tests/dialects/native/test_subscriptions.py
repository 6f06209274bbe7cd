"""Subscriptions of this API: the journal's own rows, signed, listed, rotated and sent again."""

import json

from standardwebhooks import Webhook

from rekey.operations.add_person import AddPerson, add_person
from rekey.testing.frozen_clock import FrozenClock
from tests.dialects.in_world import Api
from tests.dialects.native.api import as_service
from tests.dialects.receivers import URL, Receiver, with_receiver

told_test = with_receiver(as_service, "native")


@told_test
async def test_rows_of_the_journal_are_told_and_signed(
    api: Api, receiver: Receiver, clock: FrozenClock
) -> None:
    made = await api.done("POST", "/subscriptions", {"url": URL, "name": "Hook", "events": ["person.added"]})
    person = await api.world.perform(add_person, AddPerson(name="Ada"))
    await api.world.tell_receivers()
    (post,) = receiver.posts
    told = json.loads(post.body)
    assert (told["action"], told["person"], told["detail"]["name"]) == ("person.added", person.id, "Ada")
    assert (
        Webhook(made["secret"]).sign(post.headers["webhook-id"], clock.now(), post.body.decode())
        == (post.headers["webhook-signature"])
    )


@told_test
async def test_after_a_rotation_both_secrets_sign(api: Api, receiver: Receiver, clock: FrozenClock) -> None:
    made = await api.done("POST", "/subscriptions", {"url": URL, "name": "Hook", "events": ["person.added"]})
    rotated = await api.done("POST", f"/subscriptions/{made['id']}/rotate")
    await api.world.perform(add_person, AddPerson(name="Ada"))
    await api.world.tell_receivers()
    (post,) = receiver.posts
    signed = [
        Webhook(secret).sign(post.headers["webhook-id"], clock.now(), post.body.decode())
        for secret in (rotated["secret"], made["secret"])
    ]
    assert post.headers["webhook-signature"].split(" ") == signed


@told_test
async def test_a_delivery_is_listed_and_can_be_sent_again(
    api: Api, receiver: Receiver, clock: FrozenClock
) -> None:
    made = await api.done("POST", "/subscriptions", {"url": URL, "name": "Hook", "events": ["person.added"]})
    await api.world.perform(add_person, AddPerson(name="Ada"))
    await api.world.tell_receivers()
    (delivery,) = (await api.done("GET", f"/subscriptions/{made['id']}/deliveries"))["items"]
    assert (delivery["state"], delivery["attempts"], delivery["answer"]) == ("delivered", 1, "2xx")
    await api.done("POST", f"/deliveries/{delivery['id']}/replay")
    await api.world.tell_receivers()
    first, again = receiver.posts
    assert (first.body, first.headers["webhook-id"]) == (again.body, again.headers["webhook-id"])


@told_test
async def test_subscriptions_of_every_wire_api_are_listed_without_secrets(
    api: Api, receiver: Receiver, clock: FrozenClock
) -> None:
    made = await api.done("POST", "/subscriptions", {"url": URL, "name": "Hook"})
    listed = (await api.done("GET", "/subscriptions"))["items"]
    assert listed == [{name: value for name, value in made.items() if name != "secret"}]
    edited = await api.done("PATCH", f"/subscriptions/{made['id']}", {"enabled": False})
    assert not edited["enabled"]
    await api.done("DELETE", f"/subscriptions/{made['id']}")
    assert (await api.done("GET", "/subscriptions"))["items"] == []


@told_test
async def test_what_makes_no_subscription_is_refused(
    api: Api, receiver: Receiver, clock: FrozenClock
) -> None:
    for wanted in (
        {"url": "http://127.0.0.1/", "name": "Hook"},
        {"url": URL, "name": " "},
        {"url": URL, "name": "Hook", "events": ["door.exploded"]},
    ):
        assert (await api.call("POST", "/subscriptions", wanted)).status in {400, 422}, wanted
    assert (await api.done("GET", "/subscriptions"))["items"] == []
