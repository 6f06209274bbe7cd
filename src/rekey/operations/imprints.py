"""How what is presented at doors is stored: hashed to be found, sealed to be shown and told to doors again."""

from collections.abc import Mapping
from dataclasses import dataclass

from rekey.domain.card import CardType, UnfitIdentifier, card_reading, identify_card
from rekey.domain.credential import Credential
from rekey.domain.errors import Conflict, Invalid
from rekey.ports.secrets import Secrets

SHORTEST_PIN = 3
LONGEST_PIN = 16
SECOND_PIN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """A secret as it is kept: `fingerprint` finds it, `sealed_part` gives it back to this server alone."""

    fingerprint: str
    sealed_part: bytes


def imprint(secrets: Secrets, reading: str) -> Imprint:
    """Keep what a reader or a keypad would read."""
    return Imprint(fingerprint=secrets.fingerprint(reading), sealed_part=secrets.seal(reading.encode()))


def pin_imprint(secrets: Secrets, digits: str, field: str = "code") -> Imprint:
    """Keep a PIN. Raises: Invalid for what no keypad can type."""
    if not (digits.isascii() and digits.isdigit() and SHORTEST_PIN <= len(digits) <= LONGEST_PIN):
        raise Invalid(field, f"must be {SHORTEST_PIN} to {LONGEST_PIN} digits")
    return imprint(secrets, digits)


def second_imprint(secrets: Secrets, digits: str, field: str = "second_factor") -> Imprint:
    """Keep the PIN that is typed beside a card. Raises: Invalid unless it has four digits."""
    if not (digits.isascii() and digits.isdigit() and len(digits) == SECOND_PIN):
        raise Invalid(field, f"must be {SECOND_PIN} digits")
    return imprint(secrets, digits)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardImprint(Imprint):
    """A card as it is kept, with its identifiers in their canonical form."""

    card_type: str
    identifiers: tuple[tuple[str, str], ...]


def card_imprint(secrets: Secrets, card_type: CardType, given: Mapping[str, str]) -> CardImprint:
    """Keep a card by its identifiers. Raises: Invalid that names the identifier."""
    try:
        identifiers = identify_card(card_type, given)
    except UnfitIdentifier as unfit:
        raise Invalid(unfit.field, unfit.reason) from unfit
    kept = imprint(secrets, card_reading(card_type, identifiers))
    return CardImprint(
        fingerprint=kept.fingerprint,
        sealed_part=kept.sealed_part,
        card_type=card_type.value,
        identifiers=identifiers,
    )


def reveal(secrets: Secrets, sealed_part: bytes) -> str:
    """Give back what was sealed. Raises: Conflict if this server can't."""
    try:
        return secrets.unseal(sealed_part).decode()
    except ValueError as foreign:
        raise Conflict("this code was sealed by another server: give it a new one") from foreign


def reveal_code(secrets: Secrets, credential: Credential) -> str | None:
    """Give the digits of a PIN for showing again; None for one that keeps none. Raises: as `reveal`."""
    return reveal(secrets, credential.sealed_part) if credential.sealed_part else None
