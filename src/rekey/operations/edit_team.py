"""edit_team: a team gets another name."""

from dataclasses import dataclass, replace

from rekey.domain.journal import JsonValue
from rekey.domain.people import Team
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.find import find_team
from rekey.operations.stamping import stamped, unchanged_mark
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
    edited = stamped(team, replace(team, name=name), act.now)
    await act.work.teams.replace(edited)
    detail: dict[str, JsonValue] = {"team": team.id, "name": edited.name, "old_name": team.name}
    await act.record("team.edited", detail=detail | unchanged_mark(team, edited))
    return edited
