"""import_cards: a whole file of cards in one act; `undo_import` takes it back."""

from dataclasses import dataclass

from rekey.domain.document import DocumentBody
from rekey.domain.errors import Invalid
from rekey.domain.journal import JsonValue
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.import_people import find_import, keep_import
from rekey.operations.leavers import refuse_beyond_own, refuse_in_name_of
from rekey.operations.people_file import Problem
from rekey.operations.staged_cards import StagedCards, holder_clashes, holders_of
from rekey.ports.repositories.doors import ChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCards:
    """The cards of a file, made ready, for the import document that tells of it."""

    import_id: str
    staged: StagedCards


@dataclass(frozen=True, slots=True, kw_only=True)
class CardsImported:
    """What a file brought: every card has a number from first to last; `held` have their holder already."""

    cards: int
    held: int
    first: int
    last: int
    position: int


@operation(Permission.PEOPLE_WRITE)
async def import_cards(act: Act, wanted: ImportCards) -> CardsImported:
    """Enrol all cards of a file, those of named people in use at once, or none.

    Raises: Invalid (with the first line that clashes, such as one for somebody who left), NotFound (the import),
    NotAllowed, AlreadyExists for a card that was enrolled since the file was made ready.
    """
    await act.require(Scope.organization(act.work.organization_id))
    document = await find_import(act, wanted.import_id)
    staged = wanted.staged
    await _refuse_changed_holders(act, staged)
    await _require_holders(act, staged)
    size = len(staged.lines)
    first = act.work.next_numbers(size)
    await act.work.bulk.write(staged.rows, first=first)
    if staged.held:
        # One row for the door logs, however many people there are.
        await act.changed(ChangeKind.ORGANIZATION, act.work.organization_id)
    imported = CardsImported(
        cards=size, held=staged.held, first=first, last=first + size - 1, position=act.position
    )
    told: DocumentBody = {
        "cards": imported.cards,
        "held": imported.held,
        "first": imported.first,
        "last": imported.last,
        "position": imported.position,
    }
    await keep_import(act, document, told | {"status": "finished"})
    detail: dict[str, JsonValue] = {
        "import": document.id,
        "number": document.number,
        "name": str(document.body.get("name", "")),
        "cards": imported.cards,
        "held": imported.held,
    }
    await act.record("cards.imported", detail=detail)
    return imported


async def _refuse_changed_holders(act: Act, staged: StagedCards) -> None:
    """Look again at the people whom an act since the check has concerned. Raises: Invalid."""
    if not staged.holders or act.position == staged.position + 1:
        return
    touched = await act.work.bulk.touched_since([*set(staged.holders.values())], staged.position)
    lines = [line for line in staged.lines if line.email and staged.holders[line.email] in touched]
    if not lines:
        return
    now = await holders_of(act.work, lines)
    problems = await holder_clashes(act.work, lines, now) + [
        Problem(line=line.line, reason=f"{line.email} went to somebody else meanwhile")
        for line in lines
        if line.email in now and now[line.email] != staged.holders[line.email]
    ]
    if problems:
        raise Invalid("file", f"cannot be imported: line {problems[0].line}: {problems[0].reason}")


async def _require_holders(act: Act, staged: StagedCards) -> None:
    """Ask what a card in another's name asks for: of everybody once, of those of some rank one by one."""
    operator = await act.work.operators.get(act.actor.operator_id)
    if operator is None or operator.person_id is None or not staged.holders:
        return
    others = {*staged.holders.values()} - {operator.person_id}
    if others:
        await refuse_beyond_own(act, Scope.organization(act.work.organization_id))
        for holder_id in sorted(others & await act.work.bulk.of_rank()):
            await refuse_in_name_of(act, holder_id)
