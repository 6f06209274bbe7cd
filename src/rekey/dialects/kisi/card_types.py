"""The types of cards by the names of this API, with what identifies a card of each. Source: contract 6.1."""

from collections.abc import Mapping
from dataclasses import dataclass

from rekey.domain.card import CARD_RULES, CardType, Form

LF, HF, OPTICAL = "LF", "HF", "optical"


@dataclass(frozen=True, slots=True)
class KisiType:
    """One type as it is shown; the contract names no models, so those are the formats' own names."""

    name: str
    frequency: str
    model: str
    third_party: bool = True

    @property
    def is_low(self) -> bool:
        return self.frequency == LF


TYPES: Mapping[CardType, KisiType] = {
    CardType.DESFIRE: KisiType("mifare_desfire", HF, "MIFARE DESFire", third_party=False),
    CardType.HF_UID: KisiType("third_party_hf", HF, "HF UID"),
    CardType.MIFARE_CLASSIC: KisiType("third_party_hf_mifare_classic", HF, "MIFARE Classic"),
    CardType.HID_H10301: KisiType("third_party_lf_hid_h10301", LF, "HID H10301"),
    CardType.HID_H10302: KisiType("third_party_lf_hid_h10302", LF, "HID H10302"),
    CardType.HID_H10304: KisiType("third_party_lf_hid_h10304", LF, "HID H10304"),
    CardType.HID_CORPORATE_1000_35: KisiType("third_party_lf_hid_corporate1000_35", LF, "HID Corporate 1000"),
    CardType.HID_H2004064: KisiType("third_party_lf_hid_h2004064", LF, "HID H2004064"),
    CardType.HID_D10202: KisiType("third_party_lf_hid_d10202", LF, "HID D10202"),
    CardType.EM_410X_26: KisiType("third_party_lf_em_410x_26", LF, "EM 410x 26 bit"),
    CardType.EM_410X_32_34: KisiType("third_party_lf_em_410x_32_34", LF, "EM 410x 32 or 34 bit"),
    CardType.KEYSCAN_C15001: KisiType("third_party_lf_keyscan_c15001", LF, "Keyscan C15001"),
    CardType.LF_RAW: KisiType("third_party_lf", LF, "LF"),
    CardType.QR_CODE: KisiType("third_party_qr_code", OPTICAL, "QR code"),
    CardType.BARCODE: KisiType("third_party_barcode", OPTICAL, "Barcode"),
}
BY_NAME: Mapping[str, CardType] = {kind.name: card_type for card_type, kind in TYPES.items()}
CARD_TYPES = tuple(card_type.value for card_type in TYPES)
# Every name under which some type is identified.
IDENTIFIERS = tuple(dict.fromkeys(name for rule in CARD_RULES.values() for name in rule.fields))


def is_number(card_type: CardType, name: str) -> bool:
    return CARD_RULES[card_type].fields[name] is Form.NUMBER
