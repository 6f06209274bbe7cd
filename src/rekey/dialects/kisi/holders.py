"""Who holds access where, for Kisi's filters and counts."""

from rekey.domain.grant import Holder, HolderKind
from rekey.domain.ids import PersonId
from rekey.domain.scope import Scope, ScopeKind
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.rights import GrantFilter
from rekey.ports.store import View


async def people_at(view: View, *scopes: Scope) -> frozenset[PersonId]:
    """Give everybody who holds a grant at one of exactly these scopes, directly or by a team."""
    held: set[PersonId] = set()
    teams: set[str] = set()
    for scope in scopes:
        for holder in await view.grants.holders_at(scope):
            if holder.kind is HolderKind.PERSON:
                held.add(PersonId(holder.id))
            elif holder.kind is HolderKind.TEAM:
                teams.add(holder.id)
    for team_id in teams:
        members = await view.teams.memberships(WHOLE, team_id=team_id)
        held.update(membership.person_id for membership in members.items)
    return frozenset(held)


async def scopes_within(view: View, site_id: str) -> tuple[Scope, ...]:
    """Give the site's scope and those of its own groups."""
    groups = await view.door_groups.list(WHOLE, site_id=site_id)
    return (Scope.site(site_id), *(Scope.door_group(group.id) for group in groups.items))


async def groups_of(view: View, person_id: str) -> int:
    """Count the groups at which a person holds a grant of his own."""
    own = GrantFilter(holder=Holder.person(person_id), scope_kinds=(ScopeKind.DOOR_GROUP,))
    return len({grant.scope for grant in (await view.grants.list(WHOLE, own)).items})
