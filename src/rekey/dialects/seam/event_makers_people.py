"""Events of people who are gone: one for each thing that went with them, whichever API removed them."""

from collections.abc import AsyncIterator, Mapping

from rekey.dialects.seam.event_makers import of_user
from rekey.dialects.seam.event_makers_access import bundle_gone
from rekey.dialects.seam.event_makers_credentials import told
from rekey.dialects.seam.event_scene import Draft, Scene
from rekey.domain.journal import JsonValue

Line = Mapping[str, JsonValue]
GONE = (
    "acs_credential.invalidated",
    "acs_credential.deleted",
    "access_method.deleted",
    "access_grant.deleted",
    "phone.deactivated",
    "client_session.deleted",
    "acs_user.deleted",
)


async def person_gone(scene: Scene) -> AsyncIterator[Draft]:
    """A person was removed, or left: credentials first, the users of access systems last."""
    async for draft in _gone(scene, scene.row.detail, scene.row.person_id):
        yield draft


async def people_gone(scene: Scene) -> AsyncIterator[Draft]:
    """Several people were removed in one act."""
    for line in scene.lines("removed"):
        person_id = line.get("person")
        async for draft in _gone(scene, line, person_id if isinstance(person_id, str) else None):
            yield draft


async def _gone(scene: Scene, line: Line, person_id: str | None) -> AsyncIterator[Draft]:
    about = {"user_identity_id": person_id}
    async for draft in told(scene, _texts(line, "credentials"), "invalidated", "deleted"):
        yield draft
    bundles = line.get("bundles")
    for bundle in bundles if isinstance(bundles, list) else ():
        if isinstance(bundle, dict):
            for draft in bundle_gone(bundle, about):
                yield draft
    for phone_id in _texts(line, "phones"):
        yield Draft("phone.deactivated", {"device_id": phone_id}, about)
    if "enrolments" in line:
        # Somebody who left keeps the record of a session; only who was removed loses that as well.
        for session_id in _texts(line, "client_sessions"):
            yield Draft("client_session.deleted", {"client_session_id": session_id}, about)
    for enrolment_id in _texts(line, "enrolments"):
        yield await of_user(scene, "acs_user.deleted", enrolment_id)


def _texts(line: Line, name: str) -> tuple[str, ...]:
    value = line.get(name)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()
