"""Which events each action of the journal becomes; total over `ACTIONS` (a test names what is missing)."""

from collections.abc import Mapping
from dataclasses import dataclass

from rekey.dialects.seam import event_makers as make
from rekey.dialects.seam import event_makers_access as access
from rekey.dialects.seam import event_makers_credentials as credentials
from rekey.dialects.seam import event_makers_devices as devices
from rekey.dialects.seam import event_makers_more as more
from rekey.dialects.seam import event_makers_people as people
from rekey.dialects.seam import event_makers_stays as stays
from rekey.dialects.seam.event_makers import Maker

_ATTEMPT = "action_attempt."
_FAILED = (
    f"{_ATTEMPT}unlock_door.failed",
    f"{_ATTEMPT}lock_door.failed",
    f"{_ATTEMPT}simulate_keypad_code_entry.failed",
    f"{_ATTEMPT}simulate_manual_lock_via_keypad.failed",
)


@dataclass(frozen=True, slots=True)
class Becomes:
    """What makes the events of an action, and every type that it may give."""

    maker: Maker
    types: frozenset[str]


def _becomes(maker: Maker, *types: str) -> Becomes:
    return Becomes(maker, frozenset(types))


_KEYPAD, _BUTTON = f"{_ATTEMPT}simulate_keypad_code_entry", f"{_ATTEMPT}simulate_manual_lock_via_keypad"
_UNLOCKED = _becomes(
    make.unlocked, "lock.unlocked", f"{_ATTEMPT}unlock_door.succeeded", f"{_KEYPAD}.succeeded"
)

_DOORS_GONE = ("device.deleted", "acs_entrance.removed")

_METHOD_ADDED = (
    "access_method.created",
    "access_method.issued",
    "access_method.card_encoding_required",
    "access_code.created",
    "access_grant.could_not_create_requested_access_methods",
)
_DOORS_OF_GRANT = ("access_grant.access_granted_to_door", "access_grant.access_to_door_lost")
_FOLLOWED = (
    *_DOORS_OF_GRANT,
    "access_method.created",
    "access_code.created",
    "access_grant.could_not_create_requested_access_methods",
)

_OF_CREDENTIAL, _NO_CREDENTIAL = (
    "acs_credential.issued",
    ("acs_credential.invalidated", "acs_credential.deleted"),
)
_CREDENTIALS: Mapping[str, Becomes] = {
    "card.encoded": _becomes(
        credentials.encoded,
        _OF_CREDENTIAL,
        "acs_credential.reissued",
        *_NO_CREDENTIAL,
        "access_method.revoked",
        "access_method.card_encoding_required",
        "access_method.issued",
        "access_method.reissued",
        "access_grant.access_granted_to_door",
        "access_grant.access_granted_to_all_doors",
    ),
    "credential.ended": _becomes(credentials.ended, "acs_credential.deleted", "client_session.deleted"),
    "credential.given": _becomes(credentials.given, "acs_user.created", _OF_CREDENTIAL),
    "credential.handed": _becomes(credentials.given, "acs_user.created"),
    "encoder.added": _becomes(credentials.encoder_added, "acs_encoder.added"),
    "encoder.ended": _becomes(credentials.encoder_ended, "acs_encoder.removed"),
    "phone.added": _becomes(credentials.phone_added, _OF_CREDENTIAL),
    "phone.ended": _becomes(credentials.phone_ended, "phone.deactivated", *_NO_CREDENTIAL),
}
EVENTS: Mapping[str, Becomes] = {
    **_CREDENTIALS,
    "bundle.card_bound": _becomes(
        access.card_bound,
        "access_method.issued",
        "access_method.reissued",
        "access_grant.access_granted_to_door",
        "access_grant.access_granted_to_all_doors",
    ),
    "bundle.edited": _becomes(
        access.bundle_edited,
        "access_grant.access_times_changed",
        "access_method.revoked",
        "access_method.reissued",
        "access_method.card_encoding_required",
        *_DOORS_OF_GRANT,
    ),
    "bundle.ended": _becomes(access.bundle_ended, "access_method.deleted", "access_grant.deleted"),
    "bundle.given": _becomes(
        access.bundle_given,
        "access_grant.created",
        "acs_user.created",
        *_METHOD_ADDED,
        "access_grant.access_granted_to_door",
        "access_grant.access_granted_to_all_doors",
    ),
    "bundle.media_added": _becomes(
        access.media_added,
        *_METHOD_ADDED,
        "access_grant.access_granted_to_door",
        "access_grant.access_granted_to_all_doors",
    ),
    "bundle.media_ended": _becomes(access.media_ended, "access_method.deleted"),
    "code.added": _becomes(access.code_added, "access_code.created"),
    "code.adopted": _becomes(access.code_adopted, "access_code.unmanaged.converted_to_managed"),
    "code.taken_up": _becomes(access.code_adopted, "access_code.unmanaged.converted_to_managed"),
    "code.edited": _becomes(
        access.code_edited,
        "access_code.mutations_requested",
        "access_code.changed",
        "access_code.code_changed",
        "access_code.name_changed",
        "access_code.time_frame_changed",
    ),
    "code.pulled": _becomes(access.code_pulled, "access_code.backup_access_code_pulled"),
    "codes.noted": _becomes(
        access.codes_noted,
        *access.NOTED.values(),
        "access_code.changed",
        "access_code.code_changed",
        "access_code.name_changed",
        "access_code.time_frame_changed",
        "access_code.unmanaged.created",
        "access_code.unmanaged.removed",
        "access_method.issued",
        "access_method.reissued",
        "access_method.delay_in_issuing",
        "access_method.failed_to_issue",
        "access_grant.access_granted_to_door",
        "access_grant.access_granted_to_all_doors",
    ),
    "door_group.door_added": _becomes(access.following(access.nothing), *_FOLLOWED),
    "door_group.door_removed": _becomes(access.following(access.nothing), *_FOLLOWED),
    "client_session.ended": _becomes(more.session_ended, "client_session.deleted"),
    "connect_page.failed": _becomes(more.login_failed, "connect_webview.login_failed"),
    "door.added": _becomes(make.door_added, "device.added", "acs_entrance.added"),
    "door.edited": _becomes(make.door_edited, "device.name_changed"),
    "door.contact_noted": _becomes(
        devices.contact_noted,
        "device.connected",
        "device.disconnected",
        "device.removed",
        "device.unmanaged.connected",
        "device.unmanaged.disconnected",
        "device.error.subscription_required",
        "device.error.subscription_required.resolved",
    ),
    "door.noted": _becomes(
        devices.noted,
        "device.name_changed",
        "device.converted_to_unmanaged",
        "device.unmanaged.converted_to_managed",
    ),
    "door.relocked": _becomes(devices.relocked, "lock.locked"),
    "door.open_requested": _becomes(
        stays.opened_or_denied,
        "lock.access_denied",
        f"{_ATTEMPT}unlock_door.failed",
        f"{_KEYPAD}.failed",
        "access_grant.access_to_door_lost",
        "access_method.revoked",
        "acs_credential.invalidated",
    ),
    "door.opened": _UNLOCKED,
    "door.order_cancelled": _becomes(make.failed, *_FAILED),
    "door.order_expired": _becomes(make.failed, *_FAILED),
    "door.order_failed": _becomes(make.failed, *_FAILED),
    "door.orders_expired": _becomes(make.expired, *_FAILED),
    "door.retired": _becomes(make.door_retired, "device.deleted", "acs_entrance.removed"),
    "door.secured": _becomes(
        make.locked, "lock.locked", f"{_ATTEMPT}lock_door.succeeded", f"{_BUTTON}.succeeded"
    ),
    "door.unlocked": _UNLOCKED,
    "door_group.ended": _becomes(
        access.following(make.group_ended), "acs_access_group.deleted", "space.deleted", *_FOLLOWED
    ),
    "door_group.gathered": _becomes(more.space("space.created"), "space.created"),
    "door_group.regathered": _becomes(
        access.following(more.space("space.device_membership_changed")),
        "space.device_membership_changed",
        *_FOLLOWED,
    ),
    "enrolment.ended": _becomes(credentials.user_gone, "acs_user.deleted", *_NO_CREDENTIAL),
    "customer.dropped": _becomes(people.people_gone, *people.GONE),
    "people.removed": _becomes(people.people_gone, *people.GONE),
    "access.granted": _becomes(make.person_enrolled, "acs_user.created"),
    "person.enrolled": _becomes(make.person_enrolled, "acs_user.created"),
    "person.removed": _becomes(people.person_gone, *people.GONE),
    "person.revoked": _becomes(people.person_gone, *_NO_CREDENTIAL),
    "site.retired": _becomes(more.site_retired, *_DOORS_GONE),
    "upstream.connected": _becomes(
        more.account_connected,
        "connect_webview.login_succeeded",
        "connected_account.created",
        "connected_account.successful_login",
        "connected_account.connected",
        "connected_account.completed_first_sync",
        "connected_account.completed_first_sync_after_reconnection",
        "device.added",
        "acs_entrance.added",
        "device.connected",
        "device.unmanaged.connected",
    ),
    "upstream.disconnected": _becomes(
        more.account_disconnected,
        "connected_account.disconnected",
        "device.disconnected",
        "device.unmanaged.disconnected",
    ),
    "upstream.ended": _becomes(more.account_ended, "connected_account.deleted", *_DOORS_GONE),
    "site.added": _becomes(make.site_added, "acs_system.added", "acs_system.connected"),
}

# The catalogue has no word for these. A word of ours would break clients, whose types are closed.
NO_EVENT = frozenset(
    {
        "act.refused",
        "application.added",
        "application.edited",
        "application.ended",
        "block.lifted",
        "block.placed",
        "calendar_rule.added",
        "calendar_rule.edited",
        "calendar_rule.ended",
        "bundle.card_missing",
        "code.ended",
        "code.erased",
        "code.proposed",
        "codes.given_up",
        "reserve.kept",
        "client_session.given",
        "client_session.opened",
        "client_session.revoked",
        "client_session.widened",
        "consent.ended",
        "consent.given",
        "consent.renewed",
        "consent.taken_up",
        "connect_page.refused",
        "card.encode_failed",
        "card.scan_failed",
        "card.scanned",
        "cards.imported",
        "credential.activated",
        "credential.activated_by_token",
        "credential.activation_awaited",
        "credential.annotated",
        "credential.assigned",
        "credential.code_asked",
        "credential.code_refused",
        "credential.deactivated",
        "credential.edited",
        "credential.issued",
        "credential.resumed",
        "credential.suspended",
        "credential.unassigned",
        "customer.kept",
        "delivery.replayed",
        "directory.alarmed",
        "directory.edited",
        "directory.key_reset",
        "door.annotated",
        "door.first_to_arrive_armed",
        "door.first_to_arrive_undone",
        "door.hours_repeated",
        "door.mode_set",
        "door.open_seconds_set",
        "door.order_queued",
        "door.order_sent",
        "door.scheduled_unlock_ended",
        "door.scheduled_unlock_started",
        "door.simulated",
        "door.switched",
        "door_group.added",
        "door_group.annotated",
        "door_group.edited",
        "doors.noted",
        "email.code_asked",
        "encoder.scripted",
        "email.verified",
        "enrolment.edited",
        "enrolment.joined",
        "enrolment.parted",
        "grant.annotated",
        "grant.edited",
        "grant.ended",
        "holder.told",
        "import.undone",
        "invitation.claimed",
        "invitation.sent",
        "invitation.taken_up",
        "key.edited",
        "key.ended",
        "key.issued",
        "key.promoted",
        "link.added",
        "link.edited",
        "link.ended",
        "link.told",
        "lockdown.ended",
        "lockdown.started",
        "notices.given_up",
        "operator.ended",
        "operator.registered",
        "organization.annotated",
        "organization.arranged",
        "organization.edited",
        "organization.founded",
        "organization.reset",
        "ownership.accepted",
        "ownership.declined",
        "ownership.offered",
        "ownership.withdrawn",
        "password.changed",
        "password.reset",
        "password.reset_asked",
        "people.imported",
        "people.merged",
        "people.revoked",
        "person.added",
        "person.annotated",
        "person.edited",
        "person.introduced",
        "person.invited",
        "person.provisioned",
        "person.provisioned_anew",
        "person.reinstated",
        "person.switched_off",
        "person.switched_on",
        "preference.kept",
        "publishable_key.ended",
        "publishable_key.set",
        "report.downloaded",
        "report.finished",
        "second_factor.activated",
        "second_factor.backup_codes_made",
        "second_factor.deactivated",
        "second_factor.enrolled",
        "session.ended",
        "session.opened",
        "session.renewed",
        "sign_in.reminded",
        "site.annotated",
        "site.edited",
        "subscription.added",
        "subscription.edited",
        "subscription.ended",
        "subscription.secret_rotated",
        "subscription.stopped",
        "subscription.warned",
        "team.added",
        "team.annotated",
        "team.edited",
        "team.ended",
        "team.member_added",
        "team.member_removed",
        "team.provisioned",
        "team.provisioned_anew",
        "tile.set",
        "upstream.edited",
    }
)


def becomes(action: str) -> Becomes | None:
    """Give what an action becomes, None for nothing."""
    return EVENTS.get(action)


def actions_of(types: frozenset[str]) -> frozenset[str]:
    """Give the actions that may become an event of one of these types."""
    return frozenset(action for action, event in EVENTS.items() if event.types & types)
