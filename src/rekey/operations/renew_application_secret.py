"""renew_application_secret: a new secret in place of one that may be known."""

from dataclasses import dataclass, replace

from rekey.domain.application import Application
from rekey.operations.act import Act, operation
from rekey.operations.find_application import find_application, owner_reason


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewApplicationSecret:
    """`secret_fingerprint` is the Secrets port's hash of a secret that is shown once and kept nowhere."""

    application_id: str
    secret_fingerprint: str


@operation(None)
async def renew_application_secret(act: Act, wanted: RenewApplicationSecret) -> Application:
    """Give an application another secret; the old one counts no more, what it holds for people goes on.

    Raises: NotFound, NotAllowed.
    """
    application = await find_application(act.work, wanted.application_id)
    act.waive(await owner_reason(act, application))
    changed = replace(application, secret_fingerprint=wanted.secret_fingerprint, updated_at=act.now)
    await act.work.applications.replace(changed)
    await act.record(
        "application.edited",
        detail={"application": changed.id, "name": changed.name, "change": "secret"},
    )
    return changed
