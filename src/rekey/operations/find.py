"""Look-ups that turn a missing thing into a refusal."""

from typing import TypeVar

from rekey.domain.access import DoorRecord
from rekey.domain.calendar import CalendarRule
from rekey.domain.credential import Credential, CredentialState
from rekey.domain.errors import Gone, NotFound
from rekey.domain.estate import Door, DoorGroup, Site
from rekey.domain.grant import Grant
from rekey.domain.link import Link
from rekey.domain.people import Enrolment, Person, Team
from rekey.domain.revocation import Revocation
from rekey.domain.scope import Scope, ScopeKind
from rekey.ports.store import View

Found = TypeVar("Found")


def found(thing: Found | None, kind: str, id: str) -> Found:  # noqa: A002  # the word of every caller
    """Give a thing that was looked up. Raises: NotFound if there is none."""
    if thing is None:
        raise NotFound(kind, id)
    return thing


async def find_person(view: View, person_id: str) -> Person:
    """Raises: NotFound."""
    return found(await view.people.get(person_id), "person", person_id)


async def find_door(view: View, door_id: str) -> Door:
    """Raises: NotFound; Gone for a door that was taken out of service."""
    door = await view.doors.get(door_id)
    if door is None:
        raise (Gone if await view.doors.has_ended(door_id) else NotFound)("door", door_id)
    return door


async def find_door_record(view: View, door_id: str) -> DoorRecord:
    """Raises: NotFound; Gone for a door that was taken out of service."""
    record = await view.access.door(door_id)
    if record is None:
        raise (Gone if await view.doors.has_ended(door_id) else NotFound)("door", door_id)
    return record


async def find_door_group(view: View, door_group_id: str) -> DoorGroup:
    """Raises: NotFound."""
    return found(await view.door_groups.get(door_group_id), "door_group", door_group_id)


async def find_site(view: View, site_id: str) -> Site:
    """Raises: NotFound."""
    return found(await view.sites.get(site_id), "site", site_id)


async def find_calendar_rule(view: View, rule_id: str) -> CalendarRule:
    """Raises: NotFound."""
    return found(await view.calendar.get(rule_id), "calendar_rule", rule_id)


async def find_team(view: View, team_id: str) -> Team:
    """Raises: NotFound."""
    return found(await view.teams.get(team_id), "team", team_id)


async def find_enrolment(view: View, enrolment_id: str) -> Enrolment:
    """Raises: NotFound."""
    return found(await view.enrolments.get(enrolment_id), "enrolment", enrolment_id)


async def find_grant(view: View, grant_id: str) -> Grant:
    """Raises: NotFound, also for a grant that has ended."""
    return found(await view.grants.get(grant_id), "grant", grant_id)


async def find_link(view: View, link_id: str) -> Link:
    """Raises: NotFound, also for a link that has ended."""
    return found(await view.links.get(link_id), "link", link_id)


async def find_credential(view: View, credential_id: str) -> Credential:
    """Raises: NotFound, also for a credential that has ended."""
    credential = await view.credentials.get(credential_id)
    if credential is None or credential.state is CredentialState.ENDED:
        raise NotFound("credential", credential_id)
    return credential


async def find_revocation(view: View, revocation_id: str) -> Revocation:
    """Raises: NotFound."""
    return found(await view.revocations.get(revocation_id), "revocation", revocation_id)


async def check_scope(view: View, scope: Scope) -> None:
    """Refuse a scope that names nothing. Raises: NotFound, Gone."""
    if scope.kind is ScopeKind.DOOR:
        await find_door(view, scope.id)
    elif scope.kind is ScopeKind.DOOR_GROUP:
        await find_door_group(view, scope.id)
    elif scope.kind is ScopeKind.SITE:
        await find_site(view, scope.id)
    elif scope.id != view.organization_id:
        raise NotFound("organization", scope.id)
