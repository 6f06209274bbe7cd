"""Reading wrapped attributes: tolerant of spelling as the vendor is, strict about meaning.

Source: contract section 1 (request wrapper, booleans, unknown attributes are ignored).
"""

import re
from datetime import UTC, date, datetime
from math import isfinite
from typing import Any

from rekey.dialects.kisi.errors import Unprocessable
from rekey.webkit.body import decode_tree
from rekey.webkit.message import Request

_FLAGS: dict[object, bool] = {True: True, False: False, "true": True, "false": False, "1": True, "0": False}
_WHOLE = re.compile(r"-?[0-9]{1,9}")
_TOO_HIGH = 1_000_000_000
ABSENT = object()


def body_tree(request: Request) -> dict[str, object]:
    """Read the body as an object; an empty body is an empty one. Raises: BodyRefused, Unprocessable."""
    tree = decode_tree(request.body) if request.body.strip() else {}
    if not isinstance(tree, dict):
        raise Unprocessable({"base": ["must be an object"]})
    return tree


def _id_of(value: object) -> int | None:
    """Read an id, a number above zero or the digits of one; None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 18:
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def unwrap(request: Request, name: str) -> "Attributes":
    """Read the attributes under their wrapper. Raises: BodyRefused, Unprocessable if the wrapper is missing."""
    inner = body_tree(request).get(name, ABSENT)
    if not isinstance(inner, dict):
        raise Unprocessable({name: ["is missing"]})
    return Attributes(inner)


class Attributes:
    """Attributes by name. Every reader notes what is wrong; `check` raises with all of it at once."""

    def __init__(self, values: dict[str, object]) -> None:
        self._values = values
        self._reasons: dict[str, list[str]] = {}

    def has(self, name: str) -> bool:
        return name in self._values

    def put(self, name: str, value: str) -> None:
        """Read another text in place of what was sent."""
        self._values = {**self._values, name: value}

    def gives(self, name: str) -> bool:
        """Say whether something is sent that is not null; false is something."""
        return self._values.get(name) is not None

    def asks_for(self, name: str) -> bool:
        """Say whether something is sent that is neither null, nor false, nor empty."""
        return self._values.get(name) not in (None, False, "", "false", 0, "0")

    def refuse(self, name: str, reason: str) -> None:
        self._reasons.setdefault(name, []).append(reason)

    def check(self) -> None:
        """Raises: Unprocessable with every reason noted so far."""
        if self._reasons:
            raise Unprocessable(self._reasons)

    def text(self, name: str, *, required: bool = False) -> str | None:
        value = self._values.get(name)
        if isinstance(value, str) and value.strip():
            return value
        if value is not None and not isinstance(value, str):
            self.refuse(name, "is invalid")
        elif required:
            self.refuse(name, "can't be blank")
        return None

    def word(self, name: str, *, required: bool = True) -> str | None:
        """Read a text that may also come as a whole number, such as what is printed on a card."""
        value = self._values.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return self.text(name, required=required)

    def texts(self, name: str) -> tuple[str, ...] | None:
        """Read a list of words, or one text with commas; None if it is absent."""
        value = self._values.get(name)
        if value is None:
            return None
        given = value.split(",") if isinstance(value, str) else value
        if isinstance(given, list) and all(isinstance(one, str | int) for one in given):
            return tuple(dict.fromkeys(word for one in given if (word := str(one).strip())))
        self.refuse(name, "is invalid")
        return None

    def new_name(self, name: str) -> str | None:
        """Read a change of a text that can't be blank; None leaves it as it is."""
        return self.text(name, required=self.has(name))

    def new_text(self, name: str) -> str | None:
        """Read a change of a text that null and blanks clear; None leaves it as it is."""
        return (self.text(name) or "") if self.has(name) else None

    def flag(self, name: str) -> bool | None:
        value = self._values.get(name)
        if value is None:
            return None
        if isinstance(value, bool | str) and value in _FLAGS:
            return _FLAGS[value]
        if value in (0, 1):
            return bool(value)
        self.refuse(name, "is invalid")
        return None

    def number(self, name: str, *, required: bool = False) -> int | None:
        value = self._values.get(name)
        if (found := _id_of(value)) is not None:
            return found
        if value is not None:
            self.refuse(name, "is invalid")
        elif required:
            self.refuse(name, "can't be blank")
        return None

    def tree(self, name: str) -> dict[str, Any] | None:
        """Read a map."""
        value = self._values.get(name)
        if value is None or isinstance(value, dict):
            return value
        self.refuse(name, "is invalid")
        return None

    def trees(self, name: str) -> tuple[dict[str, Any], ...]:
        """Read a list of maps; none given is an empty one."""
        value = self._values.get(name)
        if value is None:
            return ()
        if isinstance(value, list) and all(isinstance(one, dict) for one in value):
            return tuple(value)
        self.refuse(name, "is invalid")
        return ()

    def level(self, name: str, *, optional: bool = False) -> int | None:
        """Read a whole number that may be zero or below it, such as a floor's."""
        value = self._values.get(name)
        if isinstance(value, str) and _WHOLE.fullmatch(value) is not None:
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _TOO_HIGH:
            return value
        if value is not None or not optional:
            self.refuse(name, "can't be blank" if value is None else "is invalid")
        return None

    def numbers(self, name: str) -> tuple[int, ...]:
        """Read a list of ids; none given is an empty one."""
        value = self._values.get(name)
        if value is None:
            return ()
        given = [_id_of(one) for one in value] if isinstance(value, list) else [None]
        if None not in given:
            return tuple(dict.fromkeys(one for one in given if one is not None))
        self.refuse(name, "is invalid")
        return ()

    def decimal(self, name: str) -> float | None:
        """Read a number with a fraction, also as text."""
        value = self._values.get(name)
        if isinstance(value, str):
            try:
                value = float(value)
            except ValueError:
                value = "unreadable"
        if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
            return float(value)
        if value is not None:
            self.refuse(name, "is invalid")
        return None

    def names(self, name: str, member: str) -> tuple[str, ...]:
        """Read a list of words, or of maps of which one member is the word."""
        value = self._values.get(name)
        found: list[str] = []
        for one in value if isinstance(value, list) else [value]:
            word = one.get(member) if isinstance(one, dict) else one
            if not isinstance(word, str) or not word.strip():
                self.refuse(name, "is invalid")
                return ()
            found.append(word.strip())
        return tuple(dict.fromkeys(found))

    def day(self, name: str) -> date | None:
        """Read a date, YYYY-MM-DD."""
        text = self.text(name)
        try:
            return None if text is None else date.fromisoformat(text)
        except ValueError:
            self.refuse(name, "must be YYYY-MM-DD")
            return None

    def instant(self, name: str) -> datetime | None:
        """Read an RFC 3339 time; one without a zone is UTC, as the vendor's own are."""
        text = self.text(name)
        if text is None:
            return None
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            self.refuse(name, "is invalid")
            return None
        return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
