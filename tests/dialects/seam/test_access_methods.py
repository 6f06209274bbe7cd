"""Access methods: codes, cards and keys of a grant, each ended alone."""

from rekey.domain.card import CardType
from rekey.domain.credential import CredentialKind
from rekey.operations.imprints import card_imprint
from rekey.operations.issue_credential import IssueCredential, issue_credential
from tests.dialects.in_world import Api
from tests.dialects.seam.access import delete, get_grant, give, methods_of, types
from tests.dialects.seam.api import may_open, query, refusal, seam_test


async def stock_card(api: Api, number: str) -> None:
    """Put a card into the organization's stock."""
    card = card_imprint(api.world.core.secrets, CardType.HID_H10302, {"card_number": number})
    wanted = IssueCredential(
        kind=CredentialKind.CARD,
        fingerprint=card.fingerprint,
        sealed_part=card.sealed_part,
        card_type=card.card_type,
        identifiers=card.identifiers,
    )
    await api.world.perform(issue_credential, wanted)


@seam_test
async def test_a_deleted_method_ends_its_code_and_leaves_grant_and_siblings(api: Api) -> None:
    front = await api.world.add_door("Front")
    grant = await give(api, front, modes=("code", "cloud_key"))
    code = next(one for one in await methods_of(api, grant) if one["mode"] == "code")
    await delete(api, "/access_methods/delete", access_method_id=code["access_method_id"])
    await api.world.settle()
    assert not types(api, code["code"], front)
    assert [one["mode"] for one in await methods_of(api, grant)] == ["cloud_key"]
    assert await may_open(api, grant["user_identity_id"], front)
    answer = await api.call("GET", query("/access_methods/get", access_method_id=code["access_method_id"]))
    assert refusal(answer) == (404, "access_method_not_found")


@seam_test
async def test_further_methods_inherit_window_and_doors(api: Api) -> None:
    front = await api.world.add_door("Front")
    grant = await give(api, front, modes=("cloud_key",))
    body = {
        "access_grant_id": grant["access_grant_id"],
        "requested_access_methods": [{"mode": "code", "code": "4711"}],
    }
    await api.done("POST", "/access_grants/request_access_methods", body)
    await api.world.settle()
    assert types(api, "4711", front)
    shown = await get_grant(api, grant["access_grant_id"])
    assert [one["mode"] for one in shown["requested_access_methods"]] == ["cloud_key", "code"]


@seam_test
async def test_a_cloud_key_opens_its_doors_in_the_persons_name(api: Api) -> None:
    front, back = await api.world.add_door("Front"), await api.world.add_door("Back")
    grant = await give(api, front, modes=("cloud_key",))
    (method,) = await methods_of(api, grant)
    body = {"access_method_id": method["access_method_id"], "acs_entrance_id": front, "sync": True}
    opened = (await api.done("POST", "/access_methods/unlock_door", body))["action_attempt"]
    assert (opened["action_type"], opened["status"]) == ("UNLOCK_DOOR", "success")
    listed = await api.done("GET", query("/events/list", event_type="lock.unlocked"))
    assert listed["events"][-1]["user_identity_id"] == grant["user_identity_id"]
    elsewhere = {**body, "acs_entrance_id": back}
    refused = (await api.done("POST", "/access_methods/unlock_door", elsewhere))["action_attempt"]
    assert refused["status"] == "error"


@seam_test
async def test_a_code_is_no_cloud_key(api: Api) -> None:
    front = await api.world.add_door("Front")
    (method,) = await methods_of(api, await give(api, front))
    body = {"access_method_id": method["access_method_id"], "acs_entrance_id": front}
    answer = await api.call("POST", "/access_methods/unlock_door", body)
    assert refusal(answer) == (400, "not_supported")


@seam_test
async def test_a_card_waits_until_one_is_bound_to_it(api: Api) -> None:
    front = await api.world.add_door("Front")
    grant = await give(api, front, modes=("card",))
    (method,) = await methods_of(api, grant)
    assert (method["is_issued"], method["is_encoding_required"]) == (False, True)
    wanted = {"access_method_id": method["access_method_id"], "card_number": "12345"}
    missing = (await api.done("POST", "/access_methods/assign_card", wanted))["action_attempt"]
    assert (missing["status"], missing["error"]["type"]) == ("error", "credential_not_found")
    await stock_card(api, "12345")
    bound = (await api.done("POST", "/access_methods/assign_card", wanted))["action_attempt"]
    assert (bound["action_type"], bound["status"]) == ("ASSIGN_CREDENTIAL", "success")
    assert bound["result"]["is_issued"] is True
    for attempt in (missing, bound):
        path = query("/action_attempts/get", action_attempt_id=attempt["action_attempt_id"])
        assert (await api.done("GET", path))["action_attempt"] == attempt
