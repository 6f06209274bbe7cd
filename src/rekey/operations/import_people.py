"""import_people, undo_import: a whole file of people in one act, and back."""

from dataclasses import dataclass, replace

from rekey.domain.document import Document, DocumentBody, DocumentKind
from rekey.domain.errors import Conflict, NotFound
from rekey.domain.journal import JsonValue
from rekey.domain.people import Person
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.add_team_member import refuse_team_beyond_own
from rekey.operations.former_people import carry_revocation, removed_before
from rekey.operations.leavers import refuse_beyond_own
from rekey.operations.staged_people import StagedPeople, named_things
from rekey.ports.repositories.bulk import Undone
from rekey.ports.repositories.doors import ChangeKind

_KEPT_SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPeople:
    """The people of a file, made ready, for the import document that tells of it."""

    import_id: str
    staged: StagedPeople


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What a file brought: everything that it made has a number from first to last.

    `carried` is how many came with an operator's "no" to the one who had their address before.
    """

    people: int
    memberships: int
    grants: int
    carried: int
    first: int
    last: int
    position: int


@operation(Permission.PEOPLE_WRITE)
async def import_people(act: Act, wanted: ImportPeople) -> Imported:
    """Add all people of a file with their teams and door groups, or none.

    Whom an operator revoked before comes back to nothing by it. Raises: NotFound (the import), NotAllowed,
    Conflict if what the file was checked against has changed since: it is to be checked anew.
    """
    await act.require(Scope.organization(act.work.organization_id))
    document = await find_import(act, wanted.import_id)
    staged = wanted.staged
    await _refuse_changed_names(act, staged)
    await _require_grants(act, staged)
    former = await _former(act, staged)
    first = act.work.next_numbers(staged.size)
    await act.work.bulk.write(staged.rows, first=first)
    carried = await _carry(act, staged, former)
    await _note_changes(act, staged)
    imported = Imported(
        people=staged.sizes["people"],
        memberships=staged.sizes["memberships"],
        grants=staged.sizes["grants"],
        carried=carried,
        first=first,
        last=first + staged.size - 1,
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


async def find_import(act: Act, import_id: str) -> Document:
    """Raises: NotFound."""
    document = await act.work.documents.get(DocumentKind.IMPORT, import_id)
    if document is None:
        raise NotFound("import", import_id)
    return document


async def _refuse_changed_names(act: Act, staged: StagedPeople) -> None:
    """Look again at what an act since the check may have changed. Raises: Conflict, to be checked anew.

    Who took an address, a phone number or a key meanwhile is found by the store.
    """
    ended = staged.ends_by(act.now)
    if act.position > staged.position + 1:
        ended = ended or await named_things(act.work, staged.lines) != (staged.team_ids, staged.group_ids)
    if ended:
        raise Conflict("teams, door groups or the time have changed since the file was checked")


async def _former(act: Act, staged: StagedPeople) -> dict[str, Person]:
    """Give by address whoever had it and was told "no" by an operator; asked before the newcomers are there."""
    denied = set(staged.denied)
    if act.position > staged.position + 1:
        emails = [line.email for line in staged.lines if line.email is not None]
        denied |= await act.work.bulk.denied_addresses(emails)
    found = {email: await removed_before(act, email) for email in sorted(denied)}
    return {email: person for email, person in found.items() if person is not None}


async def _carry(act: Act, staged: StagedPeople, former: dict[str, Person]) -> int:
    """Let no file bring anybody back: an operator's "no" goes with the address. Gives for how many."""
    # A file is the word of another system, whoever sends it.
    importing = replace(act, actor=replace(act.actor, is_automation=True))
    carried = 0
    for person_id, line in zip(staged.person_ids, staged.lines, strict=True) if former else ():
        before = former.get(line.email or "")
        person = None if before is None else await act.work.people.get(person_id)
        if person is not None and await carry_revocation(importing, person, before):
            carried += 1
    return carried


async def _require_grants(act: Act, staged: StagedPeople) -> None:
    """A line that joins a team or opens a door group asks for what giving access by hand asks for."""
    if staged.team_ids:
        await act.require(Scope.organization(act.work.organization_id), Permission.GRANTS_WRITE)
    for team_id in staged.team_ids.values():
        await refuse_team_beyond_own(act, team_id)
    for group_id in staged.group_ids.values():
        await act.require(Scope.door_group(group_id), Permission.GRANTS_WRITE)
        await refuse_beyond_own(act, Scope.door_group(group_id))


async def _note_changes(act: Act, staged: StagedPeople) -> None:
    """Tell door logs by team and group: one row each, however many people there are."""
    for team_id in staged.team_ids.values():
        await act.changed(ChangeKind.TEAM, team_id)
    for group_id in staged.group_ids.values():
        await act.changed(ChangeKind.DOOR_GROUP, group_id, Scope.door_group(group_id))


async def keep_import(act: Act, document: Document, changes: DocumentBody) -> Document:
    """Note how an import stands, within the act that does it."""
    kept = replace(document, body=document.body | changes, updated_at=act.now)
    await act.work.documents.replace(kept)
    return kept


def _counts(imported: Imported) -> dict[str, JsonValue]:
    return {
        "people": imported.people,
        "memberships": imported.memberships,
        "grants": imported.grants,
        "carried_revocations": imported.carried,
    }


def _told(imported: Imported) -> DocumentBody:
    return {
        "people": imported.people,
        "memberships": imported.memberships,
        "grants": imported.grants,
        "carried_revocations": imported.carried,
        "first": imported.first,
        "last": imported.last,
        "position": imported.position,
    }
