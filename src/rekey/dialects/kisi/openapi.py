"""The description of this API, made from its table of routes: closed answers, open bodies."""

import re
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from rekey import __version__
from rekey.dialects.kisi.hardware import MISSING
from rekey.dialects.kisi.policy import PUBLIC
from rekey.dialects.kisi.schema_requests import BODIES, QUERIES
from rekey.dialects.kisi.schema_text import Schema, object_schema, type_schema
from rekey.dialects.kisi.schemas import ANSWERS, FOR_VISITORS, OBJECTS, RESOURCES
from rekey.webkit.message import Reply, Request
from rekey.webkit.route import Route

_FIELD = re.compile(r"\{([a-z_]+)\}")
_JSON: Final = "application/json"
# Routes that answer pages and files; what is in those no schema tells.
_OTHER_MEDIA: Final = (
    "/report_files/",
    "/grouplinks/",
    "/accesskeys/",
    "/uploads/",
    "/pictures/",
    "/oauth/authorize",
)
_ABSENT = frozenset(missing.path.strip("/") for missing in MISSING)


class Description:
    """The handler of `/openapi.json`; made once, at the first question."""

    def __init__(self, routes: Callable[[], Sequence[Route]]) -> None:
        self._routes = routes
        self._made: bytes | None = None

    async def get(self, _request: Request) -> Reply:
        if self._made is None:
            self._made = msgspec.json.encode(describe(self._routes()))
        return Reply(200, self._made)


def describe(routes: Sequence[Route]) -> Schema:
    """Describe the routes as OpenAPI 3.1."""
    paths: dict[str, Schema] = {}
    for route in routes:
        if not route.path.startswith(_OTHER_MEDIA):
            for method in route.methods:
                paths.setdefault(route.path, {})[method.lower()] = _operation(route, method)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Rekey, as Kisi's clients know it", "version": __version__},
        "paths": paths,
        "components": {
            "schemas": {name: object_schema(text) for name, text in OBJECTS.items()},
            "securitySchemes": {"login": {"type": "apiKey", "in": "header", "name": "Authorization"}},
        },
        "security": [{"login": []}],
    }


def answer_of(route: Route) -> Schema | None:
    """Give the schema of what a route answers; None for one that answers nothing, or only refuses.

    Raises: KeyError for a route whose answer nobody has described.
    """
    if route.status == 204:
        return None
    special = ANSWERS.get(route.name)
    if special is not None:
        return type_schema(special)
    resource = route.path.split("/")[1]
    verb, is_one = route.methods[0], route.path.endswith("}") or route.methods[0] == "POST"
    if resource in _ABSENT:
        return None if is_one else {"type": "array", "maxItems": 0}
    name = RESOURCES[resource]
    shown = type_schema(f"@{name}")
    if name in FOR_VISITORS and verb == "GET":
        shown = {"anyOf": [shown, type_schema(f"@{FOR_VISITORS[name]}")]}
    return shown if is_one else {"type": "array", "items": shown}


def _operation(route: Route, method: str) -> Schema:
    described: Schema = {
        "operationId": f"{method} {route.path}",
        "x-operation": route.operation,
        "parameters": [*_path_parameters(route.path), *_query(route, method)],
        "responses": {
            str(route.status): _answer(route),
            "422": _content("what is wrong with which attribute", type_schema("@Errors")),
            "default": _content("why not", _error_of(route)),
        },
    }
    if route.auth == PUBLIC:
        described["security"] = []
    if route.name in BODIES:
        wrapper, attributes = BODIES[route.name]
        inner = object_schema(attributes, closed=False)
        body: Schema = {"type": "object", "properties": {wrapper: inner}, "required": [wrapper]}
        described["requestBody"] = {"content": {_JSON: {"schema": body}}}
    return described


def _error_of(route: Route) -> Schema:
    """Give the form of errors; the OAuth endpoint has one of its own, but where the whole API refuses."""
    if route.path != "/oauth/token":
        return type_schema("@Error")
    return {"anyOf": [type_schema("@OauthError"), type_schema("@Error")]}


def _answer(route: Route) -> Schema:
    schema = answer_of(route)
    return {"description": "done"} if schema is None else _content("done", schema)


def _content(text: str, schema: Schema) -> Schema:
    return {"description": text, "content": {_JSON: {"schema": schema}}}


def _path_parameters(path: str) -> list[Schema]:
    kinds: dict[str, Schema] = {"id": {"type": "integer"}}
    if path.startswith("/roles"):
        kinds = {}
    return [
        {"name": name, "in": "path", "required": True, "schema": kinds.get(name, {"type": "string"})}
        for name in _FIELD.findall(path)
    ]


def _query(route: Route, method: str) -> list[Schema]:
    if method != "GET" and not route.path.endswith("/download"):
        return []
    known = object_schema(QUERIES.get(route.path, ""))
    return [
        {"name": name, "in": "query", "required": name in known.get("required", ()), "schema": schema}
        for name, schema in known["properties"].items()
    ]
