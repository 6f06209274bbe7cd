"""Journal rows as audit events. A row that says nothing in Doordeck's words gives none.

Event names outside the vendor's list make clients drop the whole answer, so there is no name of ours.
Source: Doordeck contract, rules 15 and 20, section 3.3.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rekey.dialects.doordeck.errors import DENIAL
from rekey.dialects.doordeck.translate import Object, display_name, epoch
from rekey.domain.decision import DenyReason
from rekey.domain.journal import JournalRow, JsonValue, Outcome
from rekey.domain.people import Person

TILE_SET = "tile.set"
NOBODY = "00000000-0000-0000-0000-000000000000"

_PLAIN = {
    "door.opened": "DOOR_UNLOCK",
    "door.unlocked": "DOOR_UNLOCK",
    "door.secured": "DOOR_LOCK",
    "door.edited": "SETTING_CHANGED",
    "door.added": "OWNER_ASSIGNED",
}
_FAILED = frozenset({"door.order_failed", "door.order_expired", "door.order_cancelled"})
_ATTEMPTED = {
    "grant_access": "LOCK_SHARED",
    "ADD_USER": "LOCK_SHARED",
    "BATCH_ADD_USER": "LOCK_SHARED",
    "revoke_people": "LOCK_REVOKED",
    "revoke_person": "LOCK_REVOKED",
    "REMOVE_USER": "LOCK_REVOKED",
    "edit_door": "SETTING_CHANGED",
    "MUTATE_SETTING": "SETTING_CHANGED",
    "set_door_mode": "DOOR_LOCK",
}
_MESSAGES = {
    "DOOR_UNLOCK": "Door unlocked",
    "DOOR_LOCK": "Door locked",
    "LOCK_SHARED": "Lock shared",
    "LOCK_REVOKED": "Lock access revoked",
    "SETTING_CHANGED": "Setting changed",
    "OWNER_ASSIGNED": "Owner assigned",
    "TILE_ASSOCIATED": "Tile associated",
    "TILE_DISASSOCIATED": "Tile disassociated",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One event at one lock: who did it, to whom if to anybody, and why not if it was refused."""

    row: JournalRow
    type: str
    issuer_id: str | None
    subject_id: str | None = None
    rejection: str | None = None


def events_of(row: JournalRow, *, issuer_id: str | None, door_id: str | None = None) -> Iterator[AuditEvent]:
    """Give the events of a row that concerns a door; `issuer_id` is the person behind the row's operator."""
    passer = row.person_id or issuer_id
    if row.action in _PLAIN:
        yield AuditEvent(row=row, type=_PLAIN[row.action], issuer_id=passer)
    elif row.action == "door.open_requested" and row.outcome is Outcome.DENIED:
        reason = DENIAL[DenyReason(str(row.detail["reason"]))]
        yield AuditEvent(row=row, type="DOOR_UNLOCK", issuer_id=passer, rejection=reason)
    elif row.action in _FAILED:
        failure = str(row.detail.get("failure")).replace("_", " ")
        yield AuditEvent(row=row, type="DOOR_UNLOCK", issuer_id=passer, rejection=failure)
    elif row.action == "act.refused":
        kind = _ATTEMPTED.get(str(row.detail.get("attempted")), "DOOR_UNLOCK")
        yield AuditEvent(row=row, type=kind, issuer_id=issuer_id, rejection=str(row.detail.get("reason")))
    else:
        for kind in _tile_events(row, door_id):
            yield AuditEvent(row=row, type=kind, issuer_id=issuer_id)
        for kind, subject_id in _shares(row):
            yield AuditEvent(row=row, type=kind, issuer_id=issuer_id, subject_id=subject_id)


def _tile_events(row: JournalRow, door_id: str | None) -> Iterator[str]:
    """Say what a change of a tile meant for one lock; a row of many names them in its detail."""
    if row.action != TILE_SET:
        return
    for member, kind in (("added", "TILE_ASSOCIATED"), ("removed", "TILE_DISASSOCIATED")):
        doors = row.detail.get(member)
        if isinstance(doors, list) and door_id in doors:
            yield kind


def _shares(row: JournalRow) -> Iterator[tuple[str, str]]:
    if row.action == "access.granted":
        for line in _lines(row.detail.get("grants")):
            if line.get("holder_kind") == "person":
                yield "LOCK_SHARED", str(line["holder"])
    elif row.action == "people.revoked":
        for line in _lines(row.detail.get("revoked")):
            yield "LOCK_REVOKED", str(line["person"])
    elif row.action in {"person.revoked", "grant.ended"} and row.person_id is not None:
        yield "LOCK_REVOKED", row.person_id


def _lines(value: JsonValue) -> Iterator[dict[str, JsonValue]]:
    for line in value if isinstance(value, list) else ():
        if isinstance(line, dict):
            yield line


def show_event_v1(event: AuditEvent) -> Object:
    return {
        "timestamp": epoch(event.row.at),
        "type": event.type,
        "user": event.issuer_id,
        "message": _message(event),
    }


def show_event_v2(event: AuditEvent, people: Mapping[str, Person]) -> Object:
    """Give the union of the documented flat shape and the nested one that the SDK reads."""
    issuer = _show_party(event.issuer_id or NOBODY, people)
    return {
        **show_event_v1(event),
        "deviceId": event.row.door_id,
        "issuer": issuer,
        "subject": None if event.subject_id is None else _show_party(event.subject_id, people),
        "rejected": event.rejection is not None,
        "rejectionReason": event.rejection,
        "email": issuer["email"],
        "displayName": issuer["displayName"],
    }


def _show_party(person_id: str, people: Mapping[str, Person]) -> Object:
    person = people.get(person_id)
    return {
        "userId": person_id,
        "email": None if person is None else person.email,
        "displayName": None if person is None else display_name(person),
    }


def _message(event: AuditEvent) -> str:
    text = _MESSAGES[event.type]
    return text if event.rejection is None else f"{text}: refused, {event.rejection}"
