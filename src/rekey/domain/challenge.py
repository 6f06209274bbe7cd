"""A code that somebody has to give back, to prove a mailbox or a key."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ChallengePurpose(StrEnum):
    """What the right answer brings about; the comment says whose id is the subject."""

    VERIFY_EMAIL = "verify_email"  # an operator's
    RESET_PASSWORD = "reset_password"  # noqa: S105  # a purpose; a person's
    TRUST_KEY = "trust_key"  # a person's
    CLAIM_INVITATION = "claim_invitation"  # the operator's who claims it
    TAKE_UP_INVITATION = "take_up_invitation"  # a person's
    ACTIVATE_CREDENTIAL = "activate_credential"  # a credential's


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """One code, sent to one address, for one purpose.

    Only the hash of the code is stored. `sealed_part` holds what the answer needs besides: a key that waits,
    and the code itself where it comes back signed instead of plain.
    """

    id: str
    purpose: ChallengePurpose
    subject_id: str
    address: str
    fingerprint: str
    sealed_part: bytes = b""
    tries_left: int
    created_at: datetime
    expires_at: datetime
    spent_at: datetime | None = None

    def stands(self, now: datetime) -> bool:
        """Say whether it may still be answered."""
        return self.spent_at is None and self.tries_left > 0 and now < self.expires_at
