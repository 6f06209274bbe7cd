"""Ownership of the organization on its way from one person to another."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rekey.domain.ids import Number, PersonId, Position


class HandoverState(StrEnum):
    """What became of an offer."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """An owner's offer to another person; at most one stands at a time.

    `named_at` is the position of the offer, which is the act that names the new owner: a revocation that
    comes between the offer and its acceptance silences what is accepted.
    """

    id: str
    number: Number
    from_person_id: PersonId
    to_person_id: PersonId
    state: HandoverState = HandoverState.OFFERED
    named_at: Position
    created_at: datetime
    settled_at: datetime | None = None
