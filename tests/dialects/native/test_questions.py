"""Who, which, why, and what stands in the journal."""

from tests.dialects.in_world import Api
from tests.dialects.native.api import add_door, add_person, grant, native_test, revoke


@native_test
async def test_who_can_open_a_door_today_and_at_a_past_instant(api: Api) -> None:
    door, ada = await add_door(api, "Front"), await add_person(api, "ada")
    await grant(api, ada, door=door["id"])
    then = api.world.clock.now().isoformat().replace("+00:00", "Z")
    await revoke(api, ada, door=door["id"])
    today = await api.done("GET", f"/doors/{door['id']}/who")
    past = await api.done("GET", f"/doors/{door['id']}/who?at={then}")
    names = [[one["person"]["name"] for one in answer["items"]] for answer in (today, past)]
    assert "ada" not in names[0]
    assert "ada" in names[1]


@native_test
async def test_why_shows_every_path_and_what_became_of_it(api: Api) -> None:
    door, ada = await add_door(api, "Front"), await add_person(api, "ada")
    await grant(api, ada, site=api.world.site_id)
    revoked = await revoke(api, ada, door=door["id"])
    why = await api.done("GET", f"/people/{ada['id']}/can/{door['id']}?why=1")
    assert (why["allowed"], why["reason"], why["cause"]) == (False, "revoked", revoked["revocation"]["id"])
    assert [(path["counts"], path["reason"]) for path in why["paths"]] == [(False, "revoked")]


@native_test
async def test_a_person_is_named_by_email_number_id_or_a_unique_part_of_the_name(api: Api) -> None:
    ada = await add_person(api, "ada")
    await add_person(api, "adam")
    for name in ("ada@acme.test", str(ada["number"]), ada["id"]):
        assert (await api.done("GET", f"/people/{name}"))["id"] == ada["id"]
    ambiguous = await api.call("GET", "/people/ad")
    assert ambiguous.status == 409
    assert {one["name"] for one in ambiguous.json()["candidates"]} == {"ada", "adam"}


@native_test
async def test_what_changes_something_takes_no_part_of_a_name(api: Api) -> None:
    await add_person(api, "ada")
    assert (await api.call("GET", "/people/ad")).status == 200
    assert (await api.call("DELETE", "/people/ad")).status == 404
    assert (await api.call("POST", "/people/ad/revoke", {"everywhere": True})).status == 404
    assert (await api.call("DELETE", "/people/ada@acme.test")).status == 200


@native_test
async def test_the_journal_is_a_feed_that_misses_and_doubles_nothing(api: Api) -> None:
    for name in ("ada", "bob", "cyd"):
        await add_person(api, name)
    positions, after = [], 0
    while page := (await api.done("GET", f"/journal?limit=2&after={after}"))["items"]:
        positions += [row["position"] for row in page]
        after = positions[-1]
    assert positions == list(range(1, await api.world.journal_size() + 1))


@native_test
async def test_a_key_without_the_permission_is_refused_and_leaves_one_row(api: Api) -> None:
    made = await api.done("POST", "/keys", {"name": "reader", "permissions": ["people_read"]})
    reader = Api(api.world, api.world.client("/api/v1", {"authorization": f"Bearer {made['secret']}"}))
    assert (await reader.call("GET", "/people")).status == 200
    before = await api.world.journal_size()
    assert (await reader.call("POST", "/people", {"name": "eve"})).status == 403
    assert await api.world.journal_size() == before + 1
    assert (await reader.call("GET", "/doors")).status == 403


@native_test
async def test_an_ended_key_is_dead_at_once(api: Api) -> None:
    made = await api.done("POST", "/keys", {"name": "short"})
    short = Api(api.world, api.world.client("/api/v1", {"authorization": f"Bearer {made['secret']}"}))
    await short.done("GET", "/whoami")
    await api.done("DELETE", f"/keys/{made['id']}")
    assert (await short.call("GET", "/whoami")).status == 401


@native_test
async def test_a_misspelt_restriction_is_refused_rather_than_dropped(api: Api) -> None:
    door, ada = await add_door(api, "Front"), await add_person(api, "ada")
    answer = await api.call(
        "POST", "/grants", {"person": ada["id"], "door": door["id"], "ends": "2999-01-01T00:00:00Z"}
    )
    assert answer.status == 400
    assert await api.done("GET", f"/grants?person={ada['id']}") == {"items": [], "next": None}


@native_test
async def test_a_batch_of_grants_is_given_whole_or_not_at_all(api: Api) -> None:
    door, ada = await add_door(api, "Front"), await add_person(api, "ada")
    grants = [{"person": ada["id"], "door": door["id"]}, {"person": ada["id"], "door": "no-such-door"}]
    assert (await api.call("POST", "/grants", {"grants": grants})).status == 404
    assert (await api.done("GET", f"/grants?person={ada['id']}"))["items"] == []


@native_test
async def test_problem_documents_say_what_to_do(api: Api) -> None:
    answer = await api.call("POST", "/sites", {"name": "Annex", "time_zone": "Mars/Olympus"})
    assert answer.status == 422
    assert answer.header("content-type") == "application/problem+json"
    assert answer.json()["field"] == "time_zone"
    assert "Europe/Berlin" in answer.json()["detail"]


@native_test
async def test_openapi_describes_every_route_and_needs_no_key(api: Api) -> None:
    bare = Api(api.world, api.world.client("/api/v1"))
    described = await bare.done("GET", "/openapi.json")
    assert "/people/{person}/revoke" in described["paths"]
    assert (await bare.call("GET", "/people")).status == 401
