"""Audit events as Doordeck's objects, the flat shape of the pages and the nested one of the SDK together.

Source: Doordeck contract, rule 20 and section 3.3.
"""

import re
from collections.abc import Mapping
from ipaddress import ip_address

from rekey.dialects.doordeck.audit import MESSAGES, AuditEvent
from rekey.dialects.doordeck.translate import Object, display_name, epoch
from rekey.domain.people import Person

NOBODY = "00000000-0000-0000-0000-000000000000"
_AGENT = re.compile(r"KMP SDK ([A-Z_]{1,20}) - v([0-9A-Za-z.+-]{1,40})")
_PLATFORMS = frozenset(
    {
        "JVM",
        "ANDROID",
        "APPLE",
        "APPLE_MAC",
        "APPLE_IOS",
        "APPLE_WATCH",
        "WINDOWS",
        "JS",
        "JS_BROWSER",
        "JS_NODE",
    }
)


def show_event_v1(event: AuditEvent) -> Object:
    return {
        "timestamp": epoch(event.at),
        "type": event.type,
        "user": event.issuer_id,
        "message": _message(event),
    }


def show_event_v2(event: AuditEvent, people: Mapping[str, Person]) -> Object:
    """Give the union of the documented flat shape and the nested one that the SDK reads."""
    issuer = _show_party(event.issuer_id or NOBODY, people)
    asked = event.row.detail.get("asked_from")
    told = asked if isinstance(asked, dict) and event.issuer_id is not None else {}
    return {
        **show_event_v1(event),
        "deviceId": event.door_id,
        "issuer": {**issuer, "ip": _literal(told.get("address"))},
        "subject": None if event.subject_id is None else _show_party(event.subject_id, people),
        "rejected": event.rejection is not None,
        "rejectionReason": event.rejection,
        "userAgent": show_agent(told.get("agent")),
        "email": issuer["email"],
        "displayName": issuer["displayName"],
    }


def show_agent(agent: object) -> Object | None:
    """Give the vendor's name for its own client, None for any other: no name of ours may stand there."""
    named = _AGENT.match(agent) if isinstance(agent, str) else None
    if named is None or named[1] not in _PLATFORMS:
        return None
    return {"type": f"KMP_SDK_{named[1]}", "version": named[2]}


def _literal(address: object) -> str | None:
    """Give the address if it is one: clients refuse a host's name in its place."""
    try:
        return str(ip_address(address)) if isinstance(address, str) else None
    except ValueError:
        return None


def _show_party(person_id: str, people: Mapping[str, Person]) -> Object:
    person = people.get(person_id)
    return {
        "userId": person_id,
        "email": None if person is None else person.email,
        "displayName": None if person is None else display_name(person),
    }


def _message(event: AuditEvent) -> str:
    text = MESSAGES[event.type]
    return text if event.rejection is None else f"{text}: refused, {event.rejection}"
