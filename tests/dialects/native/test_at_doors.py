"""Links, cards and codes through the native API, tried at the door."""

from tests.dialects.in_world import Api
from tests.dialects.native.api import add_door, add_person, grant, native_test

CARD = {"card_type": "hf_uid", "identifiers": {"uid": "04:a1:b2:c3"}}


@native_test
async def test_a_link_with_a_code_opens_its_door_until_it_ends(api: Api) -> None:
    door = await add_door(api, "Front")
    link = await api.done("POST", "/links", {"name": "Visitor", "doors": [door["id"]], "code": "86420"})
    shown = await api.done("POST", f"/doors/{door['id']}/present", {"kind": "pin", "code": "86420"})
    assert (shown["allowed"], shown["holder"]) == (True, "Visitor")
    assert len(api.world.simulated.openings(door["id"])) == 1
    reply = await api.call("DELETE", f"/links/{link['number']}")
    assert reply.status == 200
    revocation = reply.json()["revocation"]
    assert reply.header("rekey-revocation") == revocation["id"]
    assert (revocation["person"], revocation["link"]) == (None, link["id"])
    shown = await api.done("POST", f"/doors/{door['id']}/present", {"kind": "pin", "code": "86420"})
    assert (shown["allowed"], shown["reason"]) == (False, "credential_ended")
    assert len(api.world.simulated.openings(door["id"])) == 1


@native_test
async def test_no_answer_shows_a_code(api: Api) -> None:
    door = await add_door(api, "Front")
    made = await api.call("POST", "/links", {"name": "Visitor", "doors": [door["id"]], "code": "86420"})
    listed = await api.call("GET", "/credentials")
    assert b"86420" not in made.body + listed.body
    assert b"fingerprint" not in listed.body


@native_test
async def test_a_card_is_enrolled_assigned_activated_and_taken_back(api: Api) -> None:
    door, ada = await add_door(api, "Front"), await add_person(api, "ada")
    await grant(api, ada, door=door["id"])
    card = await api.done("POST", "/credentials", {"kind": "card", **CARD})
    assert (card["state"], card["identifiers"]) == ("unassigned", {"uid": "04A1B2C3"})
    at = f"/credentials/{card['id']}"
    read = {"kind": "card", "card_type": "hf_uid", "identifiers": {"uid": "04A1B2C3"}}
    seen = []
    steps: tuple[tuple[str, dict[str, object]] | None, ...] = (
        None,
        ("assign", {"person": ada["id"], "inactive": True}),
        ("activate", {}),
        ("deactivate", {}),
        ("unassign", {}),
    )
    for step in steps:
        if step is not None:
            await api.done("POST", f"{at}/{step[0]}", step[1])
        shown = await api.done("POST", f"/doors/{door['id']}/present", read)
        seen.append(shown["reason"])
    assert seen == [
        "credential_unassigned",
        "credential_inactive",
        None,
        "credential_inactive",
        "credential_unassigned",
    ]


@native_test
async def test_the_same_card_again_is_a_conflict(api: Api) -> None:
    await api.done("POST", "/credentials", {"kind": "card", **CARD})
    again = await api.call("POST", "/credentials", {"kind": "card", **CARD})
    assert again.status == 409


@native_test
async def test_the_places_of_a_code_say_what_the_door_has_proved(api: Api) -> None:
    door, ada = await add_door(api, "Front"), await add_person(api, "ada")
    await grant(api, ada, door=door["id"])
    code = await api.done("POST", "/credentials", {"kind": "pin", "person": ada["id"], "code": "97531"})
    await api.world.settle()
    (place,) = (await api.done("GET", f"/credentials/{code['id']}/doors"))["items"]
    assert (place["door"], place["status"]) == (door["id"], "set")


@native_test
async def test_an_ended_code_at_a_door_out_of_reach_is_listed_as_exposed(api: Api) -> None:
    door, ada = await add_door(api, "Front"), await add_person(api, "ada")
    await grant(api, ada, door=door["id"])
    code = await api.done("POST", "/credentials", {"kind": "pin", "person": ada["id"], "code": "97531"})
    await api.world.settle()
    api.world.simulated.configure(door["id"], [("offline", "true")])
    await api.done("DELETE", f"/credentials/{code['id']}")
    await api.world.settle()
    (exposed,) = (await api.done("GET", "/exposure"))["items"]
    assert (exposed["credential"]["id"], exposed["door"]["status"]) == (code["id"], "exposed")


@native_test
async def test_whoever_removes_a_person_is_shown_what_stays_behind(api: Api) -> None:
    door, ada = await add_door(api, "Front"), await add_person(api, "ada")
    await grant(api, ada, door=door["id"])
    shared = await api.done("POST", "/links", {"name": "Gate", "doors": [door["id"]], "code": "86420"})
    (code,) = shared["credentials"]
    left = await api.done("GET", f"/people/{ada['id']}/leftovers")
    assert [one["id"] for one in left["known_codes"]] == [code["id"]]
    removed = await api.done("DELETE", f"/people/{ada['id']}")
    assert removed["leftovers"] == left


@native_test
async def test_a_holder_is_a_person_or_a_link_and_a_card_has_no_code(api: Api) -> None:
    ada = await add_person(api, "ada")
    wrong = (
        {"kind": "card", "code": "1234"},
        {"kind": "pin", "person": ada["id"]},
        {"kind": "card", **CARD, "card_type": "clay_tablet"},
        {"kind": "pin", "code": "12", "person": ada["id"]},
    )
    replies = [await api.call("POST", "/credentials", body) for body in wrong]
    assert [reply.status for reply in replies] == [400, 400, 422, 422]
