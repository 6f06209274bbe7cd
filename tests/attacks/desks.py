"""What stands on a desk: an encoder with a card that waits for it, and a web key."""

from tests.dialects.in_world import Api


async def furnish_desk(api: Api, door_id: str) -> dict[str, str]:
    """Make an encoder at the door's site, and of a newcomer a card and a web key; give their ids."""
    entrance = await api.done("POST", "/acs/entrances/get", {"acs_entrance_id": door_id})
    site = {"acs_system_id": entrance["acs_entrance"]["acs_system_id"]}
    reported = [{"hotek_metadata": {"encoder_number": "1"}}]
    await api.done("POST", "/acs/systems/report_devices", {**site, "acs_encoders": reported})
    encoders = (await api.done("POST", "/acs/encoders/list", site))["acs_encoders"]
    made = await api.done("POST", "/user_identities/create", {})
    person = {"user_identity_id": made["user_identity"]["user_identity_id"]}
    card = await api.done("POST", "/acs/credentials/create", {**site, **person, "access_method": "card"})
    key = await api.done("POST", "/user_identities/generate_instant_key", person)
    return {
        "encoder": encoders[0]["acs_encoder_id"],
        "seam_credential": card["acs_credential"]["acs_credential_id"],
        "web_key": key["instant_key"]["instant_key_id"],
    }
