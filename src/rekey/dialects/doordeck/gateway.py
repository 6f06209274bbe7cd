"""The routes of the on-site gateway, served by the same server: its `demo` controller is a simulated door.

Source: Doordeck contract, section 7.
"""

import msgspec

from rekey.dialects.doordeck.errors import BadRequest
from rekey.dialects.doordeck.ids import is_uuid
from rekey.dialects.doordeck.kit import DOOR, NO_CONTENT, VIA, Kit, body_of, id_of, reply_json, signed_in_of
from rekey.dialects.doordeck.platform_wire import GatewayController, GatewayDiscovery, GatewayDoor
from rekey.dialects.doordeck.sessions import Sessions
from rekey.dialects.doordeck.translate import Object
from rekey.domain.document import DocumentBody
from rekey.domain.errors import Gone, NotFound
from rekey.domain.estate import Door
from rekey.domain.grant import Holder
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.operations.add_door import AddDoor, add_door
from rekey.operations.annotate import Annotate, AnnotatedKind, annotate, annotations_of
from rekey.operations.do_together import DoTogether, Step, do_together
from rekey.operations.find import find_door
from rekey.operations.grant_access import GrantAccess, NewGrant, grant_access
from rekey.operations.held_doors import HeldDoor, held_doors
from rekey.operations.retire_door import RetireDoor, retire_door
from rekey.operations.switch_door import SwitchDoor, switch_door
from rekey.ports.door_driver import Simulation
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

DEMO = "demo"
NAMESPACE = "gateway"
_DRIVER = "simulated"
_DEFAULT_PORT = 8080
_LAST_PORT = 65_535
_STOPPED = ("offline", "true")


class Gateway:
    """Handlers below `/api`; a door that the gateway brought is a lock like any other."""

    def __init__(self, kit: Kit, sessions: Sessions) -> None:
        self._kit = kit
        self._sessions = sessions

    async def sign_in(self, request: Request) -> Reply:
        """Give a token for an account's e-mail address and password."""
        opened = await self._sessions.sign_in(request)
        tokens: dict[str, str] = msgspec.json.decode(opened.body or b"{}")
        return reply_json({"authToken": tokens["authToken"]}, opened.status)

    async def get_type(self, request: Request) -> Reply:
        """Say which controller is configured, as far as the caller's own doors tell."""
        held = await self._gateway_doors(request)
        return reply_json({"status": DEMO}) if held else NO_CONTENT

    async def discover(self, request: Request) -> Reply:
        """List what a controller offers: the doors that are enabled, and a place for another one."""
        body = body_of(request, GatewayDiscovery)
        port = _port(_require_demo(body.type, _number(body.port)))
        found = [_show(one, noted) for one, noted in await self._gateway_doors(request)]
        free: Object = {"integration": {"key": {"type": DEMO, "port": port}, "metadata": {}}}
        return reply_json([*found, free])

    async def enable(self, request: Request) -> Reply:
        """Add a simulated door at a site, with the caller as its administrator."""
        body, me = body_of(request, GatewayDoor), signed_in_of(request)
        port = _port(_require_demo(body.key.type, body.key.port))
        if not is_uuid(body.site_id):
            raise BadRequest("siteId must be a UUID")
        door = AddDoor(name=body.name, site_id=body.site_id.lower(), driver=_DRIVER)
        noted: DocumentBody = {"type": DEMO, "port": port}

        def own(added: Door) -> GrantAccess:
            grant = NewGrant(
                holder=Holder.person(me.person_id),
                scope=Scope.door(added.id),
                role=Role.ADMINISTRATOR,
                origin=VIA,
            )
            return GrantAccess(grants=(grant,))

        def note(added: Door) -> Annotate:
            return Annotate(kind=AnnotatedKind.DOOR, id=added.id, namespace=NAMESPACE, changes=noted)

        steps = (
            Step(operation=add_door, wanted=door),
            Step(operation=grant_access, make=own),
            Step(operation=annotate, make=note),
        )
        added, *_rest = await self._kit.perform(request, do_together, DoTogether(steps=steps))
        return reply_json({"deviceId": added.id})

    async def delete(self, request: Request) -> Reply:
        wanted = RetireDoor(door_id=id_of(request, DOOR))
        await self._kit.perform(request, retire_door, wanted)
        return NO_CONTENT

    async def get_state(self, request: Request) -> Reply:
        """Say whether the door's service runs; of a door that is not there or not the caller's it is undefined."""
        door_id, me = id_of(request, DOOR), signed_in_of(request).person_id

        async def look(view: View) -> str:
            held = {one.door.door_id for one in await held_doors(view, me, self._kit.now)}
            try:
                door = await find_door(view, door_id)
            except (NotFound, Gone):
                return "UNDEFINED"
            return _state(door) if door_id in held else "UNDEFINED"

        return reply_json({"state": await self._kit.look(request, look)})

    async def start(self, request: Request) -> Reply:
        return await self._switch(request, offline=False)

    async def stop(self, request: Request) -> Reply:
        return await self._switch(request, offline=True)

    async def _switch(self, request: Request, *, offline: bool) -> Reply:
        wanted = SwitchDoor(
            door_id=id_of(request, DOOR), switches={"offline": "true" if offline else "false"}
        )
        door = await self._kit.perform(request, switch_door, wanted)
        driver: object = self._kit.core.drivers.get(door.driver)
        if isinstance(driver, Simulation):
            driver.configure(door.id, door.driver_settings)
        return NO_CONTENT

    async def _gateway_doors(self, request: Request) -> list[tuple[tuple[HeldDoor, Door], DocumentBody]]:
        """List the caller's doors that the gateway brought, with what it noted."""
        me = signed_in_of(request).person_id

        async def look(view: View) -> list[tuple[tuple[HeldDoor, Door], DocumentBody]]:
            held = await held_doors(view, me, self._kit.now)
            noted = await annotations_of(view, NAMESPACE, [one.door.door_id for one in held])
            return [
                ((one, await find_door(view, one.door.door_id)), noted[one.door.door_id])
                for one in held
                if noted[one.door.door_id]
            ]

        return await self._kit.look(request, look)


def _show(found: tuple[HeldDoor, Door], noted: DocumentBody) -> Object:
    held, door = found
    port = noted.get("port")
    return {
        "doordeck": {"id": door.id, "name": door.name, "role": "ADMIN" if held.administers else "USER"},
        "service": {"state": _state(door)},
        "integration": {
            "key": {"type": DEMO, "port": port if isinstance(port, int) else _DEFAULT_PORT},
            "metadata": {},
        },
    }


def _state(door: Door) -> str:
    return "STOPPED" if _STOPPED in door.driver_settings else "RUNNING"


def _require_demo(kind: str, port: int | None) -> GatewayController:
    """Give the controller. Raises: BadRequest that names a type which is not served here."""
    if kind != DEMO:
        raise BadRequest(f"This server drives no controllers of the type {kind[:40]!r}: only {DEMO!r}")
    return GatewayController(type=kind, port=port)


def _port(controller: GatewayController) -> int:
    port = _DEFAULT_PORT if controller.port is None else controller.port
    if not 1 <= port <= _LAST_PORT:
        raise BadRequest(f"port must be from 1 to {_LAST_PORT}")
    return port


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 5):
        raise BadRequest("port must be a number")
    return int(text)
