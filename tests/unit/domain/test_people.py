import pytest

from rekey.domain.people import normal_email


@pytest.mark.parametrize("written", ["ada@example.com", "Ada@Example.COM", "  ada@example.com\n"])
def test_spellings_of_one_address_fold_to_one_form(written: str) -> None:
    assert normal_email(written) == "ada@example.com"


def test_folding_twice_changes_nothing() -> None:
    once = normal_email("Ada.Lovelace+Door@Example.COM")
    assert normal_email(once) == once


@pytest.mark.parametrize(
    "text", ["", "ada", "@example.com", "ada@", "a da@example.com", "ada\x00@example.com"]
)
def test_text_that_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="mailbox@domain"):
        normal_email(text)
