"""What goes with a person who is removed: bundles, phones, client sessions and enrolments."""

from collections.abc import Sequence
from dataclasses import dataclass

from rekey.domain.bundle import Bundle, Medium
from rekey.domain.document import DocumentKind
from rekey.domain.door_code import DoorCode
from rekey.domain.journal import JsonValue
from rekey.operations.act import Act
from rekey.operations.bundle_parts import bundle_line
from rekey.operations.end_bundle import end_bundle_within
from rekey.operations.end_client_session import end_client_session_within
from rekey.ports.listing import WHOLE

BundleGone = tuple[Bundle, Sequence[tuple[Medium, Sequence[DoorCode]]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneWith:
    """What ended because its person was removed."""

    enrolment_ids: tuple[str, ...] = ()
    session_ids: tuple[str, ...] = ()
    phone_ids: tuple[str, ...] = ()
    bundles: tuple[BundleGone, ...] = ()


async def end_all_with(act: Act, person_id: str) -> GoneWith:
    """End what belongs to a person alone, within an act that revoked the person and records it."""
    bundles = (await act.work.bundles.list(WHOLE, person_id=person_id)).items
    return GoneWith(
        bundles=tuple([(bundle, await end_bundle_within(act, bundle)) for bundle in bundles]),
        phone_ids=await _end_phones(act, person_id),
        session_ids=await _end_sessions(act, person_id),
        enrolment_ids=await _end_enrolments(act, person_id),
    )


def gone_line(gone: GoneWith) -> dict[str, JsonValue]:
    """Give what the journal tells of it, for the feeds."""
    return {
        "enrolments": [*gone.enrolment_ids],
        "client_sessions": [*gone.session_ids],
        "phones": [*gone.phone_ids],
        "bundles": [bundle_line(bundle, media) for bundle, media in gone.bundles],
    }


async def _end_phones(act: Act, person_id: str) -> tuple[str, ...]:
    phones = (await act.work.documents.list(WHOLE, DocumentKind.PHONE, parent_id=person_id)).items
    for phone in phones:
        await act.work.documents.end(phone.id, act.now)
    return tuple(phone.id for phone in phones)


async def _end_sessions(act: Act, person_id: str) -> tuple[str, ...]:
    """End every session, those too whose key was revoked: nobody is left whose they could be."""
    sessions = (await act.work.client_sessions.list(WHOLE, person_id=person_id)).items
    for session in sessions:
        await end_client_session_within(act, session)
    return tuple(session.id for session in sessions)


async def _end_enrolments(act: Act, person_id: str) -> tuple[str, ...]:
    enrolments = (await act.work.enrolments.list(WHOLE, person_id=person_id)).items
    for enrolment in enrolments:
        await act.work.enrolments.end(enrolment.id)
    return tuple(enrolment.id for enrolment in enrolments)
