"""What is lost when a card is written over: the credential that was on it counts nowhere any more."""

from dataclasses import dataclass, replace

from rekey.domain.bundle import Bundle, Medium, bundle_of
from rekey.domain.credential import Credential
from rekey.domain.journal import JsonValue
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act
from rekey.operations.bundle_media import medium_line
from rekey.operations.bundle_parts import bundle_line, media_of
from rekey.operations.encoding import written_here
from rekey.operations.end_credential import end_orders_of, end_within


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenOver:
    """The credential that ended, and the medium that has lost its card, if it was the card of one."""

    credential: Credential
    medium: Medium | None = None
    bundle: Bundle | None = None


async def write_over(act: Act, lying: object, new: Credential) -> WrittenOver | None:
    """End the credential on the card that is written now, within an act that records it.

    None where the card was empty, holds this credential, or keeps what readers know it by: a printed number
    is not overwritten. Raises: NotAllowed (who may not end credentials).
    """
    old = await act.work.credentials.get(lying) if isinstance(lying, str) else None
    if old is None or old.id == new.id or old.ended_at is not None or not written_here(old):
        return None
    await act.require(Scope.organization(act.work.organization_id), Permission.PEOPLE_WRITE)
    await end_orders_of(act, old)
    await end_within(act, old)
    return await _without_card(act, old)


def written_over_line(over: WrittenOver | None) -> dict[str, JsonValue]:
    """Give what the journal tells of it, for the feeds."""
    if over is None:
        return {}
    line: dict[str, JsonValue] = {"credential": over.credential.id, "person": over.credential.person_id}
    if over.bundle is not None and over.medium is not None:
        line |= {**bundle_line(over.bundle), "media": [medium_line(over.medium)]}
    return {"overwritten": line}


async def _without_card(act: Act, card: Credential) -> WrittenOver:
    """Let the medium of a card wait for another one."""
    bundle_id = bundle_of(card.origin)
    bundle = None if bundle_id is None else await act.work.bundles.get(bundle_id)
    if bundle is None:
        return WrittenOver(credential=card)
    for medium in await media_of(act.work, bundle):
        if medium.credential_id == card.id:
            waiting = replace(medium, credential_id=None, issued_at=None, updated_at=act.now)
            await act.work.media.replace(waiting)
            return WrittenOver(credential=card, medium=waiting, bundle=bundle)
    return WrittenOver(credential=card)
