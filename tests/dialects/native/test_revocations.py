"""A revocation and its receipt, through the native API."""

from tests.dialects.in_world import Api
from tests.dialects.native.api import add_door, add_person, grant, native_test, present, receipt, revoke


@native_test
async def test_a_revoked_person_is_refused_everywhere_and_the_receipt_is_complete(api: Api) -> None:
    door, ada = await add_door(api, "Front"), await add_person(api, "ada")
    await grant(api, ada, door=door["id"])
    assert await present(api, door, ada)
    revoked = await revoke(api, ada, door=door["id"])
    assert not await present(api, door, ada)
    decision = await api.done("GET", f"/people/{ada['id']}/can/{door['id']}")
    assert (decision["allowed"], decision["reason"]) == (False, "no_grant")
    shown = await receipt(api, revoked)
    assert shown["complete"]
    assert [(line["name"], line["status"], line["witness"]) for line in shown["doors"]] == [
        ("Front", "confirmed", "read-back")
    ]


@native_test
async def test_the_reply_names_the_revocation_in_a_header(api: Api) -> None:
    door, ada = await add_door(api, "Front"), await add_person(api, "ada")
    answer = await api.call("POST", f"/people/{ada['id']}/revoke", {"door": door["id"]})
    assert answer.header("rekey-revocation") == answer.json()["revocation"]["id"]


@native_test
async def test_a_plan_shows_the_doors_and_keeps_nothing(api: Api) -> None:
    door, ada = await add_door(api, "Front"), await add_person(api, "ada")
    await grant(api, ada, door=door["id"])
    before = await api.world.journal_size()
    planned = await revoke(api, ada, everywhere=True, plan=True)
    assert planned["planned"]
    assert [line["name"] for line in planned["receipt"]["doors"]] == ["Front"]
    assert await api.world.journal_size() == before
    assert await present(api, door, ada)


@native_test
async def test_an_offline_door_is_exposed_until_its_lease_ends(api: Api) -> None:
    door, ada = await add_door(api, "Front"), await add_person(api, "ada")
    await grant(api, ada, door=door["id"])
    lease_end = (await api.done("GET", f"/doors/{door['id']}/log"))["lease_end"]
    await api.done("PATCH", f"/doors/{door['id']}/simulate", {"offline": True})
    revoked = await revoke(api, ada, door=door["id"])
    line = (await receipt(api, revoked))["doors"][0]
    assert (line["status"], line["effective_by"]) == ("exposed", lease_end)
    assert present_is_listed(await api.done("GET", "/exposure"), revoked)
    await api.done("PATCH", f"/doors/{door['id']}/simulate", {"offline": False})
    await api.done("POST", f"/doors/{door['id']}/sync")
    assert (await receipt(api, revoked))["complete"]


def present_is_listed(
    exposure: dict[str, list[dict[str, dict[str, str]]]], revoked: dict[str, dict[str, str]]
) -> bool:
    return [item["revocation"]["id"] for item in exposure["items"]] == [revoked["revocation"]["id"]]


@native_test
async def test_a_door_that_lies_about_a_delete_is_refuted_and_never_confirmed(api: Api) -> None:
    door, ada = await add_door(api, "Front"), await add_person(api, "ada")
    await grant(api, ada, door=door["id"])
    await api.done("PATCH", f"/doors/{door['id']}/simulate", {"lying_about_deletes": True})
    revoked = await revoke(api, ada, door=door["id"])
    shown = await receipt(api, revoked)
    assert (shown["refuted"], shown["complete"]) == (True, False)
    assert shown["doors"][0]["status"] == "refuted"


@native_test
async def test_an_exported_receipt_proves_its_journal_row(api: Api) -> None:
    door, ada = await add_door(api, "Front"), await add_person(api, "ada")
    await grant(api, ada, door=door["id"])
    revoked = await revoke(api, ada, door=door["id"])
    identity = revoked["revocation"]["id"]
    exported = await api.done("GET", f"/revocations/{identity}/receipt/export")
    assert exported["proof"]["row"]["detail"]["revocation"] == identity
    assert exported["proof"]["row"]["position"] == revoked["revocation"]["position"]


@native_test
async def test_a_leaver_can_be_granted_nothing_until_reinstated(api: Api) -> None:
    door, ada = await add_door(api, "Front"), await add_person(api, "ada")
    revoked = await revoke(api, ada, everywhere=True, reason="left")
    refused = await api.call("POST", "/grants", {"person": ada["id"], "door": door["id"]})
    assert refused.status == 409
    assert refused.json()["revocation"] == revoked["revocation"]["id"]
    await api.done("POST", f"/people/{ada['id']}/reinstate", {"reason": "came back"})
    await grant(api, ada, door=door["id"])
    assert await present(api, door, ada)


@native_test
async def test_ending_a_grant_lists_the_paths_that_remain(api: Api) -> None:
    door, ada = await add_door(api, "Front"), await add_person(api, "ada")
    first = await grant(api, ada, door=door["id"])
    second = await grant(api, ada, site=api.world.site_id)
    ended = await api.done("DELETE", f"/grants/{first['id']}")
    assert [path["grant"]["id"] for path in ended["remaining"]] == [second["id"]]
