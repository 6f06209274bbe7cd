"""Events of credentials, of encoders and of phones."""

from collections.abc import AsyncIterator, Iterable, Mapping

from rekey.dialects.seam.credentials_shapes import homes_of, is_shown
from rekey.dialects.seam.event_makers import enrolment_ended, person_enrolled
from rekey.dialects.seam.event_makers_access import card_bound, card_lost
from rekey.dialects.seam.event_scene import Draft, Scene
from rekey.domain.credential import Credential


async def given(scene: Scene) -> AsyncIterator[Draft]:
    """A user, if it is new, and what was issued at once."""
    async for draft in person_enrolled(scene):
        yield draft
    async for draft in told(scene, scene.texts("issued"), "issued"):
        yield draft


async def ended(scene: Scene) -> AsyncIterator[Draft]:
    """A credential went, with the parts of it that phones had, or an instant key with its session."""
    gone = filter(None, [scene.text("credential"), *scene.texts("parts")])
    async for draft in told(scene, gone, "deleted"):
        yield draft
    session = scene.text("client_session")
    if session is not None:
        yield Draft("client_session.deleted", {"client_session_id": session})


async def user_gone(scene: Scene) -> AsyncIterator[Draft]:
    """A user went, and the credentials that were given in the system can never be used again."""
    async for draft in told(scene, scene.texts("credentials"), "invalidated", "deleted"):
        yield draft
    async for draft in enrolment_ended(scene):
        yield draft


async def encoded(scene: Scene) -> AsyncIterator[Draft]:
    """A card was written: that of an access method, too. What was on it before is gone."""
    async for draft in _overwritten(scene):
        yield draft
    happened = "reissued" if scene.row.detail.get("again") is True else "issued"
    async for draft in told(scene, filter(None, [scene.text("credential")]), happened):
        yield draft
    if scene.text("medium") is not None:
        async for draft in card_bound(scene):
            yield draft


async def _overwritten(scene: Scene) -> AsyncIterator[Draft]:
    over = scene.row.detail.get("overwritten")
    if not isinstance(over, dict):
        return
    about = {"user_identity_id": over.get("person")}
    async for draft in told(scene, filter(None, [_text(over, "credential")]), "invalidated", "deleted"):
        yield draft
    for draft in card_lost(over, about):
        yield draft


def _text(line: Mapping[str, object], name: str) -> str | None:
    value = line.get(name)
    return value if isinstance(value, str) else None


async def encoder(type_: str, scene: Scene) -> AsyncIterator[Draft]:
    yield Draft(
        type_,
        {
            "acs_encoder_id": scene.text("document") or "",
            "acs_system_id": scene.text("parent") or scene.workspace_id,
            "connected_account_id": scene.workspace_id,
        },
    )


async def encoder_added(scene: Scene) -> AsyncIterator[Draft]:
    async for draft in encoder("acs_encoder.added", scene):
        yield draft


async def encoder_ended(scene: Scene) -> AsyncIterator[Draft]:
    async for draft in encoder("acs_encoder.removed", scene):
        yield draft


async def phone_added(scene: Scene) -> AsyncIterator[Draft]:
    """The keys that waited for a phone are issued."""
    async for draft in told(scene, scene.texts("issued"), "issued"):
        yield draft


async def phone_ended(scene: Scene) -> AsyncIterator[Draft]:
    yield Draft("phone.deactivated", {"device_id": scene.text("document") or ""})
    async for draft in told(scene, scene.texts("credentials"), "invalidated", "deleted"):
        yield draft


async def told(scene: Scene, ids: Iterable[str], *happened: str) -> AsyncIterator[Draft]:
    """Tell of credentials, as far as they are shown by this API."""
    credentials: list[Credential] = []
    for credential_id in ids:
        credential = await scene.view.credentials.get(credential_id)
        if credential is not None and is_shown(credential):
            credentials.append(credential)
    homes = await homes_of(scene.view, credentials)
    for credential in credentials:
        fields = {
            "acs_credential_id": credential.id,
            "acs_system_id": homes[credential.id],
            "connected_account_id": scene.workspace_id,
        }
        for name in happened:
            yield Draft(f"acs_credential.{name}", fields, {"user_identity_id": credential.person_id})
