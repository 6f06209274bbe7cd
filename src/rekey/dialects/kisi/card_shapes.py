"""Cards and their assignments, exactly with the keys of the contract's sections 6.1 and 6.2; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from rekey.dialects.kisi.card_notes import assigned_at, assignment_number
from rekey.dialects.kisi.card_types import TYPES, is_number
from rekey.dialects.kisi.notes import Notes
from rekey.dialects.kisi.shapes import Shape, instant, person_ref, stamps, user_ref, with_ref
from rekey.domain.card import CardType
from rekey.domain.credential import Credential, CredentialState
from rekey.domain.people import Person

ACTIVATED, DEACTIVATED, UNASSIGNED = "activated", "deactivated", "unassigned"
STATES: Mapping[str, tuple[CredentialState, ...]] = {
    ACTIVATED: (CredentialState.ACTIVE,),
    DEACTIVATED: (CredentialState.INACTIVE, CredentialState.SUSPENDED),
    UNASSIGNED: (CredentialState.UNASSIGNED, CredentialState.SUSPENDED),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFacts:
    """What is known of a card beside itself; `pin` only for whoever may change it."""

    holder: Person | None
    assigner: Person | None
    notes: Notes
    pin: str | None


def status_of(card: Credential) -> str:
    if card.holder is None:
        return UNASSIGNED
    return ACTIVATED if card.state is CredentialState.ACTIVE else DEACTIVATED


def show_card(card: Credential, facts: CardFacts) -> Shape:
    card_type = CardType(card.card_type)
    kind = TYPES[card_type]
    read = {name: int(value) if is_number(card_type, name) else value for name, value in card.identifiers}
    shape: Shape = {
        "id": card.number,
        "last_used_at": instant(card.last_used_at),
        **stamps(card.created_at, _changed(card, facts.notes)),
        "type": kind.name,
        "model": kind.model,
        "frequency": kind.frequency,
        "third_party": kind.third_party,
        "uid": None,
        **read,
        "assigned": card.holder is not None,
        "assigned_at": instant(assigned_at(card, facts.notes)),
        "activated_at": instant(card.activated_at),
        "deactivated_at": instant(card.deactivated_at),
        "activated": status_of(card) == ACTIVATED,
        **with_ref("assigned_by", None if facts.assigner is None else user_ref(facts.assigner)),
        **with_ref("user", None if facts.holder is None else person_ref(facts.holder)),
    }
    if not kind.third_party:
        shape |= {"color": "unknown", "form_factor": "unknown"}
    if kind.is_low:
        shape |= {"format_name": kind.model, **_pin(facts)}
    return shape


def show_card_assignment(card: Credential, facts: CardFacts) -> Shape:
    """Show who holds a card; only for one that a person holds."""
    holder = facts.holder
    is_guest = holder is not None and holder.is_guest
    number = None if holder is None else holder.number
    since = assigned_at(card, facts.notes) or card.created_at
    maker = None if facts.assigner is None else user_ref(facts.assigner)
    return {
        "id": assignment_number(card, facts.notes),
        "resource_type": "CardAssignment",
        **stamps(since, max(since, _changed(card, facts.notes))),
        "status": status_of(card),
        **_pin(facts),
        "assignee_type": "Guest" if is_guest else "User",
        "assignee_id": number,
        "card_id": card.number,
        "created_by_type": None if maker is None else "User",
        **with_ref("created_by", maker),
        "guest_id": number if is_guest else None,
        "user_id": None if is_guest else number,
    }


def _pin(facts: CardFacts) -> Shape:
    return {
        "two_factor_pin": facts.pin,
        "send_two_factor_pin_notification": facts.notes.get("tells_pin") is True,
    }


def _changed(card: Credential, notes: Notes) -> datetime:
    moments = (card.created_at, card.activated_at, card.changed_at, assigned_at(card, notes))
    return max(moment for moment in moments if moment is not None)
