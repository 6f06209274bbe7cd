"""The description of the native API, made from its table of routes."""

import re
from collections.abc import Sequence

import msgspec

from rekey.webkit.route import Route

_FIELD = re.compile(r"\{([a-z_]+)\}")


def describe(routes: Sequence[Route], version: str) -> dict[str, object]:
    """Describe the routes as OpenAPI 3.1."""
    bodies = [route.accepts for route in routes if route.accepts is not None]
    schemas, components = msgspec.json.schema_components(bodies, ref_template="#/components/schemas/{name}")
    by_type = dict(zip(bodies, schemas, strict=True))
    paths: dict[str, dict[str, object]] = {}
    for route in routes:
        for method in route.methods:
            paths.setdefault(route.path, {})[method.lower()] = _operation(route, by_type)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Rekey", "version": version},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"key": []}],
    }


def _operation(route: Route, by_type: dict[type, dict[str, object]]) -> dict[str, object]:
    described: dict[str, object] = {
        "operationId": route.name,
        "summary": route.summary,
        "x-operation": route.operation,
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in _FIELD.findall(route.path)
        ],
        "responses": {
            str(route.status): {"description": "done"},
            "default": {"description": "a problem document", "content": {"application/problem+json": {}}},
        },
    }
    if route.accepts is not None:
        described["requestBody"] = {"content": {"application/json": {"schema": by_type[route.accepts]}}}
    return described
