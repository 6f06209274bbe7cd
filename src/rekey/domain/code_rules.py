"""What a keypad's hardware asks of PINs and of the names of codes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise


class CodeRule(StrEnum):
    """One thing that hardware asks; each is said by what it forbids or needs."""

    NO_ZEROS = "no_zeros"
    CANNOT_START_WITH_12 = "cannot_start_with_12"
    NO_TRIPLE_CONSECUTIVE_INTS = "no_triple_consecutive_ints"
    NO_ASCENDING_OR_DESCENDING_SEQUENCE = "no_ascending_or_descending_sequence"
    AT_LEAST_THREE_UNIQUE_DIGITS = "at_least_three_unique_digits"
    NO_ALL_SAME_DIGITS = "no_all_same_digits"
    UNIQUE_FIRST_FOUR_DIGITS = "unique_first_four_digits"
    CANNOT_CONTAIN_089 = "cannot_contain_089"
    CANNOT_CONTAIN_0789 = "cannot_contain_0789"
    CANNOT_SPECIFY_PIN_CODE = "cannot_specify_pin_code"
    PIN_CODE_MATCHES_EXISTING_SET = "pin_code_matches_existing_set"
    START_DATE_IN_FUTURE = "start_date_in_future"
    NAME_LENGTH = "name_length"
    NAME_MUST_BE_UNIQUE = "name_must_be_unique"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRules:
    """`presets` are the only PINs there are where they must match a set; names have these lengths where that counts."""

    rules: frozenset[CodeRule] = frozenset()
    presets: tuple[str, ...] = ()
    shortest_name: int = 1
    longest_name: int = 32


NO_RULES = CodeRules()


def _steps(digits: str) -> list[int]:
    return [int(after) - int(before) for before, after in pairwise(digits)]


def _has_triple(digits: str) -> bool:
    return any(pair in {(1, 1), (-1, -1)} for pair in pairwise(_steps(digits)))


def _is_sequence(digits: str) -> bool:
    return len(digits) > 1 and set(_steps(digits)) in ({1}, {-1})


# Whether digits alone break a rule; the other rules are about more than digits.
_BROKEN_BY: Mapping[CodeRule, Callable[[str], bool]] = {
    CodeRule.NO_ZEROS: lambda digits: "0" in digits,
    CodeRule.CANNOT_START_WITH_12: lambda digits: digits.startswith("12"),
    CodeRule.NO_TRIPLE_CONSECUTIVE_INTS: _has_triple,
    CodeRule.NO_ASCENDING_OR_DESCENDING_SEQUENCE: _is_sequence,
    CodeRule.AT_LEAST_THREE_UNIQUE_DIGITS: lambda digits: len({*digits}) < 3,
    CodeRule.NO_ALL_SAME_DIGITS: lambda digits: len({*digits}) == 1,
    CodeRule.CANNOT_CONTAIN_089: lambda digits: bool({*digits} & {*"089"}),
    CodeRule.CANNOT_CONTAIN_0789: lambda digits: bool({*digits} & {*"0789"}),
}


def broken_rule(digits: str, asked: CodeRules, others: Iterable[str] = ()) -> CodeRule | None:
    """Name the first rule that a PIN breaks, beside the PINs of the other codes at the keypad."""
    for rule in sorted(asked.rules):
        if rule in _BROKEN_BY and _BROKEN_BY[rule](digits):
            return rule
    if CodeRule.PIN_CODE_MATCHES_EXISTING_SET in asked.rules and digits not in asked.presets:
        return CodeRule.PIN_CODE_MATCHES_EXISTING_SET
    starts = {other[:4] for other in others if other != digits}
    if CodeRule.UNIQUE_FIRST_FOUR_DIGITS in asked.rules and digits[:4] in starts:
        return CodeRule.UNIQUE_FIRST_FOUR_DIGITS
    return None


def broken_by_name(name: str, asked: CodeRules, others: Iterable[str] = ()) -> CodeRule | None:
    """Name the rule that a code's name breaks, beside the names of the other codes at the keypad."""
    fits = asked.shortest_name <= len(name) <= asked.longest_name
    if CodeRule.NAME_LENGTH in asked.rules and not fits:
        return CodeRule.NAME_LENGTH
    if CodeRule.NAME_MUST_BE_UNIQUE in asked.rules and name in {*others}:
        return CodeRule.NAME_MUST_BE_UNIQUE
    return None
