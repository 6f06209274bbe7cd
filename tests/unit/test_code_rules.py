"""What keypads ask of PINs and names: each rule refuses what it is about and nothing else."""

import pytest

from rekey.domain.code_rules import NO_RULES, CodeRule, CodeRules, broken_by_name, broken_rule

FINE = "4836"
BREAKS = {
    CodeRule.NO_ZEROS: "4806",
    CodeRule.CANNOT_START_WITH_12: "1294",
    CodeRule.NO_TRIPLE_CONSECUTIVE_INTS: "9345",
    CodeRule.NO_ASCENDING_OR_DESCENDING_SEQUENCE: "6543",
    CodeRule.AT_LEAST_THREE_UNIQUE_DIGITS: "4848",
    CodeRule.NO_ALL_SAME_DIGITS: "7777",
    CodeRule.CANNOT_CONTAIN_089: "4196",
    CodeRule.CANNOT_CONTAIN_0789: "4176",
    CodeRule.UNIQUE_FIRST_FOUR_DIGITS: "515151",
    CodeRule.PIN_CODE_MATCHES_EXISTING_SET: "5151",
}
ABOUT_MORE_THAN_A_PIN = {
    CodeRule.CANNOT_SPECIFY_PIN_CODE,
    CodeRule.START_DATE_IN_FUTURE,
    CodeRule.NAME_LENGTH,
    CodeRule.NAME_MUST_BE_UNIQUE,
}


@pytest.mark.parametrize("rule", CodeRule)
def test_each_rule_refuses_what_it_is_about(rule: CodeRule) -> None:
    asked = CodeRules(rules=frozenset({rule}), presets=("1364",))
    if rule in ABOUT_MORE_THAN_A_PIN:
        assert broken_rule(FINE, asked) is None
        return
    assert broken_rule(BREAKS[rule], asked, ["515199"]) is rule
    assert broken_rule("1364", asked, ["515199"]) is None


def test_a_keypad_that_asks_nothing_takes_all() -> None:
    assert [broken_rule(digits, NO_RULES) for digits in BREAKS.values()] == [None] * len(BREAKS)


def test_names_have_their_length_and_are_alone() -> None:
    asked = CodeRules(rules=frozenset({CodeRule.NAME_LENGTH, CodeRule.NAME_MUST_BE_UNIQUE}), longest_name=3)
    assert broken_by_name("", asked) is CodeRule.NAME_LENGTH
    assert broken_by_name("Long", asked) is CodeRule.NAME_LENGTH
    assert broken_by_name("Ada", asked, ["Ada"]) is CodeRule.NAME_MUST_BE_UNIQUE
    assert broken_by_name("Ada", asked, ["Bob"]) is None
