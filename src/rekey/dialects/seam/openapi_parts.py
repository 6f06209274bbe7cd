"""The parts of the description that are unions: events by their type, attempts by their type and their end."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from rekey.dialects.seam import wire, wire_access, wire_credentials
from rekey.dialects.seam.event_types import EVENT_FORMS, EventForm

Schema = dict[str, Any]

_TEXT: Final[Schema] = {"type": "string"}
_ID: Final[Schema] = {"type": "string", "format": "uuid"}
_TIME: Final[Schema] = {"type": "string", "format": "date-time"}
_FLAG: Final[Schema] = {"type": "boolean"}
_NUMBER: Final[Schema] = {"type": "number"}
_OBJECT: Final[Schema] = {"type": "object"}
_SEVERAL: Final[Schema] = {"type": "array", "items": {"type": "object"}}
_EVERY_EVENT: Final[Mapping[str, Schema]] = {
    "event_id": _ID,
    "workspace_id": _ID,
    "created_at": _TIME,
    "occurred_at": _TIME,
}
_NAMED: Final[Mapping[str, Schema]] = {
    "device_errors": _SEVERAL,
    "device_warnings": _SEVERAL,
    "connected_account_errors": _SEVERAL,
    "connected_account_warnings": _SEVERAL,
    "access_code_errors": _SEVERAL,
    "access_code_warnings": _SEVERAL,
    "acs_system_errors": _SEVERAL,
    "acs_system_warnings": _SEVERAL,
    "changed_properties": _SEVERAL,
    "requested_mutations": _SEVERAL,
    "access_grant_keys": {"type": "array", "items": _TEXT},
    "media_ids": {"type": "array", "items": _TEXT},
    "from": _OBJECT,
    "to": _OBJECT,
    "reason": _OBJECT,
    "device_custom_metadata": _OBJECT,
    "connected_account_custom_metadata": _OBJECT,
    "battery_level": _NUMBER,
    "device_battery_level": _NUMBER,
    "accessory_keypad_battery_level": _NUMBER,
    "access_code_is_managed": _FLAG,
    "code": {**_TEXT, "nullable": True},
}
# What a success gives, by the type of the attempt; two kinds where either may come.
RESULTS: Final[Mapping[str, Sequence[type[wire.Wire]]]] = {
    "LOCK_DOOR": (wire.DoorResult,),
    "UNLOCK_DOOR": (wire.DoorResult,),
    "SCAN_CREDENTIAL": (wire_credentials.ScanResult,),
    "ENCODE_CREDENTIAL": (wire_credentials.AcsCredential, wire_access.AccessMethod),
    "SCAN_TO_ASSIGN_CREDENTIAL": (wire_credentials.AcsCredential, wire_access.AccessMethod),
    "ASSIGN_CREDENTIAL": (wire_access.AccessMethod,),
    "RESET_SANDBOX_WORKSPACE": (),
    "SIMULATE_KEYPAD_CODE_ENTRY": (),
    "SIMULATE_MANUAL_LOCK_VIA_KEYPAD": (),
    "CONFIGURE_AUTO_LOCK": (),
    "CREATE_ACCESS_CODE": (wire_access.AccessCodeResult,),
    "UPDATE_ACCESS_CODE": (wire_access.AccessCodeResult,),
    "DELETE_ACCESS_CODE": (),
}
# The type of attempt that a route begins.
ATTEMPTS_OF: Final[Mapping[str, str]] = {
    "/access_codes/create": "CREATE_ACCESS_CODE",
    "/access_codes/delete": "DELETE_ACCESS_CODE",
    "/access_codes/unmanaged/delete": "DELETE_ACCESS_CODE",
    "/access_codes/update": "UPDATE_ACCESS_CODE",
    "/access_methods/assign_card": "ASSIGN_CREDENTIAL",
    "/access_methods/encode": "ENCODE_CREDENTIAL",
    "/access_methods/unlock_door": "UNLOCK_DOOR",
    "/acs/encoders/encode_credential": "ENCODE_CREDENTIAL",
    "/acs/encoders/scan_credential": "SCAN_CREDENTIAL",
    "/acs/encoders/scan_to_assign_credential": "SCAN_TO_ASSIGN_CREDENTIAL",
    "/acs/entrances/unlock": "UNLOCK_DOOR",
    "/locks/configure_auto_lock": "CONFIGURE_AUTO_LOCK",
    "/locks/lock_door": "LOCK_DOOR",
    "/locks/simulate/keypad_code_entry": "SIMULATE_KEYPAD_CODE_ENTRY",
    "/locks/simulate/manual_lock_via_keypad": "SIMULATE_MANUAL_LOCK_VIA_KEYPAD",
    "/locks/unlock_door": "UNLOCK_DOOR",
    "/workspaces/reset_sandbox": "RESET_SANDBOX_WORKSPACE",
}


def plain(schema: Schema, parts: Schema) -> Schema:
    """Put referenced parts in place and write a union with null as `nullable`."""
    if "$ref" in schema:
        return plain(parts[schema["$ref"]], parts)
    if "anyOf" in schema:
        kinds = [kind for kind in schema["anyOf"] if kind.get("type") != "null"]
        return {**plain(kinds[0], parts), "nullable": True}
    shown = {key: value for key, value in schema.items() if key not in {"title", "description"}}
    if "properties" in shown:
        shown["properties"] = {name: plain(part, parts) for name, part in shown["properties"].items()}
    for key in ("items", "additionalProperties"):
        if isinstance(shown.get(key), dict):
            shown[key] = plain(shown[key], parts)
    return shown


def describe_events() -> Schema:
    """Describe the events that are about access, each type by itself."""
    forms = [(type_, form) for type_, form in sorted(EVENT_FORMS.items()) if form.namespace]
    return {"oneOf": [_event(type_, form) for type_, form in forms], "x-route-path": "/events"}


def _event(type_: str, form: EventForm) -> Schema:
    fields = sorted(form.always | form.sometimes)
    return {
        "type": "object",
        "properties": {
            **_EVERY_EVENT,
            "event_type": {"type": "string", "enum": [type_]},
            "event_description": _TEXT,
            **{name: _field(name) for name in fields},
        },
        "required": [*_EVERY_EVENT, "event_type", *sorted(form.always)],
        "x-route-path": form.namespace,
    }


def _field(name: str) -> Schema:
    known = _NAMED.get(name)
    if known is not None:
        return known
    if name.endswith("_ids"):
        return {"type": "array", "items": _ID}
    if name.startswith("is_"):
        return _FLAG
    return _ID if name.endswith("_id") else _TEXT


def describe_attempts() -> Schema:
    """Describe every type of attempt while it is pending, when it succeeded and when it failed."""
    kinds = sorted({kind for several in RESULTS.values() for kind in several}, key=lambda kind: kind.__name__)
    _, parts = msgspec.json.schema_components(kinds, ref_template="{name}")
    variants = [
        variant
        for type_, several in RESULTS.items()
        for variant in _ends_of(type_, [plain(parts[kind.__name__], parts) for kind in several])
    ]
    return {"oneOf": variants, "x-route-path": "/action_attempts"}


def _ends_of(type_: str, results: Sequence[Schema]) -> Sequence[Schema]:
    nothing: Schema = {"type": "object", "nullable": True}
    told = {
        "type": "object",
        "properties": {"type": _TEXT, "message": _TEXT},
        "required": ["type", "message"],
    }
    given = results[0] if len(results) == 1 else {"oneOf": [*results]}
    success = given if results else {"type": "object", "properties": {}}
    return [
        _attempt(type_, "pending", nothing, nothing),
        _attempt(type_, "success", success, nothing),
        _attempt(type_, "error", nothing, told),
    ]


def _attempt(type_: str, status: str, result: Schema, error: Schema) -> Schema:
    properties = {
        "action_attempt_id": _ID,
        "action_type": {"type": "string", "enum": [type_]},
        "status": {"type": "string", "enum": [status]},
        "result": result,
        "error": error,
    }
    return {"type": "object", "properties": properties, "required": [*properties]}
