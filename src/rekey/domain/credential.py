"""What is presented at a door or with a signed operation."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rekey.domain.ids import CredentialId, Number, PersonId
from rekey.domain.validity import ALWAYS, Validity


class CredentialKind(StrEnum):
    """Every kind takes part in every revocation of its person; a new kind needs no code for that."""

    DEVICE_KEY = "device_key"
    ACCOUNT_KEY = "account_key"
    CARD = "card"
    PIN = "pin"
    MOBILE_KEY = "mobile_key"
    LINK = "link"


class CredentialState(StrEnum):
    """Suspended comes back, ended never does."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A key, card, code or link of one person; `fingerprint` is unique per organization and kind."""

    id: CredentialId
    number: Number
    person_id: PersonId
    kind: CredentialKind
    fingerprint: str
    label: str = ""
    public_part: bytes = b""
    sealed_part: bytes = b""
    state: CredentialState = CredentialState.ACTIVE
    validity: Validity = ALWAYS
    created_at: datetime
    ended_at: datetime | None = None
