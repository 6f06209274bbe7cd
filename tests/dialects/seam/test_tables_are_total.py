"""Every error, reason and failure of the core has its word here, and every resource its description."""

import inspect
from typing import Any

import pytest

from rekey.dialects.seam.errors import STATUS, denied_type
from rekey.dialects.seam.translate import action_of, show_failure
from rekey.domain import errors
from rekey.domain.decision import DenyReason
from rekey.domain.door_order import OrderFailure, OrderKind
from tests.dialects.in_world import Api
from tests.dialects.seam.api import seam_test

CORE_ERRORS = [
    kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.CoreError)
]


@pytest.mark.parametrize("kind", CORE_ERRORS)
def test_every_error_of_the_core_has_a_status_and_a_type(kind: type[errors.CoreError]) -> None:
    status, name = STATUS[kind]
    assert 400 <= status <= 503
    assert name.replace("_", "").isalpha()


@pytest.mark.parametrize("reason", DenyReason)
def test_every_reason_of_a_denial_has_a_type(reason: DenyReason) -> None:
    assert denied_type(reason)


@pytest.mark.parametrize("failure", OrderFailure)
def test_every_failure_of_an_order_has_a_type_and_a_message(failure: OrderFailure) -> None:
    error = show_failure(failure)
    assert error.type
    assert error.message


@pytest.mark.parametrize("kind", OrderKind)
def test_every_kind_of_order_is_one_of_the_two_actions(kind: OrderKind) -> None:
    assert action_of(kind) in {"UNLOCK_DOOR", "LOCK_DOOR"}


@seam_test
async def test_the_description_can_be_read_by_the_clients_own_tools(api: Api) -> None:
    described = await api.done("GET", "/openapi.json")
    namespaces = {path.rpartition("/")[0] for path in described["paths"]}
    for name, component in described["components"]["schemas"].items():
        assert component["x-route-path"] in namespaces | {""}, name
        assert _untyped(component) == [], name
    for path, verbs in described["paths"].items():
        for operation in verbs.values():
            assert operation["operationId"], path
            key = operation["x-response-key"]
            answer = operation["responses"]["200"]["content"]["application/json"]["schema"]["properties"]
            assert key is None or "$ref" in str(answer[key]), path


def _untyped(schema: dict[str, Any], path: str = "") -> list[str]:
    found = []
    for name, part in schema.get("properties", {}).items():
        if "type" not in part:
            found.append(f"{path}.{name}")
        found += _untyped(part.get("items", part), f"{path}.{name}")
    return found
