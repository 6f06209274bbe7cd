"""What a directory has provisioned, as it stands; part of several operations, and read by wire APIs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cached_property
from hashlib import sha256
from typing import Generic, TypeVar

import msgspec

from rekey.domain.block import BlockCause, Subject, SubjectKind
from rekey.domain.directory import DirectoryEntry
from rekey.domain.ids import PersonId
from rekey.domain.people import Person, Team
from rekey.ports.listing import WHOLE
from rekey.ports.store import View

T = TypeVar("T")
_REVISION_DIGITS = 20


class Outcome(Enum):
    """What became of a change: done, nothing to do, or refused because it was meant for an older revision."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    STALE = "stale"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provisioned(Generic[T]):
    """The outcome of a change, with the thing as it stands after it."""

    outcome: Outcome
    now: T


@dataclass(frozen=True, kw_only=True)
class ProvisionedPerson:
    """A person as a directory sees him; without an entry no directory has provisioned him yet."""

    person: Person
    entry: DirectoryEntry | None
    active: bool
    teams: tuple[Team, ...] = ()

    @cached_property
    def revision(self) -> str:
        """A text that is another after every change that a directory can see."""
        person, teams = self.person, [[team.id, team.name] for team in self.teams]
        return _digest(person.name, person.email, self.active, teams, entry_parts(self.entry))


@dataclass(frozen=True, kw_only=True)
class ProvisionedTeam:
    """A team as a directory sees it; `members` are the ids of people, in the order in which they joined.

    One that is not `whole` was read without its members.
    """

    team: Team
    entry: DirectoryEntry | None
    members: tuple[str, ...] = ()
    whole: bool = True

    @cached_property
    def revision(self) -> str:
        """A text that is another after every change that a directory can see."""
        return _digest(self.team.name, self.members, entry_parts(self.entry))


def entry_parts(entry: DirectoryEntry | None) -> object:
    return None if entry is None else [entry.name, entry.external_id, entry.attributes]


def _digest(*parts: object) -> str:
    return sha256(msgspec.json.encode(parts, order="sorted")).hexdigest()[:_REVISION_DIGITS]


async def provisioned_person(view: View, person: Person, now: datetime) -> ProvisionedPerson:
    """Give the person whole."""
    (found,) = await provisioned_people(view, (person,), now)
    return found


async def provisioned_people(
    view: View, people: Sequence[Person], now: datetime, *, whole: bool = True
) -> tuple[ProvisionedPerson, ...]:
    """Give people in the same order; with `whole` false without their teams, and as if all were active."""
    entries = await view.directory_entries.several([person.id for person in people])
    teams = await _teams_of(view, people) if whole else {}
    inactive = await _inactive_of(view, people, now) if whole else frozenset()
    return tuple(
        [
            ProvisionedPerson(
                person=person,
                entry=entries.get(person.id),
                active=person.id not in inactive,
                teams=teams.get(person.id, ()),
            )
            for person in people
        ]
    )


async def _inactive_of(view: View, people: Sequence[Person], now: datetime) -> frozenset[PersonId]:
    """Give those whom the directory has switched off."""
    standing = await view.blocks.standing_on(SubjectKind.PERSON, [person.id for person in people])
    return frozenset(
        PersonId(person_id)
        for person_id, blocks in standing.items()
        if any(block.cause is BlockCause.DIRECTORY and block.stands(now) for block in blocks)
    )


async def is_active(view: View, person_id: str, now: datetime) -> bool:
    """Say whether the directory's own switch is on, whatever else stands against the person."""
    subject = Subject(SubjectKind.PERSON, person_id)
    standing = await view.blocks.standing(subject, cause=BlockCause.DIRECTORY)
    return not any(block.stands(now) for block in standing)


async def _teams_of(view: View, people: Sequence[Person]) -> Mapping[str, tuple[Team, ...]]:
    member_of: defaultdict[str, list[str]] = defaultdict(list)
    listed = await view.teams.memberships(WHOLE, person_ids=[person.id for person in people])
    for membership in listed.items:
        member_of[membership.person_id].append(membership.team_id)
    named = sorted({team_id for ids in member_of.values() for team_id in ids})
    teams: dict[str, Team] = {}
    if named:
        teams = {team.id: team for team in (await view.teams.list(WHOLE, ids=named)).items}
    return {
        person_id: tuple(teams[team_id] for team_id in ids if team_id in teams)
        for person_id, ids in member_of.items()
    }


async def provisioned_team(view: View, team: Team) -> ProvisionedTeam:
    """Give the team whole."""
    (found,) = await provisioned_teams(view, (team,))
    return found


async def provisioned_teams(
    view: View, teams: Iterable[Team], *, whole: bool = True
) -> tuple[ProvisionedTeam, ...]:
    """Give teams in the same order; with `whole` false without their members."""
    listed = tuple(teams)
    entries = await view.directory_entries.several([team.id for team in listed])
    return tuple(
        [
            ProvisionedTeam(
                team=team,
                entry=entries.get(team.id),
                members=await view.teams.member_ids(team.id) if whole else (),
                whole=whole,
            )
            for team in listed
        ]
    )
