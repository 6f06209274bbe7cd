"""Phones carry mobile keys: keys wait for one, and go with one that is lost."""

from tests.dialects.in_world import Api
from tests.dialects.seam.api import add_person, add_user, query, refusal, seam_test
from tests.dialects.seam.cards import get_credential, make_credential, make_phone, told
from tests.dialects.seam.test_events import types as event_types


@seam_test
async def test_a_mobile_key_waits_for_a_phone(api: Api) -> None:
    user = await add_user(api)
    key = await make_credential(api, "mobile_key", acs_user_id=user["acs_user_id"])
    assert [one["warning_code"] for one in key["warnings"]] == ["waiting_to_be_issued"]
    phone = await make_phone(api, user["user_identity_id"], operating_system="ios")
    assert phone["device_type"] == "ios_phone"
    after = await get_credential(api, key["acs_credential_id"])
    assert (after["is_issued"], after["warnings"]) == (True, [])
    assert "acs_credential.issued" in await event_types(api)
    by_key = await told(api, "/phones/list", {"acs_credential_id": key["acs_credential_id"]}, verb="GET")
    assert [one["device_id"] for one in by_key["phones"]] == [phone["device_id"]]


@seam_test
async def test_a_lost_phone_takes_its_keys_along(api: Api) -> None:
    user = await add_user(api)
    phone = await make_phone(api, user["user_identity_id"])
    key = await make_credential(api, "mobile_key", acs_user_id=user["acs_user_id"])
    assert key["is_issued"]
    named = {"device_id": phone["device_id"]}
    await api.done("DELETE", query("/phones/deactivate", **named))
    assert refusal(await api.call("GET", query("/phones/get", **named))) == (404, "phone_not_found")
    gone = await api.call("GET", query("/acs/credentials/get", acs_credential_id=key["acs_credential_id"]))
    assert gone.status == 404
    assert (await event_types(api))[-3:] == [
        "phone.deactivated",
        "acs_credential.invalidated",
        "acs_credential.deleted",
    ]


@seam_test
async def test_a_shared_key_has_a_child_on_every_phone_and_all_go_with_it(api: Api) -> None:
    user = await add_user(api)
    await make_phone(api, user["user_identity_id"])
    by_user = {"acs_user_id": user["acs_user_id"]}
    parent = await make_credential(api, "mobile_key", **by_user, is_multi_phone_sync_credential=True)
    await make_phone(api, user["user_identity_id"])
    listed = (await told(api, "/acs/credentials/list", by_user, verb="GET"))["acs_credentials"]
    children = [one for one in listed if "parent_acs_credential_id" in one]
    assert [one["parent_acs_credential_id"] for one in children] == [parent["acs_credential_id"]] * 2
    assert (await get_credential(api, parent["acs_credential_id"]))["is_issued"]
    parents = await told(api, "/acs/credentials/list", {"is_multi_phone_sync_credential": True})
    assert [one["acs_credential_id"] for one in parents["acs_credentials"]] == [parent["acs_credential_id"]]
    await api.done("DELETE", query("/acs/credentials/delete", acs_credential_id=parent["acs_credential_id"]))
    assert (await told(api, "/acs/credentials/list", by_user, verb="GET"))["acs_credentials"] == []


@seam_test
async def test_the_phones_of_somebody_who_left_are_shown_no_more(api: Api) -> None:
    person = await add_person(api)
    phone = await make_phone(api, person)
    listed = await told(api, "/phones/list", {"owner_user_identity_id": person}, verb="GET")
    assert [one["device_id"] for one in listed["phones"]] == [phone["device_id"]]
    await api.done("DELETE", query("/user_identities/delete", user_identity_id=person))
    assert (await told(api, "/phones/list", {}, verb="GET"))["phones"] == []
    assert (await api.call("GET", query("/phones/get", device_id=phone["device_id"]))).status == 404


@seam_test
async def test_the_phones_of_a_merged_record_are_the_survivors_with_their_keys(api: Api) -> None:
    ada, user = await add_person(api), await add_user(api, "Twin")
    twin = user["user_identity_id"]
    phone = (await make_phone(api, twin))["device_id"]
    key = await make_credential(api, "mobile_key", acs_user_id=user["acs_user_id"])
    merged = {"user_identity_id": ada, "merged_user_identity_ids": [twin]}
    await api.done("POST", "/user_identities/merge", merged)
    for owner in (ada, twin):
        listed = await api.done("GET", query("/phones/list", owner_user_identity_id=owner))
        assert [one["device_id"] for one in listed["phones"]] == [phone]
    await api.done("DELETE", query("/phones/deactivate", device_id=phone))
    named = query("/acs/credentials/get", acs_credential_id=key["acs_credential_id"])
    assert refusal(await api.call("GET", named)) == (404, "acs_credential_not_found")
