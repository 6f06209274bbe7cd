"""end_provisioned_team: the directory deletes a group of people."""

from dataclasses import dataclass

from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.end_team import EndTeam, end_team
from rekey.operations.find import find_team
from rekey.operations.provisioned import provisioned_team


@dataclass(frozen=True, slots=True, kw_only=True)
class EndProvisionedTeam:
    """`expected` is the revision that the end was meant for."""

    team_id: str
    expected: str | None = None


@operation(Permission.GRANTS_WRITE)
async def end_provisioned_team(act: Act, wanted: EndProvisionedTeam) -> bool:
    """End a team as `end_team` does; False, and nothing done, if it was meant for an older revision.

    Raises: NotFound.
    """
    await act.require(Scope.organization(act.work.organization_id))
    team = await find_team(act.work, wanted.team_id)
    before = await provisioned_team(act.work, team)
    if wanted.expected not in {None, before.revision}:
        act.work.keep_books()
        return False
    await end_team(act, EndTeam(team_id=team.id))
    return True
