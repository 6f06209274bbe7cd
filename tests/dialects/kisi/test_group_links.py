"""Group links, access keys, and what visitors see. Source: contract sections 2, 3.3 and 5.4."""

import re
from base64 import b64decode
from typing import Any

from tests.dialects.in_world import Api
from tests.dialects.kisi.api import add_group, add_lock, kisi_test
from tests.support.world import World


def as_visitor(world: World, secret: str, scheme: str = "KISI-GROUP-LINK") -> Api:
    return Api(world, world.client("/kisi", {"authorization": f"{scheme} {secret}"}))


async def add_link(api: Api, group: Any, **more: Any) -> Any:
    wanted = {"group_id": group["id"], "name": "Vera", **more}
    return await api.done("POST", "/group_links", {"group_link": wanted})


async def unlock(api: Api, lock: Any) -> tuple[int, str]:
    answer = await api.call("POST", f"/locks/{lock['id']}/unlock")
    body = answer.json()
    return answer.status, body.get("code", body.get("message"))


async def unlock_events(api: Api) -> list[Any]:
    found = await api.done("POST", "/event_sets", {"event_set": {"event_type": "lock.unlock"}})
    events: list[Any] = (await api.done("GET", f"/event_sets/{found['id']}"))["events"]
    return events


async def mailed_page(api: Api, to: str, page: str) -> str:
    """Give the secret in the address that was mailed."""
    letter = (await api.world.deliver()).newest(to)
    found = re.search(rf"/kisi/{page}/(\S+)", letter.text)
    assert found is not None, letter.text
    return found[1]


@kisi_test
async def test_a_link_opens_the_doors_of_its_group_and_no_other(api: Api) -> None:
    front, back = await add_lock(api, "front"), await add_lock(api, "back")
    link = await add_link(api, await add_group(api, "guests", front))
    visitor = as_visitor(api.world, link["secret"])
    assert await unlock(visitor, front) == (200, "Unlocked!")
    assert await unlock(visitor, back) == (403, "fcd8ef")


@kisi_test
async def test_the_secret_is_shown_at_creation_only(api: Api) -> None:
    group = await add_group(api, "guests")
    made = await add_link(api, group, quick_response_code_type="online")
    assert b64decode(made["quick_response_code_image"]).startswith(b"\x89PNG")
    (listed,) = await api.done("GET", "/group_links")
    once = {"secret", "quick_response_code_token", "quick_response_code_image"}
    assert listed == {name: value for name, value in made.items() if name not in once}
    assert (listed["link_enabled"], listed["quick_response_code_type"]) == (True, "online")
    assert (listed["group"]["name"], listed["created_by_type"]) == ("guests", "User")


@kisi_test
async def test_a_visitor_sees_reduced_objects_at_a_few_endpoints_only(api: Api) -> None:
    lock = await add_lock(api, "front")
    await add_lock(api, "back")
    link = await add_link(api, await add_group(api, "guests", lock))
    visitor = as_visitor(api.world, link["secret"])
    (seen,) = await visitor.done("GET", "/locks")
    assert seen["id"] == lock["id"]
    assert set(seen) == {
        *("id", "configured", "description", "locked_down_since", "locked_down", "name", "online"),
        *("open", "unlocked_until", "unlocked", "place_id", "place"),
    }
    assert await visitor.done("GET", f"/locks/{lock['id']}") == seen
    (place,) = await visitor.done("GET", "/places")
    assert "locks_count" not in place
    assert set(await visitor.done("GET", "/organization")) == {"id", "resource_type", "name", "domain"}
    for method, path in (("GET", "/users"), ("GET", "/groups"), ("POST", f"/locks/{lock['id']}/lock_down")):
        assert (await visitor.call(method, path)).status == 401, path


@kisi_test
async def test_a_deleted_link_is_dead_at_once_and_its_deletion_has_a_receipt(api: Api) -> None:
    lock = await add_lock(api, "front")
    link = await add_link(api, await add_group(api, "guests", lock))
    visitor = as_visitor(api.world, link["secret"])
    answer = await api.call("DELETE", f"/group_links/{link['id']}")
    assert (answer.status, bool(answer.header("rekey-revocation"))) == (204, True)
    assert (await unlock(visitor, lock))[0] == 401
    assert (await api.call("DELETE", f"/group_links/{link['id']}")).status == 404
    assert await api.done("GET", "/group_links") == []


@kisi_test
async def test_a_link_outside_its_time_is_f29aef(api: Api) -> None:
    lock = await add_lock(api, "front")
    group = await add_group(api, "guests", lock)
    early = await add_link(api, group, valid_from="2999-01-01T00:00:00Z")
    visitor = as_visitor(api.world, early["secret"])
    assert await unlock(visitor, lock) == (403, "f29aef")
    answer = await visitor.call("GET", "/locks")
    assert (answer.status, answer.json()["code"]) == (403, "f29aef")


@kisi_test
async def test_a_group_link_is_no_access_key_and_a_qr_code_no_link(api: Api) -> None:
    lock = await add_lock(api, "front")
    link = await add_link(api, await add_group(api, "guests", lock), quick_response_code_type="offline")
    for secret, scheme in (
        (link["secret"], "KISI-ACCESS-KEY"),
        (link["secret"], "KISI-LOGIN"),
        (link["quick_response_code_token"], "KISI-GROUP-LINK"),
    ):
        assert (await unlock(as_visitor(api.world, secret, scheme), lock))[0] == 401, scheme


@kisi_test
async def test_lockdown_refuses_a_link_with_the_codes_of_door_and_place(api: Api) -> None:
    lock = await add_lock(api, "front")
    link = await add_link(api, await add_group(api, "guests", lock))
    visitor = as_visitor(api.world, link["secret"])
    await api.done("POST", f"/locks/{lock['id']}/lock_down")
    assert await unlock(visitor, lock) == (409, "fad001")
    await api.done("POST", f"/locks/{lock['id']}/cancel_lockdown")
    await api.done("POST", f"/places/{lock['place_id']}/lock_down")
    assert await unlock(visitor, lock) == (409, "fad002")


@kisi_test
async def test_an_opening_by_a_link_is_told_as_the_links_own(api: Api) -> None:
    lock = await add_lock(api, "front")
    link = await add_link(api, await add_group(api, "guests", lock))
    await unlock(as_visitor(api.world, link["secret"]), lock)
    (event,) = await unlock_events(api)
    assert (event["success"], event["actor_type"], event["actor_id"]) == (True, "GroupLink", link["id"])
    assert (event["actor_name"], event["authenticated_by_type"]) == ("Vera", "GroupLink")
    (listed,) = await api.done("GET", "/group_links")
    assert listed["last_used_at"] is not None


@kisi_test
async def test_links_are_found_and_sorted(api: Api) -> None:
    first, second = await add_group(api, "attic"), await add_group(api, "cellar")
    one = await add_link(api, second, name="Zoe", email="zoe@else.test")
    two = await add_link(api, first, name="Abe", valid_until="2999-01-01T00:00:00Z")

    async def ids(query: str) -> list[int]:
        return [link["id"] for link in await api.done("GET", f"/group_links?{query}")]

    assert await ids(f"group_id={first['id']}") == [two["id"]]
    assert await ids("query=ZOE@else") == [one["id"]]
    assert await ids("query=cellar") == [one["id"]]
    assert await ids("sort=name") == [two["id"], one["id"]]
    assert await ids("sort=-group_name") == [one["id"], two["id"]]
    assert await ids("sort=valid_until") == [two["id"], one["id"]]
    assert (await api.call("GET", "/group_links?sort=colour")).status == 400


@kisi_test
async def test_a_link_with_nothing_to_use_is_422(api: Api) -> None:
    group = await add_group(api, "guests")
    for more in (
        {"link_enabled": False},
        {"quick_response_code_type": "paper"},
        {"link_enabled": False, "quick_response_code_type": "online", "phone": "+15550100"},
        {"valid_until": "2001-01-01T00:00:00Z"},
        {"group_id": 999_999},
    ):
        wanted = {"group_id": group["id"], "name": "Vera", **more}
        assert (await api.call("POST", "/group_links", {"group_link": wanted})).status == 422, more


@kisi_test
async def test_a_link_is_mailed_and_sent_to_the_phone(api: Api) -> None:
    link = await add_link(api, await add_group(api, "guests"), email="vera@else.test", phone="+15550100")
    assert await mailed_page(api, "vera@else.test", "grouplinks") == link["secret"]
    assert link["secret"] in api.world.mailbox.newest("+15550100").text


@kisi_test
async def test_no_secret_of_a_link_is_kept_in_clear(api: Api) -> None:
    link = await add_link(api, await add_group(api, "guests"), email="vera@else.test")
    rows = await api.world.core.store.read(
        api.world.organization_id, lambda view: view.journal.rows(limit=1000)
    )
    assert link["secret"] not in str([row.row.detail for row in rows])


async def invite_guest(api: Api, group: Any, **more: Any) -> Any:
    guest = {"resource_type": "Guest", "name": "Gus", "email": "gus@else.test"}
    wanted = {"invites_to_type": "Group", "invites_to_id": group["id"], "invitee": guest, **more}
    return await api.done("POST", "/invites", {"invite": wanted})


@kisi_test
async def test_an_invited_guest_is_mailed_an_access_key_that_ends_with_the_guest(api: Api) -> None:
    lock = await add_lock(api, "front")
    invite = await invite_guest(api, await add_group(api, "guests", lock))
    secret = await mailed_page(api, "gus@else.test", "accesskeys")
    guest = as_visitor(api.world, secret, "KISI-ACCESS-KEY")
    assert [one["id"] for one in await guest.done("GET", "/locks")] == [lock["id"]]
    assert await unlock(guest, lock) == (200, "Unlocked!")
    (event,) = await unlock_events(api)
    assert (event["actor_type"], event["authenticated_by_type"]) == ("Guest", "AccessKey")
    await api.done("DELETE", f"/guests/{invite['invitee_id']}")
    assert (await unlock(guest, lock))[0] == 401


@kisi_test
async def test_an_access_key_counts_no_longer_than_the_right_it_came_with(api: Api) -> None:
    lock = await add_lock(api, "front")
    terms = {"role_id": "group_basic", "valid_from": "2999-01-01T00:00:00Z"}
    await invite_guest(api, await add_group(api, "guests", lock), role_assignment=terms)
    secret = await mailed_page(api, "gus@else.test", "accesskeys")
    assert await unlock(as_visitor(api.world, secret, "KISI-ACCESS-KEY"), lock) == (403, "f29aef")


@kisi_test
async def test_a_guest_invited_without_a_link_gets_none(api: Api) -> None:
    group = await add_group(api, "guests")
    await invite_guest(api, group, access_key={"link_enabled": False, "qr_code_enabled": False})
    assert "accesskeys" not in (await api.world.deliver()).newest("gus@else.test").text


@kisi_test
async def test_a_visitor_sees_a_lock_that_is_locked_down_or_shut_for_the_hour(api: Api) -> None:
    lock = await add_lock(api, "front")
    group = await add_group(api, "guests", lock)
    visitor = as_visitor(api.world, (await add_link(api, group))["secret"])
    await api.done("POST", f"/places/{lock['place_id']}/lock_down")
    assert [one["id"] for one in await visitor.done("GET", "/locks")] == [lock["id"]]
    for verb in ("unlock", "first_to_arrive", "last_to_leave"):
        answer = await visitor.call("POST", f"/locks/{lock['id']}/{verb}")
        assert (answer.status, answer.json()["code"]) == (409, "fad002"), verb
    await api.done("POST", f"/places/{lock['place_id']}/cancel_lockdown")
    await api.done("PATCH", f"/groups/{group['id']}", {"group": {"time_restriction_enabled": True}})
    assert [one["id"] for one in await visitor.done("GET", "/locks")] == [lock["id"]]
    assert len(await visitor.done("GET", "/places")) == 1
    assert (await unlock(visitor, lock))[:2] == (403, "34ffaa")
