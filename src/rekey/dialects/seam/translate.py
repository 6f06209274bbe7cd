"""Domain values as Seam's resources; pure.

A workspace is an organization, an acs_system a site, an acs_user an enrolment, an access group a door group,
a user identity a person; a door is both a device and an acs_entrance, under one id.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import assert_never

from msgspec import UNSET, UnsetType

from rekey.dialects.seam import wire
from rekey.dialects.seam.errors import denied_type
from rekey.domain.decision import DenyReason
from rekey.domain.door_order import DoorOrder, OrderFailure, OrderKind, OrderState
from rekey.domain.estate import DoorGroup, Site
from rekey.domain.journal import JournalRow
from rekey.domain.people import Enrolment, MergedPerson, Person
from rekey.domain.validity import Validity

UNNAMED = "Unnamed person"
"""The core asks for a name; a person without any is called so, and shown without a name here."""
KEYPAD = "seam:keypad"
"""What orders and rows are marked with that came from a fake keypad."""
GROUP_TYPE, GROUP_TYPE_NAME = "brivo_group", "Door group"


def instant(at: datetime) -> str:
    """Write an instant with milliseconds and Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def show_system(site: Site, *, workspace_id: str) -> wire.AcsSystem:
    return wire.AcsSystem(
        acs_system_id=site.id,
        workspace_id=workspace_id,
        connected_account_id=workspace_id,
        connected_account_ids=[workspace_id],
        name=site.name,
        location=wire.SystemLocation(time_zone=site.time_zone),
        is_credential_manager=False,
        # One pixel: the contract asks for an image, and a site has none.
        image_url="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==",
        image_alt_text=site.name,
        errors=[],
        warnings=[],
        created_at=instant(site.created_at),
    )


def show_user(
    enrolment: Enrolment,
    person: Person,
    *,
    workspace_id: str,
    suspended: bool,
    now: datetime,
    pending: Sequence[wire.PendingChange] = (),
    warnings: Sequence[wire.Problem] = (),
) -> wire.AcsUser:
    name, known = full_name(person), person.parted_by is None
    return wire.AcsUser(
        acs_user_id=enrolment.id,
        acs_system_id=enrolment.site_id,
        workspace_id=workspace_id,
        connected_account_id=workspace_id,
        display_name=person.name,
        full_name=name or UNSET,
        email=person.email or UNSET,
        email_address=person.email or UNSET,
        phone_number=person.phone or UNSET,
        user_identity_id=person.id if known else UNSET,
        user_identity_full_name=name if known else None,
        user_identity_email_address=person.email if known else None,
        user_identity_phone_number=person.phone if known else None,
        is_suspended=suspended,
        is_managed=True,
        access_schedule=_show_schedule(enrolment),
        last_successful_sync_at=None,
        pending_mutations=[*pending],
        errors=[],
        warnings=[*warnings, *([] if enrolment.validity.covers(now) else [_inactive(enrolment, now)])],
        created_at=instant(enrolment.created_at),
    )


def _show_schedule(enrolment: Enrolment) -> wire.AccessSchedule | UnsetType:
    validity = enrolment.validity
    if validity.start is None and validity.end is None:
        return UNSET
    return wire.AccessSchedule(
        starts_at=instant(validity.start or enrolment.created_at),
        ends_at=None if validity.end is None else instant(validity.end),
    )


def _inactive(enrolment: Enrolment, now: datetime) -> wire.Problem:
    end = enrolment.validity.end
    since = end if end is not None and end <= now else enrolment.updated_at
    return wire.Problem(
        warning_code="acs_user_inactive",
        message="Nothing opens to this user outside the access schedule.",
        created_at=instant(since),
    )


def show_group(
    group: DoorGroup,
    site_id: str,
    *,
    workspace_id: str,
    pending: Sequence[wire.PendingChange] = (),
    warnings: Sequence[wire.Problem] = (),
) -> wire.AcsAccessGroup:
    """Show a door group; one of the whole organization is shown at the site given."""
    return wire.AcsAccessGroup(
        acs_access_group_id=group.id,
        acs_system_id=site_id,
        workspace_id=workspace_id,
        connected_account_id=workspace_id,
        name=group.name,
        display_name=group.name,
        access_group_type=GROUP_TYPE,
        access_group_type_display_name=GROUP_TYPE_NAME,
        external_type=GROUP_TYPE,
        external_type_display_name=GROUP_TYPE_NAME,
        is_managed=True,
        pending_mutations=[*pending],
        errors=[],
        warnings=[*warnings],
        created_at=instant(group.created_at),
    )


def show_identity(
    person: Person,
    enrolment_ids: Sequence[str],
    merged: Sequence[MergedPerson] = (),
    *,
    workspace_id: str,
    warnings: Sequence[wire.Problem] = (),
) -> wire.UserIdentity:
    return wire.UserIdentity(
        user_identity_id=person.id,
        workspace_id=workspace_id,
        user_identity_key=person.external_key,
        full_name=full_name(person),
        email_address=person.email,
        phone_number=person.phone,
        display_name=person.name,
        acs_user_ids=list(enrolment_ids),
        errors=[],
        warnings=[*warnings],
        created_at=instant(person.created_at),
        merged_user_identity_ids=[one.person_id for one in merged] or UNSET,
        merged_user_identity_keys=[one.external_key for one in merged if one.external_key] or UNSET,
    )


def full_name(person: Person) -> str | None:
    """Give the name that somebody gave; a stand-in for a missing one is None."""
    stands_in = {UNNAMED, person.email, person.phone, person.external_key}
    return None if person.name in stands_in else person.name


def stand_in_name(email: str | None, phone: str | None, key: str | None) -> str:
    return email or phone or key or UNNAMED


def validity_of(
    starts_at: datetime | None, ends_at: datetime | None, *, default: datetime | None
) -> Validity:
    """Make a validity of a schedule. Raises: ValueError for one that ends before it starts."""
    return Validity(start=starts_at or default, end=ends_at)


def show_attempt(order: DoorOrder) -> wire.ActionAttempt:
    """Show an order; only the door's own word is a success."""
    action = action_of(order.kind, order.via)
    match order.state:
        case OrderState.QUEUED | OrderState.SENT:
            status, result, error = "pending", None, None
        case OrderState.CONFIRMED:
            status, result, error = "success", wire.DoorResult(was_confirmed_by_device=True), None
        case OrderState.FAILED | OrderState.EXPIRED | OrderState.CANCELLED:
            status, result = "error", None
            error = show_failure(order.failure or OrderFailure.LOST)
        case _:
            assert_never(order.state)
    return wire.ActionAttempt(
        action_attempt_id=order.id, action_type=action, status=status, result=result, error=error
    )


def action_of(kind: OrderKind, via: str = "") -> str:
    """Name what an order is an attempt at; one that came from a fake keypad is one at that."""
    match kind:
        case OrderKind.OPEN | OrderKind.UNLOCK:
            return "SIMULATE_KEYPAD_CODE_ENTRY" if via == KEYPAD else "UNLOCK_DOOR"
        case OrderKind.SECURE:
            return "SIMULATE_MANUAL_LOCK_VIA_KEYPAD" if via == KEYPAD else "LOCK_DOOR"
        case _:
            assert_never(kind)


def show_failure(failure: OrderFailure) -> wire.AttemptError:
    """Name what an order failed of; total over OrderFailure."""
    match failure:
        case OrderFailure.DOOR_OFFLINE:
            return wire.AttemptError(type="device_offline", message="The door is offline.")
        case OrderFailure.DOOR_TIMED_OUT:
            return wire.AttemptError(type="device_timed_out", message="The door did not answer in time.")
        case OrderFailure.DOOR_REFUSED:
            return wire.AttemptError(type="device_refused", message="The door's hardware refused.")
        case OrderFailure.TOO_LATE:
            return wire.AttemptError(
                type="action_attempt_expired", message="It came too late and was not run."
            )
        case OrderFailure.PERSON_REVOKED:
            return wire.AttemptError(type="access_revoked", message="Access was revoked meanwhile.")
        case OrderFailure.LOST:
            return wire.AttemptError(
                type="uncategorized_error", message="It is not known whether the door moved."
            )
        case _:
            assert_never(failure)


ROW_ATTEMPTS = {
    "organization.reset": "RESET_SANDBOX_WORKSPACE",
    "door.open_seconds_set": "CONFIGURE_AUTO_LOCK",
}
"""Acts that are done once they are in the journal, and the type of attempt that each is."""


def show_done_attempt(row: JournalRow) -> wire.ActionAttempt:
    """Show an act that was done at once as an attempt that succeeded."""
    return wire.ActionAttempt(
        action_attempt_id=row.id,
        action_type=ROW_ATTEMPTS[row.action],
        status="success",
        result=wire.DoorResult(),
        error=None,
    )


def show_denied_attempt(row: JournalRow) -> wire.ActionAttempt:
    """Show a request to open that was denied: it never became an order, its journal row is all there is."""
    reason = DenyReason(str(row.detail["reason"]))
    error = wire.AttemptError(
        type=denied_type(reason), message=f"The door was not told: {reason.value.replace('_', ' ')}."
    )
    action = action_of(OrderKind.OPEN, row.via)
    return wire.ActionAttempt(
        action_attempt_id=row.id, action_type=action, status="error", result=None, error=error
    )
