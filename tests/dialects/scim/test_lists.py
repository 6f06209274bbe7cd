"""Pages, projections and searches. Source: contract section 5."""

from tests.dialects.in_world import Api
from tests.dialects.scim.api import USER, add_group, add_user, patch, scim_test

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


@scim_test
async def test_pages_count_from_one_and_end_with_the_total(api: Api) -> None:
    for index in range(5):
        await add_user(api, f"u{index}")
    seen: list[str] = []
    while True:
        page = await api.done("GET", f"/Users?startIndex={len(seen) + 1}&count=2")
        assert (page["schemas"], page["totalResults"], page["startIndex"]) == ([LIST], 6, len(seen) + 1)
        assert page["itemsPerPage"] == len(page["Resources"])
        if not page["Resources"]:
            break
        seen += [one["userName"] for one in page["Resources"]]
    assert seen == ["olga@acme.test", *(f"u{index}@acme.test" for index in range(5))]


@scim_test
async def test_odd_numbers_are_bent_and_what_is_no_number_is_refused(api: Api) -> None:
    for query, rows, start in (
        ("startIndex=0", 1, 1),
        ("startIndex=-5", 1, 1),
        ("count=-1", 0, 1),
        ("count=0", 0, 1),
    ):
        page = await api.done("GET", f"/Users?{query}")
        assert (page["totalResults"], len(page["Resources"]), page["startIndex"]) == (1, rows, start), query
    beyond = await api.done("GET", "/Users?startIndex=100")
    assert (beyond["totalResults"], beyond["Resources"]) == (1, [])
    assert (await api.done("GET", "/Users?count=100000"))["itemsPerPage"] == 1
    assert (await api.call("GET", "/Users?count=ten")).status == 400


@scim_test
async def test_no_hit_is_200_with_an_empty_list(api: Api) -> None:
    page = await api.done("GET", "/Users?filter=userName%20eq%20%22f7a2f1f1-0000-4000-8000-000000000000%22")
    assert (page["totalResults"], page["itemsPerPage"], page["Resources"]) == (0, 0, [])


@scim_test
async def test_who_is_switched_off_stands_in_lists_and_filters(api: Api) -> None:
    ada = await add_user(api, "ada")
    await patch(api, ada, {"op": "replace", "path": "active", "value": False})
    everybody = (await api.done("GET", "/Users"))["Resources"]
    assert [one["active"] for one in everybody if one["id"] == ada["id"]] == [False]
    for wanted in ("userName%20eq%20%22ADA@acme.test%22", "active%20eq%20false"):
        (found,) = (await api.done("GET", f"/Users?filter={wanted}"))["Resources"]
        assert (found["id"], found["active"]) == (ada["id"], False)
    answer = await api.call("POST", "/Users", {"userName": "ADA@ACME.TEST"})
    assert (answer.status, answer.json()["scimType"]) == (409, "uniqueness")


@scim_test
async def test_a_projection_shows_what_is_asked_for_and_always_the_id(api: Api) -> None:
    body = {"name": {"givenName": "Ada", "familyName": "L"}, "title": "Dr"}
    ada = await add_user(api, "ada", **body)
    path = f"/Users/{ada['id']}"
    only = await api.done("GET", f"{path}?attributes=USERNAME,name.givenName,nonsense")
    assert only == {
        "schemas": [USER],
        "id": ada["id"],
        "userName": "ada@acme.test",
        "name": {"givenName": "Ada"},
    }
    less = await api.done("GET", f"{path}?excludedAttributes=title,name.familyName,id,meta")
    assert "title" not in less
    assert "meta" not in less
    assert (less["id"], less["name"]) == (ada["id"], {"givenName": "Ada"})
    (listed,) = (await api.done("GET", "/Users?attributes=userName&startIndex=2"))["Resources"]
    assert listed.keys() == {"schemas", "id", "userName"}
    changed = await api.call(
        "PATCH",
        f"{path}?attributes=title",
        {"Operations": [{"op": "replace", "path": "title", "value": "Prof"}]},
    )
    assert changed.json() == {"schemas": [USER], "id": ada["id"], "title": "Prof"}


@scim_test
async def test_entra_looks_for_a_group_without_its_members(api: Api) -> None:
    group = await add_group(api, "Engines", await add_user(api, "ada"))
    query = "filter=displayName%20eq%20%22ENGINES%22&excludedAttributes=members"
    (found,) = (await api.done("GET", f"/Groups?{query}"))["Resources"]
    assert (found["id"], "members" in found) == (group["id"], False)
    single = await api.done("GET", f"/Groups/{group['id']}?excludedAttributes=members")
    assert "members" not in single


@scim_test
async def test_entra_checks_a_reference_by_a_filter(api: Api) -> None:
    ada = await add_user(api, "ada")
    group = await add_group(api, "Engines", ada)
    for member, hits in ((ada["id"], 1), ("somebody-else", 0)):
        wanted = f"id%20eq%20%22{group['id']}%22%20and%20members%20eq%20%22{member}%22"
        assert (await api.done("GET", f"/Groups?filter={wanted}"))["totalResults"] == hits


@scim_test
async def test_the_name_of_a_member_is_shown_where_it_is_asked_for(api: Api) -> None:
    ada = await add_user(api, "ada", displayName="Ada")
    group = await add_group(api, "Engines", ada)
    shown = await api.done("GET", f"/Groups/{group['id']}?attributes=members.display,members.value")
    assert shown["members"] == [{"display": "Ada", "value": ada["id"]}]


@scim_test
async def test_a_search_takes_its_parameters_from_the_body(api: Api) -> None:
    ada = await add_user(api, "ada")
    group = await add_group(api, "Ada's friends", ada)
    search = {"filter": f'id eq "{ada["id"]}" or id eq "{group["id"]}"', "attributes": ["meta.resourceType"]}
    for path, kinds in (
        ("/Users/.search", ["User"]),
        ("/Groups/.search", ["Group"]),
        ("/.search", ["User", "Group"]),
    ):
        page = await api.done("POST", path, search)
        assert [one["meta"]["resourceType"] for one in page["Resources"]] == kinds, path
        assert page["totalResults"] == len(kinds)
    second = await api.done("POST", "/.search", {**search, "startIndex": 2, "count": 1})
    assert [one["id"] for one in second["Resources"]] == [group["id"]]
