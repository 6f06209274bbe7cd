"""Events of stays: who loses a door when a later guest first opens it."""

from collections.abc import AsyncIterator, Mapping

from rekey.dialects.seam.event_makers import asked_to_open
from rekey.dialects.seam.event_makers_credentials import told
from rekey.dialects.seam.event_scene import Draft, Scene
from rekey.domain.journal import JsonValue


async def opened_or_denied(scene: Scene) -> AsyncIterator[Draft]:
    """Tell of a denial; where the first use of a stay was granted, of what the guests before it lost."""
    async for draft in asked_to_open(scene):
        yield draft
    for line in scene.lines("taken_over"):
        async for draft in _lost(scene, line):
            yield draft


async def _lost(scene: Scene, line: Mapping[str, JsonValue]) -> AsyncIterator[Draft]:
    """The grant loses the entrance, methods without any door are revoked, credentials without any never count again."""
    about = {"user_identity_id": line.get("person"), "access_grant_id": line.get("bundle")}
    grant = {"access_grant_id": line.get("bundle"), "acs_entrance_id": scene.row.door_id}
    yield Draft("access_grant.access_to_door_lost", grant, about)
    key = line.get("external_key")
    named = {
        "access_grant_ids": [line.get("bundle")],
        **({} if key is None else {"access_grant_keys": [key]}),
    }
    media, ended = line.get("shut_media"), line.get("ended")
    for medium_id in media if isinstance(media, list) else ():
        yield Draft("access_method.revoked", {"access_method_id": medium_id, **named}, about)
    ids = [str(one) for one in ended] if isinstance(ended, list) else []
    async for draft in told(scene, ids, "invalidated"):
        yield draft
