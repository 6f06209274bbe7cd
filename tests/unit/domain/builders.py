"""Records with everything usual filled in, so that a test names only what it is about."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rekey.domain.access import DoorRecord, HolderRecord, Presented
from rekey.domain.block import Block, BlockCause, Subject, SubjectKind
from rekey.domain.credential import Credential, CredentialKind
from rekey.domain.grant import Grant, Holder
from rekey.domain.ids import (
    BlockId,
    CredentialId,
    DoorId,
    EnrolmentId,
    GrantId,
    Number,
    OrganizationId,
    PersonId,
    Position,
    RevocationId,
    SiteId,
    TeamId,
)
from rekey.domain.people import Enrolment, Membership
from rekey.domain.revocation import Revocation
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.domain.validity import ALWAYS, Validity

NOON = datetime(2026, 6, 11, 12, tzinfo=UTC)
ORGANIZATION = OrganizationId("acme")
SITE = SiteId("berlin")
DOOR = DoorId("front door")
PERSON = PersonId("ada")
TEAM = TeamId("cleaners")
AT_DOOR = Scope.door(DOOR)
AT_GROUP = Scope.door_group("entrances")
AT_SITE = Scope.site(SITE)
AT_ORGANIZATION = Scope.organization(ORGANIZATION)


def grant(named_at: int = 1, **changes: Any) -> Grant:
    """Make a grant to the person at the door; `id` defaults to one made of the position."""
    terms: dict[str, Any] = {
        "id": GrantId(f"grant {named_at}"),
        "number": Number(1),
        "holder": Holder.person(PERSON),
        "scope": AT_DOOR,
        "role": Role.BASIC,
        "named_at": Position(named_at),
        "created_at": NOON,
        "updated_at": NOON,
    }
    return Grant(**(terms | changes))


def team_grant(named_at: int = 1, **changes: Any) -> Grant:
    return grant(named_at, **({"holder": Holder.team(TEAM)} | changes))


def membership(named_at: int = 1, *, team: str = TEAM, by_automation: bool = False) -> Membership:
    return Membership(
        id="membership",
        number=Number(1),
        team_id=TeamId(team),
        person_id=PERSON,
        named_at=Position(named_at),
        by_automation=by_automation,
        created_at=NOON,
    )


def revocation(position: int, scope: Scope = AT_DOOR, *, by_automation: bool = False) -> Revocation:
    return Revocation(
        id=RevocationId(f"revocation {position}"),
        person_id=PERSON,
        scope=scope,
        position=Position(position),
        by_automation=by_automation,
        at=NOON,
    )


def block(
    kind: SubjectKind, subject: str, *, cause: BlockCause = BlockCause.OPERATOR, until: datetime | None = None
) -> Block:
    return Block(
        id=BlockId(f"{cause.value} block on {subject}"),
        subject=Subject(kind, subject),
        cause=cause,
        until=until,
        placed_at=Position(1),
        created_at=NOON,
    )


def enrolment(site: str = SITE, validity: Validity = ALWAYS) -> Enrolment:
    return Enrolment(
        id=EnrolmentId(f"enrolment at {site}"),
        number=Number(1),
        person_id=PERSON,
        site_id=SiteId(site),
        validity=validity,
        created_at=NOON,
        updated_at=NOON,
    )


def card(**changes: Any) -> Presented:
    """Present a card of the person."""
    terms: dict[str, Any] = {
        "id": CredentialId("card"),
        "number": Number(1),
        "person_id": PERSON,
        "kind": CredentialKind.CARD,
        "fingerprint": "0815",
        "created_at": NOON,
    }
    return Presented(Credential(**(terms | changes)))


def ada(*grants: Grant, **changes: Any) -> HolderRecord:
    """Gather the person's record with these grants."""
    terms: dict[str, Any] = {
        "organization_id": ORGANIZATION,
        "holder": Holder.person(PERSON),
        "grants": grants,
    }
    return HolderRecord(**(terms | changes))


def front_door(**changes: Any) -> DoorRecord:
    """Gather the record of a door in Berlin that belongs to the group of entrances."""
    terms: dict[str, Any] = {
        "organization_id": ORGANIZATION,
        "door_id": DOOR,
        "name": "Front door",
        "site_id": SITE,
        "zone": ZoneInfo("Europe/Berlin"),
        "driver": "simulated",
        "group_ids": frozenset({"entrances"}),
    }
    return DoorRecord(**(terms | changes))
