"""Encoders: cards are written and read, and simulated ones fail when they are told to, once."""

from tests.dialects.in_world import Api
from tests.dialects.seam.access import give, methods_of
from tests.dialects.seam.api import add_user, query, refusal, seam_test
from tests.dialects.seam.cards import attempt, encode, get_credential, make_credential, make_encoder, told
from tests.dialects.seam.test_events import types as event_types


async def scan(api: Api, encoder: str) -> dict[str, object]:
    return await attempt(api, "/acs/encoders/scan_credential", {"acs_encoder_id": encoder})


async def script(api: Api, what: str, encoder: str, **wanted: str) -> None:
    body = {"acs_encoder_id": encoder, **wanted}
    await api.done("POST", f"/acs/encoders/simulate/next_credential_{what}", body)


@seam_test
async def test_a_reported_encoder_comes_and_goes_with_its_events(api: Api) -> None:
    encoder = await make_encoder(api, "12")
    found = await told(api, "/acs/encoders/get", {"acs_encoder_id": encoder}, verb="GET")
    assert found["acs_encoder"]["acs_system_id"] == api.world.site_id
    assert await make_encoder(api, "12") == encoder
    gone = [{"hotek_metadata": {"encoder_number": "12"}, "is_removed": True}]
    body = {"acs_system_id": api.world.site_id, "acs_encoders": gone}
    await api.done("POST", "/acs/systems/report_devices", body)
    answer = await api.call("GET", query("/acs/encoders/get", acs_encoder_id=encoder))
    assert refusal(answer) == (404, "acs_encoder_not_found")
    assert [one for one in await event_types(api) if "encoder" in one] == [
        "acs_encoder.added",
        "acs_encoder.removed",
    ]


@seam_test
async def test_a_card_counts_once_it_is_encoded(api: Api) -> None:
    front, encoder = await api.world.add_door("Front"), await make_encoder(api)
    card = await make_credential(api, "card", front)
    assert not card["is_issued"]
    assert [one["warning_code"] for one in card["warnings"]] == ["waiting_to_be_issued"]
    done = await encode(api, encoder, card["acs_credential_id"])
    assert (done["action_type"], done["status"]) == ("ENCODE_CREDENTIAL", "success")
    assert done["result"]["acs_credential_id"] == card["acs_credential_id"]
    after = await get_credential(api, card["acs_credential_id"])
    assert after["is_issued"]
    assert after["warnings"] == []
    assert "acs_credential.issued" in await event_types(api)


@seam_test
async def test_a_credential_is_on_one_card_until_it_changes(api: Api) -> None:
    encoder = await make_encoder(api)
    card = (await make_credential(api, "card"))["acs_credential_id"]
    await encode(api, encoder, card)
    again = await encode(api, encoder, card)
    assert again["error"]["type"] == "credential_cannot_be_reissued"
    changed = {"acs_credential_id": card, "ends_at": "2199-01-01T00:00:00Z"}
    after = (await told(api, "/acs/credentials/update", changed, verb="PATCH"))["acs_credential"]
    assert [one["warning_code"] for one in after["warnings"]] == ["needs_to_be_reissued"]
    assert (await encode(api, encoder, card))["status"] == "success"
    assert (await get_credential(api, card))["warnings"] == []
    assert "acs_credential.reissued" in await event_types(api)


@seam_test
async def test_a_scripted_failure_decides_one_encoding(api: Api) -> None:
    encoder = await make_encoder(api)
    card = (await make_credential(api, "card"))["acs_credential_id"]
    await script(api, "encode_will_fail", encoder, error_code="encoding_interrupted")
    failed = await encode(api, encoder, card)
    assert (failed["status"], failed["error"]["type"]) == ("error", "encoding_interrupted")
    assert not (await get_credential(api, card))["is_issued"]
    assert (await encode(api, encoder, card))["status"] == "success"
    polled = await told(
        api, "/action_attempts/get", {"action_attempt_id": failed["action_attempt_id"]}, verb="GET"
    )
    assert polled["action_attempt"] == failed


@seam_test
async def test_a_failure_for_one_credential_waits_for_it(api: Api) -> None:
    encoder = await make_encoder(api)
    one = (await make_credential(api, "card"))["acs_credential_id"]
    other = (await make_credential(api, "card"))["acs_credential_id"]
    await script(api, "encode_will_fail", encoder, error_code="action_attempt_expired", acs_credential_id=one)
    assert (await encode(api, encoder, other))["status"] == "success"
    assert (await encode(api, encoder, one))["error"]["type"] == "action_attempt_expired"


@seam_test
async def test_a_failure_can_be_taken_back(api: Api) -> None:
    encoder = await make_encoder(api)
    card = (await make_credential(api, "card"))["acs_credential_id"]
    await script(api, "encode_will_fail", encoder)
    await script(api, "encode_will_succeed", encoder)
    assert (await encode(api, encoder, card))["status"] == "success"


@seam_test
async def test_a_scan_tells_what_is_on_the_card_and_what_is_known_of_it(api: Api) -> None:
    encoder = await make_encoder(api)
    assert (await scan(api, encoder))["error"]["type"] == "no_credential_on_encoder"  # type: ignore[index]  # a failed attempt
    card = (await make_credential(api, "card"))["acs_credential_id"]
    await encode(api, encoder, card)
    result = (await attempt(api, "/acs/encoders/scan_credential", {"acs_encoder_id": encoder}))["result"]
    assert result["acs_credential_on_seam"]["acs_credential_id"] == card
    assert result["acs_credential_on_encoder"]["is_issued"]
    assert result["warnings"] == []


@seam_test
async def test_scripted_scans_find_foreign_stale_and_empty_cards(api: Api) -> None:
    encoder = await make_encoder(api)
    card = (await make_credential(api, "card"))["acs_credential_id"]
    body = {"acs_encoder_id": encoder}
    await script(api, "scan_will_succeed", encoder, scenario="credential_does_not_exist_on_seam")
    foreign = (await attempt(api, "/acs/encoders/scan_credential", body))["result"]
    assert foreign["acs_credential_on_seam"] is None
    assert foreign["acs_credential_on_encoder"]["card_number"]
    await script(
        api,
        "scan_will_succeed",
        encoder,
        scenario="credential_on_encoder_needs_update",
        acs_credential_id_on_seam=card,
    )
    stale = (await attempt(api, "/acs/encoders/scan_credential", body))["result"]
    assert [one["warning_code"] for one in stale["warnings"]] == ["acs_credential_on_encoder_out_of_sync"]
    await script(api, "scan_will_succeed", encoder, scenario="credential_on_encoder_is_empty")
    empty = (await attempt(api, "/acs/encoders/scan_credential", body))["result"]
    assert empty["acs_credential_on_encoder"] is None
    await script(api, "scan_will_fail", encoder)
    failed = await attempt(api, "/acs/encoders/scan_credential", body)
    assert failed["error"]["type"] == "no_credential_on_encoder"


@seam_test
async def test_a_card_that_lies_on_the_encoder_is_written_over_and_its_credential_is_gone(api: Api) -> None:
    front, encoder = await api.world.add_door("Front"), await make_encoder(api)
    old = await make_credential(api, "card", front)
    new = await make_credential(api, "card", front)
    await encode(api, encoder, old["acs_credential_id"])
    await scan(api, encoder)
    assert (await encode(api, encoder, new["acs_credential_id"]))["status"] == "success"
    answer = await api.call("GET", query("/acs/credentials/get", acs_credential_id=old["acs_credential_id"]))
    assert refusal(answer) == (404, "acs_credential_not_found")
    assert (await get_credential(api, new["acs_credential_id"]))["is_issued"]
    user = {"acs_user_id": old["acs_user_id"]}
    left = await told(api, "/acs/users/list_accessible_entrances", user, verb="GET")
    assert left["acs_entrances"] == []
    assert [one for one in await event_types(api) if one.startswith("acs_credential")] == [
        "acs_credential.issued",
        "acs_credential.invalidated",
        "acs_credential.deleted",
        "acs_credential.issued",
    ]


@seam_test
async def test_cards_that_nobody_put_back_are_not_written_over(api: Api) -> None:
    encoder = await make_encoder(api)
    first = (await make_credential(api, "card"))["acs_credential_id"]
    second = (await make_credential(api, "card"))["acs_credential_id"]
    await encode(api, encoder, first)
    await encode(api, encoder, second)
    assert (await get_credential(api, first))["is_issued"]


@seam_test
async def test_a_method_whose_card_is_written_over_waits_for_another_card(api: Api) -> None:
    front, encoder = await api.world.add_door("Front"), await make_encoder(api)
    (method,) = await methods_of(api, await give(api, front, modes=("card",)))
    body = {"acs_encoder_id": encoder, "access_method_id": method["access_method_id"]}
    await api.done("POST", "/access_methods/encode", body)
    await scan(api, encoder)
    await encode(api, encoder, (await make_credential(api, "card"))["acs_credential_id"])
    named = {"access_method_id": method["access_method_id"]}
    after = (await told(api, "/access_methods/get", named, verb="GET"))["access_method"]
    assert (after["is_issued"], after["is_encoding_required"]) == (False, True)
    assert [one for one in await event_types(api) if one.startswith("access_method")][-2:] == [
        "access_method.revoked",
        "access_method.card_encoding_required",
    ]
    again = await api.done("POST", "/access_methods/encode", body)
    assert again["action_attempt"]["result"]["is_issued"]


@seam_test
async def test_a_card_whose_credential_was_deleted_is_known_to_nobody(api: Api) -> None:
    encoder = await make_encoder(api)
    card = (await make_credential(api, "card"))["acs_credential_id"]
    await encode(api, encoder, card)
    await api.done("DELETE", query("/acs/credentials/delete", acs_credential_id=card))
    result = (await attempt(api, "/acs/encoders/scan_credential", {"acs_encoder_id": encoder}))["result"]
    assert result["acs_credential_on_seam"] is None
    assert [one["warning_code"] for one in result["warnings"]] == ["acs_credential_on_seam_not_found"]


@seam_test
async def test_a_scanned_card_is_handed_to_a_user(api: Api) -> None:
    front, encoder, user = await api.world.add_door("Front"), await make_encoder(api), await add_user(api)
    card = await make_credential(api, "card", front)
    await encode(api, encoder, card["acs_credential_id"])
    body = {"acs_encoder_id": encoder, "acs_user_id": user["acs_user_id"]}
    taken = await attempt(api, "/acs/encoders/scan_to_assign_credential", body)
    assert (taken["action_type"], taken["error"]["type"]) == (
        "SCAN_TO_ASSIGN_CREDENTIAL",
        "uncategorized_error",
    )
    owner = {"acs_credential_id": card["acs_credential_id"], "acs_user_id": card["acs_user_id"]}
    await told(api, "/acs/credentials/unassign", owner, verb="PATCH")
    handed = await attempt(api, "/acs/encoders/scan_to_assign_credential", body)
    assert handed["result"]["user_identity_id"] == user["user_identity_id"]
    await script(api, "scan_will_succeed", encoder, scenario="credential_does_not_exist_on_seam")
    taken_in = (await attempt(api, "/acs/encoders/scan_to_assign_credential", body))["result"]
    assert taken_in["is_issued"]
    assert taken_in["card_number"]
    assert taken_in["acs_user_id"] == user["acs_user_id"]


@seam_test
async def test_the_card_of_an_access_method_is_encoded(api: Api) -> None:
    front, encoder = await api.world.add_door("Front"), await make_encoder(api)
    grant = await give(api, front, modes=("card",))
    (method,) = await methods_of(api, grant)
    body = {"acs_encoder_id": encoder, "access_method_id": method["access_method_id"]}
    done = await api.done("POST", "/access_methods/encode", body)
    assert done["action_attempt"]["status"] == "success"
    assert done["action_attempt"]["result"]["is_issued"]
    again = await api.done("POST", "/acs/encoders/encode_credential", body)
    assert again["action_attempt"]["error"]["type"] == "credential_cannot_be_reissued"
    assert "access_method.issued" in await event_types(api)


@seam_test
async def test_what_is_no_card_or_no_encoder_is_refused(api: Api) -> None:
    encoder = await make_encoder(api)
    pin = (await make_credential(api, "code"))["acs_credential_id"]
    path = "/acs/encoders/encode_credential"
    answer = await api.call("POST", path, {"acs_encoder_id": encoder, "acs_credential_id": pin})
    assert refusal(answer) == (400, "invalid_input")
    missing = await api.call("POST", path, {"acs_encoder_id": pin, "acs_credential_id": pin})
    assert refusal(missing) == (404, "acs_encoder_not_found")
    assert refusal(await api.call("POST", path, {"acs_encoder_id": encoder}))[0] == 400
    assert refusal(await api.call("POST", "/acs/encoders/list", {}))[0] == 400
