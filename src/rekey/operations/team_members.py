"""Making a team's members exactly these people; part of what a directory says of a team."""

from collections.abc import Sequence
from dataclasses import dataclass

from rekey.domain.errors import PersonLeft
from rekey.domain.grant import Grant, Holder
from rekey.domain.ids import PersonId, TeamId
from rekey.domain.journal import JsonValue
from rekey.domain.people import Membership, Team
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.operations.act import Act
from rekey.operations.add_team_member import refuse_team_beyond_own
from rekey.operations.leavers import leaver_block, note_conflict, note_conflicts, refuse_own_return
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.doors import ChangeKind
from rekey.ports.repositories.rights import GrantFilter

# Above this many one row that names the team is cheaper than one for each person.
_NAMED_ONE_BY_ONE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersChanged:
    """Who joined, who left, and who was not taken: unknown people, and leavers."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()

    def detail(self) -> dict[str, JsonValue]:
        return {"added": [*self.added], "removed": [*self.removed], "skipped": [*self.skipped]}


async def set_members(act: Act, team: Team, wanted: Sequence[str]) -> MembersChanged:
    """Make the members exactly these, within an act that records it; leaving comes before joining.

    Who is a member already keeps his place and his path's age. A person whom nobody knows is not taken; nor
    is a leaver whom an automation wants back, nor anybody whom it wants in a team of an operator's making that
    does more than open doors: both are shown as conflicts.
    Raises: PersonLeft and NotAllowed for an operator, as `add_team_member`.
    """
    present = await act.work.teams.member_ids(team.id)
    kept, known = frozenset(wanted), frozenset(present)
    removed = tuple(person_id for person_id in present if person_id not in kept)
    for person_id in removed:
        await act.work.teams.remove_member(team.id, person_id)
    joining = [person_id for person_id in dict.fromkeys(wanted) if person_id not in known]
    if joining:
        await refuse_team_beyond_own(act, team.id)
    powers = await _powers_beyond_automation(act, team) if joining else None
    added = [person_id for person_id in joining if await _add(act, team, person_id, against=powers)]
    await _tell(act, team, (*removed, *added))
    skipped = tuple(person_id for person_id in joining if person_id not in frozenset(added))
    return MembersChanged(added=tuple(added), removed=removed, skipped=skipped)


async def _powers_beyond_automation(act: Act, team: Team) -> Grant | None:
    """Give a grant by which the members do more than open doors, of a team that the directory did not make.

    An operator who gives powers to a directory's own team means whomever the directory puts there.
    """
    entry = await act.work.directory_entries.get(team.id)
    made_there = entry is not None and entry.created_at <= team.created_at
    if not act.actor.is_automation or made_there:
        return None
    held = await act.work.grants.list(WHOLE, GrantFilter(holder=Holder.team(team.id)))
    return next((grant for grant in held.items if grant.role is not Role.BASIC), None)


async def _add(act: Act, team: Team, person_id: str, *, against: Grant | None) -> bool:
    if await act.work.people.get(person_id) is None:
        return False
    organization, wish = Scope.organization(act.work.organization_id), f"membership of team {team.name}"
    left = await leaver_block(act, person_id)
    if left is not None:
        if not act.actor.is_automation:
            raise PersonLeft(left.revocation_id or left.id)
        await note_conflict(act, person_id, wish, left.revocation_id or left.id)
        return False
    if against is not None:
        await note_conflict(act, person_id, wish, against.id)
        return False
    await refuse_own_return(act, person_id, organization)
    await act.work.teams.add_member(
        Membership(
            id=act.new_id(),
            number=act.next_number(),
            team_id=TeamId(team.id),
            person_id=PersonId(person_id),
            named_at=act.position,
            by_automation=act.actor.is_automation,
            created_at=act.now,
        )
    )
    await note_conflicts(act, person_id, organization, wish)
    return True


async def _tell(act: Act, team: Team, people: tuple[str, ...]) -> None:
    if len(people) > _NAMED_ONE_BY_ONE:
        await act.changed(ChangeKind.TEAM, team.id)
        return
    for person_id in people:
        await act.changed(ChangeKind.PERSON, person_id)
