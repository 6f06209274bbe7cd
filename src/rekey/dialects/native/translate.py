"""Domain values as the native API shows them; pure."""

from collections.abc import Mapping
from datetime import UTC, datetime

from rekey.domain.access import DoorRecord
from rekey.domain.block import Block
from rekey.domain.decision import Decision, Denied, Explanation, Granted, Path, PathVerdict
from rekey.domain.door_log import DoorEntry, DoorSync
from rekey.domain.door_order import DoorOrder
from rekey.domain.estate import Door, DoorGroup, Organization, Site
from rekey.domain.grant import Grant, HolderKind
from rekey.domain.journal import JournalRow, JsonValue
from rekey.domain.operator import Key
from rekey.domain.people import Membership, Person, Team
from rekey.domain.revocation import DoorReceipt, Receipt, Revocation
from rekey.domain.schedule import Schedule, Weekday, WeeklyWindow
from rekey.operations.prove_row import RowProof
from rekey.ports.repositories.rights import AccessConflict

Shown = dict[str, JsonValue]


def instant(at: datetime | None) -> str | None:
    """Write an instant as RFC 3339 in UTC with Z."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def show_organization(organization: Organization) -> Shown:
    return {
        "id": organization.id,
        "name": organization.name,
        "domain": organization.domain,
        "created_at": instant(organization.created_at),
    }


def show_site(site: Site) -> Shown:
    return {
        "id": site.id,
        "number": site.number,
        "name": site.name,
        "time_zone": site.time_zone,
        "address": site.address,
        "created_at": instant(site.created_at),
    }


def show_door(door: Door) -> Shown:
    return {
        "id": door.id,
        "number": door.number,
        "name": door.name,
        "description": door.description,
        "site": door.site_id,
        "driver": door.driver,
        "mode": door.mode.value,
        "open_seconds": door.settings.open_seconds,
        "created_at": instant(door.created_at),
    }


def show_door_record(door: DoorRecord) -> Shown:
    return {"id": door.door_id, "name": door.name, "site": door.site_id}


def show_door_group(group: DoorGroup) -> Shown:
    return {
        "id": group.id,
        "number": group.number,
        "name": group.name,
        "description": group.description,
        "site": group.site_id,
        "created_at": instant(group.created_at),
    }


def show_person(person: Person) -> Shown:
    return {
        "id": person.id,
        "number": person.number,
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "external_key": person.external_key,
        "notes": person.notes,
        "created_at": instant(person.created_at),
    }


def show_team(team: Team) -> Shown:
    return {"id": team.id, "number": team.number, "name": team.name, "created_at": instant(team.created_at)}


def show_membership(membership: Membership) -> Shown:
    return {
        "team": membership.team_id,
        "person": membership.person_id,
        "created_at": instant(membership.created_at),
    }


def show_grant(grant: Grant) -> Shown:
    return {
        "id": grant.id,
        "number": grant.number,
        "holder": {"kind": grant.holder.kind.value, "id": grant.holder.id},
        "scope": {"kind": grant.scope.kind.value, "id": grant.scope.id},
        "role": grant.role.value,
        "start": instant(grant.validity.start),
        "end": instant(grant.validity.end),
        "schedule": show_schedule(grant.schedule),
        "position": grant.named_at,
        "created_at": instant(grant.created_at),
    }


def show_window(window: WeeklyWindow) -> Shown:
    return {
        "days": [Weekday(day).name.lower() for day in sorted(window.days)],
        "start": f"{window.start:%H:%M}",
        "end": f"{window.end:%H:%M}",
    }


def show_schedule(schedule: Schedule | None) -> Shown | None:
    if schedule is None:
        return None
    return {
        "name": schedule.name,
        "windows": [show_window(window) for window in schedule.windows],
        "exceptions": [day.isoformat() for day in sorted(schedule.exceptions)],
    }


def show_path(path: Path) -> Shown:
    return {"grant": show_grant(path.grant), "team": path.team_id, "named_at": path.named_at}


def show_block(block: Block) -> Shown:
    return {
        "id": block.id,
        "cause": block.cause.value,
        "subject": {"kind": block.subject.kind.value, "id": block.subject.id},
        "until": instant(block.until),
        "reason": block.reason,
        "revocation": block.revocation_id,
        "created_at": instant(block.created_at),
    }


def show_decision(decision: Decision) -> Shown:
    if isinstance(decision, Granted):
        return {"allowed": True, "reason": None, "cause": None, "path": show_path(decision.path)}
    return {"allowed": False, "reason": decision.reason.value, "cause": decision.cause_id, "path": None}


def show_explanation(explanation: Explanation) -> Shown:
    return {
        **show_decision(explanation.decision),
        "refusals": [_show_denied(refusal) for refusal in explanation.refusals],
        "paths": [_show_verdict(verdict) for verdict in explanation.paths],
    }


def _show_denied(denied: Denied) -> JsonValue:
    return {"reason": denied.reason.value, "cause": denied.cause_id}


def _show_verdict(verdict: PathVerdict) -> JsonValue:
    return {
        **show_path(verdict.path),
        "counts": verdict.reason is None,
        "reason": None if verdict.reason is None else verdict.reason.value,
        "cause": verdict.cause_id,
    }


def show_revocation(revocation: Revocation) -> Shown:
    return {
        "id": revocation.id,
        "person": revocation.person_id if revocation.holder_kind is HolderKind.PERSON else None,
        "link": revocation.person_id if revocation.holder_kind is HolderKind.LINK else None,
        "scope": {"kind": revocation.scope.kind.value, "id": revocation.scope.id},
        "everywhere": revocation.leaving,
        "position": revocation.position,
        "via": revocation.via,
        "by": revocation.revoked_by,
        "reason": revocation.reason,
        "at": instant(revocation.at),
    }


def show_door_receipt(line: DoorReceipt) -> Shown:
    return {
        "door": line.door_id,
        "name": line.door_name,
        "status": line.status.value,
        "effective_at": instant(line.effective_at),
        "effective_by": instant(line.effective_by),
        "witness": line.witness,
        "log_entry": line.log_entry,
        "detail": line.detail,
    }


def show_receipt_value(receipt: Receipt) -> Shown:
    return {
        "revocation": show_revocation(receipt.revocation),
        "complete": receipt.complete,
        "refuted": receipt.refuted,
        "doors": [show_door_receipt(line) for line in receipt.doors],
    }


def show_order(order: DoorOrder) -> Shown:
    return {
        "id": order.id,
        "door": order.door_id,
        "kind": order.kind.value,
        "state": order.state.value,
        "failure": None if order.failure is None else order.failure.value,
        "person": order.person_id,
        "created_at": instant(order.created_at),
        "expires_at": instant(order.expires_at),
        "ended_at": instant(order.ended_at),
    }


def show_row(row: JournalRow) -> Shown:
    return {
        "position": row.position,
        "id": row.id,
        "at": row.at.isoformat(),
        "action": row.action,
        "outcome": row.outcome.value,
        "via": row.via,
        "operator": row.operator_id,
        "key": row.key_id,
        "person": row.person_id,
        "door": row.door_id,
        "site": row.site_id,
        "detail": row.detail,
    }


def show_proof(proof: RowProof) -> Shown:
    """Show a row with its leaf, and the way from there to the root that the checkpoint signs."""
    return {
        "row": show_row(proof.stored.row),
        "leaf": proof.stored.leaf.hex(),
        "index": proof.index,
        "size": proof.size,
        "path": [node.hex() for node in proof.path],
        "checkpoint": proof.checkpoint,
    }


def show_door_log(sync: DoorSync, intended: Mapping[str, DoorEntry]) -> Shown:
    return {
        "seq": sync.seq,
        "head": sync.head.hex(),
        "served_position": sync.served_position,
        "confirmed_seq": sync.confirmed_seq,
        "confirmed_at": instant(sync.confirmed_at),
        "lease_end": instant(sync.lease_end),
        "problem": sync.problem,
        "refuted": [*sorted(sync.refuted)],
        "people": {person_id: entry.terms for person_id, entry in sorted(intended.items()) if entry.terms},
    }


def show_key(key: Key) -> Shown:
    return {
        "id": key.id,
        "number": key.number,
        "operator": key.operator_id,
        "kind": key.kind.value,
        "name": key.name,
        "via": key.via,
        "hint": key.hint,
        "permissions": None if key.permissions is None else [*sorted(key.permissions)],
        "expires_at": instant(key.expires_at),
        "created_at": instant(key.created_at),
    }


def show_conflict(conflict: AccessConflict) -> Shown:
    return {
        "id": conflict.id,
        "person": conflict.person_id,
        "at": instant(conflict.at),
        "via": conflict.via,
        "wanted": conflict.wanted,
        "against": conflict.against,
    }
