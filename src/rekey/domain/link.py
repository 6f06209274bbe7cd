"""A holder that stands for itself: a visitor's link, a guest's key, a bare code on a door."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rekey.domain.grant import Holder
from rekey.domain.ids import LinkId, Number, OperatorId, PersonId
from rekey.domain.validity import ALWAYS, Validity


class LinkState(StrEnum):
    """Ended never comes back; a link that shall only rest is blocked."""

    ACTIVE = "active"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Opens what its own grants open, while it is valid and has uses left.

    A link that was made for a person also obeys every block and revocation of that person. Name, e-mail
    and phone are what its maker wrote of whoever gets it; nobody is looked up by them.
    """

    id: LinkId
    number: Number
    name: str
    email: str | None = None
    phone: str | None = None
    made_by: OperatorId | None = None
    for_person_id: PersonId | None = None
    validity: Validity = ALWAYS
    max_uses: int | None = None
    uses: int = 0
    origin: str = ""
    state: LinkState = LinkState.ACTIVE
    last_used_at: datetime | None = None
    created_at: datetime
    updated_at: datetime
    ended_at: datetime | None = None

    @property
    def holder(self) -> Holder:
        return Holder.link(self.id)

    @property
    def uses_left(self) -> int | None:
        """How often it still opens; None means without a limit."""
        return None if self.max_uses is None else max(self.max_uses - self.uses, 0)
