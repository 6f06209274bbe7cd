"""What is changed, and what a change never does."""

from typing import Any

from rekey.domain.block import BlockCause, Subject, SubjectKind
from rekey.operations.place_block import PlaceBlock, place_block
from tests.dialects.in_world import Api
from tests.dialects.seam.api import add_person, add_user, entrances_of, may_open, query, refusal, seam_test

SINCE = {"starts_at": "2020-01-01T00:00:00Z", "ends_at": None}
EMPTY = "String must contain at least 1 character(s)"


@seam_test
async def test_the_profile_and_the_schedule_of_a_user_change_in_one_act(api: Api) -> None:
    user = await add_user(api)
    before = await api.world.journal_size()
    change = {"full_name": "Ada L.", "access_schedule": SINCE}
    await api.done("PATCH", "/acs/users/update", {"acs_user_id": user["acs_user_id"], **change})
    assert await api.world.journal_size() == before + 1
    shown = (await api.done("GET", query("/acs/users/get", acs_user_id=user["acs_user_id"])))["acs_user"]
    assert (shown["full_name"], shown["access_schedule"]["ends_at"]) == ("Ada L.", None)


@seam_test
async def test_a_profile_that_is_refused_leaves_the_schedule_as_it_was(api: Api) -> None:
    user = await add_user(api)
    change = {"email_address": "nobody", "access_schedule": SINCE}
    answer = await api.call("PATCH", "/acs/users/update", {"acs_user_id": user["acs_user_id"], **change})
    assert refusal(answer) == (400, "invalid_input")
    shown = (await api.done("GET", query("/acs/users/get", acs_user_id=user["acs_user_id"])))["acs_user"]
    assert "access_schedule" not in shown


@seam_test
async def test_a_schedule_that_takes_the_place_of_another_names_both_bounds(api: Api) -> None:
    user = await add_user(api, access_schedule={"ends_at": "2199-01-01T00:00:00Z"})
    assert user["access_schedule"]["starts_at"]
    for bound in ({"starts_at": "2020-01-01T00:00:00Z"}, {"ends_at": "2199-02-01T00:00:00Z"}, {}):
        change = {"acs_user_id": user["acs_user_id"], "access_schedule": bound}
        answer = await api.call("PATCH", "/acs/users/update", change)
        assert refusal(answer) == (400, "invalid_input")
    shown = (await api.done("GET", query("/acs/users/get", acs_user_id=user["acs_user_id"])))["acs_user"]
    assert shown["access_schedule"] == user["access_schedule"]


@seam_test
async def test_an_empty_text_neither_names_nor_clears_anything(api: Api) -> None:
    user = await add_user(api, email_address="ada@acme.test")
    of_user = {"acs_user_id": user["acs_user_id"]}
    cases: list[tuple[str, dict[str, Any], str]] = [
        ("/user_identities/create", {}, "full_name"),
        ("/user_identities/create", {}, "user_identity_key"),
        ("/user_identities/update", {"user_identity_id": user["user_identity_id"]}, "full_name"),
        ("/acs/users/update", of_user, "full_name"),
    ]
    for path, body, name in cases:
        answer = await api.call("POST", path, {**body, name: ""})
        assert refusal(answer) == (400, "invalid_input"), path
        assert answer.json()["error"]["validation_errors"][name] == {"_errors": [EMPTY]}
    answer = await api.call("POST", "/acs/users/update", {**of_user, "email_address": ""})
    assert refusal(answer) == (400, "invalid_input")


@seam_test
async def test_an_array_in_a_spelling_that_strict_forbids_is_refused_and_selects_nothing(api: Api) -> None:
    person = await add_person(api)
    path = f"/user_identities/list?user_identity_ids%5B%5D={person}"
    assert len((await api.done("GET", path))["user_identities"]) == 1
    assert refusal(await api.call("GET", f"{path}&_strict=true")) == (400, "invalid_query_params")


@seam_test
async def test_the_end_of_a_suspension_leaves_the_block_of_another_source(api: Api) -> None:
    user, door = await add_user(api), await api.world.add_door("Front")
    selector = {"acs_user_id": user["acs_user_id"]}
    await api.done("POST", "/acs/entrances/grant_access", {"acs_entrance_id": door, **selector})
    subject = Subject(SubjectKind.PERSON, user["user_identity_id"])
    await api.world.perform(place_block, PlaceBlock(subject=subject, cause=BlockCause.OPERATOR))
    for verb in ("suspend", "unsuspend"):
        await api.done("POST", f"/acs/users/{verb}", selector)
    assert not await may_open(api, user["user_identity_id"], door)
    assert await entrances_of(api, **selector) == []


@seam_test
async def test_the_last_owner_is_not_stripped_of_every_entrance(api: Api) -> None:
    found = await api.done("GET", query("/user_identities/list", search=api.world.owner["email"]))
    owner = {"user_identity_id": found["user_identities"][0]["user_identity_id"]}
    answer = await api.call("POST", "/acs/users/revoke_access_to_all_entrances", owner)
    assert refusal(answer) == (409, "last_owner")
    assert answer.header("rekey-revocation") is None
