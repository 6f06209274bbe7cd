"""add_team: a named set of people."""

from dataclasses import dataclass

from rekey.domain.ids import TeamId
from rekey.domain.people import Team
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.texts import clean_name


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTeam:
    name: str


@operation(Permission.PEOPLE_WRITE)
async def add_team(act: Act, wanted: AddTeam) -> Team:
    """Add a team. Raises: Invalid (name)."""
    await act.require(Scope.organization(act.work.organization_id))
    team = Team(
        id=TeamId(act.new_id()),
        number=act.next_number(),
        name=clean_name(wanted.name),
        created_at=act.now,
        updated_at=act.now,
    )
    await act.work.teams.add(team)
    await act.record("team.added", detail={"team": team.id, "name": team.name})
    return team
