"""The description of this API holds for every route, whatever is sent to it."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from rekey.dialects.kisi.hardware import MISSING
from rekey.dialects.kisi.kit import Kit
from rekey.dialects.kisi.openapi import answer_of, describe
from rekey.dialects.kisi.routes import make_routes
from rekey.dialects.kisi.schema_requests import BODIES, QUERIES
from rekey.webkit.settings import DialectSettings
from tests.dialects.in_world import Api
from tests.dialects.kisi.api import add_group, add_lock, add_user, as_owner, assign, kisi_test
from tests.support.world import PrefixClient, World, open_world

EXAMPLES = 6
CHECKED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
Known = dict[str, int]


@kisi_test
async def test_the_description_is_open_to_everybody_and_names_every_json_route(api: Api) -> None:
    told = (await api.world.client("/kisi").send("GET", "/openapi.json")).json()
    routes = make_routes(Kit(api.world.services, DialectSettings(data=api.world.server.settings.data)))
    for route in routes:
        if route.path in told["paths"]:
            assert {method.lower() for method in route.methods} <= set(told["paths"][route.path])
            answer_of(route)
    assert told["paths"]["/users"]["get"]["responses"]["200"]
    assert told == describe(routes)


@kisi_test
async def test_nothing_is_described_that_is_not_there(api: Api) -> None:
    routes = make_routes(Kit(api.world.services, DialectSettings(data=api.world.server.settings.data)))
    names, paths = {route.name for route in routes}, {route.path for route in routes}
    assert set(BODIES) <= names
    assert set(QUERIES) <= paths
    assert {missing.path for missing in MISSING} <= paths


class Stand:
    """A world with something of everything in it, and a loop that lives as long."""

    def __init__(self, data: Path) -> None:
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self.world: World = self._runner.run(self._stack.enter_async_context(open_world(data)))
        self.answers = Counter[int]()
        self.known: Known = self._runner.run(_furnish(as_owner(self.world)))

    def send(self, request: httpx.Request) -> Any:
        client = PrefixClient(self.world.app, "", {"authorization": f"KISI-LOGIN {self.world.keys['kisi']}"})
        headers = {name: value for name, value in request.headers.items() if name == "content-type"}
        target = request.url.raw_path.decode()
        answer = self._runner.run(client.send(request.method, target, headers, request.content))
        self.answers[answer.status] += 1
        return answer

    def describe(self) -> Any:
        return self._runner.run(self.world.client("/kisi").send("GET", "/openapi.json")).json()

    def close(self) -> None:
        self._runner.run(self._stack.aclose())
        self._runner.close()


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    made = Stand(tmp_path_factory.mktemp("openapi"))
    yield made
    made.close()


def test_every_route_answers_as_described_whatever_is_sent(stand: Stand) -> None:
    schema = schemathesis.openapi.from_dict(stand.describe())
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    # What ends the very key that this test holds comes last.
    ordered = sorted(operations, key=lambda one: (one.method == "delete", one.path.startswith("/login")))
    for operation in ordered:
        _try(stand, operation)
    assert len(ordered) > 150
    # The walk came past the doorman: calls were done, found nothing, and were refused for what they said.
    assert {200, 204, 400, 404, 422} <= set(stand.answers)
    assert stand.answers[200] + stand.answers[204] > len(ordered) / 2, stand.answers


def _try(stand: Stand, operation: Any) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), is_known=st.booleans())
    def hold(case: Any, is_known: bool) -> None:
        if is_known and "id" in case.path_parameters:
            case.path_parameters["id"] = stand.known.get(operation.path.split("/")[1], 1)
        parts = case.as_transport_kwargs(base_url="http://testserver/kisi")
        names = ("method", "url", "params", "json", "data", "content")
        request = httpx.Request(
            **{name: value for name, value in parts.items() if name in names and value is not None}
        )
        answer = stand.send(request)
        case.validate_response(
            schemathesis.Response(
                status_code=answer.status,
                headers={name.decode(): [value.decode()] for name, value in answer.raw_headers},
                content=answer.body,
                request=requests.Request(request.method, str(request.url)).prepare(),
                elapsed=0.0,
                verify=False,
            ),
            checks=CHECKED,
        )

    hold()


async def _furnish(api: Api) -> Known:
    lock, user = await add_lock(api, "Front"), await add_user(api, "ada")
    group = await add_group(api, "Staff", lock)
    right = await assign(api, user, group)
    place = lock["place_id"]
    made = {
        "teams": {"team": {"name": "Cleaners"}},
        "guests": {"guest": {"name": "Gus"}},
        "floors": {"floor": {"name": "Ground", "number": 0, "place_id": place}},
        "elevators": {"elevator": {"name": "Lift", "place_id": place}},
        "cards": {"card": {"type": "third_party_hf", "uid": "0a0b0c0d"}},
        "group_links": {"group_link": {"group_id": group["id"], "name": "Visitor"}},
        "event_sets": {"event_set": {}},
        "reports": {"report": {"name": "All", "reporter_id": 1}},
    }
    known = {name: (await api.done("POST", f"/{name}", body))["id"] for name, body in made.items()}
    await api.world.make_reports()
    others = {"locks": lock, "users": user, "groups": group, "role_assignments": right}
    return {**known, **{name: thing["id"] for name, thing in others.items()}, "places": place}
