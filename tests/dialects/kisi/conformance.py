"""Every answer that a test of this dialect gets is held against the description of the API."""

import json
from functools import cache
from typing import Any

import jsonschema_rs

from rekey.dialects.kisi.openapi import answer_of
from rekey.dialects.kisi.schema_text import object_schema
from rekey.dialects.kisi.schemas import OBJECTS
from rekey.webkit.route import Route, RouteTable
from tests.support.asgi import Response

_SCHEMAS = {name: object_schema(text) for name, text in OBJECTS.items()}


def check(table: RouteTable, method: str, target: str, answer: Response) -> None:
    """Fail where an answer has another form than the one described."""
    found = table.find(target.partition("?")[0])
    endpoint = None if found is None else found[0].by_method.get(method)
    if endpoint is None or not (answer.header("content-type") or "").startswith("application/json"):
        return
    _check(endpoint.route, answer)


def _check(route: Route, answer: Response) -> None:
    if answer.status == 422:
        wanted: Any = {"$ref": "#/components/schemas/Errors"}
    elif answer.status >= 400:
        wanted = {"$ref": "#/components/schemas/Error"}
    else:
        assert answer.status == route.status, (route.name, answer.status)
        wanted = answer_of(route)
        assert wanted is not None, (route.name, "answers something that is not described")
    problems = [
        f"{error.instance_path} {error.message}"
        for error in _validator(_key(wanted)).iter_errors(answer.json())
    ]
    assert not problems, (route.name, answer.status, problems[:5])


def _key(schema: Any) -> str:
    return json.dumps(schema, sort_keys=True)


@cache
def _validator(schema: str) -> Any:
    whole = {**json.loads(schema), "components": {"schemas": _SCHEMAS}}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
