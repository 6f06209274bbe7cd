"""A first import of the size that Entra's checklist names, and groups of thousands."""

import asyncio
from typing import Any

from tests.dialects.in_world import Api
from tests.dialects.scim.api import add_front, add_group, add_user, patch, scim_test

PEOPLE, GROUPS = 1_000, 200


@scim_test
async def test_a_disable_amid_a_large_import_takes_effect_at_once(api: Api) -> None:
    front, ada = await add_front(api), await add_user(api, "ada")
    await front.grant(person=ada["id"])

    async def people(first: int, last: int) -> list[dict[str, Any]]:
        return [await add_user(api, f"p{index}", externalId=f"e{index}") for index in range(first, last)]

    first = await asyncio.gather(people(0, 250), people(250, 500))
    off = {"op": "Replace", "path": "active", "value": "False"}
    rest = asyncio.gather(people(500, 750), people(750, PEOPLE))
    assert (await patch(api, ada, off)).status == 200
    assert not await front.opens_for(ada)
    everybody = [one for half in [*first, *await rest] for one in half]
    for index in range(GROUPS):
        await add_group(api, f"g{index}", *everybody[index * 5 : index * 5 + 5])
    assert (await api.done("GET", "/Users?count=0"))["totalResults"] == PEOPLE + 2
    assert (await api.done("GET", "/Groups?count=0"))["totalResults"] == GROUPS
    wanted = "filter=userName%20eq%20%22P777@acme.test%22"
    (found,) = (await api.done("GET", f"/Users?{wanted}"))["Resources"]
    assert [one["display"] for one in found["groups"]] == ["g155"]


@scim_test
async def test_more_than_a_thousand_members_come_and_go_in_one_body(api: Api) -> None:
    front = await add_front(api)
    people = [await add_user(api, f"p{index}") for index in range(1_100)]
    group = await add_group(api, "Everybody")
    await front.grant(team=group["id"])
    members = [{"value": one["id"], "display": "somebody", "$ref": None} for one in people]
    answer = await patch(api, group, {"op": "Add", "path": "members", "value": members})
    assert (answer.status, answer.body) == (204, b"")
    assert await front.opens_for(people[1_099])
    answer = await patch(api, group, {"op": "Remove", "path": "members", "value": members[1:]})
    assert [one["value"] for one in answer.json()["members"]] == [people[0]["id"]]
    assert [await front.opens_for(one) for one in (people[0], people[1_099])] == [True, False]
