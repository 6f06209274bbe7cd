"""Bundles and media as Seam's access grants and access methods."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec import UNSET

from rekey.dialects.seam.code_shapes import digits_of
from rekey.dialects.seam.kit import Kit
from rekey.dialects.seam.translate import instant
from rekey.dialects.seam.wire_access import (
    AccessGrant,
    AccessMethod,
    AccessProblem,
    Mutation,
    RequestedAccessMethod,
)
from rekey.domain.access import HolderRecord, decide
from rekey.domain.bundle import Bundle, Medium, MediumKind
from rekey.domain.decision import Denied, DenyReason
from rekey.domain.door_code import CodeStage, DoorCode, Lateness
from rekey.domain.people import Person
from rekey.operations.bundle_parts import doors_of_places, media_of, reached
from rekey.ports.listing import WHOLE
from rekey.ports.store import View

_NAMES = {
    MediumKind.CODE: "PIN code",
    MediumKind.CARD: "Card",
    MediumKind.MOBILE_KEY: "Mobile key",
    MediumKind.CLOUD_KEY: "Cloud key",
}
# What keeps a person out although the window is open and the grant was not ended.
_SHUT = frozenset(
    {
        DenyReason.PERSON_UNKNOWN,
        DenyReason.DOOR_UNKNOWN,
        DenyReason.BLOCKED,
        DenyReason.NO_GRANT,
        DenyReason.GRANT_EXPIRED,
        DenyReason.TEAM_BLOCKED,
        DenyReason.REVOKED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenMedium:
    """A medium with its codes and digits; `standing` says that its credentials have not ended."""

    medium: Medium
    codes: tuple[DoorCode, ...] = ()
    digits: str | None = None
    digits_at: dict[str, str]
    standing: bool = True
    asked: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenBundle:
    """A bundle with its media, its doors, and those of them that are shut to the person."""

    bundle: Bundle
    person: Person
    media: tuple[SeenMedium, ...]
    door_ids: tuple[str, ...]
    shut: tuple[str, ...]
    over: bool


async def see_bundles(kit: Kit, view: View, bundles: Iterable[Bundle]) -> list[SeenBundle]:
    """Look at bundles; those of people who are gone are left out."""
    seen = []
    for bundle in bundles:
        person = await view.people.get(bundle.person_id)
        if person is None:
            continue
        media = [await see_medium(kit, view, medium) for medium in await media_of(view, bundle)]
        meant = await doors_of_places(view, bundle.door_ids, bundle.door_group_ids)
        seen.append(
            SeenBundle(
                bundle=bundle,
                person=person,
                media=tuple(media),
                door_ids=await reached(view, bundle),
                shut=await _shut(view, bundle, meant, kit.now),
                over=bundle.validity.is_over(kit.now),
            )
        )
    return seen


async def see_medium(kit: Kit, view: View, medium: Medium) -> SeenMedium:
    codes = (await view.door_codes.list(WHOLE, medium_ids=[medium.id])).items
    digits: dict[str, str] = {}
    standing_codes = []
    for code in codes:
        credential = await view.credentials.get(code.id)
        if credential is None or credential.ended_at is not None:
            continue
        standing_codes.append(code)
        known = digits_of(kit, credential)
        if known is not None:
            digits[code.door_id] = known
    held = None if medium.credential_id is None else await view.credentials.get(medium.credential_id)
    standing = bool(standing_codes) or (held is not None and held.ended_at is None)
    asked = kit.services.core.secrets.unseal(medium.asked).decode() if medium.asked else None
    return SeenMedium(
        medium=medium,
        codes=tuple(standing_codes),
        digits=next(iter(digits.values()), None),
        digits_at=digits,
        standing=standing or (medium.kind is MediumKind.CARD and medium.credential_id is None),
        asked=asked,
    )


async def _shut(view: View, bundle: Bundle, door_ids: Sequence[str], now: datetime) -> tuple[str, ...]:
    """Name the doors that the person can't open even within the window: ended, revoked or blocked elsewhere."""
    if bundle.validity.is_over(now):
        return ()
    start = bundle.validity.start
    at = now if start is None else max(now, start)
    record: HolderRecord | None = await view.access.holder(bundle.person_id)
    shut = []
    for door_id in door_ids:
        decision = decide(record, await view.access.door(door_id), at)
        if isinstance(decision, Denied) and decision.reason in _SHUT:
            shut.append(door_id)
    return tuple(shut)


def show_grant(seen: SeenBundle, *, workspace_id: str) -> AccessGrant:
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
        requested_access_methods=_requested(seen),
        access_method_ids=[one.medium.id for one in seen.media],
        space_ids=[*bundle.door_group_ids],
        location_ids=[],
        pending_mutations=[],
        errors=_grant_errors(seen),
        warnings=_grant_warnings(seen),
        created_at=instant(bundle.created_at),
    )


def _say(seen: SeenBundle) -> str:
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


def _grant_errors(seen: SeenBundle) -> list[AccessProblem]:
    errors = []
    if seen.bundle.missing_door_ids:
        errors.append(
            AccessProblem(
                error_code="cannot_create_requested_access_methods",
                message="Some devices cannot have a method that was asked for.",
                created_at=instant(seen.bundle.created_at),
                missing_device_ids=[*seen.bundle.missing_door_ids],
            )
        )
    if seen.shut:
        errors.append(_not_provisioned(seen.bundle))
    return errors


def _not_provisioned(bundle: Bundle) -> AccessProblem:
    return AccessProblem(
        error_code="access_not_provisioned",
        message="Access to some of the doors was ended, revoked or blocked.",
        created_at=instant(bundle.updated_at),
    )


def _grant_warnings(seen: SeenBundle) -> list[AccessProblem]:
    warnings = [one for medium in seen.media for one in _refused(medium)]
    moving = [one.medium.id for one in seen.media if one.medium.issues > 0 and one.medium.issued_at is None]
    if moving:
        warnings.append(
            AccessProblem(
                warning_code="updating_access_times",
                message="Some methods are issued again.",
                created_at=instant(seen.bundle.updated_at),
                access_method_ids=moving,
            )
        )
    return warnings


def _refused(one: SeenMedium) -> list[AccessProblem]:
    if one.asked is None:
        return []
    return [
        AccessProblem(
            warning_code="requested_code_unavailable",
            message="Another code was given, as the one asked for could not be had.",
            created_at=instant(one.medium.created_at),
            device_id=door_id,
            original_code=one.asked,
            new_code=one.digits_at.get(door_id, one.digits or ""),
        )
        for door_id in one.medium.refused_door_ids
    ]


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
        is_issued=issued,
        issued_at=instant(medium.issued_at) if issued and medium.issued_at is not None else None,
        is_encoding_required=waits if is_card else UNSET,
        is_assignment_required=waits if is_card else UNSET,
        is_ready_for_encoding=waits if is_card else UNSET,
        is_ready_for_assignment=waits if is_card else UNSET,
        pending_mutations=_pending(one),
        errors=_method_errors(one, seen),
        warnings=_method_warnings(one),
        created_at=instant(medium.created_at),
    )


def _pending(one: SeenMedium) -> list[Mutation]:
    if one.medium.kind is MediumKind.CODE and one.medium.issued_at is None and one.codes:
        return [
            Mutation(
                mutation_code="waiting_for_access_on_acs_system",
                message="The doors are still to take it.",
                created_at=instant(one.medium.updated_at),
            )
        ]
    return []


def _method_errors(one: SeenMedium, seen: SeenBundle) -> list[AccessProblem]:
    errors = []
    if not one.standing or seen.shut:
        errors.append(_not_provisioned(seen.bundle))
    if one.medium.issued_at is None and _is(one, Lateness.FAILED):
        errors.append(
            AccessProblem(
                error_code="failed_to_issue",
                message="Some doors have not taken it; it is retried.",
                created_at=instant(one.medium.updated_at),
            )
        )
    return errors


def _method_warnings(one: SeenMedium) -> list[AccessProblem]:
    warnings = [
        AccessProblem(
            warning_code="requested_code_unavailable",
            message=problem.message,
            created_at=problem.created_at,
            original_code=problem.original_code,
            new_code=problem.new_code,
        )
        for problem in _refused(one)[:1]
    ]
    if one.medium.issued_at is None and _is(one, Lateness.LATE):
        warnings.append(
            AccessProblem(
                warning_code="delay_in_issuing",
                message="Some doors take longer than usual.",
                created_at=instant(one.medium.updated_at),
            )
        )
    return warnings


def _is(one: SeenMedium, lateness: Lateness) -> bool:
    return any(code.lateness is lateness and code.stage is CodeStage.SETTING for code in one.codes)
