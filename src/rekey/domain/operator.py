"""Who works the system: operators, the keys they hold, and the actor that an act is done by."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rekey.domain.ids import KeyId, Number, OperatorId, OrganizationId, PersonId
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Proof of being an operator; only a hash of its secret is stored."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The operator behind an act, the key in hand, and the wire API or program it came through."""

    organization_id: OrganizationId
    operator_id: OperatorId
    key_id: KeyId | None
    via: str
    is_automation: bool = False
    address: str | None = None
