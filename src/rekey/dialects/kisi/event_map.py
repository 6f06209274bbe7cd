"""Which events each action of the journal becomes; total over `ACTIONS` (a test names what is missing)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rekey.dialects.kisi import event_makers as make
from rekey.dialects.kisi.event_makers import Maker, assignment, card, in_group, in_team, login, plainly, said
from rekey.dialects.kisi.event_types import EVENT_TYPES
from rekey.dialects.kisi.stop_events import with_stops
from rekey.domain.document import DocumentKind


@dataclass(frozen=True, slots=True)
class Becomes:
    """What makes the events of an action, and every type that it may give."""

    maker: Maker
    types: frozenset[str]


def _one(type_: str, maker: Maker) -> Becomes:
    return Becomes(maker, with_stops({type_}))


def _several(maker: Maker, *types: str) -> Becomes:
    return Becomes(maker, with_stops(types))


def _plainly(type_: str, find: make.Find) -> Becomes:
    return _one(type_, plainly(type_, find))


def _said(type_: str, kind: str, name: str = "name") -> Becomes:
    return _one(type_, said(type_, kind, name))


_PASSAGES: Mapping[str, Becomes] = {
    "act.refused": _one("lock.unlock", make.refused),
    "door.first_to_arrive_armed": _plainly("lock.first_to_arrive", make.lock_of),
    "door.first_to_arrive_undone": _plainly("lock.last_to_leave", make.lock_of),
    "door.open_requested": _several(make.asked_to_open, "lock.unlock", "card.activate"),
    "door.opened": _one("lock.unlock", make.unlocked),
    "door.order_cancelled": _several(make.failed, "lock.unlock", "lock.locked"),
    "door.order_expired": _several(make.failed, "lock.unlock", "lock.locked"),
    "door.order_failed": _several(make.failed, "lock.unlock", "lock.locked"),
    "door.orders_expired": _several(make.expired, "lock.unlock", "lock.locked"),
    "door.relocked": _plainly("lock.locked", make.lock_of),
    "door.scheduled_unlock_ended": _plainly("lock.scheduled_unlock_ended", make.lock_of),
    "door.scheduled_unlock_started": _plainly("lock.scheduled_unlock_started", make.lock_of),
    "door.secured": _plainly("lock.locked", make.lock_of),
    "door.unlocked": _one("lock.unlock", make.unlocked),
    "lockdown.ended": _several(
        make.lockdown("cancel_lockdown"), "lock.cancel_lockdown", "place.cancel_lockdown"
    ),
    "lockdown.started": _several(make.lockdown("lock_down"), "lock.lock_down", "place.lock_down"),
}
_ESTATE: Mapping[str, Becomes] = {
    "calendar_rule.added": _said("schedule.create", "Schedule"),
    "calendar_rule.edited": _said("schedule.update", "Schedule"),
    "calendar_rule.ended": _said("schedule.destroy", "Schedule"),
    "door.added": _plainly("lock.create", make.lock_of),
    "door.edited": _one("lock.update", make.door_edited),
    "door.retired": _plainly("lock.destroy", make.lock_of),
    "door_group.added": _plainly("group.create", make.group_of),
    "door_group.door_added": _one("group_lock.create", in_group("group_lock.create")),
    "door_group.door_removed": _one("group_lock.destroy", in_group("group_lock.destroy")),
    "door_group.edited": _one("group.update", make.group_edited),
    "door_group.ended": _plainly("group.destroy", make.group_of),
    "directory.key_reset": _plainly("organization.reset_scim_token", make.organization_of),
    "door.noted": _plainly("lock.update", make.lock_of),
    "organization.arranged": _plainly("organization.update", make.organization_of),
    "organization.edited": _plainly("organization.update", make.organization_of),
    "organization.founded": _plainly("organization.create", make.organization_of),
    "ownership.accepted": _plainly("organization.accept_transfer", make.organization_of),
    "ownership.declined": _plainly("organization.reject_transfer", make.organization_of),
    "ownership.offered": _plainly("organization.request_transfer", make.organization_of),
    "ownership.withdrawn": _plainly("organization.cancel_transfer", make.organization_of),
    "site.added": _plainly("place.create", make.place_of),
    "site.edited": _one("place.update", make.site_edited),
    "site.retired": _plainly("place.destroy", make.place_of),
}
_WITH_PERSON: Final = ("role_assignment.destroy", "team_membership.destroy", "card.deassign", "login.destroy")
_PUSHED: Final = (
    "team_membership.create",
    "team_membership.destroy",
    "role_assignment.create",
    "role_assignment.destroy",
)
_PEOPLE: Mapping[str, Becomes] = {
    "invitation.taken_up": _plainly("user.create_password", make.user_of),
    "invitation.sent": _plainly("invite.create", make.user_of),
    "block.lifted": _one("user.update", make.switched),
    "block.placed": _one("user.update", make.switched),
    "password.changed": _plainly("user.update_password", make.user_of),
    "password.reset": _plainly("user.update_password", make.user_of),
    "cards.imported": _said("csv_card_import.create", "CsvCardImport"),
    "people.imported": _said("csv_user_import.create", "CsvUserImport"),
    "people.removed": _several(make.all_removed, "user.destroy", "guest.destroy", *_WITH_PERSON),
    "person.added": _several(make.person_added, "user.create", "guest.create"),
    "person.edited": _one("user.update", make.person_edited),
    "person.enrolled": _several(make.enrolled, "user.create", "guest.create"),
    "person.invited": _several(make.person_added, "user.create", "guest.create"),
    "person.provisioned": _several(make.enrolled, "user.create", "guest.create"),
    "person.provisioned_anew": _one("user.update", make.person_edited),
    "person.introduced": _several(make.enrolled, "user.create", "guest.create"),
    "person.removed": _several(make.removed, "user.destroy", "guest.destroy", *_WITH_PERSON),
    "person.switched_off": _one("user.update", make.person_edited),
    "person.switched_on": _one("user.update", make.person_edited),
    "second_factor.activated": _plainly("user.activate_2fa", make.user_of),
    "second_factor.backup_codes_made": _plainly("user.create_backup_codes", make.user_of),
    "second_factor.deactivated": _plainly("user.deactivate_2fa", make.user_of),
    "team.added": _plainly("team.create", make.team_of),
    "team.edited": _plainly("team.update", make.team_of),
    "team.ended": _plainly("team.destroy", make.team_of),
    "team.provisioned": _several(make.pushed_team("team.create"), "team.create", *_PUSHED),
    "team.provisioned_anew": _several(make.pushed_team("team.update"), "team.update", *_PUSHED),
    "team.member_added": _one("team_membership.create", in_team("team_membership.create")),
    "team.member_removed": _one("team_membership.destroy", in_team("team_membership.destroy")),
}
_RIGHTS: Mapping[str, Becomes] = {
    "access.granted": _one("role_assignment.create", make.granted),
    "bundle.given": _one("role_assignment.create", make.granted),
    "grant.edited": _one("role_assignment.update", assignment("role_assignment.update")),
    "grant.ended": _one("role_assignment.destroy", assignment("role_assignment.destroy")),
    "link.added": _said("group_link.create", "GroupLink"),
    "link.ended": _said("group_link.destroy", "GroupLink"),
    "people.revoked": _one("role_assignment.destroy", make.revoked),
    "person.revoked": _several(make.left, *_WITH_PERSON),
}
_KEYS: Mapping[str, Becomes] = {
    "credential.activated": _one("card.activate", card("card.activate")),
    "credential.activated_by_token": _one("card.activate_with_token", card("card.activate_with_token")),
    "credential.assigned": _one("card.assign", card("card.assign")),
    "credential.deactivated": _one("card.deactivate", card("card.deactivate")),
    "credential.edited": _one("card.update", card("card.update")),
    "credential.ended": _several(card("card.destroy"), "card.destroy", "access_key.destroy"),
    "credential.given": _several(card("card.create"), "card.create", "access_key.create"),
    "credential.handed": _one("card.assign", card("card.assign")),
    "credential.issued": _several(card("card.create"), "card.create", "access_key.create"),
    "credential.resumed": _one("card.activate", card("card.activate")),
    "credential.suspended": _one("card.deactivate", card("card.deactivate")),
    "credential.unassigned": _one("card.deassign", card("card.deassign")),
    "key.ended": _one("login.destroy", login("login.destroy")),
    "key.issued": _one("login.create", login("login.create")),
    "key.promoted": _one("login.promote", login("login.promote")),
    "session.ended": _one("login.destroy", login("login.destroy")),
    "session.opened": _one("login.create", login("login.create")),
}
_RECEIVERS: Mapping[str, Becomes] = {
    "report.downloaded": _said("report.download", "Report"),
    "report.finished": _said("report.finish", "Report"),
    "subscription.added": _said("integration.create", "Integration"),
    "subscription.edited": _said("integration.update", "Integration"),
    "subscription.ended": _said("integration.destroy", "Integration"),
    "subscription.secret_rotated": _said("integration.update", "Integration"),
    "subscription.stopped": _said("integration.disable_due_to_error", "Integration"),
    "subscription.warned": _said("integration.warn_due_to_error", "Integration"),
}


_DONE: Final = {"added": "create", "edited": "update", "ended": "destroy"}
# What is kept beside the core, where this API has events of it.
TOLD_DOCUMENTS: Final[Mapping[DocumentKind, tuple[str, str]]] = {
    DocumentKind.FLOOR: ("floor", "Floor"),
    DocumentKind.ELEVATOR: ("elevator", "Elevator"),
    DocumentKind.REPORT: ("report", "Report"),
    DocumentKind.REPORT_SCHEDULE: ("scheduled_report", "ScheduledReport"),
}
_KEPT: Mapping[str, Becomes] = {
    f"{kind.value}.{done}": _said(f"{noun}.{action}", shown)
    for kind, (noun, shown) in TOLD_DOCUMENTS.items()
    for done, action in _DONE.items()
    if f"{noun}.{action}" in EVENT_TYPES
}
_ANNOTATED: Mapping[str, Becomes] = {
    "door.annotated": _plainly("lock.update", make.lock_of),
    "organization.annotated": _plainly("organization.update", make.organization_of),
    "person.annotated": _several(make.person_edited, "user.update"),
    "site.annotated": _plainly("place.update", make.place_of),
}
EVENTS: Mapping[str, Becomes] = {
    **_PASSAGES,
    **_ESTATE,
    **_PEOPLE,
    **_RIGHTS,
    **_KEYS,
    **_RECEIVERS,
    **_KEPT,
    **_ANNOTATED,
}
# The vendor's list has no type for these, or none that would say something else than another row did.
NO_EVENT: Final = frozenset(
    {
        "application.added",
        "application.edited",
        "application.ended",
        "bundle.card_bound",
        "bundle.card_missing",
        "bundle.edited",
        "bundle.ended",
        "bundle.media_added",
        "bundle.media_ended",
        "client_session.ended",
        "client_session.given",
        "client_session.opened",
        "client_session.revoked",
        "client_session.widened",
        "consent.ended",
        "consent.given",
        "consent.renewed",
        "consent.taken_up",
        "code.added",
        "code.adopted",
        "code.edited",
        "code.ended",
        "code.erased",
        "code.proposed",
        "code.pulled",
        "code.taken_up",
        "codes.given_up",
        "codes.noted",
        "reserve.kept",
        "connect_page.failed",
        "connect_page.refused",
        "credential.activation_awaited",
        "credential.annotated",
        "card.encode_failed",
        "card.encoded",
        "card.scan_failed",
        "card.scanned",
        "credential.code_asked",
        "credential.code_refused",
        "customer.dropped",
        "customer.kept",
        "delivery.replayed",
        "directory.alarmed",
        "directory.edited",
        "door.contact_noted",
        "door.hours_repeated",
        "door.mode_set",
        "door.open_seconds_set",
        "door.order_queued",
        "door.order_sent",
        "door.simulated",
        "door.switched",
        "door_group.annotated",
        "door_group.gathered",
        "door_group.regathered",
        "doors.noted",
        "email.code_asked",
        "encoder.scripted",
        "email.verified",
        "enrolment.edited",
        "enrolment.ended",
        "enrolment.joined",
        "enrolment.parted",
        "grant.annotated",
        "holder.told",
        "import.undone",
        "invitation.claimed",
        "key.edited",
        "link.edited",
        "link.told",
        "notices.given_up",
        "operator.ended",
        "operator.registered",
        "organization.reset",
        "password.reset_asked",
        "people.merged",
        "person.reinstated",
        "preference.kept",
        "publishable_key.ended",
        "publishable_key.set",
        "second_factor.enrolled",
        "session.renewed",
        "sign_in.reminded",
        "team.annotated",
        "tile.set",
        "upstream.connected",
        "upstream.disconnected",
        "upstream.edited",
        "upstream.ended",
    }
)


def actions_of(types: frozenset[str]) -> frozenset[str]:
    """Give the actions that may become an event of one of these types."""
    return frozenset(action for action, event in EVENTS.items() if event.types & types)
