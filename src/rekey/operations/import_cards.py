"""import_cards: a whole file of cards in one act; `undo_import` takes it back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rekey.domain.credential import Credential, CredentialKind, CredentialState
from rekey.domain.document import DocumentBody
from rekey.domain.errors import Invalid
from rekey.domain.ids import CredentialId, OperatorId, PersonId
from rekey.domain.journal import JsonValue
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.card_file import CardLine
from rekey.operations.import_people import CHUNK, find_import, keep_import
from rekey.operations.imprints import imprint
from rekey.operations.leavers import refuse_in_name_of, standing_leaver_block
from rekey.operations.people_file import Problem, Progress, no_progress
from rekey.ports.repositories.doors import ChangeKind
from rekey.ports.secrets import Secrets
from rekey.ports.store import View


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCards:
    """The cards of a checked file, for the import document that tells of it; `progress` as for people."""

    import_id: str
    cards: Sequence[CardLine]
    origin: str = ""
    progress: Progress = no_progress


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

    Raises: Invalid (with the first line that clashes, such as one for somebody who left), NotFound (the import).
    """
    await act.require(Scope.organization(act.work.organization_id))
    document = await find_import(act, wanted.import_id)
    problems = await card_clashes(act.work, act.secrets, wanted.cards)
    if problems:
        raise Invalid("file", f"cannot be imported: line {problems[0].line}: {problems[0].reason}")
    holders = await _holders(act.work, wanted.cards)
    for holder_id in sorted({*holders.values()}):
        await refuse_in_name_of(act, holder_id)
    first = act.next_number()
    for start in range(0, len(wanted.cards), CHUNK):
        lines = wanted.cards[start : start + CHUNK]
        await act.work.bulk.add_credentials([_card(act, line, holders, wanted.origin) for line in lines])
        wanted.progress(min(start + CHUNK, len(wanted.cards)), len(wanted.cards))
    held = sum(line.email is not None for line in wanted.cards)
    if held:
        # One row for the door logs, however many people there are.
        await act.changed(ChangeKind.ORGANIZATION, act.work.organization_id)
    imported = CardsImported(
        cards=len(wanted.cards), held=held, first=first, last=act.next_number(), position=act.position
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


async def card_clashes(view: View, secrets: Secrets, lines: Sequence[CardLine]) -> list[Problem]:
    """List the lines that cannot be imported as things are; the act itself asks once more."""
    problems: list[Problem] = []
    holders = await _holders(view, lines)
    left = {one for one in set(holders.values()) if await standing_leaver_block(view, one) is not None}
    for start in range(0, len(lines), CHUNK):
        chunk = lines[start : start + CHUNK]
        prints = {secrets.fingerprint(line.reading): line for line in chunk}
        taken = await view.bulk.taken_fingerprints(CredentialKind.CARD, list(prints))
        for fingerprint, line in prints.items():
            problems += [
                Problem(line=line.line, reason=reason)
                for reason in _clashes(line, taken=fingerprint in taken, holders=holders, left=left)
            ]
    return problems


def _clashes(
    line: CardLine, *, taken: bool, holders: dict[str, PersonId], left: set[PersonId]
) -> Iterable[str]:
    if taken:
        yield "a card with these identifiers is enrolled already"
    if line.email is not None and line.email not in holders:
        yield f"nobody here has the address {line.email}"
    if line.email is not None and holders.get(line.email) in left:
        yield f"{line.email} left: reinstate the person first"


async def _holders(view: View, lines: Sequence[CardLine]) -> dict[str, PersonId]:
    named = list(dict.fromkeys(line.email for line in lines if line.email is not None))
    found: dict[str, PersonId] = {}
    for start in range(0, len(named), CHUNK):
        found.update(await view.bulk.people_with(named[start : start + CHUNK]))
    return found


def _card(act: Act, line: CardLine, holders: dict[str, PersonId], origin: str) -> Credential:
    kept = imprint(act.secrets, line.reading)
    held = line.email is not None
    return Credential(
        id=CredentialId(act.new_id()),
        number=act.next_number(),
        person_id=None if line.email is None else holders[line.email],
        kind=CredentialKind.CARD,
        fingerprint=kept.fingerprint,
        sealed_part=kept.sealed_part,
        label=line.label,
        card_type=line.card_type.value,
        identifiers=line.identifiers,
        origin=origin,
        made_by=OperatorId(act.actor.operator_id),
        state=CredentialState.ACTIVE if held else CredentialState.UNASSIGNED,
        activated_at=act.now if held else None,
        created_at=act.now,
    )
