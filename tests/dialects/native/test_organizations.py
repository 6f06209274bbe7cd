"""Several organizations on one server never see each other."""

from tests.dialects.in_world import Api
from tests.dialects.native.api import add_door, add_person, grant, native_test

WANTED = {
    "name": "Globex",
    "domain": "globex",
    "owner_email": "hank@globex.test",
    "time_zone": "America/New_York",
}


async def other(api: Api) -> Api:
    made = await api.done("POST", "/organizations", WANTED)
    return Api(api.world, api.world.client("/api/v1", {"authorization": f"Bearer {made['keys']['rekey']}"}))


@native_test
async def test_a_foreign_id_answers_exactly_as_an_unknown_one(api: Api) -> None:
    theirs = await other(api)
    door, ada = await add_door(api, "Front"), await add_person(api, "ada")
    await grant(api, ada, door=door["id"])
    unknown = "00000000-0000-4000-8000-000000000000"
    for path in ("/doors/{}", "/doors/{}/who", "/doors/{}/log", "/people/{}", "/people/{}/doors"):
        kind = door if path.startswith("/doors") else ada
        foreign = await theirs.call("GET", path.format(kind["id"]))
        absent = await theirs.call("GET", path.format(unknown))
        assert (foreign.status, foreign.body) == (absent.status, absent.body), path


@native_test
async def test_lists_and_the_journal_show_nothing_of_another_organization(api: Api) -> None:
    theirs = await other(api)
    await add_door(api, "Front")
    await add_person(api, "ada")
    assert (await theirs.done("GET", "/doors"))["items"] == []
    assert [one["name"] for one in (await theirs.done("GET", "/people"))["items"]] == ["Owner"]
    assert [row["action"] for row in (await theirs.done("GET", "/journal"))["items"]] == [
        "organization.founded"
    ]


@native_test
async def test_a_domain_is_taken_once(api: Api) -> None:
    await api.done("POST", "/organizations", WANTED)
    assert (await api.call("POST", "/organizations", WANTED)).status == 409


@native_test
async def test_another_organizations_key_can_found_nothing(api: Api) -> None:
    theirs = await other(api)
    answer = await theirs.call("POST", "/organizations", {**WANTED, "domain": "initech"})
    assert answer.status == 403
