"""Making the people of a file ready outside of the act that writes them, so that other acts go between."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import TypeVar

from rekey.domain.grant import Grant, Holder
from rekey.domain.ids import GrantId, Number, OperatorId, PersonId, Position, TeamId
from rekey.domain.operator import Actor
from rekey.domain.people import Membership, Person
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.operations.core import Core
from rekey.operations.people_file import PersonLine, Problem, Progress
from rekey.operations.staging import take_turns
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.bulk import Prepared, Taken
from rekey.ports.store import View

T = TypeVar("T")
_UNPLACED = Position(0)


@dataclass(slots=True, kw_only=True)
class StagedPeople:
    """The rows of a checked file with numbers from 0, as things were just after the act at `position`.

    `problems` are the lines that cannot be imported; with any of them the rows are not whole.
    """

    position: Position
    lines: Sequence[PersonLine]
    team_ids: Mapping[str, str]
    group_ids: Mapping[str, str]
    person_ids: list[PersonId] = field(default_factory=list)
    rows: list[Prepared] = field(default_factory=list)
    denied: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    sizes: Counter[str] = field(default_factory=Counter)

    @property
    def size(self) -> int:
        return sum(self.sizes.values())

    def ends_by(self, instant: datetime) -> bool:
        """Say whether what a line gives has ended by then."""
        return any(line.validity.is_over(instant) for line in self.lines)


async def stage_people(
    core: Core, actor: Actor, lines: Sequence[PersonLine], *, origin: str, progress: Progress
) -> StagedPeople:
    """Check the lines against what is there and make their rows; nothing is written."""
    staging = await core.store.read(actor.organization_id, lambda view: _begin(view, core, actor, lines))
    staging.origin = origin
    await take_turns(core, actor, staging, lines, progress=progress)
    return staging.staged


async def named_things(view: View, lines: Iterable[PersonLine]) -> tuple[dict[str, str], dict[str, str]]:
    """Give the ids of the teams and door groups that lines name, as far as they are there."""
    wanted_teams = {name for line in lines for name in line.teams}
    wanted_groups = {name for line in lines for name in line.door_groups}
    teams = (await view.teams.list(WHOLE)).items if wanted_teams else ()
    groups = (await view.door_groups.list(WHOLE)).items if wanted_groups else ()
    return (
        {team.name: team.id for team in teams if team.name in wanted_teams},
        {group.name: group.id for group in groups if group.name in wanted_groups},
    )


async def _begin(view: View, core: Core, actor: Actor, lines: Sequence[PersonLine]) -> "_Staging":
    team_ids, group_ids = await named_things(view, lines)
    staged = StagedPeople(position=view.position, lines=lines, team_ids=team_ids, group_ids=group_ids)
    return _Staging(core, actor, staged)


class _Staging:
    """Turns lines into rows, some at a time."""

    def __init__(self, core: Core, actor: Actor, staged: StagedPeople) -> None:
        self._actor = actor
        self._new_id = core.entropy.new_id
        # In the order of the file, since indexes grow at their end for a fraction of what they cost elsewhere.
        self._ids = iter(sorted(self._new_id() for _ in staged.lines))
        self._now = core.clock.now()
        self._numbers = count()
        self.staged = staged
        self.origin = ""

    @property
    def problems(self) -> Sequence[Problem]:
        return self.staged.problems

    async def take(self, view: View, lines: Sequence[PersonLine]) -> None:
        """Check these lines and make their rows."""
        staged = self.staged
        emails = [line.email for line in lines if line.email is not None]
        taken = await view.bulk.taken(
            emails=emails,
            phones=[line.phone for line in lines if line.phone is not None],
            external_keys=[line.external_key for line in lines if line.external_key is not None],
        )
        staged.problems += [
            Problem(line=line.line, reason=reason) for line in lines for reason in self._clashes(line, taken)
        ]
        if not staged.problems:
            staged.denied |= await view.bulk.denied_addresses(emails)
            self._make(view, lines)

    def _make(self, view: View, lines: Sequence[PersonLine]) -> None:
        staged = self.staged
        people = [self._person(line) for line in lines]
        pairs = [*zip(people, lines, strict=True)]
        joined = [self._membership(p, t) for p, line in pairs for t in _pick(staged.team_ids, line.teams)]
        given = [
            self._grant(p, g, line) for p, line in pairs for g in _pick(staged.group_ids, line.door_groups)
        ]
        staged.person_ids += [person.id for person in people]
        staged.rows += [
            view.bulk.prepare_people(people),
            view.bulk.prepare_memberships(joined),
            view.bulk.prepare_grants(given),
        ]
        staged.sizes.update(people=len(people), memberships=len(joined), grants=len(given))

    def _clashes(self, line: PersonLine, taken: Taken) -> Iterable[str]:
        if line.email in taken.emails:
            yield f"{line.email} belongs to somebody who is here already"
        if line.phone in taken.phones:
            yield f"{line.phone} belongs to somebody who is here already"
        if line.external_key in taken.external_keys:
            yield f"the key {line.external_key!r} belongs to somebody who is here already"
        yield from (f"no team is named {name!r}" for name in line.teams if name not in self.staged.team_ids)
        if line.validity.is_over(self._now):
            yield "valid_until has passed"
        missing = (name for name in line.door_groups if name not in self.staged.group_ids)
        yield from (f"no door group is named {name!r}" for name in missing)

    def _person(self, line: PersonLine) -> Person:
        return Person(
            id=PersonId(next(self._ids)),
            number=self._number(),
            name=line.name,
            email=line.email,
            phone=line.phone,
            external_key=line.external_key,
            notes=line.notes,
            created_at=self._now,
            updated_at=self._now,
        )

    def _membership(self, person: Person, team_id: str) -> Membership:
        return Membership(
            id=self._new_id(),
            number=self._number(),
            team_id=TeamId(team_id),
            person_id=person.id,
            named_at=_UNPLACED,
            by_automation=self._actor.is_automation,
            created_at=self._now,
        )

    def _grant(self, person: Person, group_id: str, line: PersonLine) -> Grant:
        return Grant(
            id=GrantId(self._new_id()),
            number=self._number(),
            holder=Holder.person(person.id),
            scope=Scope.door_group(group_id),
            role=Role.BASIC,
            validity=line.validity,
            named_at=_UNPLACED,
            by_automation=self._actor.is_automation,
            made_by=OperatorId(self._actor.operator_id),
            origin=self.origin,
            created_at=self._now,
            updated_at=self._now,
        )

    def _number(self) -> Number:
        return Number(next(self._numbers))


def _pick(things: Mapping[str, T], names: Iterable[str]) -> Iterable[T]:
    return (things[name] for name in names)
