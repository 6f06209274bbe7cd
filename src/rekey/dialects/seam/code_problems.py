"""What an access code waits for, and what is wrong with it."""

from collections.abc import Iterable
from dataclasses import dataclass

from rekey.dialects.seam.translate import instant
from rekey.dialects.seam.wire_access import AccessProblem, ModifiedField, Mutation
from rekey.domain.credential import Credential, CredentialState
from rekey.domain.door_code import CodeStage, DoorCode, Lateness
from rekey.domain.validity import Validity
from rekey.operations.code_progress import CodeProgress

Values = dict[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A code with all that its problems and its mutations follow from.

    `former` are the digits from before what was changed and not yet proved, `altered` those that somebody's
    change at the device has to do with.
    """

    code: DoorCode
    credential: Credential
    progress: CodeProgress
    digits: str | None
    former: str | None
    altered: str | None
    pulled_id: str | None
    is_full: bool


def mutations_of(one: Standing) -> list[Mutation]:
    """Say what is wished for and not true at the device yet."""
    code = one.code
    if one.credential.ended_at is not None:
        at = instant(one.credential.ended_at)
        return [Mutation(mutation_code="deleting", message="It is to be removed.", created_at=at)]
    rests = one.credential.state is CredentialState.INACTIVE and code.changed_at_door is None
    if rests and code.due_at is not None:
        said = "It is programmed when its time comes."
        due, at = instant(code.due_at), instant(code.created_at)
        deferred = Mutation(mutation_code="deferring_creation", message=said, created_at=at, scheduled_at=due)
        return [deferred]
    if code.wish is not None:
        return [*_updates(one)]
    if one.progress.stage is not CodeStage.SETTING:
        return []
    if code.changed_at_door is not None and one.altered is not None:
        again = "It is to be programmed as it was."
        at = instant(code.changed_at_door)
        return [_update("updating_code", again, at, before={"code": one.altered}, after={"code": one.digits})]
    at = instant(code.stage_since if code.stage is CodeStage.SETTING else code.created_at)
    return [Mutation(mutation_code="creating", message="It is to be programmed.", created_at=at)]


def _updates(one: Standing) -> Iterable[Mutation]:
    wish = one.code.wish
    if wish is None:
        return
    at = instant(wish.since)
    if wish.new_digits and one.former != one.digits:
        yield _update(
            "updating_code",
            "Its PIN is to change.",
            at,
            before={"code": one.former},
            after={"code": one.digits},
        )
    if wish.old_name is not None and wish.old_name != one.code.name:
        old, new = wish.old_name or None, one.code.name or None
        yield _update(
            "updating_name", "Its name is to change.", at, before={"name": old}, after={"name": new}
        )
    if wish.old_window is not None and wish.old_window != one.credential.validity:
        old_span, new_span = span_of(wish.old_window), span_of(one.credential.validity)
        said = "Its time frame is to change."
        yield _update("updating_time_frame", said, at, before=old_span, after=new_span)


def _update(code: str, message: str, at: str, *, before: Values, after: Values) -> Mutation:
    return Mutation(mutation_code=code, message=message, created_at=at, before=before, to=after)


def span_of(validity: Validity) -> Values:
    """Give a time frame as its two bounds."""
    return {
        "starts_at": None if validity.start is None else instant(validity.start),
        "ends_at": None if validity.end is None else instant(validity.end),
    }


def errors_of(one: Standing) -> list[AccessProblem]:
    """Say what is wrong with the code itself; what is wrong with its device stands beside it."""
    stage, late = one.progress.stage, one.progress.lateness
    since = instant(one.code.stage_since)
    errors = []
    if stage is CodeStage.SETTING and late is Lateness.FAILED and one.is_full:
        errors.append(_error("no_space_for_access_code_on_device", "The device holds no more codes.", since))
    elif stage is CodeStage.SETTING and late is Lateness.FAILED:
        errors.append(_error("failed_to_set_on_device", "The device does not take it; it is retried.", since))
    if stage is CodeStage.REMOVING and late is Lateness.FAILED:
        said = "The device still has it; its removal is retried."
        errors.append(_error("failed_to_remove_from_device", said, since))
    standing = one.credential.ended_at is None and one.credential.state is CredentialState.ACTIVE
    if standing and not one.progress.at.intended:
        errors.append(_error("access_code_inactive", "Access behind it was ended or is blocked.", since))
    if one.code.changed_at_door is not None and not one.code.lets_change:
        at = instant(one.code.changed_at_door)
        said = "It was changed at the device, and is programmed again."
        error = _error("conflicting_external_modification", said, at)
        errors.append(_changed(error, one, before=one.digits, after=one.altered))
    return errors


def _changed(
    problem: AccessProblem, one: Standing, *, before: str | None, after: str | None
) -> AccessProblem:
    if one.altered is None:
        problem.change_type = "removed"
        return problem
    problem.change_type = "modified"
    problem.modified_fields = [ModifiedField(field="code", before=before, to=after)]
    return problem


def warnings_of(one: Standing) -> list[AccessProblem]:
    """Say what somebody should know of the code and need not mend."""
    stage, since = one.progress.stage, instant(one.code.stage_since)
    warnings = []
    if one.progress.lateness is not Lateness.IN_TIME:
        verb = "removing_from" if stage is CodeStage.REMOVING else "setting_on"
        warnings.append(_warning(f"delay_in_{verb}_device", "The device takes longer than usual.", since))
    if one.credential.ended_at is not None:
        since = instant(one.credential.ended_at)
        warnings.append(_warning("being_deleted", "It may open until the device proves otherwise.", since))
    if one.pulled_id is not None:
        said = "A backup code stands in for it."
        warnings.append(_warning("using_backup_access_code", said, instant(one.code.updated_at)))
    if one.code.changed_at_door is not None and one.code.lets_change:
        at = instant(one.code.changed_at_door)
        warning = _warning("external_modification_in_effect", "It was changed at the device.", at)
        warnings.append(_changed(warning, one, before=one.altered, after=one.digits))
    return warnings


def _error(code: str, message: str, at: str) -> AccessProblem:
    return AccessProblem(error_code=code, message=message, created_at=at, is_access_code_error=True)


def _warning(code: str, message: str, at: str) -> AccessProblem:
    return AccessProblem(warning_code=code, message=message, created_at=at)
