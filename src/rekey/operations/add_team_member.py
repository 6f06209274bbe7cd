"""add_team_member: a person joins a team; this names the person."""

from dataclasses import dataclass

from rekey.domain.errors import NotAllowed
from rekey.domain.grant import Holder
from rekey.domain.ids import PersonId, TeamId
from rekey.domain.people import Membership
from rekey.domain.role import ROLES, Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.authority import rank_of
from rekey.operations.find import find_person, find_team
from rekey.operations.leavers import note_conflicts, refuse_beyond_own, refuse_leaver, refuse_own_return
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.doors import ChangeKind
from rekey.ports.repositories.rights import GrantFilter


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTeamMember:
    team_id: str
    person_id: str


@operation(Permission.GRANTS_WRITE)
async def add_team_member(act: Act, wanted: AddTeamMember) -> Membership:
    """Put a person into a team.

    Raises: NotFound, AlreadyExists, PersonLeft, NotAllowed (bringing oneself back, a team that opens what one
    was revoked from oneself, or one whose role is above one's own).
    """
    organization = Scope.organization(act.work.organization_id)
    await act.require(organization)
    team = await find_team(act.work, wanted.team_id)
    person = await find_person(act.work, wanted.person_id)
    await refuse_leaver(act, person.id)
    await refuse_own_return(act, person.id, organization)
    await refuse_team_beyond_own(act, team.id)
    membership = Membership(
        id=act.new_id(),
        number=act.next_number(),
        team_id=TeamId(team.id),
        person_id=PersonId(person.id),
        named_at=act.position,
        by_automation=act.actor.is_automation,
        created_at=act.now,
    )
    await act.work.teams.add_member(membership)
    await note_conflicts(act, person.id, organization, f"membership of team {team.name}")
    await act.changed(ChangeKind.PERSON, person.id)
    await act.record(
        "team.member_added", person_id=person.id, detail={"team": team.id, "membership": membership.id}
    )
    return membership


async def refuse_team_beyond_own(act: Act, team_id: str) -> None:
    """Joining a team hands out all that the team holds. Raises: NotAllowed."""
    held = await act.work.grants.list(WHOLE, GrantFilter(holder=Holder.team(team_id)))
    for scope, role in dict.fromkeys((grant.scope, grant.role) for grant in held.items):
        await refuse_beyond_own(act, scope)
        if ROLES[role].rank > await rank_of(act.work, act.actor, scope, act.now):
            raise NotAllowed(f"this team has the role {role.value}, which is above your own")
