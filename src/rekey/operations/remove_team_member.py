"""remove_team_member: a person leaves a team; other paths stay."""

from dataclasses import dataclass

from rekey.domain.errors import NotFound
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.find import find_team
from rekey.ports.repositories.doors import ChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveTeamMember:
    team_id: str
    person_id: str


@operation(Permission.GRANTS_WRITE)
async def remove_team_member(act: Act, wanted: RemoveTeamMember) -> None:
    """Take a person out of a team. Raises: NotFound, also when the person is not in it."""
    await act.require(Scope.organization(act.work.organization_id))
    team = await find_team(act.work, wanted.team_id)
    membership = await act.work.teams.membership(team.id, wanted.person_id)
    if membership is None:
        raise NotFound("membership", wanted.person_id)
    await act.work.teams.remove_member(team.id, wanted.person_id)
    await act.changed(ChangeKind.PERSON, wanted.person_id)
    await act.record(
        "team.member_removed",
        person_id=wanted.person_id,
        detail={"team": team.id, "membership": membership.id},
    )
