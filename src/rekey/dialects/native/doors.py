"""What doors do: open, mode, lockdown, their logs, and the switches of simulated ones."""

from rekey.dialects.native.errors import Unfit
from rekey.dialects.native.kit import Kit, actor_of, body_of, reply_json
from rekey.dialects.native.translate import show_block, show_door_log, show_order
from rekey.dialects.native.wire import ModeRequest, OpenRequest, PresentRequest, Reasoned
from rekey.domain.access import DoorRecord
from rekey.domain.circumstances import Circumstances
from rekey.domain.door_log import DoorEntry, DoorSync
from rekey.domain.errors import Conflict, NotFound
from rekey.domain.estate import DoorMode
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.edit_sandbox import SimulateDoor, simulate_door
from rekey.operations.find import find_door, find_door_record
from rekey.operations.lock_down import LockDown, Release, lock_down, release
from rekey.operations.open_door import OpenDoor
from rekey.operations.set_door_mode import SetDoorMode
from rekey.operations.use_door import open_and_wait, set_mode_and_wait
from rekey.ports.door_driver import Simulation
from rekey.ports.store import View
from rekey.webkit.body import decode_tree
from rekey.webkit.message import Reply, Request


class Doors:
    """Handlers of doors as they move."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._logs = kit.services.logs

    async def open(self, request: Request) -> Reply:
        body = body_of(request, OpenRequest)
        person_id = None if body.person is None else await self._kit.person(request, body.person)
        given = Circumstances(address=request.client)
        wanted = OpenDoor(door_id=await self._door(request), person_id=person_id, circumstances=given)
        return reply_json(show_order(await open_and_wait(self._kit.services, actor_of(request), wanted)))

    async def set_mode(self, request: Request) -> Reply:
        mode = DoorMode(body_of(request, ModeRequest).mode)
        given = Circumstances(address=request.client)
        wanted = SetDoorMode(door_id=await self._door(request), mode=mode, circumstances=given)
        return reply_json(show_order(await set_mode_and_wait(self._kit.services, actor_of(request), wanted)))

    async def lock_down(self, request: Request) -> Reply:
        wanted = LockDown(
            scope=Scope.door(await self._door(request)), reason=body_of(request, Reasoned).reason
        )
        return reply_json(show_block(await self._kit.perform(request, lock_down, wanted)))

    async def release(self, request: Request) -> Reply:
        wanted = Release(
            scope=Scope.door(await self._door(request)), reason=body_of(request, Reasoned).reason
        )
        return reply_json({"released": await self._kit.perform(request, release, wanted)})

    async def sync(self, request: Request) -> Reply:
        """Bring the door's list to the head of its log now, and say whether the door proved it."""
        door = await self._record(request)
        confirmed = await self._logs.serve(actor_of(request), door)
        return reply_json({"confirmed": confirmed, **await self._log(request, door.door_id)})

    async def get_log(self, request: Request) -> Reply:
        return reply_json(await self._log(request, await self._door(request)))

    async def get_order(self, request: Request) -> Reply:
        order_id = request.params["order"]
        order = await self._kit.read(request, Permission.ESTATE_READ, lambda view: view.orders.get(order_id))
        if order is None:
            raise NotFound("order", order_id)
        return reply_json(show_order(order))

    async def present(self, request: Request) -> Reply:
        """Present a person at a simulated door, which decides alone as real hardware would."""
        body = body_of(request, PresentRequest)
        door = await self._record(request)
        person_id = await self._kit.person(request, body.person)
        return reply_json({"opened": self._simulation(door).present(door.door_id, person_id)})

    async def simulate(self, request: Request) -> Reply:
        """Set the switches of a simulated door: what can go wrong with real ones."""
        switches = decode_tree(request.body)
        if not isinstance(switches, dict):
            raise Unfit("body", "must be an object of switches")
        door = await self._record(request)
        settings = [(name, _plain(value)) for name, value in switches.items()]
        driver = self._simulation(door)
        # First the driver, which knows its switches; then they are kept, and the door is looked at.
        driver.configure(door.door_id, settings)
        kept = {name: driver.settings(door.door_id).get(name, text) for name, text in settings}
        await self._kit.perform(request, simulate_door, SimulateDoor(door_id=door.door_id, switches=kept))
        return reply_json({"switches": dict(settings)})

    def _simulation(self, door: DoorRecord) -> Simulation:
        driver: object = self._kit.services.core.drivers.get(door.driver)
        if not isinstance(driver, Simulation):
            raise Conflict("only simulated doors can be presented to or switched by hand")
        return driver

    async def _log(self, request: Request, door_id: str) -> dict[str, object]:
        async def look(view: View) -> tuple[DoorSync, dict[str, DoorEntry]]:
            await find_door(view, door_id)
            return await view.door_logs.sync(door_id), await view.door_logs.intended(door_id)

        sync, intended = await self._kit.read(request, Permission.ESTATE_READ, look, Scope.door(door_id))
        return dict(show_door_log(sync, intended))

    async def _record(self, request: Request) -> DoorRecord:
        """Find the door of the path for one who controls it. Raises: NotFound, NotAllowed."""
        door_id, actor = await self._door(request), actor_of(request)
        attempted = "" if request.route is None else request.route.operation
        await self._kit.services.core.require(
            actor, Permission.DOORS_CONTROL, Scope.door(door_id), attempted=attempted
        )
        return await self._kit.services.core.store.read(
            actor.organization_id, lambda view: find_door_record(view, door_id)
        )

    async def _door(self, request: Request) -> str:
        return await self._kit.name(request, "door", request.params["door"])


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise Unfit("switches", "must be true, false, a number or text")
