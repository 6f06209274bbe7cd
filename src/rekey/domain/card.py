"""What identifies a card of each type, written in one way, so that equal cards have equal readings."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

LONGEST_TEXT = 2000


class CardType(StrEnum):
    """The technology of a card and how its number is laid out; append only, credentials store these names."""

    DESFIRE = "desfire"
    HF_UID = "hf_uid"
    MIFARE_CLASSIC = "mifare_classic"
    HID_H10301 = "hid_h10301"
    HID_H10302 = "hid_h10302"
    HID_H10304 = "hid_h10304"
    HID_CORPORATE_1000_35 = "hid_corporate_1000_35"
    HID_H2004064 = "hid_h2004064"
    HID_D10202 = "hid_d10202"
    EM_410X_26 = "em_410x_26"
    EM_410X_32_34 = "em_410x_32_34"
    KEYSCAN_C15001 = "keyscan_c15001"
    LF_RAW = "lf_raw"
    QR_CODE = "qr_code"
    BARCODE = "barcode"


class Form(StrEnum):
    """How one identifier is written."""

    TEXT = "text"
    HEX = "hex"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class CardRule:
    """The identifiers that a card of the type must have, and how many characters each may have."""

    fields: Mapping[str, Form]
    longest: int = 64


_NUMBERED = CardRule({"facility_code": Form.NUMBER, "card_number": Form.NUMBER}, 20)
CARD_RULES: Mapping[CardType, CardRule] = {
    CardType.DESFIRE: CardRule({"token": Form.TEXT}),
    CardType.HF_UID: CardRule({"uid": Form.HEX}, 16),
    CardType.MIFARE_CLASSIC: CardRule({"data_block_value": Form.TEXT}),
    CardType.HID_H10301: _NUMBERED,
    CardType.HID_H10302: CardRule({"card_number": Form.NUMBER}, 20),
    CardType.HID_H10304: _NUMBERED,
    CardType.HID_CORPORATE_1000_35: _NUMBERED,
    CardType.HID_H2004064: _NUMBERED,
    CardType.HID_D10202: _NUMBERED,
    CardType.EM_410X_26: _NUMBERED,
    CardType.EM_410X_32_34: CardRule({"card_id": Form.NUMBER}, 20),
    CardType.KEYSCAN_C15001: CardRule(
        {"facility_code": Form.NUMBER, "card_number": Form.NUMBER, "oem": Form.NUMBER}, 20
    ),
    CardType.LF_RAW: CardRule({"uid": Form.TEXT, "length": Form.NUMBER}),
    CardType.QR_CODE: CardRule({"uid": Form.TEXT}, LONGEST_TEXT),
    CardType.BARCODE: CardRule({"uid": Form.TEXT}, LONGEST_TEXT),
}
_SHORTEST_UID = 6
_HEX_DIGITS = frozenset("0123456789ABCDEF")


class UnfitIdentifier(ValueError):
    """An identifier is missing, unknown to the type, or badly written; `field` names it."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field} {reason}")
        self.field = field
        self.reason = reason


def identify_card(card_type: CardType, given: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Give the identifiers of a card in the one form in which they are stored and compared.

    Hexadecimal comes in capitals without separators, numbers without leading zeros, text as it is.
    Raises: UnfitIdentifier for one that is missing, not of this type, or badly written.
    """
    rule = CARD_RULES[card_type]
    for name in given:
        if name not in rule.fields:
            raise UnfitIdentifier(name, f"does not identify a card of the type {card_type.value}")
    return tuple(
        (name, _canonical(name, form, given.get(name, ""), rule)) for name, form in rule.fields.items()
    )


def card_reading(card_type: CardType, identifiers: tuple[tuple[str, str], ...]) -> str:
    """Give what a reader makes of a card with these identifiers; equal text means the same card."""
    return "\n".join([card_type.value, *(f"{name}={value}" for name, value in identifiers)])


def _canonical(name: str, form: Form, text: str, rule: CardRule) -> str:
    if not text:
        raise UnfitIdentifier(name, "must not be empty")
    if form is Form.HEX:
        text = text.replace(":", "").replace("-", "").replace(" ", "").upper()
        if not set(text) <= _HEX_DIGITS or len(text) < _SHORTEST_UID:
            raise UnfitIdentifier(name, f"must be {_SHORTEST_UID} to {rule.longest} hexadecimal digits")
    if form is Form.NUMBER:
        if not (text.isascii() and text.isdigit()):
            raise UnfitIdentifier(name, "must be a whole number")
        text = text.lstrip("0") or "0"
    if len(text) > rule.longest or not text.isprintable():
        raise UnfitIdentifier(name, f"must have at most {rule.longest} printable characters")
    return text
