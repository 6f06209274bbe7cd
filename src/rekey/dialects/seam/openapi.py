"""The description of this dialect, made from its table of routes.

Clients and their generators read it under rules of their own: a plain reference below every response key,
`nullable` instead of a union with null, a type on every property, and the namespace of every resource.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from rekey.dialects.seam import wire, wire_access, wire_accounts, wire_credentials
from rekey.dialects.seam.parameters import Kind, Param
from rekey.dialects.seam.rows import Row

Schema = dict[str, Any]

NAMESPACES: dict[type[wire.Wire], tuple[str, str]] = {
    wire.Workspace: ("workspace", "/workspaces"),
    wire.Device: ("device", "/devices"),
    wire.ActionAttempt: ("action_attempt", "/action_attempts"),
    wire.UserIdentity: ("user_identity", "/user_identities"),
    wire.AcsSystem: ("acs_system", "/acs/systems"),
    wire.AcsUser: ("acs_user", "/acs/users"),
    wire.AcsEntrance: ("acs_entrance", "/acs/entrances"),
    wire.AcsAccessGroup: ("acs_access_group", "/acs/access_groups"),
    wire.Event: ("event", "/events"),
    wire.Webhook: ("webhook", "/webhooks"),
    wire.UnmanagedDevice: ("unmanaged_device", "/devices/unmanaged"),
    wire.UnmanagedUserIdentity: ("unmanaged_user_identity", "/user_identities/unmanaged"),
    wire_access.AccessCode: ("access_code", "/access_codes"),
    wire_access.UnmanagedAccessCode: ("unmanaged_access_code", "/access_codes/unmanaged"),
    wire_access.AccessGrant: ("access_grant", "/access_grants"),
    wire_access.UnmanagedAccessGrant: ("unmanaged_access_grant", "/access_grants/unmanaged"),
    wire_access.AccessMethod: ("access_method", "/access_methods"),
    wire_access.UnmanagedAccessMethod: ("unmanaged_access_method", "/access_methods/unmanaged"),
    wire_credentials.AcsCredential: ("acs_credential", "/acs/credentials"),
    wire_credentials.AcsEncoder: ("acs_encoder", "/acs/encoders"),
    wire_credentials.Phone: ("phone", "/phones"),
    wire_credentials.InstantKey: ("instant_key", "/instant_keys"),
    wire_accounts.ClientSession: ("client_session", "/client_sessions"),
    wire_accounts.ConnectWebview: ("connect_webview", "/connect_webviews"),
    wire_accounts.ConnectedAccount: ("connected_account", "/connected_accounts"),
    wire_accounts.Space: ("space", "/spaces"),
    wire_accounts.Batch: ("batch", "/workspaces"),
    wire_accounts.DeviceProvider: ("device_provider", "/devices"),
    wire_accounts.CustomerPortal: ("customer_portal", "/customers"),
    wire.Pagination: ("pagination", ""),
}
_TYPES: dict[Kind, Schema] = {
    Kind.TEXT: {"type": "string"},
    Kind.ID: {"type": "string", "format": "uuid"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.NUMBER: {"type": "number"},
    Kind.TIME: {"type": "string", "format": "date-time"},
    Kind.TEXTS: {"type": "array", "items": {"type": "string"}},
    Kind.OBJECT: {"type": "object"},
    Kind.OBJECTS: {"type": "array", "items": {"type": "object"}},
    Kind.NUMBERS: {"type": "array", "items": {"type": "number"}},
}
_SECURITY: list[Schema] = [{"api_key": []}]


def describe(rows: Sequence[Row], version: str) -> Schema:
    """Describe the routes as OpenAPI 3.0."""
    return {
        "openapi": "3.0.0",
        "info": {"title": "Rekey, as Seam's clients know it", "version": version},
        "servers": [{"url": "/"}],
        "tags": [{"name": tag, "description": tag} for tag in sorted({_tag(row.path) for row in rows})],
        "paths": {row.path: _path(row) for row in rows},
        "components": {
            "schemas": _components(),
            "securitySchemes": {"api_key": {"type": "http", "scheme": "bearer", "bearerFormat": "API Key"}},
        },
    }


def _path(row: Row) -> Schema:
    return {method.lower(): _operation(row, method) for method in row.methods}


def _operation(row: Row, method: str) -> Schema:
    name = "".join(part.title() for part in row.path.replace("/", "_").split("_"))
    described: Schema = {
        "operationId": name[0].lower() + name[1:] + method.title(),
        "summary": row.path,
        "tags": [_tag(row.path)],
        "security": _SECURITY,
        "x-response-key": row.answer[0][0] if row.answer else None,
        "responses": {
            "200": {"description": "OK", "content": {"application/json": {"schema": _answer(row)}}},
            "400": {"description": "Bad Request"},
            "401": {"description": "Unauthorized"},
        },
    }
    if row.path.startswith("/locks/") and row.verb is None:
        described["x-action-attempt-type"] = row.path.rpartition("/")[2].upper()
    if row.path == "/locks/get":
        described["x-deprecated"] = "Use /devices/get."
    if method in {"GET", "DELETE"}:
        described["parameters"] = [
            {"in": "query", "name": param.name, "required": param.required, "schema": _parameter(param)}
            for param in row.takes
        ]
    else:
        described["requestBody"] = {"content": {"application/json": {"schema": _body(row)}}}
    return described


def _body(row: Row) -> Schema:
    body: Schema = {"type": "object", "properties": {param.name: _parameter(param) for param in row.takes}}
    required = [param.name for param in row.takes if param.required]
    return {**body, "required": required} if required else body


def _parameter(param: Param) -> Schema:
    schema = {**_TYPES[param.kind], "nullable": True} if param.nullable else {**_TYPES[param.kind]}
    return {**schema, "minLength": 1} if param.filled else schema


def _answer(row: Row) -> Schema:
    properties: Schema = {}
    for key, kind in row.answer:
        reference = {"$ref": f"#/components/schemas/{NAMESPACES[kind][0]}"}
        properties[key] = {"type": "array", "items": reference} if row.several else reference
    if row.paged:
        properties["pagination"] = {"$ref": "#/components/schemas/pagination"}
    properties["ok"] = {"type": "boolean"}
    return {"type": "object", "properties": properties, "required": [*properties]}


def _components() -> Schema:
    _, parts = msgspec.json.schema_components(NAMESPACES, ref_template="{name}")
    return {
        name: {**_plain(parts[kind.__name__], parts), "x-route-path": namespace}
        for kind, (name, namespace) in NAMESPACES.items()
    }


def _plain(schema: Schema, parts: Schema) -> Schema:
    """Put referenced parts in place and write a union with null as `nullable`."""
    if "$ref" in schema:
        return _plain(parts[schema["$ref"]], parts)
    if "anyOf" in schema:
        kinds = [kind for kind in schema["anyOf"] if kind.get("type") != "null"]
        return {**_plain(kinds[0], parts), "nullable": True}
    plain = {key: value for key, value in schema.items() if key not in {"title", "description"}}
    if "properties" in plain:
        plain["properties"] = {name: _plain(part, parts) for name, part in plain["properties"].items()}
    for key in ("items", "additionalProperties"):
        if isinstance(plain.get(key), dict):
            plain[key] = _plain(plain[key], parts)
    return plain


def _tag(path: str) -> str:
    return "/" + path.split("/")[1]
