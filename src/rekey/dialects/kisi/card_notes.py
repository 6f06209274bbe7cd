"""What is kept beside a card of how it was assigned, and the id that this makes.

The core knows who holds a card now; that the card was given by this API, when and by whom stands beside it.
Each time a card is assigned here its assignment gets another id, so that an old id never means a new holder.
"""

from datetime import datetime

from rekey.dialects.kisi.notes import Notes, text_in
from rekey.domain.credential import Credential
from rekey.domain.document import DocumentBody

_NEXT = 1_000_000_000_000


def times_assigned(notes: Notes) -> int:
    value = notes.get("times_assigned")
    return value if isinstance(value, int) else 0


def assignment_number(card: Credential, notes: Notes) -> int:
    """Give the id of the card's assignment as it stands."""
    return max(times_assigned(notes) - 1, 0) * _NEXT + card.number


def card_number(assignment: int) -> int:
    """Give the number of the card that an assignment's id is about."""
    return assignment % _NEXT


def noted_assignment(notes: Notes, at: datetime, operator_id: str, *, tells_pin: bool) -> DocumentBody:
    """Give what is noted when a card is assigned."""
    return {
        "times_assigned": times_assigned(notes) + 1,
        "assigned_at": at.isoformat(),
        "assigned_by": operator_id,
        "tells_pin": True if tells_pin else None,
    }


def assigned_at(card: Credential, notes: Notes) -> datetime | None:
    """Give when the card was assigned; by another API, it is known no better than by its activation."""
    if card.holder is None:
        return None
    noted = text_in(notes, "assigned_at")
    return card.activated_at or card.created_at if noted is None else datetime.fromisoformat(noted)
