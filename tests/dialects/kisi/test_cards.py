"""Cards and their assignments. Source: contract sections 6.1 and 6.2."""

import re
from typing import Any

import pytest

from rekey.dialects.kisi.card_types import BY_NAME, TYPES
from rekey.domain.card import CardType
from tests.dialects.in_world import Api
from tests.dialects.kisi.api import add_group, add_lock, add_user, as_login, assign, kisi_test, sign_in_for

IDENTIFIED: dict[str, dict[str, object]] = {
    "mifare_desfire": {"token": "aBc123"},
    "third_party_hf": {"uid": "04a1b2c3"},
    "third_party_hf_mifare_classic": {"data_block_value": "block"},
    "third_party_lf_hid_h10301": {"facility_code": 7, "card_number": "0042"},
    "third_party_lf_hid_h10302": {"card_number": 99},
    "third_party_lf_hid_h10304": {"facility_code": 7, "card_number": 42},
    "third_party_lf_hid_corporate1000_35": {"facility_code": 7, "card_number": 42},
    "third_party_lf_hid_h2004064": {"facility_code": 7, "card_number": 42},
    "third_party_lf_hid_d10202": {"facility_code": 7, "card_number": 42},
    "third_party_lf_em_410x_26": {"facility_code": 7, "card_number": 42},
    "third_party_lf_em_410x_32_34": {"card_id": 123456},
    "third_party_lf_keyscan_c15001": {"facility_code": 7, "card_number": 42, "oem": 3},
    "third_party_lf": {"uid": "raw", "length": 26},
    "third_party_qr_code": {"uid": "https://badge.test/1"},
    "third_party_barcode": {"uid": "4006381333931"},
}


async def add_card(api: Api, kind: str = "third_party_hf", **more: object) -> Any:
    return await api.done("POST", "/cards", {"card": {"type": kind, **(more or IDENTIFIED[kind])}})


async def give_card(api: Api, card: Any, user: Any, kind: str = "User", **more: object) -> Any:
    wanted = {"card_id": card["id"], "assignee_type": kind, "assignee_id": user["id"], **more}
    return await api.done("POST", "/card_assignments", {"card_assignment": wanted})


async def tap(api: Api, lock: Any, uid: str = "04A1B2C3", second: str | None = None) -> dict[str, Any]:
    """Present a card at the door, and give the answer with its reason."""
    native = Api(
        api.world, api.world.client("/api/v1", {"authorization": f"Bearer {api.world.keys['rekey']}"})
    )
    shown = {"kind": "card", "card_type": "hf_uid", "identifiers": {"uid": uid}, "second_factor": second}
    answer: dict[str, Any] = await native.done("POST", f"/doors/{lock['id']}/present", shown)
    return answer


def test_every_type_of_card_has_one_name_and_every_name_a_type() -> None:
    assert set(TYPES) == set(CardType)
    assert set(BY_NAME) == set(IDENTIFIED)


@kisi_test
async def test_a_card_of_every_type_is_enrolled_and_shown_with_its_identifiers(api: Api) -> None:
    for kind, identifiers in IDENTIFIED.items():
        card = await add_card(api, kind)
        assert (card["type"], card["assigned"], card["activated"]) == (kind, False, False)
        assert card["frequency"] == ("LF" if "_lf" in kind else "optical" if "code" in kind else "HF")
        assert set(identifiers) <= set(card), kind
        assert ("format_name" in card) is ("_lf" in kind)
        assert ("token" in card) is (kind == "mifare_desfire")
        assert await api.done("GET", f"/cards/{card['id']}") == card


@kisi_test
async def test_missing_or_unreadable_identifiers_and_unknown_types_are_422(api: Api) -> None:
    wrong: list[tuple[dict[str, object], str]] = [
        ({"type": "third_party_hf"}, "uid"),
        ({"type": "third_party_hf", "uid": "xyz"}, "uid"),
        ({"type": "third_party_lf_hid_h10301", "facility_code": 7}, "card_number"),
        ({"type": "golden_ticket"}, "type"),
        ({"uid": "04a1b2c3"}, "type"),
        ({"type": "third_party_hf", "uid": "04a1b2c3", "two_factor_pin": "1234"}, "two_factor_pin"),
    ]
    for card, field in wrong:
        answer = await api.call("POST", "/cards", {"card": card})
        assert (answer.status, set(answer.json()["errors"])) == (422, {field}), card


@kisi_test
async def test_identifiers_that_are_enrolled_already_are_422_cabbeb_in_any_spelling(api: Api) -> None:
    await add_card(api, uid="04a1b2c3")
    answer = await api.call("POST", "/cards", {"card": {"type": "third_party_hf", "uid": "04:A1:B2:C3"}})
    assert (answer.status, answer.json()["code"]) == (422, "cabbeb")
    assert answer.json()["errors"] == {"uid": ["has already been taken"]}


@kisi_test
async def test_cards_are_found_by_identifier_status_and_holder(api: Api) -> None:
    ada = await add_user(api, "ada")
    first, second = await add_card(api), await add_card(api, "third_party_lf_hid_h10301")
    given = await give_card(api, first, ada)

    async def ids(query: str) -> list[int]:
        return [card["id"] for card in await api.done("GET", f"/cards?{query}")]

    assert await ids("uid=04:a1:b2:c3") == [first["id"]]
    assert await ids("facility_code=7&card_number=42") == [second["id"]]
    assert await ids("facility_code=8&card_number=42") == []
    assert await ids("status=unassigned") == [second["id"]]
    assert await ids("status=deactivated") == [first["id"]]
    assert await ids("activated=true") == []
    assert await ids(f"user_id={ada['id']}") == [first["id"]]
    await api.done("POST", f"/card_assignments/{given['id']}/activate")
    assert await ids("status=activated") == [first["id"]]
    assert await ids("sort=-last_used_at") == [second["id"], first["id"]]
    assert (await api.call("GET", "/cards?status=lost")).status == 400


@kisi_test
async def test_a_new_assignment_is_deactivated_until_its_holder_activates_it_by_mail(api: Api) -> None:
    ada, card = await add_user(api, "ada"), await add_card(api)
    given = await give_card(api, card, ada)
    assert (given["status"], given["card_id"], given["assignee_id"]) == ("deactivated", card["id"], ada["id"])
    assert (given["user_id"], given["guest_id"], given["created_by_type"]) == (ada["id"], None, "User")
    letter = (await api.world.deliver()).newest("ada@acme.test")
    token = re.search(r"\S+\.[0-9a-f]{48}", letter.text)
    assert token is not None
    stranger = as_login(api.world, "null")
    path = f"/card_assignments/{token[0]}/activate_with_token"
    assert [(await stranger.call("POST", path)).status for _ in range(2)] == [204, 404]
    assert (await api.done("GET", f"/card_assignments/{given['id']}"))["status"] == "activated"


@kisi_test
async def test_a_tap_activates_a_card_that_waits_for_its_holder_and_opens(api: Api) -> None:
    lock, ada = await add_lock(api, "front"), await add_user(api, "ada")
    await assign(api, ada, await add_group(api, "staff", lock))
    given = await give_card(api, await add_card(api), ada)
    assert (await tap(api, lock))["allowed"] is True
    assert (await api.done("GET", f"/card_assignments/{given['id']}"))["status"] == "activated"


@kisi_test
async def test_a_tap_never_activates_a_card_that_was_deactivated(api: Api) -> None:
    lock, ada = await add_lock(api, "front"), await add_user(api, "ada")
    await assign(api, ada, await add_group(api, "staff", lock))
    given = await give_card(api, await add_card(api), ada)
    await api.done("POST", f"/card_assignments/{given['id']}/deactivate")
    assert (await tap(api, lock))["reason"] == "credential_inactive"


@kisi_test
async def test_an_earlier_token_never_activates_the_card_for_its_next_holder(api: Api) -> None:
    ada, bob, card = await add_user(api, "ada"), await add_user(api, "bob"), await add_card(api)
    given = await give_card(api, card, ada)
    letter = (await api.world.deliver()).newest("ada@acme.test")
    token = letter.text.rsplit(" ", 1)[-1]
    await api.done("DELETE", f"/card_assignments/{given['id']}")
    again = await give_card(api, card, bob)
    path = f"/cards/{token}/activate_with_token"
    assert (await as_login(api.world, "null").call("POST", path)).status == 404
    assert (await api.done("GET", f"/card_assignments/{again['id']}"))["status"] == "deactivated"


@kisi_test
async def test_an_old_assignment_id_never_means_the_next_holder(api: Api) -> None:
    ada, bob, card = await add_user(api, "ada"), await add_user(api, "bob"), await add_card(api)
    first = await give_card(api, card, ada)
    await api.done("DELETE", f"/card_assignments/{first['id']}")
    second = await give_card(api, card, bob)
    assert first["id"] != second["id"]
    assert (await api.call("DELETE", f"/card_assignments/{first['id']}")).status == 404
    assert await api.done("GET", f"/card_assignments?card_id={card['id']}") == [second]


@kisi_test
async def test_a_card_has_one_holder_at_a_time(api: Api) -> None:
    ada, bob, card = await add_user(api, "ada"), await add_user(api, "bob"), await add_card(api)
    await give_card(api, card, ada)
    wanted = {"card_id": card["id"], "assignee_type": "User", "assignee_id": bob["id"]}
    answer = await api.call("POST", "/card_assignments", {"card_assignment": wanted})
    assert (answer.status, set(answer.json()["errors"])) == (422, {"card"})


@kisi_test
async def test_guests_hold_cards_too(api: Api) -> None:
    guest = await api.done("POST", "/guests", {"guest": {"name": "Gus"}})
    given = await give_card(api, await add_card(api), guest, "Guest")
    assert (given["guest_id"], given["user_id"], given["assignee_type"]) == (guest["id"], None, "Guest")
    assert await api.done("GET", f"/card_assignments?guest_id={guest['id']}") == [given]


@kisi_test
async def test_a_second_pin_must_be_typed_and_is_shown_only_to_who_may_change_it(api: Api) -> None:
    lock, ada = await add_lock(api, "front"), await add_user(api, "ada")
    await assign(api, ada, await add_group(api, "staff", lock))
    card = await add_card(api)
    given = await give_card(api, card, ada, two_factor_pin="4711", send_two_factor_pin_notification=True)
    assert (given["two_factor_pin"], given["send_two_factor_pin_notification"]) == ("4711", True)
    letters = {notice.subject: notice.text for notice in (await api.world.deliver()).notices}
    assert "4711" in letters["The PIN of your card"]
    assert (await tap(api, lock))["reason"] == "second_factor_missing"
    assert (await tap(api, lock, second="0000"))["reason"] == "second_factor_wrong"
    assert (await tap(api, lock, second="4711"))["allowed"] is True
    mine = await sign_in_for(api, ada)
    (own,) = await mine.done("GET", "/card_assignments?user_id=me")
    assert (own["id"], own["two_factor_pin"]) == (given["id"], None)
    await api.done("PATCH", f"/card_assignments/{given['id']}", {"card_assignment": {"two_factor_pin": None}})
    assert (await tap(api, lock))["allowed"] is True


@kisi_test
async def test_a_pin_of_other_than_four_digits_is_422(api: Api) -> None:
    ada, card = await add_user(api, "ada"), await add_card(api)
    for pin in ("123", "12345", "12a4"):
        wanted = {"card_id": card["id"], "assignee_type": "User", "assignee_id": ada["id"]}
        answer = await api.call(
            "POST", "/card_assignments", {"card_assignment": {**wanted, "two_factor_pin": pin}}
        )
        assert (answer.status, set(answer.json()["errors"])) == (422, {"two_factor_pin"})


@kisi_test
async def test_the_deprecated_card_calls_work_and_tell_their_sunset(api: Api) -> None:
    ada, card = await add_user(api, "ada"), await add_card(api)
    for call, body in (
        ("assign", {"user_id": ada["id"]}),
        ("activate", None),
        ("deactivate", None),
        ("deassign", None),
    ):
        answer = await api.call("POST", f"/cards/{card['id']}/{call}", body)
        assert (answer.status, answer.header("sunset")) == (204, "Sun, 30 Nov 2025 00:00:00 GMT"), call
        assert answer.header("deprecation")
    assert (await api.call("GET", f"/cards/{card['id']}")).header("sunset") is None


@kisi_test
async def test_a_deleted_card_is_gone_and_opens_nothing(api: Api) -> None:
    lock, ada, card = await add_lock(api, "front"), await add_user(api, "ada"), await add_card(api)
    await assign(api, ada, await add_group(api, "staff", lock))
    await give_card(api, card, ada)
    assert (await tap(api, lock))["allowed"] is True
    assert [(await api.call("DELETE", f"/cards/{card['id']}")).status for _ in range(2)] == [204, 404]
    assert (await tap(api, lock))["allowed"] is False
    assert (await add_card(api))["id"] != card["id"]


@pytest.mark.parametrize("state", ["unknown", "unassigned", "deactivated", "disabled"])
def test_a_denied_tap_has_its_code_in_the_event_of_the_attempt(state: str, tmp_path: Any) -> None:
    expected = {"unknown": "faa9ef", "unassigned": "faa9ff", "deactivated": "faa9ff", "disabled": "fcd8ff"}

    @kisi_test
    async def run(api: Api) -> None:
        lock, ada = await add_lock(api, "front"), await add_user(api, "ada")
        await assign(api, ada, await add_group(api, "staff", lock))
        card = None if state == "unknown" else await add_card(api)
        if state in {"deactivated", "disabled"}:
            given = await give_card(api, card, ada)
            turned = "deactivate" if state == "deactivated" else "activate"
            await api.done("POST", f"/card_assignments/{given['id']}/{turned}")
        if state == "disabled":
            await api.done("PATCH", f"/users/{ada['id']}", {"user": {"access_enabled": False}})
        assert (await tap(api, lock))["allowed"] is False
        found = await api.done("POST", "/event_sets", {"event_set": {"event_type": "lock.unlock"}})
        (event,) = (await api.done("GET", f"/event_sets/{found['id']}"))["events"]
        assert (event["success"], event["error_code"]) == (False, expected[state])
        if state != "unknown":
            assert event["authenticated_by_type"] == "Card"

    run(tmp_path)


@kisi_test
async def test_a_card_that_somebody_holds_is_not_assigned_a_second_time(api: Api) -> None:
    card, ada, bob = await add_card(api), await add_user(api, "ada"), await add_user(api, "bob")
    held = await give_card(api, card, ada)
    for user in (ada, bob):
        wanted = {"card_id": card["id"], "assignee_type": "User", "assignee_id": user["id"]}
        answer = await api.call("POST", "/card_assignments", {"card_assignment": wanted})
        assert (answer.status, answer.json()) == (422, {"errors": {"card": ["is assigned already"]}})
    assert [one["id"] for one in await api.done("GET", "/card_assignments")] == [held["id"]]


@kisi_test
async def test_a_card_tells_when_it_was_deactivated_until_it_is_activated_again(api: Api) -> None:
    card = await add_card(api)
    held = await give_card(api, card, await add_user(api, "ada"))
    at, assignment = f"/cards/{card['id']}", f"/card_assignments/{held['id']}"
    assert (await api.done("GET", at))["deactivated_at"] is None
    await api.done("POST", f"{assignment}/activate")
    await api.done("POST", f"{assignment}/deactivate")
    rested = await api.done("GET", at)
    assert rested["deactivated_at"] == rested["updated_at"] > card["updated_at"]
    await api.done("POST", f"{assignment}/activate")
    assert (await api.done("GET", at))["deactivated_at"] is None


@kisi_test
async def test_assignments_of_guests_and_of_users_are_told_apart_without_an_id(api: Api) -> None:
    guest = await api.done("POST", "/guests", {"guest": {"name": "Gil"}})
    first, second = await add_card(api), await add_card(api, "third_party_barcode")
    of_user, of_guest = (
        await give_card(api, first, await add_user(api, "ada")),
        await give_card(api, second, guest, "Guest"),
    )
    for kind, held in (("User", of_user), ("Guest", of_guest)):
        found = await api.done("GET", f"/card_assignments?assignee_type={kind}")
        assert [one["id"] for one in found] == [held["id"]]


@kisi_test
async def test_a_printed_token_is_found_in_its_own_case_only(api: Api) -> None:
    upper, lower = (
        await add_card(api, "mifare_desfire", token="Tok1"),
        await add_card(api, "mifare_desfire", token="tok1"),
    )
    for token, card in (("Tok1", upper), ("tok1", lower)):
        assert [one["id"] for one in await api.done("GET", f"/cards?token={token}")] == [card["id"]]
