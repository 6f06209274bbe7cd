"""Whether an application may still use the key that it holds for somebody; part of several operations."""

from rekey.domain.errors import NotSignedIn
from rekey.domain.operator import Key
from rekey.ports.store import View


async def require_consented(view: View, key: Key) -> None:
    """Refuse the key of an application that ended or is suspended. Raises: NotSignedIn."""
    if key.consent_id is None:
        return
    consent = await view.consents.get(key.consent_id)
    application = None if consent is None else await view.applications.get(consent.application_id)
    if application is None or application.suspended:
        raise NotSignedIn("the application that holds this key has ended or is suspended")
