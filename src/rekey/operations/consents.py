"""The keys that applications hold for people: ending them, and what they must not do; part of several operations."""

from typing import Final

from rekey.domain.errors import NotAllowed
from rekey.domain.operator import Key, KeyKind
from rekey.operations.act import Act
from rekey.ports.listing import WHOLE

CONSENT_KINDS: Final = frozenset({KeyKind.CONSENT_CODE, KeyKind.CONSENT_ACCESS, KeyKind.CONSENT_REFRESH})


async def end_consent(act: Act, operator_id: str, consent_id: str) -> int:
    """End every key that came of a consent, within an act that records it; say how many still stood."""
    standing = await act.work.keys.list(WHOLE, operator_id=operator_id)
    ending = [key for key in standing.items if key.consent_id == consent_id]
    for key in ending:
        await act.work.keys.end(key.id, act.now)
    return len(ending)


async def refuse_application(act: Act) -> Key | None:
    """Refuse an application that acts for somebody what would outlive its end: keys, passwords, applications.

    Gives the key in hand. Raises: NotAllowed.
    """
    in_hand = None if act.actor.key_id is None else await act.work.keys.get(act.actor.key_id)
    if in_hand is not None and in_hand.consent_id is not None:
        raise NotAllowed("an application that acts for somebody may not do this")
    return in_hand
