"""Reading a file of cards: every line is checked before anything is written.

The file is CSV (RFC 4180) in UTF-8 with a line of column names. Columns: `type`, the identifiers of that type
(`token`, `uid`, `data_block_value`, `facility_code`, `card_number`, `card_id`, `oem`, `length`), `label`, and
`email` of the person who holds the card already; without one the card waits for its holder.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rekey.domain.card import CARD_RULES, CardType, UnfitIdentifier, card_reading, identify_card
from rekey.domain.errors import Invalid
from rekey.operations.people_file import (
    MAX_PROBLEMS,
    REPORT_EVERY,
    Problem,
    Progress,
    Unreadable,
    lines_of,
    no_progress,
)
from rekey.operations.texts import clean_email, clean_text

IDENTIFIERS = tuple(dict.fromkeys(name for rule in CARD_RULES.values() for name in rule.fields))
COLUMNS = ("type", *IDENTIFIERS, "label", "email")
CARD_TYPES: Mapping[str, CardType] = {card_type.value: card_type for card_type in CardType}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLine:
    """One card of a file, as it will be kept."""

    line: int
    card_type: CardType
    identifiers: tuple[tuple[str, str], ...]
    label: str = ""
    email: str | None = None

    @property
    def reading(self) -> str:
        return card_reading(self.card_type, self.identifiers)


@dataclass(slots=True, kw_only=True)
class CardFile:
    """The cards of a file, and the first hundred of its problems."""

    cards: list[CardLine] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_card_file(
    content: bytes, progress: Progress = no_progress, *, types: Mapping[str, CardType] = CARD_TYPES
) -> CardFile:
    """Read a whole file; `types` are the names by which it may call the types of cards.

    A file with any problem is not imported at all.
    """
    found = CardFile()
    try:
        lines = list(lines_of(content, COLUMNS))
    except Unreadable as unreadable:
        found.problems.append(Problem(line=unreadable.line, reason=unreadable.reason))
        return found
    seen: dict[str, int] = {}
    for done, (number, cells) in enumerate(lines, start=1):
        try:
            card = _read_line(number, cells, types)
            _refuse_repeat(card, seen)
        except Invalid as invalid:
            found.problems.append(Problem(line=number, reason=str(invalid)))
            if len(found.problems) >= MAX_PROBLEMS:
                break
        else:
            found.cards.append(card)
        if done % REPORT_EVERY == 0 or done == len(lines):
            progress(done, len(lines))
    if not found.cards and not found.problems:
        found.problems.append(Problem(line=1, reason="the file names no card"))
    return found


def _read_line(number: int, cells: Mapping[str, str], types: Mapping[str, CardType]) -> CardLine:
    given = {name: cell.strip() for name, cell in cells.items() if cell.strip()}
    card_type = types.get(given.get("type", ""))
    if card_type is None:
        raise Invalid("type", f"must be one of {', '.join(types)}")
    try:
        identifiers = identify_card(card_type, {name: given[name] for name in IDENTIFIERS if name in given})
    except UnfitIdentifier as unfit:
        raise Invalid(unfit.field, unfit.reason) from unfit
    return CardLine(
        line=number,
        card_type=card_type,
        identifiers=identifiers,
        label=clean_text(given.get("label", ""), "label", limit=200),
        email=clean_email(given.get("email")),
    )


def _refuse_repeat(card: CardLine, seen: dict[str, int]) -> None:
    before = seen.setdefault(card.reading, card.line)
    if before != card.line:
        raise Invalid("identifiers", f"are those of line {before} too")
