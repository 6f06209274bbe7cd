"""Look-ups that turn a missing thing into a refusal."""

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


async def find_person(view: View, person_id: str) -> Person:
    """Raises: NotFound."""
    person = await view.people.get(person_id)
    if person is None:
        raise NotFound("person", person_id)
    return person


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
    group = await view.door_groups.get(door_group_id)
    if group is None:
        raise NotFound("door_group", door_group_id)
    return group


async def find_site(view: View, site_id: str) -> Site:
    """Raises: NotFound."""
    site = await view.sites.get(site_id)
    if site is None:
        raise NotFound("site", site_id)
    return site


async def find_calendar_rule(view: View, rule_id: str) -> CalendarRule:
    """Raises: NotFound."""
    rule = await view.calendar.get(rule_id)
    if rule is None:
        raise NotFound("calendar_rule", rule_id)
    return rule


async def find_team(view: View, team_id: str) -> Team:
    """Raises: NotFound."""
    team = await view.teams.get(team_id)
    if team is None:
        raise NotFound("team", team_id)
    return team


async def find_enrolment(view: View, enrolment_id: str) -> Enrolment:
    """Raises: NotFound."""
    enrolment = await view.enrolments.get(enrolment_id)
    if enrolment is None:
        raise NotFound("enrolment", enrolment_id)
    return enrolment


async def find_grant(view: View, grant_id: str) -> Grant:
    """Raises: NotFound, also for a grant that has ended."""
    grant = await view.grants.get(grant_id)
    if grant is None:
        raise NotFound("grant", grant_id)
    return grant


async def find_link(view: View, link_id: str) -> Link:
    """Raises: NotFound, also for a link that has ended."""
    link = await view.links.get(link_id)
    if link is None:
        raise NotFound("link", link_id)
    return link


async def find_credential(view: View, credential_id: str) -> Credential:
    """Raises: NotFound, also for a credential that has ended."""
    credential = await view.credentials.get(credential_id)
    if credential is None or credential.state is CredentialState.ENDED:
        raise NotFound("credential", credential_id)
    return credential


async def find_revocation(view: View, revocation_id: str) -> Revocation:
    """Raises: NotFound."""
    revocation = await view.revocations.get(revocation_id)
    if revocation is None:
        raise NotFound("revocation", revocation_id)
    return revocation


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
