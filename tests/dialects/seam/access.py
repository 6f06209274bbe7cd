"""What the tests of access codes, grants and methods share."""

from typing import Any

from rekey.domain.credential import CredentialKind
from rekey.ports.door_driver import Reading
from tests.dialects.in_world import Api
from tests.dialects.seam.api import add_person, query
from tests.support.asgi import Response

FUTURE = "2199-01-01T00:00:00.000Z"


def types(api: Api, code: str, door_id: str) -> bool:
    """Type digits at the simulated keypad, which decides alone."""
    return api.world.simulated.read(door_id, Reading(kind=CredentialKind.PIN, text=code))


async def make_code(api: Api, door_id: str, **wanted: Any) -> dict[str, Any]:
    made = await api.done("POST", "/access_codes/create", {"device_id": door_id, **wanted})
    code: dict[str, Any] = made["access_code"]
    await api.world.settle()
    return code


async def get_code(api: Api, code_id: str) -> dict[str, Any]:
    found: dict[str, Any] = await api.done("GET", query("/access_codes/get", access_code_id=code_id))
    shown: dict[str, Any] = found["access_code"]
    return shown


async def give(api: Api, *door_ids: str, modes: tuple[str, ...] = ("code",), **wanted: Any) -> dict[str, Any]:
    """Grant access to a person, a new one unless one is named, and let the doors follow."""
    if "user_identity" not in wanted and "user_identity_id" not in wanted:
        wanted["user_identity_id"] = await add_person(api)
    body = {
        "device_ids": [*door_ids],
        "requested_access_methods": [{"mode": mode} for mode in modes],
        "ends_at": FUTURE,
        **wanted,
    }
    made = await api.done("POST", "/access_grants/create", body)
    grant: dict[str, Any] = made["access_grant"]
    await api.world.settle()
    return grant


async def get_grant(api: Api, grant_id: str) -> dict[str, Any]:
    found = await api.done("GET", query("/access_grants/get", access_grant_id=grant_id))
    shown: dict[str, Any] = found["access_grant"]
    return shown


async def methods_of(api: Api, grant: dict[str, Any]) -> list[dict[str, Any]]:
    path = query("/access_methods/list", access_grant_id=grant["access_grant_id"])
    listed: list[dict[str, Any]] = (await api.done("GET", path))["access_methods"]
    return listed


async def event_types(api: Api, *prefixes: str) -> list[str]:
    """Give the types of all events so far that begin with one of these, in their order."""
    listed = await api.done("GET", query("/events/list", since="2000-01-01T00:00:00Z"))
    found = [event["event_type"] for event in listed["events"]]
    return [type_ for type_ in found if type_.startswith(prefixes)]


async def delete(api: Api, path: str, **named: str) -> Response:
    return await api.call("DELETE", query(path, **named))
