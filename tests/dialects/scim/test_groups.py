"""Groups are teams: what they open ends with the membership. Source: contract sections 4.2 and 7."""

from tests.dialects.in_world import Api
from tests.dialects.scim.api import (
    actions,
    add_front,
    add_group,
    add_user,
    journal,
    kisi_of,
    native_of,
    patch,
    scim_test,
)


@scim_test
async def test_leaving_a_group_ends_what_it_opened_and_nothing_else(api: Api) -> None:
    front, back = await add_front(api), await add_front(api, "Back")
    ada = await add_user(api, "ada")
    group = await add_group(api, "Engines", ada)
    await front.grant(team=group["id"])
    await back.grant(person=ada["id"])
    assert await front.opens_for(ada)
    await patch(api, group, {"op": "remove", "path": f'members[value eq "{ada["id"]}"]'})
    assert not await front.opens_for(ada)
    assert await back.opens_for(ada)


@scim_test
async def test_deleting_a_group_ends_what_it_opened(api: Api) -> None:
    front, ada = await add_front(api), await add_user(api, "ada")
    group = await add_group(api, "Engines", ada)
    await front.grant(team=group["id"])
    assert (await api.call("DELETE", f"/Groups/{group['id']}")).status == 204
    assert not await front.opens_for(ada)
    assert (await api.call("DELETE", f"/Groups/{group['id']}")).status == 404
    assert "groups" not in await api.done("GET", f"/Users/{ada['id']}")


@scim_test
async def test_a_group_name_is_taken_once_whatever_its_case(api: Api) -> None:
    group = await add_group(api, "Engines")
    answer = await api.call("POST", "/Groups", {"displayName": "ENGINES"})
    assert (answer.status, answer.json()["scimType"]) == (409, "uniqueness")
    other = await add_group(api, "Looms")
    renamed = await patch(api, other, {"op": "replace", "path": "displayName", "value": "engines"})
    assert renamed.status == 409
    same = await patch(api, group, {"op": "replace", "value": {"id": group["id"], "displayName": "engines"}})
    assert (same.status, same.json()["displayName"]) == (200, "engines")


@scim_test
async def test_a_team_that_operators_made_is_found_and_then_managed(api: Api) -> None:
    team = await native_of(api.world).done("POST", "/teams", {"name": "Engines"})
    assert (await api.call("POST", "/Groups", {"displayName": "engines"})).status == 409
    shown = await api.done("GET", f"/Groups/{team['id']}")
    assert (await patch(api, shown, {"op": "add", "path": "externalId", "value": "g-1"})).status == 200
    found = await api.done("GET", "/Groups?filter=externalId%20eq%20%22g-1%22")
    assert [one["id"] for one in found["Resources"]] == [team["id"]]


@scim_test
async def test_a_put_makes_the_members_exactly_those_and_tells_each_change(api: Api) -> None:
    ada, bob, cyd = [await add_user(api, name) for name in ("ada", "bob", "cyd")]
    group = await add_group(api, "Engines", ada, bob)
    body = {"displayName": "Engines", "members": [{"value": bob["id"]}, {"value": cyd["id"]}]}
    put = await api.done("PUT", f"/Groups/{group['id']}", body)
    assert [one["value"] for one in put["members"]] == [bob["id"], cyd["id"]]
    row = (await journal(api))[-1]
    assert (row.action, row.detail["added"], row.detail["removed"]) == (
        "team.provisioned_anew",
        [cyd["id"]],
        [ada["id"]],
    )


@scim_test
async def test_a_change_of_nothing_leaves_no_event(api: Api) -> None:
    ada = await add_user(api, "ada")
    group = await add_group(api, "Engines", ada)
    rows = len(await actions(api))
    for operation in (
        {"op": "add", "path": "members", "value": [{"value": ada["id"]}]},
        {"op": "remove", "path": "members", "value": [{"value": "nobody"}]},
        {"op": "replace", "path": "displayName", "value": "Engines"},
    ):
        assert (await patch(api, group, operation)).status == 200
    assert len(await actions(api)) == rows


@scim_test
async def test_somebody_unknown_is_not_taken_and_a_group_in_a_group_is_refused(api: Api) -> None:
    group = await add_group(api, "Engines")
    unknown = await patch(api, group, {"op": "add", "path": "members", "value": [{"value": "nobody"}]})
    assert (unknown.status, "members" in unknown.json()) == (200, False)
    nested = {"op": "add", "path": "members", "value": [{"value": group["id"], "type": "Group"}]}
    answer = await patch(api, group, nested)
    assert (answer.status, answer.json()["scimType"]) == (400, "invalidValue")


@scim_test
async def test_the_same_team_stands_in_kisi_and_takes_effect_from_there_too(api: Api) -> None:
    front, ada = await add_front(api), await add_user(api, "ada")
    group = await add_group(api, "Engines", ada)
    await front.grant(team=group["id"])
    kisi = kisi_of(api.world)
    (team,) = await kisi.done("GET", "/teams")
    (membership,) = await kisi.done("GET", f"/team_memberships?team_id={team['id']}")
    await kisi.done("DELETE", f"/team_memberships/{membership['id']}")
    assert "members" not in await api.done("GET", f"/Groups/{group['id']}")
    assert not await front.opens_for(ada)
