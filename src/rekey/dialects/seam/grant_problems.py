"""What is still under way with a grant or a method, and what went wrong: it comes and goes with the truth."""

from collections.abc import Iterable
from datetime import datetime

from rekey.dialects.seam.grant_scene import SeenBundle, SeenMedium
from rekey.dialects.seam.translate import instant
from rekey.dialects.seam.wire_access import AccessMutation, AccessProblem
from rekey.domain.bundle import Bundle, Medium, MediumKind
from rekey.domain.door_code import Lateness
from rekey.domain.validity import Validity

_PLACES = {
    "provisioning_access": "The doors are still to take it.",
    "revoking_access": "Some doors are still to forget it.",
    "updating_spaces": "The doors of the grant are being changed.",
}


def grant_mutations(seen: SeenBundle) -> list[AccessMutation]:
    """Say what of a change of places or of the window the hardware has not confirmed."""
    pending = []
    changing = [one for one in seen.media if one.medium.issues > 0 and one.is_changing]
    if changing and not seen.ended:
        since = min(one.medium.updated_at for one in changing)
        was = [door for one in changing for door in one.opens]
        shall = [door for one in changing for door in one.meant]
        pending.append(_places("updating_spaces", was, shall, since))
    moving = [one.medium for one in seen.media if one.medium.moved_at is not None]
    if moving and not seen.ended:
        pending.append(_times(moving[0], seen.bundle, [medium.id for medium in moving]))
    return pending


def method_mutations(one: SeenMedium, seen: SeenBundle) -> list[AccessMutation]:
    """Say which doors have a method still to take, to forget, or to open in another window."""
    medium, pending = one.medium, []
    if medium.moved_at is not None and not seen.ended:
        pending.append(_times(medium, seen.bundle))
    elif one.joining:
        was = [door for door in one.opens if door not in one.leaving]
        pending.append(_places("provisioning_access", was, one.meant, medium.updated_at))
    elif medium.kind is MediumKind.CARD and medium.issued_at is None and medium.ended_at is None:
        pending.append(_places("provisioning_access", (), seen.door_ids, medium.created_at))
    if one.leaving:
        pending.append(_places("revoking_access", one.opens, one.meant, medium.updated_at))
    return pending


def _places(code: str, was: Iterable[str], shall: Iterable[str], since: datetime) -> AccessMutation:
    return AccessMutation(
        mutation_code=code,
        message=_PLACES[code],
        created_at=instant(since),
        before={"device_ids": [*dict.fromkeys(was)]},
        to={"device_ids": [*dict.fromkeys(shall)]},
    )


def _times(medium: Medium, bundle: Bundle, ids: list[str] | None = None) -> AccessMutation:
    mutation = AccessMutation(
        mutation_code="updating_access_times",
        message="It is being issued again with another window.",
        created_at=instant(medium.moved_at or medium.updated_at),
        before=_window(medium.former or bundle.validity, bundle),
        to=_window(bundle.validity, bundle),
    )
    if ids is not None:
        mutation.access_method_ids = ids
    return mutation


def _window(validity: Validity, bundle: Bundle) -> dict[str, list[str] | str | None]:
    return {
        "starts_at": instant(validity.start or bundle.created_at),
        "ends_at": None if validity.end is None else instant(validity.end),
    }


def grant_errors(seen: SeenBundle) -> list[AccessProblem]:
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
        message="Access to some of the doors was ended, revoked or blocked, or passed to a later stay.",
        created_at=instant(bundle.updated_at),
    )


def grant_warnings(seen: SeenBundle) -> list[AccessProblem]:
    if seen.ended:
        return [_being_deleted(seen.bundle.ended_at or seen.bundle.updated_at)]
    warnings = [one for medium in seen.media for one in _refused(medium)]
    known = [one for one in seen.media if one.medium.issues > 0 and one.medium.moved_at is None]
    joining, leaving = ([one for one in known if one.joining], [one for one in known if one.leaving])
    if joining:
        warnings.append(_warning("underprovisioned_access", "Some doors are still to take it.", joining))
    if leaving:
        warnings.append(_warning("overprovisioned_access", "Some doors are still to forget it.", leaving))
    moving = [one for one in seen.media if one.medium.moved_at is not None]
    if moving:
        told = _warning("updating_access_times", "Some methods are issued again.", moving)
        told.access_method_ids = [one.medium.id for one in moving]
        warnings.append(told)
    return warnings


def _warning(code: str, message: str, media: Iterable[SeenMedium]) -> AccessProblem:
    since = min(one.medium.moved_at or one.medium.updated_at for one in media)
    return AccessProblem(warning_code=code, message=message, created_at=instant(since))


def _being_deleted(since: datetime) -> AccessProblem:
    return AccessProblem(
        warning_code="being_deleted",
        message="It has ended, and some doors are still to forget it.",
        created_at=instant(since),
    )


def _refused(one: SeenMedium) -> list[AccessProblem]:
    """Name each door that has another PIN than was asked for, or than the method's other doors have."""
    meant = one.asked or one.digits
    if meant is None:
        return []
    return [
        AccessProblem(
            warning_code="requested_code_unavailable",
            message="Another code was given, as the one asked for could not be had.",
            created_at=instant(one.medium.created_at),
            device_id=door_id,
            original_code=meant,
            new_code=digits,
        )
        for door_id, digits in one.digits_at.items()
        if digits != meant
    ]


def method_errors(one: SeenMedium, seen: SeenBundle) -> list[AccessProblem]:
    errors = []
    if one.medium.ended_at is not None:
        return []
    if not one.standing or seen.shut:
        errors.append(_not_provisioned(seen.bundle))
    if _is(one, Lateness.FAILED):
        errors.append(
            AccessProblem(
                error_code="failed_to_issue",
                message="Some doors have not taken it; it is retried.",
                created_at=instant(one.medium.updated_at),
            )
        )
    return errors


def method_warnings(one: SeenMedium) -> list[AccessProblem]:
    medium = one.medium
    if medium.ended_at is not None:
        return [_being_deleted(medium.ended_at)]
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
    if medium.moved_at is not None:
        warnings.append(
            _warning("updating_access_times", "It is being issued again with another window.", [one])
        )
    if _is(one, Lateness.LATE):
        warnings.append(
            AccessProblem(
                warning_code="delay_in_issuing",
                message="Some doors take longer than usual.",
                created_at=instant(medium.updated_at),
            )
        )
    return warnings


def _is(one: SeenMedium, lateness: Lateness) -> bool:
    return one.medium.issued_at is None and one.medium.lateness is lateness
