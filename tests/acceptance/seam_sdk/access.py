"""Access codes, access grants and access methods."""

from typing import Any

from tests.acceptance.seam_sdk.step import UNKNOWN, Step, call, refused, unknown

_CODE: dict[str, Any] = {"access_code_id": "{code}"}
_WINDOW: dict[str, Any] = {"starts_at": "2199-01-01T00:00:00Z", "ends_at": "2199-02-01T00:00:00Z"}
_GRANT: dict[str, Any] = {"access_grant_id": "{grant}"}
_METHOD: dict[str, Any] = {"access_method_id": "{method}"}

CODES: tuple[Step, ...] = (
    call(
        "access_codes.create",
        {"code": "access_code.access_code_id"},
        device_id="{front}",
        name="Cleaner {tag}",
        code="4711",
    ),
    refused(409, "duplicate_access_code", "access_codes.create", device_id="{front}", code="4711"),
    unknown("access_codes.create", "device_id"),
    call("access_codes.get", **_CODE),
    call("access_codes.get", device_id="{front}", code="4711"),
    unknown("access_codes.get", "access_code_id"),
    call("access_codes.list", device_id="{front}"),
    refused(400, "invalid_input", "access_codes.list", device_id="{front}", limit=0),
    call("access_codes.generate_code", device_id="{front}"),
    unknown("access_codes.generate_code", "device_id"),
    call("access_codes.update", name="Cleaner two", code="4712", **_CODE),
    call("access_codes.update", type="time_bound", **_WINDOW, **_CODE),
    unknown("access_codes.update", "access_code_id", name="None"),
    call("access_codes.list", device_id="{front}"),
    call(
        "access_codes.create_multiple",
        {"together": "access_codes.0.common_code_key"},
        device_ids=["{front}", "{side}"],
        name="Both {tag}",
        **_WINDOW,
    ),
    refused(404, "device_not_found", "access_codes.create_multiple", device_ids=["{front}", UNKNOWN]),
    call("access_codes.update_multiple", common_code_key="{together}", name="Both two"),
    refused(404, "access_code_not_found", "access_codes.update_multiple", common_code_key="none"),
    call(
        "access_codes.create",
        {"computed": "access_code.access_code_id"},
        device_id="{front}",
        name="Once {tag}",
        is_offline_access_code=True,
        is_one_time_use=True,
    ),
    call("access_codes.get", access_code_id="{computed}"),
    refused(
        400,
        "invalid_input",
        "access_codes.create",
        device_id="{front}",
        is_offline_access_code=True,
        code="4713",
        **_WINDOW,
    ),
    refused(400, "not_supported", "access_codes.update", access_code_id="{computed}", name="Twice"),
    refused(400, "not_supported", "access_codes.delete", access_code_id="{computed}"),
    call("devices.update", device_id="{side}", backup_access_code_pool_enabled=True),
    call(
        "access_codes.create",
        {"backed": "access_code.access_code_id"},
        device_id="{side}",
        use_backup_access_code_pool=True,
        **_WINDOW,
    ),
    call("access_codes.pull_backup_access_code", access_code_id="{backed}"),
    call("access_codes.get", access_code_id="{backed}"),
    unknown("access_codes.pull_backup_access_code", "access_code_id"),
    call("access_codes.delete", **_CODE),
    unknown("access_codes.delete", "access_code_id"),
    call("access_codes.report_device_constraints", device_id="{back}", supported_code_lengths=[4, 6]),
    unknown("access_codes.report_device_constraints", "device_id", supported_code_lengths=[4]),
)
UNMANAGED_CODES: tuple[Step, ...] = (
    *(
        call(
            "access_codes.simulate.create_unmanaged_access_code",
            {f"foreign{number}": "access_code.access_code_id"},
            device_id="{front}",
            name="Foreign",
            code=f"900{number}",
        )
        for number in range(3)
    ),
    unknown("access_codes.simulate.create_unmanaged_access_code", "device_id", name="Foreign", code="9009"),
    call("access_codes.unmanaged.get", access_code_id="{foreign0}"),
    unknown("access_codes.unmanaged.get", "access_code_id"),
    call("access_codes.unmanaged.list", device_id="{front}"),
    unknown("access_codes.unmanaged.list", "device_id"),
    call("access_codes.unmanaged.convert_to_managed", access_code_id="{foreign0}"),
    call("access_codes.get", access_code_id="{foreign0}"),
    unknown("access_codes.unmanaged.convert_to_managed", "access_code_id"),
    call("access_codes.unmanaged.update", access_code_id="{foreign1}", is_managed=True),
    unknown("access_codes.unmanaged.update", "access_code_id", is_managed=True),
    call("access_codes.unmanaged.delete", access_code_id="{foreign2}"),
    unknown("access_codes.unmanaged.delete", "access_code_id"),
)
GRANTS: tuple[Step, ...] = (
    call(
        "access_grants.create",
        {"grant": "access_grant.access_grant_id", "method": "access_grant.access_method_ids.0"},
        user_identity={"full_name": "Greta Guest", "email_address": "greta-{tag}@sdk.test"},
        access_grant_key="stay-{tag}",
        device_ids=["{front}"],
        acs_entrance_ids=["{side}"],
        requested_access_methods=[{"mode": "code"}, {"mode": "mobile_key"}],
        ends_at="2199-01-01T00:00:00Z",
    ),
    refused(
        404,
        "user_identity_not_found",
        "access_grants.create",
        user_identity_id=UNKNOWN,
        device_ids=["{front}"],
        requested_access_methods=[{"mode": "code"}],
    ),
    refused(
        400,
        "invalid_input",
        "access_grants.create",
        user_identity_id="{person}",
        device_ids=["{front}"],
        requested_access_methods=[{"mode": "whistle"}],
    ),
    call("access_grants.get", **_GRANT),
    call("access_grants.get", access_grant_key="stay-{tag}"),
    unknown("access_grants.get", "access_grant_id"),
    call("access_grants.list"),
    call("access_codes.list", **_GRANT),
    refused(400, "invalid_input", "access_grants.list", limit=0),
    call("access_grants.update", name="Stay {tag}", **_GRANT),
    call("access_grants.update", ends_at="2198-01-01T00:00:00Z", **_GRANT),
    unknown("access_grants.update", "access_grant_id", name="None"),
    call(
        "access_grants.request_access_methods",
        requested_access_methods=[{"mode": "cloud_key"}, {"mode": "card"}],
        **_GRANT,
    ),
    unknown(
        "access_grants.request_access_methods", "access_grant_id", requested_access_methods=[{"mode": "code"}]
    ),
    call("access_grants.get_related", access_grant_ids=["{grant}"]),
    refused(
        400, "invalid_input", "access_grants.get_related", access_grant_ids=["{grant}"], include=["nonsense"]
    ),
    call("access_grants.unmanaged.list"),
    refused(400, "invalid_input", "access_grants.unmanaged.list", limit=0),
    unknown("access_grants.unmanaged.get", "access_grant_id"),
    unknown("access_grants.unmanaged.update", "access_grant_id", is_managed=True),
)
METHODS: tuple[Step, ...] = (
    call("access_methods.get", **_METHOD),
    unknown("access_methods.get", "access_method_id"),
    call("access_methods.list", {"cloud": "access_methods.2.access_method_id"}, **_GRANT),
    refused(400, "invalid_input", "access_methods.list", limit=0, **_GRANT),
    call("access_methods.list", {"card": "access_methods.3.access_method_id"}, **_GRANT),
    call("access_methods.unlock_door", access_method_id="{cloud}", acs_entrance_id="{side}"),
    unknown("access_methods.unlock_door", "access_method_id", acs_entrance_id="{side}"),
    call("access_methods.get_related", access_method_ids=["{method}"]),
    refused(
        400,
        "invalid_input",
        "access_methods.get_related",
        access_method_ids=["{method}"],
        include=["nonsense"],
    ),
    call("access_methods.unmanaged.list", **_GRANT),
    refused(401, "unauthorized", "access_methods.unmanaged.list", by="stranger", **_GRANT),
    unknown("access_methods.unmanaged.get", "access_method_id"),
    call("access_methods.encode", access_method_id="{card}", acs_encoder_id="{encoder}"),
    unknown("access_methods.encode", "access_method_id", acs_encoder_id="{encoder}"),
    call(
        "access_grants.create",
        {"second_grant": "access_grant.access_grant_id", "second_card": "access_grant.access_method_ids.0"},
        user_identity={"full_name": "Carl Card"},
        acs_entrance_ids=["{side}"],
        requested_access_methods=[{"mode": "card"}],
    ),
    refused(
        200,
        "credential_not_found",
        "access_methods.assign_card",
        access_method_id="{second_card}",
        card_number="none-{tag}",
    ),
    call("access_methods.assign_card", access_method_id="{second_card}", card_number="{stock}"),
    call("access_methods.delete", **_METHOD),
    unknown("access_methods.delete", "access_method_id"),
    call("access_grants.delete", **_GRANT),
    unknown("access_grants.delete", "access_grant_id"),
)
