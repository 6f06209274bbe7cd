"""That the application which signed somebody in is still believed."""

from datetime import datetime

from rekey.domain.application import Application
from rekey.domain.errors import NotSignedIn
from rekey.domain.operator import Voucher
from rekey.ports.store import View


async def require_voucher(view: View, voucher: Voucher, now: datetime) -> Application:
    """Give the application behind the voucher.

    Raises: NotSignedIn if the application ended or is suspended, or its issuer or key was taken away.
    """
    application = await view.applications.get(voucher.application_id)
    if application is None or not application.vouches(voucher, now):
        raise NotSignedIn("this application is not believed any more: sign in anew")
    return application
