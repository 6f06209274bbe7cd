"""Whom a filter can only mean, found by the store before the filter itself is asked."""

from collections.abc import Iterable
from datetime import datetime

from rekey.dialects.scim.filter_match import equalities
from rekey.dialects.scim.filter_reach import (
    Active,
    ChangedSince,
    Either,
    Every,
    InTeam,
    Mentions,
    Reach,
    reach,
)
from rekey.dialects.scim.filter_syntax import Filter
from rekey.dialects.scim.user_schema import USER
from rekey.domain.block import BlockCause, SubjectKind
from rekey.domain.directory import DirectoryKind
from rekey.domain.people import Person
from rekey.ports.listing import WHOLE
from rekey.ports.store import View


async def candidates(view: View, wanted: Filter, now: datetime) -> tuple[Person, ...]:
    """Give everybody who may fit, by an index where one serves, in the order of lists."""
    equal = equalities(wanted)
    if "id" in equal:
        return _some(await view.people.get(equal["id"]))
    if "username" in equal:
        return await _named(view, equal["username"])
    if "externalid" in equal:
        entry = await view.directory_entries.by_external_id(DirectoryKind.PERSON, equal["externalid"])
        return () if entry is None else _some(await view.people.get(entry.id))
    needed = reach(USER, wanted)
    ids = None if needed is None else await _within(view, needed, now)
    return (await view.people.list(WHOLE, ids=None if ids is None else sorted(ids))).items


async def _within(view: View, needed: Reach, now: datetime) -> frozenset[str]:
    match needed:
        case Mentions(text):
            return await view.directory_entries.people_mentioning(text)
        case ChangedSince(at):
            return await view.directory_entries.people_changed_since(at)
        case InTeam(team_id):
            listed = await view.teams.memberships(WHOLE, team_id=team_id)
            return frozenset(membership.person_id for membership in listed.items)
        case Active(wanted):
            return await _switched(view, now, on=wanted)
        case Every(parts):
            return frozenset.intersection(*await _each(view, parts, now))
        case Either(parts):
            return frozenset().union(*await _each(view, parts, now))


async def _each(view: View, parts: Iterable[Reach], now: datetime) -> list[frozenset[str]]:
    return [await _within(view, part, now) for part in parts]


async def _switched(view: View, now: datetime, *, on: bool) -> frozenset[str]:
    blocks = await view.blocks.of_cause(SubjectKind.PERSON, BlockCause.DIRECTORY)
    off = frozenset(block.subject.id for block in blocks if block.stands(now))
    return frozenset(await view.people.ids()) - off if on else off


async def _named(view: View, user_name: str) -> tuple[Person, ...]:
    """Find by the directory's name; who was added otherwise goes by the address, or by the id without one."""
    entry = await view.directory_entries.by_name(DirectoryKind.PERSON, user_name)
    named = None if entry is None else await view.people.get(entry.id)
    if named is not None:
        return (named,)
    return _some(await view.people.by_email(user_name.strip().lower()) or await view.people.get(user_name))


def _some(person: Person | None) -> tuple[Person, ...]:
    return () if person is None else (person,)
