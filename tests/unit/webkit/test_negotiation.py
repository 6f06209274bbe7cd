import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekey.webkit.negotiation import VendorType, pick_version

VENDOR = VendorType(prefix="application/vnd.doordeck.api-v")


def picked(accept: str | None, *available: int) -> int | None:
    return pick_version(accept, VENDOR, available or (1, 2))


@pytest.mark.parametrize("accept", [None, "", "*/*", "application/*", "application/json"])
def test_without_a_vendor_type_the_first_version_answers(accept: str | None) -> None:
    assert picked(accept) == 1


def test_a_vendor_type_beats_plain_json_beside_it() -> None:
    assert picked("application/vnd.doordeck.api-v2+json,application/json") == 2


def test_the_highest_version_that_is_there_wins() -> None:
    accept = ", ".join(f"application/vnd.doordeck.api-v{n}+json" for n in (1, 3, 2))
    assert picked(accept) == 2


def test_a_version_that_is_not_there_falls_back_to_plain_json() -> None:
    assert picked("application/vnd.doordeck.api-v9+json,application/json") == 1


def test_a_version_that_is_not_there_alone_is_not_acceptable() -> None:
    assert picked("application/vnd.doordeck.api-v9+json") is None


def test_another_media_type_is_not_acceptable() -> None:
    assert picked("text/html") is None


def test_plain_json_means_the_lowest_version_where_the_first_is_gone() -> None:
    assert picked("application/json", 3, 2) == 2


def test_weights_do_not_change_the_choice() -> None:
    accept = "application/json;q=1, application/vnd.doordeck.api-v2+json;q=0.1"
    assert picked(accept) == 2


def test_weight_zero_rules_a_type_out() -> None:
    accept = "application/json, application/vnd.doordeck.api-v2+json; q=0.0"
    assert picked(accept) == 1


def test_letter_case_does_not_matter() -> None:
    assert picked("Application/VND.Doordeck.API-v2+JSON") == 2


@pytest.mark.parametrize("version", ["02", "0", "-1", "2.0", "", "99999", "\u0662"])
def test_a_version_is_a_plain_number(version: str) -> None:
    assert picked(f"application/vnd.doordeck.api-v{version}+json") is None


@given(st.text(max_size=100))
def test_any_header_gets_an_available_version_or_none(accept: str) -> None:
    assert picked(accept) in (1, 2, None)
