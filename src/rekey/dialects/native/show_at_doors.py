"""How links, cards and codes are shown: never their secrets."""

from rekey.dialects.native.translate import Shown, instant, show_grant
from rekey.domain.credential import Credential
from rekey.domain.decision import Denied
from rekey.domain.document import Document
from rekey.domain.link import Link
from rekey.operations.credential_at_door import CredentialAtDoor
from rekey.operations.list_leftovers import Leftovers
from rekey.operations.present_credential import Presentation


def show_link(link: Link) -> Shown:
    return {
        "id": link.id,
        "number": link.number,
        "name": link.name,
        "email": link.email,
        "phone": link.phone,
        "person": link.for_person_id,
        "made_by": link.made_by,
        "start": instant(link.validity.start),
        "end": instant(link.validity.end),
        "max_uses": link.max_uses,
        "uses": link.uses,
        "origin": link.origin,
        "state": link.state.value,
        "last_used_at": instant(link.last_used_at),
        "created_at": instant(link.created_at),
    }


def show_credential(credential: Credential) -> Shown:
    return {
        "id": credential.id,
        "number": credential.number,
        "kind": credential.kind.value,
        "person": credential.person_id,
        "link": credential.link_id,
        "state": credential.state.value,
        "label": credential.label,
        "card_type": credential.card_type or None,
        "identifiers": dict(credential.identifiers),
        "doors": [*sorted(credential.door_ids)],
        "computed": credential.computed,
        "max_uses": credential.max_uses,
        "uses": credential.uses,
        "second_factor": bool(credential.second_fingerprint),
        "start": instant(credential.validity.start),
        "end": instant(credential.validity.end),
        "last_used_at": instant(credential.last_used_at),
        "created_at": instant(credential.created_at),
        "ended_at": instant(credential.ended_at),
    }


def show_place(door_id: str, place: CredentialAtDoor) -> Shown:
    return {
        "door": door_id,
        "status": place.status.value,
        "confirmed_at": instant(place.confirmed_at),
        "exposed_until": instant(place.exposed_until),
        "problem": place.problem,
    }


def show_presentation(shown: Presentation) -> Shown:
    denied = shown.decision if isinstance(shown.decision, Denied) else None
    return {
        "allowed": denied is None,
        "reason": None if denied is None else denied.reason.value,
        "cause": None if denied is None else denied.cause_id,
        "holder": shown.holder_name or None,
        "credential": None if shown.credential is None else shown.credential.id,
        "order": None if shown.order is None else shown.order.id,
    }


def show_leftovers(left: Leftovers) -> Shown:
    return {
        "duplicate_grants": [show_grant(grant) for grant in left.duplicate_grants],
        "team_grants": [show_grant(grant) for grant in left.team_grants],
        "given_grants": [show_grant(grant) for grant in left.given_grants],
        "made_links": [show_link(link) for link in left.made_links],
        "automation_keys": [{"id": key.id, "name": key.name} for key in left.automation_keys],
        "known_codes": [show_credential(code) for code in left.known_codes],
        "report_schedules": [_show_schedule(one) for one in left.report_schedules],
        "applications": [{"id": one.id, "name": one.name} for one in left.applications],
        "subscriptions": [{"id": one.id, "name": one.name} for one in left.subscriptions],
    }


def _show_schedule(schedule: Document) -> Shown:
    emails = schedule.body.get("emails")
    return {
        "id": schedule.id,
        "name": str(schedule.body.get("name", "")),
        "emails": [str(email) for email in emails] if isinstance(emails, list) else [],
    }
