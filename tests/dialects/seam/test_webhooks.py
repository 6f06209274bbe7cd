"""Webhooks: what they are told, how it is signed, and what is refused."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from rekey.domain.subscription import RETRIES
from rekey.testing.frozen_clock import FrozenClock
from tests.dialects.in_world import Api
from tests.dialects.receivers import URL, Received, Receiver, with_receiver
from tests.dialects.seam.api import UNKNOWN, query, refusal, seam_test, with_key

told_test = with_receiver(with_key, "seam")


async def create(api: Api, *types: str, url: str = URL) -> dict[str, Any]:
    wanted: dict[str, Any] = {"url": url, **({"event_types": [*types]} if types else {})}
    webhook: dict[str, Any] = (await api.done("POST", "/webhooks/create", wanted))["webhook"]
    return webhook


def is_signed(post: Received, secret: str) -> bool:
    """Check as a receiver does, whose clock need not be ours."""
    named = {name.replace("svix-", "webhook-"): value for name, value in post.headers.items()}
    at = int(named["webhook-timestamp"])
    signer = Webhook(secret)
    expected = signer.sign(named["webhook-id"], datetime.fromtimestamp(at, UTC), post.body.decode())
    return expected in named["webhook-signature"].split(" ")


@told_test
async def test_the_event_of_an_unlock_is_posted_as_it_is_listed(
    api: Api, receiver: Receiver, clock: FrozenClock
) -> None:
    webhook = await create(api, "lock.unlocked")
    door = await api.world.add_door("front")
    await api.done("POST", "/locks/unlock_door", {"device_id": door, "sync": True})
    await api.world.tell_receivers()
    (post,) = receiver.posts
    listed = await api.done("GET", query("/events/list", event_type="lock.unlocked"))
    assert (post.url, [json.loads(post.body)]) == (URL, listed["events"])
    assert post.headers["content-type"] == "application/json"
    assert webhook["secret"].startswith("whsec_")
    assert is_signed(post, webhook["secret"])


@told_test
async def test_a_retry_is_the_same_message_signed_anew(
    api: Api, receiver: Receiver, clock: FrozenClock
) -> None:
    webhook = await create(api, "device.added")
    receiver.fails = True
    await api.world.add_door("front")
    await api.world.tell_receivers()
    clock.advance(RETRIES[0])
    await api.world.tell_receivers()
    first, again = receiver.posts
    assert first.body == again.body
    assert first.headers["svix-id"] == again.headers["svix-id"]
    assert int(again.headers["svix-timestamp"]) - int(first.headers["svix-timestamp"]) == 5
    assert is_signed(first, webhook["secret"])
    assert is_signed(again, webhook["secret"])
    assert not is_signed(
        Received(again.url, again.body, {**again.headers, "svix-id": "x"}), webhook["secret"]
    )


@told_test
async def test_a_webhook_for_every_type_is_told_everything(
    api: Api, receiver: Receiver, clock: FrozenClock
) -> None:
    await create(api)
    await api.world.add_door("front")
    await api.world.tell_receivers()
    assert [json.loads(post.body)["event_type"] for post in receiver.posts] == [
        "device.added",
        "acs_entrance.added",
    ]


@told_test
async def test_an_update_changes_the_types_and_a_delete_ends_the_telling(
    api: Api, receiver: Receiver, clock: FrozenClock
) -> None:
    webhook = await create(api)
    change = {"webhook_id": webhook["webhook_id"], "event_types": ["acs_entrance.added"]}
    await api.done("PUT", "/webhooks/update", change)
    await api.world.add_door("front")
    await api.world.tell_receivers()
    assert len(receiver.posts) == 1
    receiver.fails = True
    await api.world.add_door("back")
    await api.world.tell_receivers()
    await api.done("DELETE", query("/webhooks/delete", webhook_id=webhook["webhook_id"]))
    clock.advance(RETRIES[0])
    await api.world.tell_receivers()
    assert len(receiver.posts) == 2


@seam_test
async def test_the_secret_is_shown_once(api: Api) -> None:
    webhook = await create(api, "lock.unlocked")
    shown = {name: value for name, value in webhook.items() if name != "secret"}
    got = await api.done("GET", query("/webhooks/get", webhook_id=webhook["webhook_id"]))
    assert got["webhook"] == shown
    assert (await api.done("GET", "/webhooks/list"))["webhooks"] == [shown]
    assert shown["event_types"] == ["lock.unlocked"]


@seam_test
async def test_types_outside_the_catalogue_are_refused(api: Api) -> None:
    for types in (["lock.exploded"], [""], ["lock.unlocked", "x"]):
        answer = await api.call("POST", "/webhooks/create", {"url": URL, "event_types": types})
        assert refusal(answer) == (400, "invalid_event_types")
    webhook = await create(api)
    change = {"webhook_id": webhook["webhook_id"], "event_types": ["lock.exploded"]}
    assert refusal(await api.call("PUT", "/webhooks/update", change)) == (400, "invalid_event_types")


@seam_test
async def test_a_webhook_into_our_own_network_is_refused(api: Api) -> None:
    for url in (
        "http://hooks.example/",
        "https://127.0.0.1/",
        "https://10.0.0.1/",
        "nonsense",
        "https://[::1]/",
    ):
        assert refusal(await api.call("POST", "/webhooks/create", {"url": url})) == (400, "invalid_input"), (
            url
        )
    assert (await api.done("POST", "/webhooks/list", {}))["webhooks"] == []


@seam_test
async def test_an_unknown_webhook_is_not_found(api: Api) -> None:
    for path, more in (("get", {}), ("delete", {}), ("update", {"event_types": ["*"]})):
        answer = await api.call("POST", f"/webhooks/{path}", {"webhook_id": UNKNOWN, **more})
        assert refusal(answer) == (404, "webhook_not_found"), path


def test_a_signature_of_another_secret_is_none() -> None:
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0").verify("{}", {})
