"""That the key behind a signed operation still stands when its act runs; part of running any operation."""

from datetime import datetime

from rekey.domain.access import refuse_credential
from rekey.domain.errors import AccessDenied
from rekey.ports.store import View


async def require_standing_key(view: View, credential_id: str, now: datetime) -> None:
    """Refuse a key that was ended, suspended or ran out since its signature was checked.

    Raises: AccessDenied with the reason.
    """
    credential = await view.credentials.get(credential_id)
    for denied in refuse_credential(credential, now):
        raise AccessDenied(denied)
