"""Credentials of the core as Seam's: which are shown, in which system, and how they stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec import UNSET

from rekey.dialects.seam.kit import Kit
from rekey.dialects.seam.pending_changes import being_deleted
from rekey.dialects.seam.translate import instant
from rekey.dialects.seam.wire import Problem
from rekey.dialects.seam.wire_credentials import AcsCredential
from rekey.domain.bundle import bundle_of
from rekey.domain.credential import Credential, CredentialKind, CredentialState, site_of_mark
from rekey.domain.errors import Conflict, NotFound
from rekey.operations.credential_at_door import PlaceStatus, credential_at_door
from rekey.operations.encoding import Encoding, encodings_of
from rekey.operations.given_with import PART_OF, SHARED, parts_of
from rekey.operations.imprints import reveal_code
from rekey.operations.lingering import lingers
from rekey.operations.web_key import ORIGIN as WEB_KEY
from rekey.ports.listing import Part
from rekey.ports.store import View

MODES: dict[CredentialKind, str] = {
    CredentialKind.PIN: "code",
    CredentialKind.CARD: "card",
    CredentialKind.MOBILE_KEY: "mobile_key",
    CredentialKind.LINK: "cloud_key",
}
_NAMES = {
    CredentialKind.PIN: "PIN code",
    CredentialKind.CARD: "Card",
    CredentialKind.MOBILE_KEY: "Mobile key",
    CredentialKind.LINK: "Cloud key",
}
_NUMBERS = ("card_number", "card_id", "uid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A credential with the system it is shown in, and how it stands."""

    credential: Credential
    site_id: str
    enrolment_id: str | None
    identity_id: str | None
    encoding: Encoding
    ready_parts: int
    digits: str | None
    synced: bool | None
    synced_at: datetime | None = None


def is_shown(credential: Credential) -> bool:
    """Say whether it is a credential here: codes at doors, links of visitors and instant keys are not."""
    if credential.kind not in MODES or credential.link_id is not None or credential.origin == WEB_KEY:
        return False
    return credential.kind is not CredentialKind.PIN or bundle_of(credential.origin) is None


async def find_shown(view: View, credential_id: str) -> Credential:
    """Find a credential that stands. Raises: NotFound."""
    credential = await view.credentials.get(credential_id)
    if credential is None or credential.state is CredentialState.ENDED or not is_shown(credential):
        raise NotFound("credential", credential_id)
    return credential


async def find_lingering(kit: Kit, view: View, credential_id: str) -> Credential | None:
    """Give a credential that is gone here while a door that cannot be reached may still let it in."""
    credential = await view.credentials.get(credential_id)
    if credential is None or credential.state is not CredentialState.ENDED or not is_shown(credential):
        return None
    return credential if await lingers(view, credential, kit.services.core.drivers, kit.now) else None


async def homes_of(view: View, credentials: Iterable[Credential]) -> dict[str, str]:
    """Name the system of each: where it was given, else its holder's first, else the first of all."""
    first = (await view.sites.list(Part(limit=1))).items
    fallback = first[0].id if first else view.organization_id
    homes: dict[str, str] = {}
    of_people: dict[str, str] = {}
    for credential in credentials:
        site_id, person_id = site_of_mark(credential.origin), credential.person_id
        if site_id is None and person_id is not None:
            if person_id not in of_people:
                listed = (await view.enrolments.list(Part(limit=1), person_id=person_id)).items
                of_people[person_id] = listed[0].site_id if listed else fallback
            site_id = of_people[person_id]
        homes[credential.id] = site_id or fallback
    return homes


async def see_credentials(kit: Kit, view: View, credentials: Sequence[Credential]) -> list[Seen]:
    """Look at credentials as far as the store knows."""
    homes = await homes_of(view, credentials)
    encodings = await encodings_of(view, tuple(credentials))
    return [
        await _see(kit, view, credential, site_id=homes[credential.id], encoding=encodings[credential.id])
        for credential in credentials
    ]


async def _see(kit: Kit, view: View, credential: Credential, *, site_id: str, encoding: Encoding) -> Seen:
    person_id = credential.person_id
    enrolment = None if person_id is None else await view.enrolments.at(person_id, site_id)
    person = None if person_id is None else await view.people.last_known(person_id)
    shared = credential.identifiers == SHARED
    parts = await parts_of(view, credential) if shared else ()
    synced, synced_at = await _synced(kit, view, credential)
    started = min((part.activated_at for part in parts if part.activated_at), default=None)
    return Seen(
        credential=credential,
        site_id=site_id,
        enrolment_id=None if enrolment is None else enrolment.id,
        identity_id=None if person is None or person.parted_by is not None else person.id,
        encoding=Encoding(at=started) if shared else encoding,
        ready_parts=len(parts),
        digits=_digits(kit, credential),
        synced=synced,
        synced_at=synced_at,
    )


def _digits(kit: Kit, credential: Credential) -> str | None:
    if credential.kind is not CredentialKind.PIN:
        return None
    try:
        return reveal_code(kit.services.core.secrets, credential)
    except Conflict:
        return None  # another server sealed it


async def _synced(kit: Kit, view: View, credential: Credential) -> tuple[bool | None, datetime | None]:
    """Say whether the credential's own doors have proved what they should hold, and since when.

    None for no door of its own.
    """
    places = []
    for door_id in sorted(credential.door_ids):
        door = await view.access.door(door_id)
        if door is None:
            continue
        driver = kit.services.core.drivers.get(door.driver)
        places.append(await credential_at_door(view, credential, door, driver=driver, now=kit.now))
    if not places:
        return None, None
    if any(place.status in {PlaceStatus.SETTING, PlaceStatus.REMOVING} for place in places):
        return False, None
    return True, max((place.confirmed_at for place in places if place.confirmed_at), default=None)


def show_credential(seen: Seen, *, workspace_id: str) -> AcsCredential:
    credential, validity = seen.credential, seen.credential.validity
    issued = seen.encoding.at
    names = dict(credential.identifiers)
    parent = names.get(PART_OF) if credential.identifiers != SHARED else None
    return AcsCredential(
        acs_credential_id=credential.id,
        acs_system_id=seen.site_id,
        workspace_id=workspace_id,
        connected_account_id=workspace_id,
        access_method=MODES[credential.kind],
        display_name=credential.label or _NAMES[credential.kind],
        card_number=_card_number(credential),
        code=seen.digits,
        is_issued=issued is not None,
        issued_at=None if issued is None else instant(issued),
        is_managed=True,
        is_multi_phone_sync_credential=credential.identifiers == SHARED,
        is_one_time_use=credential.max_uses == 1,
        is_latest_desired_state_synced_with_provider=seen.synced,
        latest_desired_state_synced_with_provider_at=None
        if seen.synced_at is None
        else instant(seen.synced_at),
        errors=[],
        warnings=_warnings(seen),
        created_at=instant(credential.created_at),
        acs_user_id=seen.enrolment_id or UNSET,
        user_identity_id=seen.identity_id or UNSET,
        parent_acs_credential_id=parent or UNSET,
        starts_at=UNSET if validity.start is None else instant(validity.start),
        ends_at=UNSET if validity.end is None else instant(validity.end),
    )


def _warnings(seen: Seen) -> list[Problem]:
    if seen.credential.ended_at is not None:
        return [being_deleted(seen.credential.ended_at)]
    if seen.encoding.at is None:
        since, code = seen.credential.created_at, "waiting_to_be_issued"
        return [_warning(code, "Nothing opens with this credential until it is issued.", since)]
    if seen.encoding.stale_since is not None:
        text = "The credential changed after it was issued: encode the card again."
        return [_warning("needs_to_be_reissued", text, seen.encoding.stale_since)]
    return []


def _warning(code: str, message: str, since: datetime) -> Problem:
    return Problem(warning_code=code, message=message, created_at=instant(since))


def _card_number(credential: Credential) -> str | None:
    """Give the number that is printed or read; what an encoder writes is a secret and has none."""
    if credential.kind is not CredentialKind.CARD:
        return None
    names = dict(credential.identifiers)
    return next((names[name] for name in _NUMBERS if name in names), None)
