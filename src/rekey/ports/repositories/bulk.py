"""Writing and ending very many things in one act."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

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


@dataclass(frozen=True, slots=True)
class Prepared:
    """Things of one kind that are ready to be written, as the store that made them spells them."""

    kind: str
    rows: Sequence[Any]


class BulkRepository(Protocol):
    """The caller has checked what the single verbs check; nothing here looks at a row twice."""

    async def taken(
        self, *, emails: Sequence[str], phones: Sequence[str], external_keys: Sequence[str]
    ) -> Taken: ...

    def prepare_people(self, people: Sequence[Person]) -> Prepared:
        """Make people ready outside of the act that adds them; their numbers count from 0."""
        ...

    def prepare_memberships(self, memberships: Sequence[Membership]) -> Prepared: ...

    def prepare_grants(self, grants: Sequence[Grant]) -> Prepared: ...

    def prepare_credentials(self, credentials: Sequence[Credential]) -> Prepared:
        """The same with credentials, which are limited to no door."""
        ...

    async def write(self, prepared: Iterable[Prepared], *, first: int) -> None:
        """Add what is ready; number 0 becomes `first`, and everything is named at the act's position.

        Raises: AlreadyExists, at the end of the act, if a unique value was taken meanwhile.
        """
        ...

    async def taken_fingerprints(self, kind: CredentialKind, fingerprints: Sequence[str]) -> frozenset[str]:
        """Give those that a credential of the kind has which has not ended."""
        ...

    async def people_with(self, emails: Sequence[str]) -> dict[str, PersonId]:
        """Give who has which of these addresses."""
        ...

    async def denied_addresses(self, emails: Sequence[str]) -> frozenset[str]:
        """Give those whose last holder was revoked or blocked by an operator, or was merged into another."""
        ...

    async def touched_since(self, person_ids: Sequence[str], position: int) -> frozenset[str]:
        """Give those who were changed, removed or revoked by an act after this one."""
        ...

    async def of_rank(self) -> frozenset[str]:
        """Give who holds a role that allows more than passing, directly or through a team."""
        ...

    async def undo(self, *, first: int, last: int, position: int, at: datetime) -> Undone:
        """End what the act at the position made with the numbers first to last, as far as it is untouched.

        A person who was changed since, or was given anything by another act, is kept; so is a credential whose
        holder or state changed. `at` is when credentials end.
        """
        ...
