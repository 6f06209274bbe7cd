"""What part of the estate a grant, a revocation or a block speaks of."""

from dataclasses import dataclass
from enum import StrEnum


class ScopeKind(StrEnum):
    """From the narrowest to the widest."""

    DOOR = "door"
    DOOR_GROUP = "door_group"
    SITE = "site"
    ORGANIZATION = "organization"


@dataclass(frozen=True, slots=True)
class Scope:
    """A kind and the id of the door, door group, site or organization meant."""

    kind: ScopeKind
    id: str

    @classmethod
    def door(cls, door_id: str) -> "Scope":
        return cls(ScopeKind.DOOR, door_id)

    @classmethod
    def door_group(cls, door_group_id: str) -> "Scope":
        return cls(ScopeKind.DOOR_GROUP, door_group_id)

    @classmethod
    def site(cls, site_id: str) -> "Scope":
        return cls(ScopeKind.SITE, site_id)

    @classmethod
    def organization(cls, organization_id: str) -> "Scope":
        return cls(ScopeKind.ORGANIZATION, organization_id)
