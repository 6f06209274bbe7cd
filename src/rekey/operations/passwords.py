"""What a new password must be, and who may still use what the old one opened; part of several operations."""

from rekey.domain.errors import Invalid
from rekey.domain.ids import KeyId
from rekey.domain.operator import KeyKind
from rekey.operations.act import Act
from rekey.operations.consents import CONSENT_KINDS
from rekey.ports.listing import WHOLE

SHORTEST = 8
LONGEST = 128
_OPENED = CONSENT_KINDS | {KeyKind.SESSION, KeyKind.REFRESH}


def check_new_password(password: str, field: str = "password") -> str:
    """Give the password back. Raises: Invalid for one with less than 8 or more than 128 characters."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(field, f"must have {SHORTEST} to {LONGEST} characters")
    return password


async def end_sessions(act: Act, operator_id: str, *, but: KeyId | None = None) -> int:
    """End the operator's sessions within an act, but that of the key in hand; say how many keys ended.

    Those of applications end too. API keys stay: they were made by name, and each is ended by name.
    """
    standing = await act.work.keys.list(WHOLE, operator_id=operator_id)
    kept = next((key.name for key in standing.items if key.id == but), None)
    ending = [
        key
        for key in standing.items
        if key.kind in _OPENED and (kept is None or key.name != kept or key.consent_id is not None)
    ]
    for key in ending:
        await act.work.keys.end(key.id, act.now)
    return len(ending)
