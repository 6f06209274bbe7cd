"""Who passes: people, the teams they belong to, their enrolments at sites."""

from dataclasses import dataclass
from datetime import datetime
from unicodedata import normalize

from rekey.domain.ids import EnrolmentId, Number, PersonId, Position, RevocationId, SiteId, TeamId
from rekey.domain.validity import ALWAYS, Validity


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who passes. E-mail and phone are unique within the organization once normalised.

    A guest is given access but never an account. `password_sign_in` off keeps the account's password from
    signing in; keys and sessions that an administrator opens are not concerned. `parted_by` marks the nameless
    record of an enrolment that was parted from its person, by the revocation of that person.
    """

    id: PersonId
    number: Number
    name: str
    email: str | None = None
    phone: str | None = None
    external_key: str | None = None
    customer_key: str | None = None
    notes: str = ""
    is_guest: bool = False
    password_sign_in: bool = True
    parted_by: RevocationId | None = None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A named set of people; a SCIM group is a team."""

    id: TeamId
    number: Number
    name: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A person's place in a team: the link of a path that names the person."""

    id: str
    number: Number
    team_id: TeamId
    person_id: PersonId
    named_at: Position
    by_automation: bool = False
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """A person at one site; outside its validity nothing of that site opens to the person."""

    id: EnrolmentId
    number: Number
    person_id: PersonId
    site_id: SiteId
    validity: Validity = ALWAYS
    created_at: datetime
    updated_at: datetime


def normal_email(email: str) -> str:
    """Fold an e-mail address to the form that is compared and stored.

    Raises: ValueError for text that has no mailbox and domain.
    """
    folded = normalize("NFC", email).strip().lower()
    mailbox, _at, domain = folded.partition("@")
    if not (mailbox and domain) or "@" in domain or any(c.isspace() or not c.isprintable() for c in folded):
        raise ValueError("an e-mail address has the form mailbox@domain")
    return folded


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedPerson:
    """Somebody who turned out to be another person who was known already; the old names lead to the survivor."""

    person_id: PersonId
    survivor_id: PersonId
    external_key: str | None = None
    merged_at: datetime
