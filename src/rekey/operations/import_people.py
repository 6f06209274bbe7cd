"""import_people, undo_import: a whole file of people in one act, and back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from rekey.domain.document import Document, DocumentBody, DocumentKind
from rekey.domain.errors import Conflict, Invalid, NotFound
from rekey.domain.estate import DoorGroup
from rekey.domain.grant import Grant, Holder
from rekey.domain.ids import GrantId, OperatorId, PersonId, TeamId
from rekey.domain.journal import JsonValue
from rekey.domain.people import Membership, Person, Team
from rekey.domain.role import Permission, Role
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.leavers import refuse_beyond_own
from rekey.operations.people_file import PersonLine, Problem, Progress, no_progress
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.bulk import Taken, Undone
from rekey.ports.repositories.doors import ChangeKind
from rekey.ports.store import View

T = TypeVar("T")
CHUNK = 5000
_KEPT_SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPeople:
    """The people of a checked file, for the import document that tells of it; `origin` marks their grants.

    `progress` is called with how many of all are written. It may be called from another thread.
    """

    import_id: str
    people: Sequence[PersonLine]
    origin: str = ""
    progress: Progress = no_progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What a file brought: everything that it made has a number from first to last."""

    people: int
    memberships: int
    grants: int
    first: int
    last: int
    position: int


@operation(Permission.PEOPLE_WRITE)
async def import_people(act: Act, wanted: ImportPeople) -> Imported:
    """Add all people of a file with their teams and door groups, or none.

    Raises: Invalid (with the first line that clashes), NotFound (the import), NotAllowed.
    """
    await act.require(Scope.organization(act.work.organization_id))
    document = await find_import(act, wanted.import_id)
    teams, groups = await _named(act.work, wanted.people)
    await _refuse_clashes(act, wanted.people)
    await _require_grants(act, wanted.people, groups)
    first = act.next_number()
    written = _Writing(act, wanted, teams=teams, groups=groups)
    for start in range(0, len(wanted.people), CHUNK):
        await written.write(wanted.people[start : start + CHUNK])
        wanted.progress(min(start + CHUNK, len(wanted.people)), len(wanted.people))
    await written.note_changes()
    imported = Imported(
        people=len(wanted.people),
        memberships=written.memberships,
        grants=written.grants,
        first=first,
        last=act.next_number(),
        position=act.position,
    )
    await keep_import(act, document, _told(imported) | {"status": "finished"})
    detail: dict[str, JsonValue] = {"import": document.id, "number": document.number}
    await act.record("people.imported", detail=detail | _counts(imported))
    return imported


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoImport:
    import_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportUndone:
    """What was ended again; `kept` are people who have since been changed or given something else."""

    document: Document
    undone: Undone


@operation(Permission.PEOPLE_WRITE)
async def undo_import(act: Act, wanted: UndoImport) -> ImportUndone:
    """End all that an import made and nobody has touched since.

    Raises: NotFound; Conflict for one that is not finished, or was undone before.
    """
    await act.require(Scope.organization(act.work.organization_id))
    document = await find_import(act, wanted.import_id)
    body = document.body
    first, last, position = body.get("first"), body.get("last"), body.get("position")
    if not (isinstance(first, int) and isinstance(last, int) and isinstance(position, int)):
        raise Conflict("this import is not finished, so there is nothing to undo")
    if "undone_at" in body:
        raise Conflict("this import was undone before")
    undone = await act.work.bulk.undo(first=first, last=last, position=position, at=act.now)
    await act.changed(ChangeKind.ORGANIZATION, act.work.organization_id)
    kept: DocumentBody = {
        "undone_at": act.now.isoformat(),
        "kept": list(undone.kept[:_KEPT_SHOWN]),
        "kept_count": len(undone.kept),
    }
    document = await keep_import(act, document, kept)
    await act.record(
        "import.undone",
        detail={
            "import": document.id,
            "people": undone.people,
            "cards": undone.credentials,
            "kept": len(undone.kept),
        },
    )
    return ImportUndone(document=document, undone=undone)


class _Writing:
    """Turns lines into rows, some thousand at a time."""

    def __init__(
        self, act: Act, wanted: ImportPeople, *, teams: dict[str, Team], groups: dict[str, DoorGroup]
    ) -> None:
        self._act = act
        self._origin = wanted.origin
        self._teams = teams
        self._groups = groups
        self.memberships = 0
        self.grants = 0

    async def write(self, lines: Sequence[PersonLine]) -> None:
        people = [(self._person(line), line) for line in lines]
        joined = [self._membership(p, t) for p, line in people for t in _pick(self._teams, line.teams)]
        given = [self._grant(p, g, line) for p, line in people for g in _pick(self._groups, line.door_groups)]
        bulk = self._act.work.bulk
        await bulk.add_people([person for person, _line in people])
        await bulk.add_memberships(joined)
        await bulk.add_grants(given)
        self.memberships += len(joined)
        self.grants += len(given)

    async def note_changes(self) -> None:
        """Tell door logs by team and group: one row each, however many people there are."""
        for team in self._teams.values():
            await self._act.changed(ChangeKind.TEAM, team.id)
        for group in self._groups.values():
            await self._act.changed(ChangeKind.DOOR_GROUP, group.id, Scope.door_group(group.id))

    def _person(self, line: PersonLine) -> Person:
        return Person(
            id=PersonId(self._act.new_id()),
            number=self._act.next_number(),
            name=line.name,
            email=line.email,
            phone=line.phone,
            external_key=line.external_key,
            notes=line.notes,
            created_at=self._act.now,
            updated_at=self._act.now,
        )

    def _membership(self, person: Person, team: Team) -> Membership:
        return Membership(
            id=self._act.new_id(),
            number=self._act.next_number(),
            team_id=TeamId(team.id),
            person_id=person.id,
            named_at=self._act.position,
            by_automation=self._act.actor.is_automation,
            created_at=self._act.now,
        )

    def _grant(self, person: Person, group: DoorGroup, line: PersonLine) -> Grant:
        return Grant(
            id=GrantId(self._act.new_id()),
            number=self._act.next_number(),
            holder=Holder.person(person.id),
            scope=Scope.door_group(group.id),
            role=Role.BASIC,
            validity=line.validity,
            named_at=self._act.position,
            by_automation=self._act.actor.is_automation,
            made_by=OperatorId(self._act.actor.operator_id),
            origin=self._origin,
            created_at=self._act.now,
            updated_at=self._act.now,
        )


async def find_import(act: Act, import_id: str) -> Document:
    """Raises: NotFound."""
    document = await act.work.documents.get(DocumentKind.IMPORT, import_id)
    if document is None:
        raise NotFound("import", import_id)
    return document


async def _named(view: View, lines: Iterable[PersonLine]) -> tuple[dict[str, Team], dict[str, DoorGroup]]:
    wanted_teams = {name for line in lines for name in line.teams}
    wanted_groups = {name for line in lines for name in line.door_groups}
    teams = (await view.teams.list(WHOLE)).items if wanted_teams else ()
    groups = (await view.door_groups.list(WHOLE)).items if wanted_groups else ()
    return (
        {team.name: team for team in teams if team.name in wanted_teams},
        {group.name: group for group in groups if group.name in wanted_groups},
    )


async def clashes_of(view: View, lines: Sequence[PersonLine], now: datetime) -> list[Problem]:
    """List the lines that cannot be imported as things are; the act itself asks once more."""
    teams, groups = await _named(view, lines)
    taken = await view.bulk.taken(
        emails=[line.email for line in lines if line.email is not None],
        phones=[line.phone for line in lines if line.phone is not None],
        external_keys=[line.external_key for line in lines if line.external_key is not None],
    )
    return [
        Problem(line=line.line, reason=reason)
        for line in lines
        for reason in _clashes(line, taken, teams=teams, groups=groups, now=now)
    ]


async def _refuse_clashes(act: Act, lines: Sequence[PersonLine]) -> None:
    problems = await clashes_of(act.work, lines, act.now)
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise Invalid("file", f"cannot be imported: line {problems[0].line}: {problems[0].reason}{more}")


def _clashes(
    line: PersonLine, taken: Taken, *, teams: dict[str, Team], groups: dict[str, DoorGroup], now: datetime
) -> Iterable[str]:
    if line.email in taken.emails:
        yield f"{line.email} belongs to somebody who is here already"
    if line.phone in taken.phones:
        yield f"{line.phone} belongs to somebody who is here already"
    if line.external_key in taken.external_keys:
        yield f"the key {line.external_key!r} belongs to somebody who is here already"
    yield from (f"no team is named {name!r}" for name in line.teams if name not in teams)
    if line.validity.is_over(now):
        yield "valid_until has passed"
    yield from (f"no door group is named {name!r}" for name in line.door_groups if name not in groups)


async def _require_grants(act: Act, lines: Sequence[PersonLine], groups: dict[str, DoorGroup]) -> None:
    """A line that joins a team or opens a door group asks for what giving access by hand asks for."""
    if any(line.teams for line in lines):
        await act.require(Scope.organization(act.work.organization_id), Permission.GRANTS_WRITE)
    for group in groups.values():
        await act.require(Scope.door_group(group.id), Permission.GRANTS_WRITE)
        await refuse_beyond_own(act, Scope.door_group(group.id))


async def keep_import(act: Act, document: Document, changes: DocumentBody) -> Document:
    """Note how an import stands, within the act that does it."""
    kept = replace(document, body=document.body | changes, updated_at=act.now)
    await act.work.documents.replace(kept)
    return kept


def _pick(things: dict[str, T], names: Iterable[str]) -> Iterable[T]:
    return (things[name] for name in names)


def _counts(imported: Imported) -> dict[str, JsonValue]:
    return {"people": imported.people, "memberships": imported.memberships, "grants": imported.grants}


def _told(imported: Imported) -> DocumentBody:
    return {
        "people": imported.people,
        "memberships": imported.memberships,
        "grants": imported.grants,
        "first": imported.first,
        "last": imported.last,
        "position": imported.position,
    }
