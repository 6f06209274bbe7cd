"""User identities: people in this API's words."""

from tests.dialects.in_world import Api
from tests.dialects.seam.api import UNKNOWN, add_person, query, refusal, seam_test


@seam_test
async def test_a_person_is_shown_with_every_member_that_the_contract_requires(api: Api) -> None:
    person_id = await add_person(api, email_address="Ada@Acme.test", user_identity_key="k1")
    shown = (await api.done("GET", query("/user_identities/get", user_identity_key="k1")))["user_identity"]
    assert shown.pop("created_at").endswith("Z")
    assert shown == {
        "user_identity_id": person_id,
        "workspace_id": api.world.organization_id,
        "user_identity_key": "k1",
        "full_name": "Ada",
        "email_address": "ada@acme.test",
        "phone_number": None,
        "display_name": "Ada",
        "acs_user_ids": [],
        "errors": [],
        "warnings": [],
    }


@seam_test
async def test_a_person_may_be_made_without_any_name(api: Api) -> None:
    made = (await api.done("POST", "/user_identities/create", {}))["user_identity"]
    assert made["full_name"] is None
    assert made["display_name"]


@seam_test
async def test_an_omitted_member_stays_and_null_clears_it(api: Api) -> None:
    person_id = await add_person(api, email_address="ada@acme.test", phone_number="+4930123456")
    await api.done("PATCH", "/user_identities/update", {"user_identity_id": person_id, "phone_number": None})
    path = query("/user_identities/get", user_identity_id=person_id)
    shown = (await api.done("GET", path))["user_identity"]
    assert (shown["email_address"], shown["phone_number"]) == ("ada@acme.test", None)
    await api.done("PATCH", "/user_identities/update", {"user_identity_id": person_id, "full_name": None})
    assert (await api.done("GET", path))["user_identity"]["full_name"] is None


@seam_test
async def test_a_key_or_address_that_is_taken_is_a_conflict(api: Api) -> None:
    await add_person(api, email_address="ada@acme.test")
    answer = await api.call("POST", "/user_identities/create", {"email_address": "ADA@acme.test"})
    assert refusal(answer) == (409, "user_identity_already_exists")


@seam_test
async def test_ids_that_are_unknown_or_no_ids_at_all_are_not_found(api: Api) -> None:
    for id_ in (UNKNOWN, "not-a-uuid"):
        answer = await api.call("GET", query("/user_identities/get", user_identity_id=id_))
        assert refusal(answer) == (404, "user_identity_not_found")
        assert answer.json()["error"]["data"] == {"user_identity_id": id_}


@seam_test
async def test_get_takes_exactly_one_selector(api: Api) -> None:
    answer = await api.call("GET", "/user_identities/get")
    assert refusal(answer) == (400, "invalid_input")
    assert answer.json()["error"]["validation_errors"]["_errors"]


@seam_test
async def test_pages_end_and_their_cursors_are_bound_to_the_other_parameters(api: Api) -> None:
    made = [await add_person(api, f"Page {number}") for number in range(3)]
    first = await api.done("GET", query("/user_identities/list", limit=2, search="page"))
    cursor = first["pagination"]["next_page_cursor"]
    rest = await api.done("GET", query("/user_identities/list", limit=2, search="page", page_cursor=cursor))
    seen = [one["user_identity_id"] for one in first["user_identities"] + rest["user_identities"]]
    assert seen == made
    last = {"has_next_page": False, "next_page_cursor": None, "next_page_url": None}
    assert rest["pagination"] == last
    other = query("/user_identities/list", limit=1, search="page", page_cursor=cursor)
    assert refusal(await api.call("GET", other)) == (400, "mismatched_page_parameters")
    followed = first["pagination"]["next_page_url"].partition("/seam")[2]
    assert (await api.done("GET", followed))["user_identities"] == rest["user_identities"]


@seam_test
async def test_a_deleted_person_is_gone_and_the_reply_names_the_revocation(api: Api) -> None:
    person_id = await add_person(api)
    path = query("/user_identities/delete", user_identity_id=person_id)
    answer = await api.call("DELETE", path)
    assert (answer.status, answer.json()) == (200, {"ok": True})
    assert answer.header("rekey-revocation")
    assert refusal(await api.call("DELETE", path)) == (404, "user_identity_not_found")
