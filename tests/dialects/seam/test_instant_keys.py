"""Instant keys: a link that opens a person's doors so many times, and its page."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.dialects.in_world import Api
from tests.dialects.seam.api import add_person, link, query, refusal, seam_test
from tests.dialects.seam.cards import told
from tests.dialects.seam.test_events import types as event_types
from tests.support.asgi import Response


async def make_key(api: Api, person: str, **wanted: Any) -> dict[str, Any]:
    body = {"user_identity_id": person, **wanted}
    key: dict[str, Any] = (await told(api, "/user_identities/generate_instant_key", body))["instant_key"]
    return key


async def visit(api: Api, url: str, door: str | None = None) -> Response:
    """Look at the page, or press the button of a door and go where the page then sends the browser."""
    parts = urlsplit(url)
    path = f"{parts.path.removeprefix('/seam')}?{parts.query}"
    if door is None:
        return await api.call("GET", path, authorization="")
    form = urlencode({"door": door}).encode()
    pressed = await api.call(
        "POST", path, form, authorization="", content_type="application/x-www-form-urlencoded"
    )
    if pressed.status != 303:
        return pressed
    return await visit(api, f"{parts.path}{pressed.header('location')}")


@seam_test
async def test_a_key_is_read_by_its_id_and_by_its_link(api: Api) -> None:
    person = await add_person(api)
    key = await make_key(api, person)
    for name in ("instant_key_id", "instant_key_url"):
        found = await told(api, "/instant_keys/get", {name: key[name]}, verb="GET")
        assert found["instant_key"] == key
    listed = await told(api, "/instant_keys/list", {"user_identity_id": person}, verb="GET")
    assert listed["instant_keys"] == [key]
    assert (await told(api, "/acs/credentials/list", {}))["acs_credentials"] == []


@seam_test
async def test_the_page_opens_the_persons_doors_as_often_as_the_key_says(api: Api) -> None:
    front, back = await api.world.add_door("Front <b>"), await api.world.add_door("Back")
    person = await add_person(api)
    await link(api, person, front)
    key = await make_key(api, person)
    shown = await visit(api, key["instant_key_url"])
    assert shown.status == 200
    assert b"Front &lt;b&gt;" in shown.body
    assert b"Back" not in shown.body
    assert b"does not open" in (await visit(api, key["instant_key_url"], back)).body
    assert b"is open" in (await visit(api, key["instant_key_url"], front)).body
    assert b"opens nothing any more" in (await visit(api, key["instant_key_url"])).body
    assert "lock.unlocked" in await event_types(api)


@seam_test
async def test_loading_the_page_again_after_a_press_spends_no_use(api: Api) -> None:
    front, person = await api.world.add_door("Front"), await add_person(api)
    await link(api, person, front)
    key = await make_key(api, person, max_use_count=2)
    pressed = await visit(api, key["instant_key_url"], front)
    assert b"Front is open." in pressed.body
    assert b"It opens 1 more time." in pressed.body
    for _again in range(3):
        assert b"It opens 1 more time." in (await visit(api, key["instant_key_url"])).body


@seam_test
async def test_a_revoked_person_has_a_dead_key(api: Api) -> None:
    front, person = await api.world.add_door("Front"), await add_person(api)
    await link(api, person, front)
    key = await make_key(api, person, max_use_count=5)
    await link(api, person, front, "revoke")
    page = await visit(api, key["instant_key_url"], front)
    assert b"is open" not in page.body
    assert b"opens nothing any more" in (await visit(api, key["instant_key_url"])).body


@seam_test
async def test_a_deleted_key_dies_with_its_session(api: Api) -> None:
    key = await make_key(api, await add_person(api))
    await api.done("DELETE", query("/instant_keys/delete", instant_key_id=key["instant_key_id"]))
    answer = await api.call("GET", query("/instant_keys/get", instant_key_id=key["instant_key_id"]))
    assert refusal(answer) == (404, "instant_key_not_found")
    session = query("/client_sessions/get", client_session_id=key["client_session_id"])
    assert (await api.call("GET", session)).status == 404
    assert (await visit(api, key["instant_key_url"])).status == 404
    assert "client_session.deleted" in await event_types(api)


@seam_test
async def test_a_wrong_link_is_no_key(api: Api) -> None:
    key = await make_key(api, await add_person(api))
    assert (await visit(api, key["instant_key_url"][:-2] + "zz")).status == 404
    assert (await visit(api, key["instant_key_url"].partition("?")[0] + "?key=x.y")).status == 404
