"""Integrations: receivers that are told of events, signed as the contract has it; importers are refused."""

import hashlib
import hmac
import json
from typing import Any

from rekey.domain.subscription import RETRIES
from rekey.testing.frozen_clock import FrozenClock
from tests.dialects.in_world import Api
from tests.dialects.kisi.api import add_lock, add_user, as_owner, kisi_test
from tests.dialects.receivers import URL, Receiver, with_receiver

told_test = with_receiver(as_owner, "kisi")
SENT = {
    "uuid",
    "actor_type",
    "actor_id",
    "actor_name",
    "object_type",
    "object_id",
    "object_name",
    "organization_id",
    "place_id",
    "success",
    "type",
    "error_code",
    "error_message",
    "created_at",
}


async def create(api: Api, **attributes: Any) -> Any:
    wanted = {"name": "Hook", "type": "event_webhook", "url": URL, **attributes}
    return await api.done("POST", "/integrations", {"integration": wanted})


@told_test
async def test_an_event_is_posted_signed_with_the_key(
    api: Api, receiver: Receiver, clock: FrozenClock
) -> None:
    await create(api, enabled_events=["lock.create"], signature_key="s3cret")
    lock = await add_lock(api, "Front")
    await api.world.tell_receivers()
    (post,) = receiver.posts
    sent = json.loads(post.body)
    assert sent.keys() == SENT
    assert (sent["type"], sent["object_id"], sent["success"]) == ("lock.create", lock["id"], True)
    mac = hmac.new(b"s3cret", post.body, hashlib.sha256).hexdigest()
    assert post.headers["x-signature"] == f"sha256={mac}"


@told_test
async def test_without_a_key_nothing_is_signed(api: Api, receiver: Receiver, clock: FrozenClock) -> None:
    made = await create(api, signature_key="s3cret", enabled_events=["lock.create"])
    await api.done("PATCH", f"/integrations/{made['id']}", {"integration": {"signature_key": ""}})
    await add_lock(api, "Front")
    await api.world.tell_receivers()
    assert "x-signature" not in receiver.posts[0].headers


@told_test
async def test_an_integration_of_a_place_is_told_of_that_place(
    api: Api, receiver: Receiver, clock: FrozenClock
) -> None:
    place = (await api.done("GET", "/places"))[0]
    await create(api, place_id=place["id"])
    await add_user(api, "ada")
    await add_lock(api, "Front")
    await api.world.tell_receivers()
    assert [json.loads(post.body)["type"] for post in receiver.posts] == ["lock.create"]


@told_test
async def test_a_receiver_that_never_answers_is_switched_off_with_a_warning_before(
    api: Api, receiver: Receiver, clock: FrozenClock
) -> None:
    made = await create(api, enabled_events=["lock.create"])
    receiver.fails = True
    await add_lock(api, "Front")
    await api.world.tell_receivers()
    for pause in RETRIES:
        clock.advance(pause)
        await api.world.tell_receivers()
    assert len(receiver.posts) == 8
    shown = await api.done("GET", f"/integrations/{made['id']}")
    assert (shown["enabled"], shown["disabled_due_to_error"]) == (True, True)
    assert shown["disabled_due_to_error_at"] is not None
    types = "integration.warn_due_to_error,integration.disable_due_to_error"
    told = (await api.done("POST", "/event_sets", {"event_set": {"event_type": types}}))["events"]
    assert [(event["type"], event["object_id"]) for event in told] == [
        ("integration.disable_due_to_error", made["id"]),
        ("integration.warn_due_to_error", made["id"]),
    ]
    await api.done("PATCH", f"/integrations/{made['id']}", {"integration": {"enabled": True}})
    assert not (await api.done("GET", f"/integrations/{made['id']}"))["disabled_due_to_error"]


@kisi_test
async def test_an_integration_is_kept_and_shows_no_secret(api: Api) -> None:
    made = await create(api, signature_key="s3cret", enabled_events=["lock.unlock"])
    assert "s3cret" not in str(made)
    assert (made["type"], made["url"], made["enabled"]) == ("event_webhook", URL, True)
    assert made["enabled_events"] == ["lock.unlock"]
    change = {"integration": {"name": "Other", "enabled": "false", "enabled_events": []}}
    assert (await api.call("PUT", f"/integrations/{made['id']}", change)).status == 204
    shown = await api.done("GET", f"/integrations/{made['id']}")
    assert (shown["name"], shown["enabled"], shown["enabled_events"]) == ("Other", False, [])
    assert [one["id"] for one in await api.done("GET", "/integrations?query=OTH&enabled=false")] == [
        made["id"]
    ]
    assert await api.done("GET", "/integrations?enabled=true") == []
    assert await api.done("GET", "/integrations?scope=place") == []
    assert (await api.call("DELETE", f"/integrations/{made['id']}")).status == 204
    assert (await api.call("GET", f"/integrations/{made['id']}")).status == 404


@kisi_test
async def test_importers_of_other_clouds_are_refused_and_say_what_is_missing(api: Api) -> None:
    for kind in (
        "active_directory_user_import",
        "jumpcloud_user_import",
        "braxos_elevator",
        "rhombus_systems_camera",
    ):
        wanted = {"integration": {"name": "Import", "type": kind, "api_key": "k"}}
        answer = await api.call("POST", "/integrations", wanted)
        assert answer.status == 422
        assert "lacks" in answer.json()["errors"]["type"][0]
    assert await api.done("GET", "/integrations") == []


@kisi_test
async def test_what_makes_no_webhook_is_refused(api: Api) -> None:
    for wanted, attribute in (
        ({"url": "http://127.0.0.1/"}, "url"),
        ({"url": None}, "url"),
        ({"name": " "}, "name"),
        ({"type": "smoke_signal"}, "type"),
        ({"enabled_events": ["lock.explode"]}, "enabled_events"),
    ):
        whole = {"name": "Hook", "type": "event_webhook", "url": URL, **wanted}
        answer = await api.call("POST", "/integrations", {"integration": whole})
        assert answer.status == 422, wanted
        assert attribute in answer.json()["errors"], wanted
    made = await create(api)
    change = {"integration": {"url": "https://10.0.0.1/"}}
    assert (await api.call("PATCH", f"/integrations/{made['id']}", change)).status == 422
    assert (await api.done("GET", f"/integrations/{made['id']}"))["url"] == URL
