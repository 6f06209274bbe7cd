"""Reading a file of people: every line is checked before anything is written.

The file is CSV (RFC 4180) in UTF-8 with a line of column names. Columns: `name`, `email`, `phone`, `notes`,
`external_key`, `teams` and `door_groups` (names, separated by semicolons), `valid_from` and `valid_until`
(RFC 3339, for the door groups). Each line needs a name, an e-mail address or a phone number.
"""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from rekey.domain.errors import Invalid
from rekey.domain.validity import ALWAYS, Validity
from rekey.operations.texts import clean_email, clean_name, clean_phone, clean_text

COLUMNS = (
    "name",
    "email",
    "phone",
    "notes",
    "external_key",
    "teams",
    "door_groups",
    "valid_from",
    "valid_until",
)
MAX_LINES = 200_000
MAX_PROBLEMS = 100
REPORT_EVERY = 1000

Progress = Callable[[int, int], None]


def no_progress(_done: int, _total: int) -> None:
    """Tell nobody how far it has come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """One person of a file, as it will be kept."""

    line: int
    name: str
    email: str | None = None
    phone: str | None = None
    notes: str = ""
    external_key: str | None = None
    teams: tuple[str, ...] = ()
    door_groups: tuple[str, ...] = ()
    validity: Validity = ALWAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with a file, and where; line 1 is the line of column names."""

    line: int
    reason: str


@dataclass(slots=True, kw_only=True)
class PeopleFile:
    """The people of a file, and the first hundred of its problems."""

    people: list[PersonLine] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_people_file(content: bytes, progress: Progress = no_progress) -> PeopleFile:
    """Read a whole file. A file with any problem is not imported at all."""
    found = PeopleFile()
    try:
        lines = list(lines_of(content, COLUMNS))
    except Unreadable as unreadable:
        found.problems.append(Problem(line=unreadable.line, reason=unreadable.reason))
        return found
    seen: dict[tuple[str, str], int] = {}
    for done, (number, cells) in enumerate(lines, start=1):
        try:
            person = _read_line(number, cells)
            _refuse_repeat(person, seen)
        except Invalid as invalid:
            found.problems.append(Problem(line=number, reason=str(invalid)))
            if len(found.problems) >= MAX_PROBLEMS:
                break
        else:
            found.people.append(person)
        if done % REPORT_EVERY == 0 or done == len(lines):
            progress(done, len(lines))
    if not found.people and not found.problems:
        found.problems.append(Problem(line=1, reason="the file names nobody"))
    return found


class Unreadable(Exception):
    """The file as a whole cannot be read."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


def lines_of(content: bytes, known: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Give each line's number with its cells by column. Raises: Unreadable."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as malformed:
        line = content.count(b"\n", 0, malformed.start) + 1
        raise Unreadable(line, "the file must be text in UTF-8") from malformed
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = [column.strip().lower() for column in next(reader, [])]
        _check_columns(columns, known)
        count = 0
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            count += 1
            if count > MAX_LINES:
                raise Unreadable(reader.line_num, f"the file has more than {MAX_LINES} lines: split it")
            if len(cells) != len(columns):
                reason = f"the line has {len(cells)} cells, the column names are {len(columns)}"
                raise Unreadable(reader.line_num, reason)
            yield reader.line_num, dict(zip(columns, cells, strict=True))
    except csv.Error as malformed:
        raise Unreadable(reader.line_num, f"the line is not CSV: {malformed}") from malformed


def _check_columns(columns: list[str], known: tuple[str, ...]) -> None:
    if not columns:
        raise Unreadable(1, "the file is empty")
    unknown = [column for column in columns if column not in known]
    if unknown:
        raise Unreadable(1, f"no column is named {unknown[0]!r}; use some of: {', '.join(known)}")
    if len(set(columns)) != len(columns):
        raise Unreadable(1, "a column is named twice")


def _read_line(number: int, cells: dict[str, str]) -> PersonLine:
    given = {name: cell.strip() for name, cell in cells.items() if cell.strip()}
    email, phone = clean_email(given.get("email")), clean_phone(given.get("phone"))
    key = given.get("external_key")
    return PersonLine(
        line=number,
        name=clean_name(given.get("name") or email or phone or key or ""),
        email=email,
        phone=phone,
        notes=clean_text(given.get("notes", ""), "notes"),
        external_key=None if key is None else clean_name(key, "external_key"),
        teams=_names(given.get("teams", "")),
        door_groups=_names(given.get("door_groups", "")),
        validity=_validity(given),
    )


def _names(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in cell.split(";") if name.strip()))


def _validity(given: dict[str, str]) -> Validity:
    start, end = _instant(given, "valid_from"), _instant(given, "valid_until")
    if start is not None and end is not None and end <= start:
        raise Invalid("valid_until", "must come after valid_from")
    return Validity(start=start, end=end)


def _instant(given: dict[str, str], column: str) -> datetime | None:
    if column not in given:
        return None
    try:
        instant = datetime.fromisoformat(given[column])
    except ValueError as malformed:
        raise Invalid(column, "must be an instant such as 2026-01-31T08:00:00Z") from malformed
    if instant.tzinfo is None:
        raise Invalid(column, "must say its time zone, as in 2026-01-31T08:00:00Z")
    return instant


def _refuse_repeat(person: PersonLine, seen: dict[tuple[str, str], int]) -> None:
    unique = (("email", person.email), ("phone", person.phone), ("external_key", person.external_key))
    for column, value in unique:
        if value is None:
            continue
        before = seen.setdefault((column, value), person.line)
        if before != person.line:
            raise Invalid(column, f"is that of line {before} too")
