"""What can be made to go wrong at one simulated door."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import TypeAlias

from rekey.domain.code_rules import CodeRule
from rekey.domain.errors import Invalid


@dataclass(slots=True)
class Switches:
    """The switches of one door, set by hand or by its driver settings; as they come it is an honest, quick door.

    `slow` and `wrong_clock` are seconds, `full_table` the number of people that the list holds.
    `forgets` is pressed once: the door resets itself at its next use and the switch falls back.
    `max_codes` and `code_lengths` are what the keypad holds, `foreign_codes` what somebody programmed there
    by hand; both lists are written with commas. `changed_codes` (`1234:5678`, with commas) is pressed once too:
    somebody changes these codes at the keypad, where the slot of each stays what it was. `code_rules` names
    what the keypad asks of codes, with commas; `preset_codes` and `longest_name` go with some of these rules.
    `computes_codes` says whether the lock takes codes that it works out by itself; without `code_lengths` it takes
    no others.
    """

    offline: bool = False
    disconnected: bool = False
    hub_offline: bool = False
    removed: bool = False
    unpaid: bool = False
    slow: float = 0.0
    lying_about_deletes: bool = False
    full_table: int | None = None
    wrong_clock: float = 0.0
    drops_replies: bool = False
    refuses: bool = False
    forgets: bool = False
    jammed: bool = False
    max_codes: int | None = None
    code_lengths: tuple[int, ...] = (4, 5, 6, 7, 8)
    foreign_codes: tuple[str, ...] = ()
    changed_codes: tuple[tuple[str, str], ...] = ()
    code_rules: tuple[str, ...] = ()
    preset_codes: tuple[str, ...] = ()
    longest_name: int | None = None
    computes_codes: bool = True

    @property
    def cut_off(self) -> bool:
        """Say whether nothing reaches the door."""
        return self.offline or self.disconnected or self.hub_offline or self.removed

    def apply(self, settings: Iterable[tuple[str, str]]) -> None:
        """Set switches from texts as a door's driver settings hold them; those not named stay.

        Raises: Invalid for an unknown name or a value that does not fit it; then nothing was set.
        """
        read = {name: _read(name, text) for name, text in settings}
        for name, value in read.items():
            setattr(self, name, value)


_FLAGS = frozenset(
    {
        "offline",
        "disconnected",
        "hub_offline",
        "removed",
        "unpaid",
        "lying_about_deletes",
        "drops_replies",
        "refuses",
        "forgets",
        "jammed",
        "computes_codes",
    }
)
_COUNTS = frozenset({"full_table", "max_codes", "longest_name"})
_LISTS = frozenset({"code_lengths", "foreign_codes", "preset_codes"})
_TAKES = {
    "code_lengths": "numbers with commas",
    "foreign_codes": "digits with commas",
    "preset_codes": "digits with commas",
    "code_rules": f"some of {', '.join(CodeRule)}, with commas",
    "changed_codes": "pairs of digits such as 1234:5678, with commas",
}
_LONGEST = 10 * 366 * 86_400.0
_NAMES = frozenset(switch.name for switch in fields(Switches))


_Value: TypeAlias = (
    bool | int | float | tuple[int, ...] | tuple[str, ...] | tuple[tuple[str, str], ...] | None
)


def _read(name: str, text: str) -> _Value:
    if name not in _NAMES:
        raise Invalid(f"driver_settings.{name}", f"is no switch: use one of {', '.join(sorted(_NAMES))}")
    try:
        if name in _FLAGS:
            return {"true": True, "false": False}[text]
        if name in _COUNTS:
            return int(_within(int(text), least=0)) if text else None
        if name in _LISTS:
            return _listed(name, text)
        if name == "code_rules":
            return tuple(CodeRule(part).value for part in text.split(",") if part)
        if name == "changed_codes":
            return _pairs(text)
        return _within(float(text), least=-_LONGEST if name == "wrong_clock" else 0)
    except (KeyError, ValueError) as unfit:
        takes = "true or false" if name in _FLAGS else _TAKES.get(name, "a number that is not out of range")
        raise Invalid(f"driver_settings.{name}", f"takes {takes}") from unfit


def _within(amount: float, *, least: float) -> float:
    # Written so that a NaN, which compares false with everything, is refused too.
    if not least <= amount <= _LONGEST:
        raise ValueError("out of range")
    return amount


def _listed(name: str, text: str) -> tuple[int, ...] | tuple[str, ...]:
    parts = tuple(part for part in text.split(",") if part)
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise ValueError("digits are due")
    return tuple(map(int, parts)) if name == "code_lengths" else parts


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    pairs = []
    for part in filter(None, text.split(",")):
        old, colon, new = part.partition(":")
        if not (colon and old.isascii() and old.isdigit() and new.isascii() and new.isdigit()):
            raise ValueError("pairs of digits are due")
        pairs.append((old, new))
    return tuple(pairs)
