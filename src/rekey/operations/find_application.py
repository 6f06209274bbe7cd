"""Finding an application, and asking who may change it."""

from rekey.domain.application import Application
from rekey.domain.errors import NotAllowed, NotFound
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act
from rekey.operations.authority import is_suspended, require_permission, signed_in
from rekey.operations.consents import refuse_application
from rekey.ports.listing import WHOLE
from rekey.ports.store import View


async def find_application(view: View, application_id: str) -> Application:
    """Raises: NotFound, also for an application that has ended."""
    application = await view.applications.get(application_id)
    if application is None:
        raise NotFound("application", application_id)
    return application


async def own_applications(view: View, person_id: str) -> tuple[Application, ...]:
    """List the applications that the person owns."""
    listed = await view.applications.list(WHOLE)
    return tuple(application for application in listed.items if person_id in application.owners)


async def find_own_application(view: View, application_id: str, person_id: str) -> Application:
    """Find an application that the person owns. Raises: NotFound, NotAllowed for one of others."""
    application = await find_application(view, application_id)
    if person_id not in application.owners:
        raise NotAllowed("only the owners of this application may look at it or change it")
    return application


async def owner_reason(act: Act, application: Application) -> str:
    """Say why the actor may change the application: as an owner, or as who manages the organization's operators.

    Whoever an application signed in changes none. Raises: NotSignedIn, NotAllowed.
    """
    operator, key = await signed_in(act.work, act.actor, act.now)
    if act.actor.voucher is not None:
        raise NotAllowed("who is signed in by an application changes none")
    limited = key is not None and (key.permissions is not None or key.consent_id is not None)
    if operator.person_id is None or operator.person_id not in application.owners or limited:
        return await manager_reason(act)
    if await is_suspended(act.work, operator.person_id, now=act.now):
        raise NotAllowed("you are blocked, so you may not change an application")
    return "an owner may change the application"


async def manager_reason(act: Act) -> str:
    """Say why the actor may change any application. Raises: NotSignedIn, NotAllowed (also for an application)."""
    await refuse_application(act)
    everywhere = Scope.organization(act.work.organization_id)
    await require_permission(act.work, act.actor, Permission.OPERATORS_WRITE, everywhere, now=act.now)
    return "whoever manages operators manages applications too, as they sign operators in"
