"""Checks of text that several operations share."""

import unicodedata

from rekey.domain.errors import Invalid
from rekey.domain.people import normal_email

MAX_NAME = 200


def clean_name(text: str, field: str = "name", *, limit: int = MAX_NAME) -> str:
    """Give the text in NFC without outer blanks.

    Raises: Invalid for text that is empty, too long, or holds control characters.
    """
    cleaned = unicodedata.normalize("NFC", text).strip()
    if not cleaned:
        raise Invalid(field, "must not be empty")
    return clean_text(cleaned, field, limit=limit)


def clean_text(text: str, field: str, *, limit: int = 2000) -> str:
    """Give the text in NFC. Raises: Invalid for text that is too long or holds control characters."""
    cleaned = unicodedata.normalize("NFC", text)
    if len(cleaned) > limit:
        raise Invalid(field, f"must have at most {limit} characters")
    if any(unicodedata.category(character) in {"Cc", "Cs"} and character != "\n" for character in cleaned):
        raise Invalid(field, "must not hold control characters")
    return cleaned


def clean_email(text: str | None, field: str = "email") -> str | None:
    """Give the address as it is compared and stored. Raises: Invalid."""
    if text is None:
        return None
    try:
        return normal_email(text)
    except ValueError as malformed:
        raise Invalid(field, "must be an address of the form mailbox@domain") from malformed


def clean_phone(text: str | None, field: str = "phone") -> str | None:
    """Give a phone number in E.164 form. Raises: Invalid."""
    if text is None:
        return None
    digits = text.removeprefix("+")
    if not (text.startswith("+") and digits.isascii() and digits.isdigit() and 7 <= len(digits) <= 15):
        raise Invalid(field, "must be an E.164 number such as +4930123456")
    return text
