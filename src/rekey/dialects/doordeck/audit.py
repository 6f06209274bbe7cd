"""Journal rows as audit events. A row that says nothing in Doordeck's words gives none.

Event names outside the vendor's list make clients drop the whole answer, so there is no name of ours.
Source: Doordeck contract, rules 15 and 20, sections 3.3 and 5.3.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from rekey.dialects.doordeck.errors import DENIAL
from rekey.domain.access import DoorRecord
from rekey.domain.decision import DenyReason
from rekey.domain.journal import JournalRow, JsonValue, Outcome
from rekey.domain.role import ROLES, Role
from rekey.domain.scope import Scope, ScopeKind

TILE_SET = "tile.set"
EXPIRED = "door.orders_expired"
UNLOCK, LOCK, SETTING = "DOOR_UNLOCK", "DOOR_LOCK", "SETTING_CHANGED"

_PLAIN = {
    "door.opened": UNLOCK,
    "door.unlocked": UNLOCK,
    "door.secured": LOCK,
    "door.edited": SETTING,
    "door.annotated": SETTING,
    "door.noted": SETTING,
    "door.open_seconds_set": SETTING,
    "calendar_rule.added": SETTING,
    "calendar_rule.edited": SETTING,
    "calendar_rule.ended": SETTING,
    "door.added": "OWNER_ASSIGNED",
    "door.retired": "DEVICE_DECOMMISSIONED",
}
_FAILED = frozenset({"door.order_failed", "door.order_expired", "door.order_cancelled"})
_SHARING = frozenset({"access.granted", "grant.edited", "people.revoked", "person.revoked", "grant.ended"})
_ATTEMPTED = {
    "execute": UNLOCK,
    "MUTATE_LOCK": UNLOCK,
    "open_door": UNLOCK,
    "present_credential": UNLOCK,
    "secure_door": LOCK,
    "set_door_mode": LOCK,
    "grant_access": "LOCK_SHARED",
    "ADD_USER": "LOCK_SHARED",
    "BATCH_ADD_USER": "LOCK_SHARED",
    "revoke_people": "LOCK_REVOKED",
    "revoke_person": "LOCK_REVOKED",
    "REMOVE_USER": "LOCK_REVOKED",
    "set_tile": "TILE_ASSOCIATED",
    "tile_at_door": "TILE_ASSOCIATED",
}
AT_DOORS = frozenset({*_PLAIN, *_FAILED, *_SHARING, TILE_SET, "door.open_requested", "act.refused"})
"""What a row of one door can be."""
BEYOND_DOORS = frozenset({*_SHARING, TILE_SET, EXPIRED})
"""What may concern a door though the row names none, or another one: its detail says which."""
MESSAGES = {
    UNLOCK: "Door unlocked",
    LOCK: "Door locked",
    "LOCK_SHARED": "Lock shared",
    "LOCK_REVOKED": "Lock access revoked",
    "USER_PROMOTED": "User made an administrator",
    "USER_DEMOTED": "User is no longer an administrator",
    SETTING: "Setting changed",
    "OWNER_ASSIGNED": "Owner assigned",
    "DEVICE_DECOMMISSIONED": "Device decommissioned",
    "DEVICE_CONNECTED": "Device connected",
    "DEVICE_DISCONNECTED": "Device disconnected",
    "TILE_ASSOCIATED": "Tile associated",
    "TILE_DISASSOCIATED": "Tile disassociated",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One event at one lock: who did it, to whom if to anybody, and why not if it was refused."""

    row: JournalRow
    door_id: str
    at: datetime
    type: str
    issuer_id: str | None = None
    subject_id: str | None = None
    rejection: str | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """What a row says, before it is known which lock is asked about."""

    type: str
    issuer_id: str | None
    subject_id: str | None = None
    rejection: str | None = None


def events_of(row: JournalRow, door: DoorRecord, *, issuer_id: str | None) -> Iterator[AuditEvent]:
    """Give what a row means for one door; `issuer_id` is the person behind the row's operator."""
    told: set[tuple[str, str | None]] = set()
    for part in row.parts():
        for found in _events_of_part(part, door, issuer_id):
            # One act on several settings is one change, as its author saw it.
            if (found.type, found.subject_id) in told:
                continue
            told.add((found.type, found.subject_id))
            yield AuditEvent(
                row=row,
                door_id=door.door_id,
                at=row.at,
                type=found.type,
                issuer_id=found.issuer_id,
                subject_id=found.subject_id,
                rejection=found.rejection,
            )


def _events_of_part(row: JournalRow, door: DoorRecord, issuer_id: str | None) -> Iterator[_Found]:
    passer = row.person_id or issuer_id
    here = row.door_id == door.door_id
    if here and row.action in _PLAIN:
        yield _Found(_PLAIN[row.action], passer if _PLAIN[row.action] in {UNLOCK, LOCK} else issuer_id)
    elif here and row.action == "door.open_requested" and row.outcome is Outcome.DENIED:
        reason = DENIAL[DenyReason(str(row.detail["reason"]))]
        yield _Found(UNLOCK, passer, rejection=reason)
    elif here and row.action in _FAILED:
        yield _failed(row.detail, passer)
    elif here and row.action == "act.refused":
        kind = _ATTEMPTED.get(str(row.detail.get("attempted")), SETTING)
        yield _Found(kind, issuer_id, rejection=str(row.detail.get("reason")))
    elif row.action == EXPIRED:
        for line in _lines(row.detail.get("ended")):
            if line.get("door") == door.door_id:
                yield _failed(line, _text(line.get("person")))
    elif row.action == TILE_SET:
        yield from _tile_events(row, door.door_id, issuer_id)
    elif row.action in _SHARING:
        yield from _shares(row, door, issuer_id)


def _failed(told: dict[str, JsonValue], issuer_id: str | None) -> _Found:
    kind = LOCK if told.get("kind") == "secure" else UNLOCK
    return _Found(kind, issuer_id, rejection=str(told.get("failure")).replace("_", " "))


def _tile_events(row: JournalRow, door_id: str, issuer_id: str | None) -> Iterator[_Found]:
    """Say what a change of a tile meant for one lock; the row names its locks in its detail."""
    for member, kind in (("added", "TILE_ASSOCIATED"), ("removed", "TILE_DISASSOCIATED")):
        doors = row.detail.get(member)
        if isinstance(doors, list) and door_id in doors:
            yield _Found(kind, issuer_id)


def _shares(row: JournalRow, door: DoorRecord, issuer_id: str | None) -> Iterator[_Found]:
    """Say whose access to the door was given or taken, wherever it was given: at the door or around it."""
    if row.action == "access.granted":
        for line in _lines(row.detail.get("grants")):
            if line.get("holder_kind") == "person" and _reaches(line, door):
                yield _Found(_kind_of_share(line), issuer_id, _text(line.get("holder")))
    elif not _reaches(row.detail, door):
        return
    elif row.action == "grant.edited":
        kind = _kind_of_share(row.detail)
        # New terms without another role give and take nothing that has a name here.
        if kind != "LOCK_SHARED" and row.detail.get("holder_kind") == "person":
            yield _Found(kind, issuer_id, _text(row.detail.get("holder")))
    elif row.action == "people.revoked":
        for line in _lines(row.detail.get("revoked")):
            yield _Found("LOCK_REVOKED", issuer_id, _text(line.get("person")))
    elif row.person_id is not None:
        yield _Found("LOCK_REVOKED", issuer_id, row.person_id)


def _reaches(line: dict[str, JsonValue], door: DoorRecord) -> bool:
    kind, scope_id = line.get("scope_kind"), line.get("scope")
    if not isinstance(scope_id, str) or not isinstance(kind, str):
        return False
    return door.is_covered_by(Scope(ScopeKind(kind), scope_id))


def _kind_of_share(line: dict[str, JsonValue]) -> str:
    """Say whether a share made or unmade an administrator, by the role that it took the place of."""
    former, role = line.get("former_role"), line.get("role")
    if not isinstance(former, str) or not isinstance(role, str) or former == role:
        return "LOCK_SHARED"
    return "USER_PROMOTED" if ROLES[Role(role)].rank > ROLES[Role(former)].rank else "USER_DEMOTED"


def _lines(value: JsonValue) -> Iterator[dict[str, JsonValue]]:
    for line in value if isinstance(value, list) else ():
        if isinstance(line, dict):
            yield line


def _text(value: JsonValue) -> str | None:
    return value if isinstance(value, str) else None
