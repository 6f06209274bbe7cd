"""What is presented at a door or with a signed operation."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rekey.domain.grant import Holder
from rekey.domain.ids import CredentialId, LinkId, Number, OperatorId, PersonId
from rekey.domain.validity import ALWAYS, Validity


class CredentialKind(StrEnum):
    """Every kind takes part in every revocation of its holder; a new kind needs no code for that."""

    DEVICE_KEY = "device_key"
    ACCOUNT_KEY = "account_key"
    CARD = "card"
    PIN = "pin"
    MOBILE_KEY = "mobile_key"
    LINK = "link"


# What a reader or a keypad at a door can read; the other kinds sign operations.
READ_AT_DOORS = frozenset(
    {CredentialKind.CARD, CredentialKind.PIN, CredentialKind.MOBILE_KEY, CredentialKind.LINK}
)


class CredentialState(StrEnum):
    """Unassigned has no holder, inactive waits for its holder, suspended comes back, ended never does."""

    UNASSIGNED = "unassigned"
    INACTIVE = "inactive"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A key, card, code or link of a person, of a link, or of nobody yet.

    `fingerprint` is how it is found when presented: unique per organization and kind, for a PIN per door.
    `door_ids` limits it to these doors; empty means wherever its holder may pass. `second_fingerprint` is
    that of the PIN which must be typed beside it. `uses` counts only while `max_uses` limits it.
    `deactivated_at` is when it was laid to rest, until it is activated or given again; `changed_at` when its holder,
    its terms or its state changed last. A `computed` PIN is worked out by the lock itself from its window: no door is
    told of it, and the lock takes it until the window ends, whatever becomes of it here.
    """

    id: CredentialId
    number: Number
    person_id: PersonId | None = None
    link_id: LinkId | None = None
    kind: CredentialKind
    fingerprint: str
    label: str = ""
    public_part: bytes = b""
    sealed_part: bytes = b""
    second_fingerprint: str = ""
    second_sealed_part: bytes = b""
    card_type: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()
    door_ids: frozenset[str] = frozenset()
    computed: bool = False
    max_uses: int | None = None
    uses: int = 0
    origin: str = ""
    made_by: OperatorId | None = None
    state: CredentialState = CredentialState.ACTIVE
    validity: Validity = ALWAYS
    last_used_at: datetime | None = None
    activated_at: datetime | None = None
    deactivated_at: datetime | None = None
    changed_at: datetime | None = None
    created_at: datetime
    ended_at: datetime | None = None

    @property
    def holder(self) -> Holder | None:
        """Who holds it; an ended one still names its last holder."""
        if self.person_id is not None:
            return Holder.person(self.person_id)
        return None if self.link_id is None else Holder.link(self.link_id)

    @property
    def is_used_up(self) -> bool:
        return self.max_uses is not None and self.uses >= self.max_uses

    def counts_at(self, door_id: str) -> bool:
        """Say whether the credential is meant for this door."""
        return not self.door_ids or door_id in self.door_ids

    def collides_with(self, other: "Credential") -> bool:
        """Say whether some door could not tell the two apart."""
        if (self.kind, self.fingerprint) != (other.kind, other.fingerprint):
            return False
        if self.kind is not CredentialKind.PIN or not (self.door_ids and other.door_ids):
            return True
        return not self.door_ids.isdisjoint(other.door_ids)


_AT_SITE, _WITH = "site:", "credential:"


def mark_of_site(site_id: str) -> str:
    """Give the origin of credentials that were given at a site, and end with their holder's enrolment there."""
    return f"{_AT_SITE}{site_id}"


def site_of_mark(origin: str) -> str | None:
    """Name the site of a credential's origin, None for one that was given elsewhere."""
    return origin.removeprefix(_AT_SITE) if origin.startswith(_AT_SITE) else None


def mark_of_credential(credential_id: str) -> str:
    """Give the origin of grants that were given with a credential, and end with it."""
    return f"{_WITH}{credential_id}"


def credential_of_mark(origin: str) -> str | None:
    """Name the credential whose mark this is."""
    return origin.removeprefix(_WITH) if origin.startswith(_WITH) else None
