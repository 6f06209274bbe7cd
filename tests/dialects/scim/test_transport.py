"""Keys, the switch, media types, bent addresses, versions, discovery. Source: contract sections 1 to 4 and 8."""

from typing import Any

from tests.attacks.estate import found_globex
from tests.dialects.in_world import Api
from tests.dialects.scim.api import USER, add_user, directory_of, native_of, patch, scim_test
from tests.support.asgi import Response
from tests.support.world import World

MEDIA = "application/scim+json; charset=utf-8"


async def ask(world: World, path: str = "/Users", **headers: str) -> Response:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return await world.client("/scim/v2").send("GET", path, sent)


@scim_test
async def test_a_missing_or_wrong_key_is_401_in_scims_form(api: Api) -> None:
    for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": "Basic eDp4"}):
        answer = await ask(api.world, **headers)
        assert (answer.status, answer.header("www-authenticate")) == (401, "Bearer")
        assert answer.header("content-type") == MEDIA
        assert answer.json()["status"] == "401"


@scim_test
async def test_a_doubled_or_missing_word_bearer_is_forgiven(api: Api) -> None:
    key = api.world.keys["scim"]
    for header in (f"Bearer {key}", f"bearer {key}", f"Bearer Bearer {key}", key):
        assert (await ask(api.world, authorization=header)).status == 200, header


@scim_test
async def test_a_reset_key_is_dead_at_once_and_configured_by_the_first_good_call(api: Api) -> None:
    native = native_of(api.world)
    await api.done("GET", "/Users")
    assert (await native.done("GET", "/directory"))["configured"] is True
    made = await native.done("POST", "/directory/key")
    assert (await native.done("GET", "/directory"))["configured"] is False
    assert (await api.call("GET", "/Users")).status == 401
    renewed = directory_of(api.world, made["secret"])
    assert (await renewed.call("GET", "/Users")).status == 200
    assert (await native.done("GET", "/directory"))["configured"] is True


@scim_test
async def test_a_key_reaches_its_own_organization_alone(api: Api) -> None:
    ada = await add_user(api, "ada")
    globex = await found_globex(api.world)
    theirs = directory_of(api.world, globex.keys["scim"])
    assert (await theirs.call("GET", f"/Users/{ada['id']}")).status == 404
    names = [one["userName"] for one in (await theirs.done("GET", "/Users"))["Resources"]]
    assert names == ["hank@globex.test"]


@scim_test
async def test_switched_off_every_call_is_403_and_nobody_is_let_in_by_it(api: Api) -> None:
    ada, native = await add_user(api, "ada"), native_of(api.world)
    await patch(api, ada, {"op": "replace", "path": "active", "value": False})
    await native.done("PATCH", "/directory", {"enabled": False})
    for method, path in (
        ("GET", "/Users"),
        ("POST", "/Users"),
        ("GET", "/Schemas"),
        ("GET", "/ServiceProviderConfig"),
    ):
        answer = await api.call(method, path, {} if method == "POST" else None)
        assert (answer.status, answer.json()["status"]) == (403, "403"), path
    (blocked,) = (await native.done("GET", "/directory/inactive"))["items"]
    assert blocked["id"] == ada["id"]


@scim_test
async def test_bodies_come_under_any_json_media_type_or_none(api: Api) -> None:
    kinds = ("application/scim+json", "application/json", "application/scim+json; charset=utf-8", "")
    for index, kind in enumerate(kinds):
        body = {"schemas": [USER], "userName": f"u{index}@acme.test"}
        answer = await api.call("POST", "/Users", body, content_type=kind)
        assert (answer.status, answer.header("content-type")) == (201, MEDIA), kind


@scim_test
async def test_a_bent_address_leads_where_it_was_meant_to(api: Api) -> None:
    headers = {"authorization": f"Bearer {api.world.keys['scim']}"}
    for path in (
        "/scim/v2/Users?count=0",
        "/scim/v2/Users/?count=0",
        "/scim/v2//Users?count=0",
        "/scim/v2/Users?aadOptscim062020&count=0",
        "/scim/v2/Users?count=0&aadOptscim062020",
        "/scim/v2?aadOptscim062020/Users?count=0",
        "/scim/v2/?aadOptscim062020/Users?count=0",
        "/scim/v2/Users?aadOptscim062020?count=0",
        "/scim/v2/Users?count=0&whatever=1",
    ):
        answer = await api.world.client().send("GET", path, headers)
        assert (answer.status, answer.json().get("Resources")) == (200, []), path


@scim_test
async def test_a_new_resource_says_where_it_is_and_nothing_is_null(api: Api) -> None:
    answer = await api.call("POST", "/Users", {"userName": "ada@acme.test", "title": None, "roles": []})
    made = answer.json()
    assert (
        answer.header("location")
        == made["meta"]["location"]
        == f"http://rekey.test/scim/v2/Users/{made['id']}"
    )
    assert None not in made.values()
    assert made.keys() == {"schemas", "id", "userName", "active", "meta"}


@scim_test
async def test_what_was_written_is_read_back_as_it_was(api: Api) -> None:
    body: dict[str, Any] = {
        "schemas": [USER],
        "userName": "Ada.Lovelace@ACME.test",
        "displayName": "  Ada  ",
        "phoneNumbers": [{"value": "(0) 30 / 12-34", "type": "Work"}],
        "metadata": {"badge": {"colour": "blue"}, "Floors": [1, 2]},
    }
    made = await api.done("POST", "/Users", body)
    read = await api.done("GET", f"/Users/{made['id']}")
    assert {name: read[name] for name in body} == body


@scim_test
async def test_a_password_is_taken_and_never_shown_nor_kept_readable(api: Api) -> None:
    made = await add_user(api, "ada", password="canary-Pa55word")
    assert "password" not in made
    calls = await native_of(api.world).done("GET", "/directory/calls")
    assert "canary" not in repr(calls)
    assert calls["items"][0]["sent"].count("***") == 1


@scim_test
async def test_versions_guard_reads_and_changes(api: Api) -> None:
    ada = await add_user(api, "ada")
    path, version = f"/Users/{ada['id']}", ada["meta"]["version"]
    fresh = await api.call("GET", path)
    assert (fresh.header("etag"), fresh.json()["meta"]["version"]) == (version, version)
    unchanged = await api.call("GET", path, if_none_match=version)
    assert (unchanged.status, unchanged.body) == (304, b"")
    title = {"Operations": [{"op": "replace", "path": "title", "value": "Dr"}]}
    assert (await api.call("PATCH", path, title, if_match='W/"another"')).status == 412
    changed = await api.call("PATCH", path, title, if_match=version)
    assert changed.status == 200
    assert changed.header("etag") != version
    for method, body in (("PUT", {"userName": "ada@acme.test"}), ("DELETE", None)):
        assert (await api.call(method, path, body, if_match=version)).status == 412
    assert (await api.call("GET", path, if_none_match=version)).status == 200
    assert (await api.call("DELETE", path, if_match="*")).status == 204


@scim_test
async def test_discovery_is_readable_and_takes_no_other_verb_and_no_filter(api: Api) -> None:
    assert (await ask(api.world, "/ServiceProviderConfig")).status == 200
    for path in (
        "/ServiceProviderConfig",
        "/ResourceTypes",
        "/Schemas",
        "/ResourceTypes/User",
        f"/Schemas/{USER}",
    ):
        assert (await api.call("GET", path)).status == 200, path
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            answer = await api.call(method, path, {})
            assert (answer.status, answer.json()["status"]) == (405, "405"), (method, path)
    for path in ("/ResourceTypes", "/Schemas"):
        assert (await api.call("GET", f"{path}?filter=id%20eq%20%22x%22")).status == 403
    assert (await api.call("GET", "/ResourceTypes/Robot")).status == 404


@scim_test
async def test_an_unknown_path_is_404_with_a_scim_body(api: Api) -> None:
    for path in ("/", "/Me", "/Bulk", "/Users/a/b", "/nothing"):
        answer = await api.call("GET", path)
        assert (answer.status, answer.json()["status"], answer.header("content-type")) == (
            404,
            "404",
            MEDIA,
        ), path


@scim_test
async def test_a_bad_body_says_which_kind_of_bad_it_is(api: Api) -> None:
    ada = await add_user(api, "ada")
    for method, path, body, why in (
        ("POST", "/Users", b"{", "invalidSyntax"),
        ("POST", "/Users", b"", "invalidSyntax"),
        ("POST", "/Users", {"displayName": "x"}, "invalidValue"),
        ("POST", "/Users", {"userName": 7}, "invalidValue"),
        ("PUT", f"/Users/{ada['id']}", {"userName": ""}, "invalidValue"),
        ("PATCH", f"/Users/{ada['id']}", {"Operations": []}, "invalidSyntax"),
        ("POST", "/Groups", {"displayName": None}, "invalidValue"),
        ("POST", "/.search", [], "invalidSyntax"),
    ):
        answer = await api.call(method, path, body)
        assert (answer.status, answer.json().get("scimType")) == (400, why), (method, path, body)
