"""Bundles and media as Seam's access grants and access methods."""

from msgspec import UNSET

from rekey.dialects.seam.grant_problems import (
    grant_errors,
    grant_mutations,
    grant_warnings,
    method_errors,
    method_mutations,
    method_warnings,
)
from rekey.dialects.seam.grant_scene import SeenBundle, SeenMedium
from rekey.dialects.seam.translate import instant
from rekey.dialects.seam.wire_access import AccessGrant, AccessMethod, RequestedAccessMethod
from rekey.domain.bundle import MediumKind

_NAMES = {
    MediumKind.CODE: "PIN code",
    MediumKind.CARD: "Card",
    MediumKind.MOBILE_KEY: "Mobile key",
    MediumKind.CLOUD_KEY: "Cloud key",
}


def show_grant(seen: SeenBundle, *, workspace_id: str) -> AccessGrant:
    """Show a grant; the link and the token are those of its first mobile key."""
    bundle = seen.bundle
    start, end = bundle.validity.start, bundle.validity.end
    return AccessGrant(
        access_grant_id=bundle.id,
        access_grant_key=bundle.external_key or UNSET,
        workspace_id=workspace_id,
        user_identity_id=bundle.person_id,
        name=bundle.name or None,
        display_name=bundle.name or seen.person.name,
        display_status=_say(seen),
        starts_at=instant(start or bundle.created_at),
        ends_at=None if end is None else instant(end),
        reservation_key=bundle.stay_key or UNSET,
        instant_key_url=next((one.url for one in seen.media if one.url), UNSET),
        client_session_token=next((one.token for one in seen.media if one.token), UNSET),
        requested_access_methods=_requested(seen),
        access_method_ids=[one.medium.id for one in seen.media],
        space_ids=[*seen.space_ids],
        location_ids=[],
        pending_mutations=grant_mutations(seen),
        errors=grant_errors(seen),
        warnings=grant_warnings(seen),
        created_at=instant(bundle.created_at),
    )


def _say(seen: SeenBundle) -> str:
    if seen.ended:
        return "The grant is being deleted."
    if seen.over:
        return "The access has ended."
    if seen.shut:
        return "Some of the access was ended or is blocked."
    issued = all(one.medium.issued_at is not None for one in seen.media)
    return "Everything was issued." if issued and seen.media else "Not everything was issued yet."


def _requested(seen: SeenBundle) -> list[RequestedAccessMethod]:
    shown = [
        RequestedAccessMethod(
            display_name=_NAMES[one.medium.kind],
            mode=one.medium.kind.value,
            created_access_method_ids=[one.medium.id],
            created_at=instant(one.medium.created_at),
            code=one.asked or UNSET,
            instant_key_max_use_count=one.medium.max_uses or UNSET,
        )
        for one in seen.media
    ]
    has_codes = any(one.medium.kind is MediumKind.CODE for one in seen.media)
    if seen.bundle.missing_door_ids and not has_codes:
        shown.append(
            RequestedAccessMethod(
                display_name=_NAMES[MediumKind.CODE],
                mode=MediumKind.CODE.value,
                created_access_method_ids=[],
                created_at=instant(seen.bundle.created_at),
            )
        )
    return shown


def show_method(one: SeenMedium, seen: SeenBundle, *, workspace_id: str) -> AccessMethod:
    """Show a method; it is issued while it has been and something of it still opens a door."""
    medium = one.medium
    is_card = medium.kind is MediumKind.CARD
    shut = set(seen.door_ids) <= set(seen.shut)
    issued = medium.issued_at is not None and one.standing and not shut
    waits = is_card and not issued
    return AccessMethod(
        access_method_id=medium.id,
        workspace_id=workspace_id,
        mode=medium.kind.value,
        display_name=_NAMES[medium.kind],
        display_status="It is issued." if issued else "It is not issued.",
        code=one.digits if medium.kind is MediumKind.CODE else UNSET,
        instant_key_url=one.url or UNSET,
        client_session_token=one.token or UNSET,
        is_issued=issued,
        issued_at=instant(medium.issued_at) if issued and medium.issued_at is not None else None,
        is_encoding_required=waits if is_card else UNSET,
        is_assignment_required=waits if is_card else UNSET,
        is_ready_for_encoding=waits if is_card else UNSET,
        is_ready_for_assignment=waits if is_card else UNSET,
        pending_mutations=method_mutations(one, seen),
        errors=method_errors(one, seen),
        warnings=method_warnings(one),
        created_at=instant(medium.created_at),
    )
