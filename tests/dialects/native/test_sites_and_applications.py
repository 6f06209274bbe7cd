"""Sites on a map, their administrators, and taking trust from applications."""

from tests.dialects.doordeck.partner import partner_of
from tests.dialects.doordeck.signing import owner_of
from tests.dialects.in_world import Api, in_world
from tests.support.world import World


def _native(world: World) -> Api:
    headers = {"authorization": f"Bearer {world.keys['rekey']}"}
    return Api(world, world.client("/api/v1", headers))


@in_world(_native)
async def test_a_site_is_placed_renamed_and_taken_off_the_map(api: Api) -> None:
    site = api.world.site_id
    path = f"/sites/{site}/map"
    placed = await api.done("PATCH", path, {"latitude": -33.9, "longitude": 151.2, "radius": 50})
    assert (placed["latitude"], placed["radius"], placed["colour"]) == (-33.9, 50, None)
    await api.done("PATCH", f"/sites/{site}", {"name": "Harbour"})
    assert await api.done("GET", path) == placed
    cleared = await api.done("PATCH", path, {"latitude": None, "longitude": None, "radius": None})
    assert (cleared["latitude"], cleared["longitude"], cleared["radius"]) == (None, None, None)


@in_world(_native)
async def test_half_a_place_or_one_beyond_the_map_is_refused_and_changes_nothing(api: Api) -> None:
    path = f"/sites/{api.world.site_id}/map"
    before = await api.done("GET", path)
    for wrong in (
        {"latitude": 52.5},
        {"latitude": 91, "longitude": 0},
        {"latitude": 52.5, "longitude": None},
        {"radius": 0},
        {"radius": 10.5},
        {"colour": "red"},
        {"logo_url": "http://acme.test/x.png"},
        {"colour": "#112233", "radius": -1},
        {"place": "here"},
    ):
        answer = await api.call("PATCH", path, wrong)
        assert answer.status in {400, 422}, (wrong, answer.status)
    assert await api.done("GET", path) == before


@in_world(_native)
async def test_a_site_has_administrators_who_are_added_once_and_removed(api: Api) -> None:
    ada = await api.world.add_person("Ada", email="ada@acme.test")
    path = f"/sites/{api.world.site_id}/administrators"
    given = await api.done("PUT", f"{path}/{ada}")
    assert (await api.done("PUT", f"{path}/{ada}"))["id"] == given["id"]
    assert [grant["id"] for grant in (await api.done("GET", path))["items"]] == [given["id"]]
    assert await api.done("DELETE", f"{path}/{ada}") == {"ended_grants": [given["id"]]}
    assert (await api.done("GET", path))["items"] == []
    assert (await api.call("DELETE", f"{path}/{ada}")).status == 404


@in_world(_native)
async def test_an_application_is_suspended_resumed_and_loses_a_key(api: Api) -> None:
    partner = await partner_of(await owner_of(api.world))
    (shown,) = (await api.done("GET", "/applications"))["items"]
    assert shown["keys"] == [{"kid": "key-1", "kind": "OKP", "usable": True}]
    path, ann = f"/applications/{partner.id}", partner.phone("ann")
    for suspended, status in ((True, 401), (False, 200)):
        assert (await api.done("PATCH", path, {"suspended": suspended}))["suspended"] is suspended
        assert (await ann.call("GET", "/account")).status == status
    assert (await api.done("DELETE", f"{path}/keys/key-1"))["keys"] == []
    assert (await ann.call("GET", "/account")).status == 401
    assert (await api.call("DELETE", f"{path}/keys/key-1")).status == 404
    assert (await api.call("DELETE", path)).status == 204
    assert (await api.call("GET", path)).status == 404
