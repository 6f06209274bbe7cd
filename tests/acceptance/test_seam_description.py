"""The description of the Seam API, read by the vendor's own tools as their command line reads it."""

import json
from typing import Any

import pytest

from rekey.dialects.seam.event_types import EVENT_FORMS
from rekey.dialects.seam.letters import LETTERS
from tests.acceptance.seam_sdk.every import ELSEWHERE
from tests.support.node import run_node
from tests.support.process import RekeyProcess

# What the command line does when it is told to take the endpoint's own schema.
_READ = """
const [{ createBlueprint }, { getOpenapiSchema }] = await Promise.all([
  import("@seamapi/blueprint"),
  import("@seamapi/http"),
]);
const openapi = await getOpenapiSchema(process.argv[2]);
const read = await createBlueprint({ openapi }, { omitUndocumented: true });
const endpoints = read.routes.flatMap((route) => route.endpoints);
process.stdout.write(JSON.stringify({
  endpoints: Object.fromEntries(endpoints.map(({ path, request, response, authMethods, hasPagination }) => [
    path,
    {
      verb: request.semanticMethod,
      required: request.parameters.filter((one) => one.isRequired).map((one) => one.name),
      key: response.responseKey ?? null,
      attempt: response.actionAttemptType ?? null,
      paged: hasPagination,
      proofs: authMethods,
    },
  ])),
  events: read.events.map((event) => event.eventType),
  attempts: read.actionAttempts.map((attempt) => attempt.actionAttemptType),
  resources: read.resources.map((resource) => resource.resourceType),
}));
"""


@pytest.fixture(scope="module")
def blueprint(server: RekeyProcess) -> dict[str, Any]:
    done = run_node(_READ, f"{server.url}/seam")
    assert done.returncode == 0, done.stderr
    read: dict[str, Any] = json.loads(done.stdout)
    return read


def test_every_route_about_access_is_in_the_blueprint(blueprint: dict[str, Any]) -> None:
    about_access = {path for path in LETTERS if not path.startswith(ELSEWHERE)}
    assert set(blueprint["endpoints"]) == about_access


def test_every_event_about_access_is_in_the_blueprint(blueprint: dict[str, Any]) -> None:
    about_access = {type_ for type_, form in EVENT_FORMS.items() if form.namespace}
    assert sorted(blueprint["events"]) == sorted(about_access)


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        (
            "/locks/unlock_door",
            {"verb": "POST", "required": ["device_id"], "key": "action_attempt", "attempt": "UNLOCK_DOOR"},
        ),
        ("/access_codes/update", {"verb": "PUT", "key": "action_attempt", "attempt": "UPDATE_ACCESS_CODE"}),
        ("/devices/list", {"verb": "GET", "key": "devices", "attempt": None, "paged": True}),
        ("/access_grants/delete", {"verb": "DELETE", "required": ["access_grant_id"], "key": None}),
        (
            "/client_sessions/get_or_create",
            {"proofs": ["api_key", "personal_access_token", "publishable_key"]},
        ),
    ],
)
def test_a_route_is_read_as_it_is_served(blueprint: dict[str, Any], path: str, seen: dict[str, Any]) -> None:
    read = blueprint["endpoints"][path]
    assert {name: read[name] for name in seen} == seen


def test_every_attempt_that_a_route_begins_is_a_type_that_is_described(blueprint: dict[str, Any]) -> None:
    begun = {one["attempt"] for one in blueprint["endpoints"].values()} - {None}
    # The route that creates a code answers the code first, so its attempt is not read.
    assert begun | {"CREATE_ACCESS_CODE"} == set(blueprint["attempts"])


def test_resources_of_several_kinds_are_read_with_what_they_hold(blueprint: dict[str, Any]) -> None:
    assert {"batch", "access_grant", "device", "acs_entrance", "workspace"} <= set(blueprint["resources"])
