"""The pages of visitors: they work without JavaScript and keep the secret in the address to themselves."""

from typing import Any

from tests.dialects.in_world import Api
from tests.dialects.kisi.api import add_group, add_lock, kisi_test
from tests.dialects.kisi.test_group_links import add_link, invite_guest, mailed_page, unlock_events
from tests.support.asgi import Response

FORM = {"content_type": "application/x-www-form-urlencoded"}


def browser(api: Api) -> Api:
    """Call as a browser does, which has no login."""
    return Api(api.world, api.world.client("/kisi"))


async def press(api: Api, secret: str, lock: Any, page: str = "grouplinks") -> Response:
    return await browser(api).call("POST", f"/{page}/{secret}", f"lock={lock['id']}".encode(), **FORM)


@kisi_test
async def test_the_page_shows_the_doors_of_the_link_each_with_a_button(api: Api) -> None:
    front = await add_lock(api, "front <b>")
    await add_lock(api, "attic")
    link = await add_link(api, await add_group(api, "guests", front), name="Vera & Co")
    answer = await browser(api).call("GET", f"/grouplinks/{link['secret']}")
    page = answer.body.decode()
    assert answer.status == 200
    assert answer.header("content-type") == "text/html; charset=utf-8"
    assert page.count("<button") == 1
    assert "front &lt;b&gt;" in page
    assert "Vera &amp; Co" in page
    assert "attic" not in page


@kisi_test
async def test_the_address_of_the_page_goes_nowhere_else(api: Api) -> None:
    link = await add_link(api, await add_group(api, "guests", await add_lock(api, "front")))
    answer = await browser(api).call("GET", f"/grouplinks/{link['secret']}")
    policy = answer.header("content-security-policy") or ""
    assert answer.header("referrer-policy") == "no-referrer"
    assert answer.header("cache-control") == "no-store"
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy
    page = answer.body.decode()
    assert link["secret"] not in page
    assert "<script" not in page
    assert "http" not in page


@kisi_test
async def test_looking_at_the_page_opens_nothing_and_pressing_the_button_does(api: Api) -> None:
    lock = await add_lock(api, "front")
    link = await add_link(api, await add_group(api, "guests", lock))
    await browser(api).call("GET", f"/grouplinks/{link['secret']}")
    assert await unlock_events(api) == []
    answer = await press(api, link["secret"], lock)
    assert (answer.status, b"front is open" in answer.body) == (200, True)
    assert len(await unlock_events(api)) == 1


@kisi_test
async def test_a_door_that_the_link_does_not_open_stays_shut(api: Api) -> None:
    back = await add_lock(api, "back")
    link = await add_link(api, await add_group(api, "guests", await add_lock(api, "front")))
    answer = await press(api, link["secret"], back)
    assert b'role="alert"' in answer.body
    assert [event["success"] for event in await unlock_events(api)] == [False]


@kisi_test
async def test_the_page_of_a_dead_or_wrong_link_tells_nothing(api: Api) -> None:
    lock = await add_lock(api, "front")
    link = await add_link(api, await add_group(api, "guests", lock))
    await api.done("DELETE", f"/group_links/{link['id']}")
    for secret in (link["secret"], "acme.0000", "nowhere"):
        answer = await browser(api).call("GET", f"/grouplinks/{secret}")
        assert (answer.status, b"front" in answer.body, b"<form" in answer.body) == (404, False, False)
        assert (await press(api, secret, lock)).status == 404


@kisi_test
async def test_the_page_shows_the_qr_code_and_a_qr_codes_own_page_no_buttons(api: Api) -> None:
    lock = await add_lock(api, "front")
    link = await add_link(api, await add_group(api, "guests", lock), quick_response_code_type="online")
    page = (await browser(api).call("GET", f"/grouplinks/{link['secret']}")).body.decode()
    assert "data:image/png;base64," in page
    code = link["quick_response_code_token"]
    own = (await browser(api).call("GET", f"/grouplinks/{code}")).body.decode()
    assert ("data:image/png;base64," in own, "<button" in own) == (True, False)
    assert b'role="alert"' in (await press(api, code, lock)).body
    assert await unlock_events(api) == []


@kisi_test
async def test_a_guests_page_opens_by_the_access_key(api: Api) -> None:
    lock = await add_lock(api, "front")
    await invite_guest(api, await add_group(api, "guests", lock), access_key={"qr_code_enabled": True})
    secret = await mailed_page(api, "gus@else.test", "accesskeys")
    answer = await press(api, secret, lock, "accesskeys")
    assert b"front is open" in answer.body
    assert b"data:image/png" in answer.body


@kisi_test
async def test_a_door_that_is_locked_down_stays_on_the_page_and_says_that_it_is_closed(api: Api) -> None:
    lock = await add_lock(api, "front")
    link = await add_link(api, await add_group(api, "guests", lock))
    address = f"/grouplinks/{link['secret']}"
    assert b"closed now" not in (await browser(api).call("GET", address)).body
    await api.done("POST", f"/locks/{lock['id']}/lock_down")
    shown = (await browser(api).call("GET", address)).body
    assert b"front" in shown
    assert b"closed now" in shown
