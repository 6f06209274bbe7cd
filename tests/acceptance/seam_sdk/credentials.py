"""Credentials, encoders, phones, instant keys, and what is typed at a keypad."""

from typing import Any

from tests.acceptance.seam_sdk.step import Step, call, refused, unknown

_CARD: dict[str, Any] = {"acs_credential_id": "{card_credential}"}
_ENCODER: dict[str, Any] = {"acs_encoder_id": "{encoder}"}
_HOLDER: dict[str, Any] = {"acs_user_id": "{holder}"}
_SCRIPT = "acs.encoders.simulate.next_credential_"

ENCODERS: tuple[Step, ...] = (
    call(
        "acs.systems.report_devices",
        acs_system_id="{site}",
        acs_encoders=[{"hotek_metadata": {"encoder_number": "{tag}"}}],
    ),
    call("acs.encoders.list", {"encoder": "acs_encoders.0.acs_encoder_id"}, acs_system_id="{site}"),
    refused(400, "invalid_input", "acs.encoders.list", acs_system_id="{site}", limit=0),
    call("acs.encoders.get", **_ENCODER),
    unknown("acs.encoders.get", "acs_encoder_id"),
)
CREDENTIALS: tuple[Step, ...] = (
    call(
        "acs.users.create",
        {"holder": "acs_user.acs_user_id", "holder_person": "acs_user.user_identity_id"},
        acs_system_id="{site}",
        full_name="Holly Holder",
    ),
    call(
        "acs.credentials.create",
        {"card_credential": "acs_credential.acs_credential_id"},
        access_method="card",
        allowed_acs_entrance_ids=["{side}"],
        **_HOLDER,
    ),
    unknown("acs.credentials.create", "acs_user_id", access_method="card"),
    call("acs.credentials.get", **_CARD),
    unknown("acs.credentials.get", "acs_credential_id"),
    call("acs.credentials.list", acs_system_id="{site}"),
    refused(400, "invalid_input", "acs.credentials.list", limit=0),
    call("acs.credentials.list_accessible_entrances", **_CARD),
    unknown("acs.credentials.list_accessible_entrances", "acs_credential_id"),
    call("acs.entrances.list_credentials_with_access", acs_entrance_id="{side}"),
    unknown("acs.entrances.list_credentials_with_access", "acs_entrance_id"),
    call("acs.credentials.update", ends_at="2199-01-01T00:00:00Z", **_CARD),
    unknown("acs.credentials.update", "acs_credential_id", ends_at="2199-01-01T00:00:00Z"),
    call(f"{_SCRIPT}encode_will_fail", error_code="no_credential_on_encoder", **_ENCODER),
    refused(200, "no_credential_on_encoder", "acs.encoders.encode_credential", **_ENCODER, **_CARD),
    unknown(f"{_SCRIPT}encode_will_fail", "acs_encoder_id", error_code="no_credential_on_encoder"),
    call(f"{_SCRIPT}encode_will_succeed", scenario="credential_is_issued", **_ENCODER),
    unknown(f"{_SCRIPT}encode_will_succeed", "acs_encoder_id", scenario="credential_is_issued"),
    call("acs.encoders.encode_credential", **_ENCODER, **_CARD),
    unknown("acs.encoders.encode_credential", "acs_encoder_id", **_CARD),
    call("acs.credentials.get", **_CARD),
    call(f"{_SCRIPT}scan_will_fail", error_code="no_credential_on_encoder", **_ENCODER),
    refused(200, "no_credential_on_encoder", "acs.encoders.scan_credential", **_ENCODER),
    unknown(f"{_SCRIPT}scan_will_fail", "acs_encoder_id", error_code="no_credential_on_encoder"),
    call(
        f"{_SCRIPT}scan_will_succeed",
        scenario="credential_exists_on_seam",
        acs_credential_id_on_seam="{card_credential}",
        **_ENCODER,
    ),
    unknown(f"{_SCRIPT}scan_will_succeed", "acs_encoder_id", scenario="credential_on_encoder_is_empty"),
    call("acs.encoders.scan_credential", **_ENCODER),
    unknown("acs.encoders.scan_credential", "acs_encoder_id"),
    call(f"{_SCRIPT}scan_will_succeed", scenario="credential_does_not_exist_on_seam", **_ENCODER),
    call("acs.encoders.scan_to_assign_credential", **_ENCODER, **_HOLDER),
    unknown("acs.encoders.scan_to_assign_credential", "acs_encoder_id", **_HOLDER),
    call("acs.credentials.unassign", **_CARD, **_HOLDER),
    unknown("acs.credentials.unassign", "acs_credential_id", **_HOLDER),
    call("acs.credentials.assign", **_CARD, **_HOLDER),
    unknown("acs.credentials.assign", "acs_credential_id", **_HOLDER),
    call("acs.credentials.delete", **_CARD),
    unknown("acs.credentials.delete", "acs_credential_id"),
    call(
        "acs.credentials.create",
        {"cloud_credential": "acs_credential.acs_credential_id"},
        access_method="cloud_key",
        allowed_acs_entrance_ids=["{side}"],
        **_HOLDER,
    ),
    call("acs.entrances.unlock", acs_credential_id="{cloud_credential}", acs_entrance_id="{side}"),
    unknown("acs.entrances.unlock", "acs_credential_id", acs_entrance_id="{side}"),
)
PHONES: tuple[Step, ...] = (
    call(
        "phones.simulate.create_sandbox_phone",
        {"phone": "phone.device_id"},
        user_identity_id="{holder_person}",
        phone_metadata={"operating_system": "android", "device_manufacturer": "Acme"},
    ),
    unknown("phones.simulate.create_sandbox_phone", "user_identity_id"),
    call("phones.get", device_id="{phone}"),
    unknown("phones.get", "device_id", "phone_not_found"),
    call("phones.list", owner_user_identity_id="{holder_person}"),
    refused(401, "unauthorized", "phones.list", by="stranger"),
    call("phones.deactivate", device_id="{phone}"),
    unknown("phones.deactivate", "device_id", "phone_not_found"),
    call(
        "user_identities.generate_instant_key",
        {"key": "instant_key.instant_key_id"},
        user_identity_id="{holder_person}",
        max_use_count=2,
    ),
    unknown("user_identities.generate_instant_key", "user_identity_id"),
    call("instant_keys.get", instant_key_id="{key}"),
    unknown("instant_keys.get", "instant_key_id"),
    call("instant_keys.list", user_identity_id="{holder_person}"),
    refused(401, "unauthorized", "instant_keys.list", by="stranger"),
    call("instant_keys.delete", instant_key_id="{key}"),
    unknown("instant_keys.delete", "instant_key_id"),
)
KEYPADS: tuple[Step, ...] = (
    call("access_codes.create", device_id="{back}", code="5150"),
    call("locks.simulate.keypad_code_entry", device_id="{back}", code="5150"),
    unknown("locks.simulate.keypad_code_entry", "device_id", code="5150"),
    call("locks.simulate.manual_lock_via_keypad", device_id="{back}"),
    unknown("locks.simulate.manual_lock_via_keypad", "device_id"),
)
