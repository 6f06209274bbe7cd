"""Who works the system: operators, the keys they hold, and the actor that an act is done by."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from rekey.domain.ids import ApplicationId, ConsentId, KeyId, Number, OperatorId, OrganizationId, PersonId
from rekey.domain.role import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """An account that signs in or holds keys: a person's, or a service's when it has no person.

    A person's operator may do what that person's grants allow at the moment of each act; a service's
    may do what the key in use names.
    """

    id: OperatorId
    number: Number
    name: str
    person_id: PersonId | None = None
    email_verified: bool = False
    is_automation: bool = False
    created_at: datetime


class KeyKind(StrEnum):
    """What a key is for; a key of one kind is refused where another is due."""

    API_KEY = "api_key"
    SESSION = "session"
    REFRESH = "refresh"
    SCIM = "scim"
    CLIENT = "client"
    PUBLISHABLE = "publishable"
    CONSENT_CODE = "consent_code"
    CONSENT_ACCESS = "consent_access"
    CONSENT_REFRESH = "consent_refresh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Proof of being an operator; only a hash of its secret is stored.

    One that is idle for longer than `idle_limit` has expired; `last_used_at` is kept coarsely, so that not
    every call writes. `is_primary` marks the one session of an operator's own choice; `about` is what the
    client said of itself, and decides nothing. With a `consent_id` it is an application's, and counts only while
    the application stands.
    """

    id: KeyId
    number: Number
    operator_id: OperatorId
    kind: KeyKind
    name: str
    via: str
    hint: str = ""
    permissions: frozenset[Permission] | None = None
    expires_at: datetime | None = None
    created_at: datetime
    ended_at: datetime | None = None
    is_primary: bool = False
    last_used_at: datetime | None = None
    idle_limit: timedelta | None = None
    about: tuple[tuple[str, str], ...] = ()
    consent_id: ConsentId | None = None

    def has_expired(self, now: datetime) -> bool:
        """Say whether its time is over, or it has lain idle for too long."""
        if self.expires_at is not None and self.expires_at <= now:
            return True
        return self.idle_limit is not None and (self.last_used_at or self.created_at) + self.idle_limit <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class Voucher:
    """What stands for a key of ours: an application, and the issuer, key and end of the token it signed."""

    application_id: ApplicationId
    issuer: str
    kid: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The operator behind an act, the key in hand, and the wire API or program it came through.

    With an `agent`, what the client's program calls itself, the journal names it and the address in every row.
    """

    organization_id: OrganizationId
    operator_id: OperatorId
    key_id: KeyId | None
    via: str
    is_automation: bool = False
    address: str | None = None
    voucher: Voucher | None = None
    agent: str | None = None
