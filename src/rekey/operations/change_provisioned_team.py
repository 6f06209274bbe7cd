"""change_provisioned_team: the directory says anew what it knows of a team, and who is in it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from rekey.domain.directory import DirectoryEntry, DirectoryKind, fold_directory_name
from rekey.domain.people import Team
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.change_provisioned_person import keep_entry
from rekey.operations.find import find_team
from rekey.operations.linked_door_group import link_by_name
from rekey.operations.provision_team import refuse_team_name_in_use
from rekey.operations.provisioned import Outcome, Provisioned, ProvisionedTeam, provisioned_team
from rekey.operations.team_members import MembersChanged, set_members
from rekey.operations.texts import clean_name


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeProvisionedTeam:
    """All that the directory knows after the change; `members` None leaves them as they are."""

    team_id: str
    name: str
    external_id: str | None
    attributes: Mapping[str, Any]
    members: tuple[str, ...] | None = None
    expected: str | None = None


@operation(Permission.GRANTS_WRITE)
async def change_provisioned_team(act: Act, wanted: ChangeProvisionedTeam) -> Provisioned[ProvisionedTeam]:
    """Change a team as the directory says, name and members in one act.

    Who leaves the team loses what it opens and nothing else. A change meant for an older revision changes
    nothing, and neither does one that says nothing new. Raises: NotFound, AlreadyExists (name, external_id), Invalid.
    """
    await act.require(Scope.organization(act.work.organization_id))
    before = await provisioned_team(act.work, await find_team(act.work, wanted.team_id))
    if wanted.expected not in {None, before.revision}:
        act.work.keep_books()
        return Provisioned(outcome=Outcome.STALE, now=before)
    team = await _rename(act, before, wanted.name)
    members = MembersChanged()
    if wanted.members is not None:
        members = await set_members(act, team, wanted.members)
    moved = (*members.added, *members.removed)
    changed = await keep_entry(act, before.entry, _entry(act, before, wanted), touch=bool(moved))
    if not (changed or moved or team != before.team):
        act.work.keep_books()
        return Provisioned(outcome=Outcome.UNCHANGED, now=before)
    renamed = fold_directory_name(team.name) != fold_directory_name(before.team.name)
    linked = await link_by_name(act, team, renamed=True) if renamed else {}
    await act.record(
        "team.provisioned_anew",
        person_id=moved[0] if len(moved) == 1 else None,
        detail={"team": team.id, "name": team.name, "changed": [*changed], **members.detail(), **linked},
    )
    return Provisioned(outcome=Outcome.CHANGED, now=await provisioned_team(act.work, team))


async def _rename(act: Act, before: ProvisionedTeam, name: str) -> Team:
    known = before.team.name if before.entry is None else before.entry.name
    if name == known:
        return before.team
    if fold_directory_name(name) != fold_directory_name(before.team.name):
        await refuse_team_name_in_use(act, name, but=before.team.id)
    team = replace(before.team, name=clean_name(name), updated_at=act.now)
    await act.work.teams.replace(team)
    return team


def _entry(act: Act, before: ProvisionedTeam, wanted: ChangeProvisionedTeam) -> DirectoryEntry:
    return DirectoryEntry(
        kind=DirectoryKind.TEAM,
        id=before.team.id,
        name=wanted.name,
        external_id=wanted.external_id,
        attributes=dict(wanted.attributes),
        created_at=act.now if before.entry is None else before.entry.created_at,
        updated_at=act.now,
    )
