"""edit_team: a team gets another name."""

from dataclasses import dataclass, replace

from rekey.domain.people import Team
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.find import find_team
from rekey.operations.texts import clean_name


@dataclass(frozen=True, slots=True, kw_only=True)
class EditTeam:
    """None leaves the name as it is."""

    team_id: str
    name: str | None = None


@operation(Permission.PEOPLE_WRITE)
async def edit_team(act: Act, wanted: EditTeam) -> Team:
    """Change a team; nobody's access changes with it. Raises: NotFound, Invalid (name)."""
    await act.require(Scope.organization(act.work.organization_id))
    team = await find_team(act.work, wanted.team_id)
    name = team.name if wanted.name is None else clean_name(wanted.name)
    edited = replace(team, name=name, updated_at=act.now)
    await act.work.teams.replace(edited)
    await act.record("team.edited", detail={"team": team.id, "name": edited.name, "old_name": team.name})
    return edited
