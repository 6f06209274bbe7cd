"""Identifiers of cards: one form for each card, and a refusal for what is no identifier of its type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekey.domain.card import CARD_RULES, CardType, Form, UnfitIdentifier, card_reading, identify_card

SAMPLES = {Form.TEXT: "Ab-12", Form.HEX: "04A1B2C3", Form.NUMBER: "123"}


def test_every_type_of_card_has_a_rule_with_identifiers() -> None:
    assert set(CARD_RULES) == set(CardType)
    assert all(rule.fields for rule in CARD_RULES.values())


@pytest.mark.parametrize("card_type", CardType)
def test_a_card_of_each_type_is_identified_by_its_fields_in_their_order(card_type: CardType) -> None:
    fields = CARD_RULES[card_type].fields
    found = identify_card(card_type, {name: SAMPLES[form] for name, form in reversed([*fields.items()])})
    assert found == tuple((name, SAMPLES[form]) for name, form in fields.items())


@pytest.mark.parametrize("card_type", CardType)
def test_a_missing_identifier_is_named(card_type: CardType) -> None:
    first = next(iter(CARD_RULES[card_type].fields))
    with pytest.raises(UnfitIdentifier) as refused:
        identify_card(card_type, {})
    assert refused.value.field == first


@pytest.mark.parametrize("spelled", ["04a1b2c3", "04:A1:B2:C3", "04-a1-b2-c3", "04 A1 B2 C3"])
def test_hexadecimal_has_one_form(spelled: str) -> None:
    assert identify_card(CardType.HF_UID, {"uid": spelled}) == (("uid", "04A1B2C3"),)


@pytest.mark.parametrize("wrong", ["", "04A1B", "04A1B2C3D4E5F60718", "04A1BG", "٤٤٤٤٤٤"])
def test_what_is_no_uid_is_refused(wrong: str) -> None:
    with pytest.raises(UnfitIdentifier, match="uid"):
        identify_card(CardType.HF_UID, {"uid": wrong})


def test_numbers_lose_their_leading_zeros_and_nothing_else() -> None:
    found = identify_card(CardType.HID_H10301, {"facility_code": "007", "card_number": "0"})
    assert found == (("facility_code", "7"), ("card_number", "0"))


@pytest.mark.parametrize("wrong", ["-1", "1.5", "1e3", "²", "१२", "9" * 21])
def test_what_is_no_number_is_refused(wrong: str) -> None:
    with pytest.raises(UnfitIdentifier, match="card_number"):
        identify_card(CardType.HID_H10302, {"card_number": wrong})


def test_an_identifier_of_another_type_is_refused() -> None:
    with pytest.raises(UnfitIdentifier, match="token"):
        identify_card(CardType.HF_UID, {"uid": "04A1B2C3", "token": "1"})


def test_printed_tokens_keep_their_case() -> None:
    spelled = [card_reading(CardType.DESFIRE, (("token", token),)) for token in ("ab", "AB")]
    assert len(set(spelled)) == 2


@given(st.dictionaries(st.sampled_from(["facility_code", "card_number"]), st.text(max_size=24)))
def test_what_is_accepted_is_already_in_its_one_form(given_identifiers: dict[str, str]) -> None:
    try:
        once = identify_card(CardType.HID_H10304, given_identifiers)
    except UnfitIdentifier:
        return
    assert identify_card(CardType.HID_H10304, dict(once)) == once


@given(st.lists(st.text(alphabet="ab=\n", min_size=1, max_size=4), min_size=2, max_size=2))
def test_no_identifier_can_pass_for_two(texts: list[str]) -> None:
    try:
        found = identify_card(CardType.LF_RAW, {"uid": texts[0], "length": "26"})
    except UnfitIdentifier:
        return
    assert card_reading(CardType.LF_RAW, found).count("\n") == 2
