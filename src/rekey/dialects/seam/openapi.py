"""The description of this dialect, made from its table of routes.

Clients and their generators read it under rules of their own: a plain reference below every response key,
`nullable` instead of a union with null, a type on every property, and the namespace of every resource.
"""

from collections.abc import Mapping, Sequence

import msgspec

from rekey.dialects.seam import wire, wire_access, wire_accounts, wire_credentials
from rekey.dialects.seam.letters import LETTERS
from rekey.dialects.seam.openapi_parts import (
    ATTEMPTS_OF,
    Schema,
    describe_attempts,
    describe_events,
    plain,
)
from rekey.dialects.seam.parameters import Kind, Param
from rekey.dialects.seam.rows import Row

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
# The letters of a route and the kinds of proof that they stand for, as the clients' own tools name them.
_PROOFS: Mapping[str, tuple[str, ...]] = {
    "A": ("api_key", "pat_with_workspace"),
    "a": ("pat_with_workspace",),
    "C": ("client_session",),
    "P": ("client_session_with_customer",),
    "K": ("publishable_key",),
    "W": ("pat_without_workspace",),
}
_HEADERS: Mapping[str, str] = {"publishable_key": "seam-publishable-key"}


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
            "securitySchemes": {name: _proof(name) for names in _PROOFS.values() for name in names},
        },
    }


def _path(row: Row) -> Schema:
    return {method.lower(): _operation(row, method) for method in row.methods}


def _operation(row: Row, method: str) -> Schema:
    name = "".join(part.title() for part in row.path.replace("/", "_").split("_"))
    described: Schema = {
        "operationId": name[0].lower() + name[1:] + method.title(),
        "summary": row.path,
        "x-title": _title(row.path),
        "tags": [_tag(row.path)],
        "security": [{name: []} for letter in LETTERS[row.path] for name in _PROOFS[letter]],
        "x-response-key": row.answer[0][0] if row.answer else None,
        "responses": {
            "200": {"description": "OK", "content": {"application/json": {"schema": _answer(row)}}},
            "400": {"description": "Bad Request"},
            "401": {"description": "Unauthorized"},
        },
    }
    if row.path in ATTEMPTS_OF:
        described["x-action-attempt-type"] = ATTEMPTS_OF[row.path]
    if "batch" in dict(row.answer):
        described["x-batch-keys"] = [*wire_accounts.Batch.__struct_fields__]
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
        if kind is wire_accounts.Batch:
            properties[key] = _batch()
        else:
            properties[key] = {"type": "array", "items": reference} if row.several else reference
    if row.paged:
        properties["pagination"] = {"$ref": "#/components/schemas/pagination"}
    properties["ok"] = {"type": "boolean"}
    return {"type": "object", "properties": properties, "required": [*properties]}


def _components() -> Schema:
    _, parts = msgspec.json.schema_components(NAMESPACES, ref_template="{name}")
    described = {
        name: {**plain(parts[kind.__name__], parts), "x-route-path": namespace}
        for kind, (name, namespace) in NAMESPACES.items()
    }
    # What is one of several comes as such; a batch refers to what it holds.
    return {
        **described,
        "event": describe_events(),
        "action_attempt": describe_attempts(),
        "batch": _batch(),
    }


def _batch() -> Schema:
    """Describe resources of several kinds at once."""
    names = {name for name, _namespace in NAMESPACES.values()}
    kept = {
        kind: kind.removesuffix("ies") + "y" if kind.endswith("ies") else kind.removesuffix("s")
        for kind in wire_accounts.Batch.__struct_fields__
    }
    properties = {
        several: {"type": "array", "items": {"$ref": f"#/components/schemas/{one}"}}
        for several, one in kept.items()
        if one in names
    }
    return {"type": "object", "properties": properties, "x-route-path": NAMESPACES[wire_accounts.Batch][1]}


def _proof(name: str) -> Schema:
    header = _HEADERS.get(name)
    if header is not None:
        return {"type": "apiKey", "in": "header", "name": header}
    return {"type": "http", "scheme": "bearer"}


def _title(path: str) -> str:
    """Name a route as people read it: what it does, and to what."""
    *namespace, verb = path.strip("/").split("/")
    return f"{verb} · {' / '.join(namespace)}".replace("_", " ")


def _tag(path: str) -> str:
    return "/" + path.split("/")[1]
