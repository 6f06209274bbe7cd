"""Opening a door and waiting for the door's own word."""

from dataclasses import dataclass, field

from rekey.domain.decision import Denied
from rekey.domain.door_order import DoorOrder, OrderFailure, OrderState
from rekey.domain.errors import AccessDenied, CoreError, DoorOffline, DoorRefused, DoorTimedOut
from rekey.domain.operator import Actor
from rekey.operations.act import Operation
from rekey.operations.core import Core
from rekey.operations.door_log_runner import DoorLogRunner
from rekey.operations.feeds import Feeds
from rekey.operations.import_runner import ImportRunner
from rekey.operations.open_door import OpenDoor, Opening, open_door
from rekey.operations.order_runner import OrderRunner
from rekey.operations.present_credential import Presentation, PresentCredential, present_credential
from rekey.operations.report_maker import ReportForms
from rekey.operations.secure_door import SecureDoor, secure_door
from rekey.operations.set_door_mode import SetDoorMode, set_door_mode
from rekey.ports.repositories.journal import SeenOperation


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What a dialect is given: the core, the runners that take orders and door logs to doors, and the feeds.

    There is one of each in a server, since a runner keeps two calls from serving one door at once.
    """

    core: Core
    orders: OrderRunner
    logs: DoorLogRunner
    imports: ImportRunner
    feeds: Feeds = field(default_factory=Feeds)
    reports: ReportForms = field(default_factory=ReportForms)


async def order_opening(
    services: Services, actor: Actor, wanted: OpenDoor, *, once: SeenOperation | None = None
) -> Opening:
    """Decide and make the order durable. Raises: AccessDenied with the reason, and as `open_door`."""
    opening = await services.core.perform(open_door, actor, wanted, once=once, door_id=wanted.door_id)
    if isinstance(opening.decision, Denied):
        raise AccessDenied(opening.decision)
    return opening


async def open_and_wait(
    services: Services, actor: Actor, wanted: OpenDoor, *, once: SeenOperation | None = None
) -> DoorOrder:
    """Open a door and give the order as the door confirmed it, or as it waits for an offline door.

    Raises: AccessDenied, DoorOffline, DoorTimedOut, DoorRefused, and as `open_door`.
    """
    opening = await order_opening(services, actor, wanted, once=once)
    if opening.order is None:
        raise DoorRefused("there is no order to carry out")
    return raise_failure(await services.orders.finish(actor, opening.door, opening.order))


async def set_mode_and_wait(
    services: Services, actor: Actor, wanted: SetDoorMode, *, once: SeenOperation | None = None
) -> DoorOrder:
    """Set what a door stays and give the confirmed order. Raises: as `open_and_wait`."""
    chosen = await services.core.perform(set_door_mode, actor, wanted, once=once, door_id=wanted.door_id)
    return raise_failure(await services.orders.finish(actor, chosen.door, chosen.order))


async def secure_and_wait(
    services: Services, actor: Actor, wanted: SecureDoor, *, once: SeenOperation | None = None
) -> DoorOrder:
    """Lock a door now and give the order as confirmed, or as it waits. Raises: as `open_and_wait`."""
    chosen = await services.core.perform(secure_door, actor, wanted, once=once, door_id=wanted.door_id)
    return raise_failure(await services.orders.finish(actor, chosen.door, chosen.order))


async def present_and_wait(
    services: Services,
    actor: Actor,
    wanted: PresentCredential,
    *,
    operation: Operation[PresentCredential, Presentation] = present_credential,
) -> DoorOrder:
    """Decide what was presented and give the order as the door confirmed it. Raises: as `open_and_wait`."""
    shown = await services.core.perform(operation, actor, wanted, door_id=wanted.door_id)
    if isinstance(shown.decision, Denied):
        raise AccessDenied(shown.decision)
    if shown.order is None:
        raise DoorRefused("there is no order to carry out")
    return raise_failure(await services.orders.finish(actor, shown.door, shown.order))


def raise_failure(order: DoorOrder) -> DoorOrder:
    """Give the order back, or raise what it failed of."""
    if order.failure is None or order.state is OrderState.QUEUED:
        return order
    raise failure_error(order.failure)


def failure_error(failure: OrderFailure) -> CoreError:
    """Name the error of a failure; total over OrderFailure."""
    match failure:
        case OrderFailure.DOOR_OFFLINE:
            return DoorOffline("the door is offline")
        case OrderFailure.DOOR_TIMED_OUT | OrderFailure.LOST:
            return DoorTimedOut("the door did not answer in time")
        case OrderFailure.DOOR_REFUSED:
            return DoorRefused("the door's hardware refused")
        case OrderFailure.TOO_LATE:
            return DoorTimedOut("the order came too late and was not run")
        case OrderFailure.PERSON_REVOKED:
            return DoorRefused("the order was cancelled, because access was revoked meanwhile")
