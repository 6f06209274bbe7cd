"""What comes in about links, cards and codes; unknown members are refused."""

from datetime import datetime
from typing import Literal

from msgspec import field

from rekey.dialects.native.wire import Body


class NewLink(Body, kw_only=True):
    """A holder that stands for itself; `person` is whom it is made for, `code` a PIN at the doors named."""

    name: str
    doors: tuple[str | int, ...] = ()
    door_groups: tuple[str | int, ...] = ()
    sites: tuple[str | int, ...] = ()
    email: str | None = None
    phone: str | None = None
    person: str | int | None = None
    start: datetime | None = None
    end: datetime | None = None
    max_uses: int | None = None
    suspended: bool = False
    code: str | None = None


class NewCredential(Body, kw_only=True):
    """A card by its type and identifiers, or a PIN by its digits; a card without a holder waits for one."""

    kind: Literal["card", "pin"]
    person: str | int | None = None
    link: str | int | None = None
    card_type: str | None = None
    identifiers: dict[str, str] = field(default_factory=dict)
    code: str | None = None
    label: str = ""
    doors: tuple[str | int, ...] = ()
    max_uses: int | None = None
    inactive: bool = False
    start: datetime | None = None
    end: datetime | None = None


class Assignment(Body, kw_only=True):
    """Names the person or the link; `second_factor` is four digits to be typed beside the card."""

    person: str | int | None = None
    link: str | int | None = None
    inactive: bool = False
    second_factor: str | None = None


class Presented(Body, kw_only=True):
    """What the reader or the keypad of a door has read."""

    kind: Literal["card", "pin"]
    card_type: str | None = None
    identifiers: dict[str, str] = field(default_factory=dict)
    code: str | None = None
    second_factor: str | None = None
