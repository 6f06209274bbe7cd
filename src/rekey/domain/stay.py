"""Stays: bundles that belong together, and take doors over from the stays before them.

A stay is the bundles that have its key. Its first use at a door takes that door from every stay that began
before it, for good: from then on nothing that was given for those opens the door, whatever was not given for
a stay is left alone, and a stay that lost a door never takes it back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from rekey.domain.bundle import Bundle
from rekey.domain.ids import Position

Beginning = tuple[datetime, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Takeover:
    """A bundle has lost a door to the first use of a later stay's bundle; written once, never changed."""

    bundle_id: str
    door_id: str
    by_bundle_id: str
    position: Position
    at: datetime


def beginning_of(bundles: Iterable[Bundle]) -> Beginning:
    """Say when a stay begins: with the earliest of its windows, each not before it was given; then by number.

    Raises: ValueError without bundles.
    """
    return min((_start(bundle), bundle.number) for bundle in bundles)


def gives_way(earlier: Iterable[Bundle], later: Iterable[Bundle], now: datetime) -> bool:
    """Say whether the first use of one stay, at the instant, takes the door from the other.

    One that has not begun yet belongs to guests who are still to come, so it keeps its doors.
    """
    begun = beginning_of(earlier)
    return begun[0] <= now and begun < beginning_of(later)


def _start(bundle: Bundle) -> datetime:
    start = bundle.validity.start
    return bundle.created_at if start is None else max(start, bundle.created_at)
