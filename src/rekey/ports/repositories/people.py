"""People, teams, enrolments, credentials."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from rekey.domain.credential import Credential, CredentialKind, CredentialState
from rekey.domain.grant import Holder, HolderKind
from rekey.domain.people import Enrolment, Membership, Person, Team
from rekey.ports.listing import Listing, Part


class PersonRepository(Protocol):
    """E-mail, phone and external key are unique among the people who have not been removed."""

    async def add(self, person: Person) -> None:
        """Add a person. Raises: AlreadyExists naming email, phone or external_key."""
        ...

    async def get(self, person_id: str) -> Person | None: ...

    async def by_number(self, number: int) -> Person | None: ...

    async def by_email(self, email: str) -> Person | None: ...

    async def by_phone(self, phone: str) -> Person | None: ...

    async def by_external_key(self, key: str) -> Person | None: ...

    async def list(
        self,
        part: Part,
        *,
        query: str | None = None,
        ids: Sequence[str] | None = None,
        email: str | None = None,
        customer_key: str | None = None,
        guests: bool | None = None,
        parted_by: Sequence[str] | None = None,
        newest_first: bool = False,
    ) -> Listing[Person]:
        """List people; `query` is a case-insensitive part of name, e-mail or notes.

        `guests` True takes guests alone, False leaves them out. `parted_by` takes the nameless records that
        these revocations made.
        """
        ...

    async def ids(
        self,
        *,
        query: str | None = None,
        named: str | None = None,
        ids: Sequence[str] | None = None,
        email: str | None = None,
        guests: bool | None = None,
    ) -> tuple[str, ...]:
        """Give the ids alone of all whom such a list has, in the order in which they were made.

        `named` is a case-insensitive part of name or e-mail.
        """
        ...

    async def replace(self, person: Person) -> None:
        """Change a person. Raises: AlreadyExists as `add`."""
        ...

    async def end(self, person_id: str) -> None: ...

    async def last_known(self, person_id: str) -> Person | None:
        """The person, also after removal, so that history can name who it was."""
        ...

    async def last_with_email(self, email: str) -> Person | None:
        """The newest person who ever had this address, also after removal."""
        ...


class TeamRepository(Protocol):
    async def add(self, team: Team) -> None: ...

    async def get(self, team_id: str) -> Team | None: ...

    async def by_number(self, number: int) -> Team | None: ...

    async def list(
        self, part: Part, *, query: str | None = None, ids: list[str] | None = None
    ) -> Listing[Team]: ...

    async def replace(self, team: Team) -> None: ...

    async def end(self, team_id: str) -> None:
        """End the team and its memberships."""
        ...

    async def add_member(self, membership: Membership) -> None:
        """Put a person in. Raises: AlreadyExists if the person is in already."""
        ...

    async def remove_member(self, team_id: str, person_id: str) -> bool:
        """Take a person out; False if the person was not in."""
        ...

    async def membership(self, team_id: str, person_id: str) -> Membership | None: ...

    async def member_ids(self, team_id: str) -> tuple[str, ...]:
        """Give the ids of the people in it, in the order in which they joined."""
        ...

    async def membership_by_number(self, number: int) -> Membership | None: ...

    async def memberships(
        self,
        part: Part,
        *,
        team_id: str | None = None,
        person_id: str | None = None,
        person_ids: Sequence[str] | None = None,
    ) -> Listing[Membership]: ...


class EnrolmentRepository(Protocol):
    async def add(self, enrolment: Enrolment) -> None:
        """Enrol. Raises: AlreadyExists if the person is enrolled at the site."""
        ...

    async def get(self, enrolment_id: str) -> Enrolment | None: ...

    async def at(self, person_id: str, site_id: str) -> Enrolment | None: ...

    async def list(
        self,
        part: Part,
        *,
        site_id: str | None = None,
        person_id: str | None = None,
        query: str | None = None,
    ) -> Listing[Enrolment]: ...

    async def replace(self, enrolment: Enrolment) -> None: ...

    async def end(self, enrolment_id: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialFilter:
    """What to list; every given field must match. Ended credentials are left out.

    `door_id` finds those that are limited to doors of which this is one; `identifier` is the name and the
    canonical value of one identifier of a card.
    """

    holder: Holder | None = None
    holder_kind: HolderKind | None = None
    door_id: str | None = None
    ids: tuple[str, ...] | None = None
    states: tuple[CredentialState, ...] | None = None
    card_types: tuple[str, ...] | None = None
    fingerprints: tuple[str, ...] | None = None
    identifier: tuple[str, str] | None = None
    origin: str | None = None
    made_by: str | None = None


class CredentialRepository(Protocol):
    async def add(self, credential: Credential) -> None:
        """Issue. Raises: AlreadyExists if some door could not tell it from one that has not ended."""
        ...

    async def get(self, credential_id: str) -> Credential | None:
        """Find a credential, ended ones too."""
        ...

    async def by_number(self, number: int) -> Credential | None:
        """Find a credential that has not ended."""
        ...

    async def by_fingerprint(self, kind: CredentialKind, fingerprint: str) -> Credential | None:
        """Find by what was presented, ended ones too (the newest wins)."""
        ...

    async def sharing(self, kind: CredentialKind, fingerprint: str) -> tuple[Credential, ...]:
        """Give all that have not ended and look alike: PINs at different doors, else one at most."""
        ...

    async def list(
        self,
        part: Part,
        *,
        person_id: str | None = None,
        kind: CredentialKind | None = None,
        matching: CredentialFilter = CredentialFilter(),
    ) -> Listing[Credential]:
        """List what has not ended."""
        ...

    async def newly_ended(self, most: int) -> tuple[Credential, ...]:
        """Give the credentials that ended last, newest first."""
        ...

    async def computed(self, after: datetime) -> tuple[Credential, ...]:
        """Give the computed ones, ended ones too, whose windows end after the instant, by their ends."""
        ...

    async def had(self, person_id: str, kind: CredentialKind) -> bool:
        """Say whether the person ever had one of this kind, ended ones too."""
        ...

    async def replace(self, credential: Credential) -> None:
        """Change it. Raises: AlreadyExists as `add`; NotFound for one that has ended."""
        ...
