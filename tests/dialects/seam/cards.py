"""What the tests of credentials, encoders and phones share."""

from typing import Any

from tests.dialects.in_world import Api
from tests.dialects.seam.api import add_user, query
from tests.dialects.seam.resources import KEYS, faults


async def told(api: Api, path: str, body: dict[str, Any], *, verb: str = "POST") -> dict[str, Any]:
    """Call, and hold every key of the answer against its shape."""
    by_query = verb in {"GET", "DELETE"}
    shown: dict[str, Any] = await api.done(
        verb, query(path, **body) if by_query else path, None if by_query else body
    )
    assert [*faults({key: KEYS[key] for key in shown}, shown, path)] == []
    return shown


async def make_credential(api: Api, mode: str, *door_ids: str, **wanted: Any) -> dict[str, Any]:
    """Give a credential, to a new user unless one is named."""
    if "acs_user_id" not in wanted and "user_identity_id" not in wanted:
        wanted["acs_user_id"] = (await add_user(api))["acs_user_id"]
    body = {"access_method": mode, "allowed_acs_entrance_ids": [*door_ids], **wanted}
    made: dict[str, Any] = (await told(api, "/acs/credentials/create", body))["acs_credential"]
    await api.world.settle()
    return made


async def get_credential(api: Api, credential_id: str) -> dict[str, Any]:
    found = await told(api, "/acs/credentials/get", {"acs_credential_id": credential_id}, verb="GET")
    shown: dict[str, Any] = found["acs_credential"]
    return shown


async def entrances_of_credential(api: Api, credential_id: str) -> list[str]:
    path = "/acs/credentials/list_accessible_entrances"
    found = await told(api, path, {"acs_credential_id": credential_id}, verb="GET")
    return [entrance["acs_entrance_id"] for entrance in found["acs_entrances"]]


async def make_encoder(api: Api, number: str = "7") -> str:
    site = api.world.site_id
    reported = [{"hotek_metadata": {"encoder_number": number}}]
    await api.done("POST", "/acs/systems/report_devices", {"acs_system_id": site, "acs_encoders": reported})
    listed = await told(api, "/acs/encoders/list", {"acs_system_id": site})
    return str(listed["acs_encoders"][-1]["acs_encoder_id"])


async def attempt(api: Api, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Begin an attempt and give it as it is polled."""
    begun = (await told(api, path, body))["action_attempt"]
    named = {"action_attempt_id": begun["action_attempt_id"]}
    await api.world.services.orders.close()
    polled: dict[str, Any] = (await told(api, "/action_attempts/get", named, verb="GET"))["action_attempt"]
    assert polled["action_type"] == begun["action_type"]
    return polled


async def encode(api: Api, encoder_id: str, credential_id: str) -> dict[str, Any]:
    body = {"acs_encoder_id": encoder_id, "acs_credential_id": credential_id}
    return await attempt(api, "/acs/encoders/encode_credential", body)


async def make_phone(api: Api, person_id: str, **metadata: Any) -> dict[str, Any]:
    body = {"user_identity_id": person_id, "phone_metadata": metadata}
    phone: dict[str, Any] = (await told(api, "/phones/simulate/create_sandbox_phone", body))["phone"]
    return phone
