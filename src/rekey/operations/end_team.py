"""end_team: the team, its memberships and its grants end."""

from dataclasses import dataclass

from rekey.domain.grant import Holder
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.find import find_team
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.doors import ChangeKind
from rekey.ports.repositories.rights import GrantFilter


@dataclass(frozen=True, slots=True, kw_only=True)
class EndTeam:
    team_id: str


@operation(Permission.PEOPLE_WRITE)
async def end_team(act: Act, wanted: EndTeam) -> int:
    """End a team and say how many grants ended with it. Raises: NotFound."""
    await act.require(Scope.organization(act.work.organization_id))
    team = await find_team(act.work, wanted.team_id)
    grants = await act.work.grants.list(WHOLE, GrantFilter(holder=Holder.team(team.id)))
    for grant in grants.items:
        await act.work.grants.end(grant.id, act.now)
    await act.changed(ChangeKind.TEAM, team.id)
    await act.work.directory_entries.end(team.id)
    await act.work.teams.end(team.id)
    await act.record("team.ended", detail={"team": team.id, "ended_grants": len(grants.items)})
    return len(grants.items)
