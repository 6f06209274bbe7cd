"""Fake keypads: a PIN that is typed, or the button that locks. Only for doors that are simulated."""

from dataclasses import replace

from rekey.dialects.seam.errors import NotInSandbox, NotSupported
from rekey.dialects.seam.kit import Call, Kit
from rekey.dialects.seam.replies import reply_ok
from rekey.dialects.seam.translate import KEYPAD, show_attempt, show_denied_attempt
from rekey.domain.credential import CredentialKind
from rekey.domain.estate import Door, DoorMode
from rekey.domain.operator import Actor
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.find import find_door
from rekey.operations.imprints import pin_imprint
from rekey.operations.present_credential import PresentCredential, present_credential
from rekey.operations.set_door_mode import SetDoorMode, set_door_mode
from rekey.ports.door_driver import Simulation
from rekey.webkit.message import Reply


class Keypads:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def enter_code(self, call: Call) -> Reply:
        """Type a PIN at the door; the rule decides, as for any other."""
        door, actor = await self._door(call), self._actor(call)
        core = self._kit.services.core
        typed = pin_imprint(core.secrets, call.args.required("code"))
        wanted = PresentCredential(door_id=door.id, kind=CredentialKind.PIN, fingerprint=typed.fingerprint)
        shown = await core.perform(present_credential, actor, wanted)
        if shown.order is None:
            return reply_ok(action_attempt=show_denied_attempt(shown.row))
        running = self._kit.services.orders.start(actor, shown.door, shown.order)
        order = await running if call.args.flag("sync") else shown.order
        return reply_ok(action_attempt=show_attempt(order))

    async def lock(self, call: Call) -> Reply:
        """Press the button that locks."""
        door, actor = await self._door(call), self._actor(call)
        wanted = SetDoorMode(door_id=door.id, mode=DoorMode.LOCKED)
        chosen = await self._kit.services.core.perform(set_door_mode, actor, wanted)
        running = self._kit.services.orders.start(actor, chosen.door, chosen.order)
        order = await running if call.args.flag("sync") else chosen.order
        return reply_ok(action_attempt=show_attempt(order))

    def _actor(self, call: Call) -> Actor:
        return replace(call.actor, via=KEYPAD)

    async def _door(self, call: Call) -> Door:
        if not self._kit.settings.sandbox:
            raise NotInSandbox("this server is in earnest, so nothing is simulated")
        door_id = call.args.required("device_id")
        door = await self._kit.read(
            call, Permission.ESTATE_READ, lambda view: find_door(view, door_id), Scope.door(door_id)
        )
        driver: object = self._kit.services.core.drivers.get(door.driver)
        if not isinstance(driver, Simulation):
            raise NotSupported("this door is not simulated")
        return door
