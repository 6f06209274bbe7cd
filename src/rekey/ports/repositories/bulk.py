"""Writing and ending very many things in one act."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from rekey.domain.credential import Credential, CredentialKind
from rekey.domain.grant import Grant
from rekey.domain.ids import PersonId
from rekey.domain.people import Membership, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Which of the wanted values somebody in the organization has already."""

    emails: frozenset[str]
    phones: frozenset[str]
    external_keys: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """How many things of an act were ended again, and the people who were kept since others rely on them."""

    people: int
    memberships: int
    grants: int
    kept: tuple[str, ...]
    credentials: int = 0


class BulkRepository(Protocol):
    """The caller has checked what the single verbs check; nothing here looks at a row twice."""

    async def taken(
        self, *, emails: Sequence[str], phones: Sequence[str], external_keys: Sequence[str]
    ) -> Taken: ...

    async def add_people(self, people: Sequence[Person]) -> None: ...

    async def add_memberships(self, memberships: Sequence[Membership]) -> None: ...

    async def add_grants(self, grants: Sequence[Grant]) -> None: ...

    async def taken_fingerprints(self, kind: CredentialKind, fingerprints: Sequence[str]) -> frozenset[str]:
        """Give those that a credential of the kind has which has not ended."""
        ...

    async def people_with(self, emails: Sequence[str]) -> dict[str, PersonId]:
        """Give who has which of these addresses."""
        ...

    async def add_credentials(self, credentials: Sequence[Credential]) -> None:
        """Add credentials that are limited to no door."""
        ...

    async def undo(self, *, first: int, last: int, position: int, at: datetime) -> Undone:
        """End what the act at the position made with the numbers first to last, as far as it is untouched.

        A person who was changed since, or was given anything by another act, is kept; so is a credential whose
        holder or state changed. `at` is when credentials end.
        """
        ...
