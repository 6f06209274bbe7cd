"""provision_team: the directory adds a group of people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rekey.domain.directory import DirectoryEntry, DirectoryKind, fold_directory_name
from rekey.domain.errors import AlreadyExists
from rekey.domain.ids import TeamId
from rekey.domain.people import Team
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.linked_door_group import link_by_name
from rekey.operations.provisioned import ProvisionedTeam
from rekey.operations.team_members import set_members
from rekey.operations.texts import clean_name
from rekey.ports.listing import WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionTeam:
    """`attributes` are the directory's own, kept as they are; `members` are ids of people."""

    name: str
    external_id: str | None = None
    attributes: Mapping[str, Any]
    members: tuple[str, ...] = ()


@operation(Permission.GRANTS_WRITE)
async def provision_team(act: Act, wanted: ProvisionTeam) -> ProvisionedTeam:
    """Add a team with its members; what it opens is decided by the grants that operators give it.

    Where the organization wants it, the team is linked to the door group of its name.
    Raises: AlreadyExists (name whatever its case, external_id), Invalid.
    """
    await act.require(Scope.organization(act.work.organization_id))
    await refuse_team_name_in_use(act, wanted.name, but=None)
    team = Team(
        id=TeamId(act.new_id()),
        number=act.next_number(),
        name=clean_name(wanted.name),
        created_at=act.now,
        updated_at=act.now,
    )
    entry = DirectoryEntry(
        kind=DirectoryKind.TEAM,
        id=team.id,
        name=wanted.name,
        external_id=wanted.external_id,
        attributes=wanted.attributes,
        created_at=act.now,
        updated_at=act.now,
    )
    await act.work.teams.add(team)
    await act.work.directory_entries.add(entry)
    members = await set_members(act, team, wanted.members)
    linked = await link_by_name(act, team)
    await act.record(
        "team.provisioned", detail={"team": team.id, "name": team.name, **members.detail(), **linked}
    )
    return ProvisionedTeam(team=team, entry=entry, members=members.added)


async def refuse_team_name_in_use(act: Act, name: str, *, but: str | None) -> None:
    """Raises: AlreadyExists for the name of another team, whatever its case."""
    folded = fold_directory_name(name)
    for team in (await act.work.teams.list(WHOLE)).items:
        if team.id != but and fold_directory_name(team.name) == folded:
            raise AlreadyExists("team", "name")
