"""Unmanaged access codes: PINs that were programmed at the door itself."""

from rekey.dialects.seam.code_attempts import show_code_attempt
from rekey.dialects.seam.code_shapes import code_by_digits, foreign_digits, is_unmanaged, show_foreign
from rekey.dialects.seam.errors import InvalidInput, NotInSandbox, NotSupported, NotThere
from rekey.dialects.seam.kit import Call, Kit, is_found, scan
from rekey.dialects.seam.narrow import doors_in_sight, require_sight
from rekey.dialects.seam.replies import reply_ok
from rekey.dialects.seam.wire_access import UnmanagedAccessCode
from rekey.domain.door_code import DoorCode
from rekey.domain.errors import CoreError
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.do_together import DoTogether, Step, do_together
from rekey.operations.edit_codes import EndCode, end_code
from rekey.operations.edit_sandbox import SimulateDoor, simulate_door
from rekey.operations.find import find_door
from rekey.operations.foreign_codes import (
    AdoptCode,
    EraseCode,
    NoteForeign,
    adopt_code,
    erase_code,
    note_foreign,
)
from rekey.operations.give_up_codes import TakeUpCode, take_up_code
from rekey.ports.door_driver import Simulation
from rekey.ports.listing import WHOLE
from rekey.ports.store import View
from rekey.webkit.message import Reply
from rekey.webkit.receipt_links import receipt_header

DEFAULT_LIMIT = 10_000
_ID = "access_code_id"


class UnmanagedCodes:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def get(self, call: Call) -> Reply:
        args = call.args
        door_id, digits = args.text("device_id"), args.text("code")
        if (_ID in args) == (door_id is not None and digits is not None):
            raise InvalidInput(root=["Must provide access_code_id, or both device_id and code"])

        async def look(view: View) -> UnmanagedAccessCode | None:
            named = args.text(_ID) or await code_by_digits(self._kit, view, door_id or "", digits or "")
            code = None if named is None else await self._foreign(view, call, named)
            return None if code is None else await show_foreign(self._kit, view, code)

        shown = await self._kit.read(call, Permission.ESTATE_READ, look)
        if shown is None:
            raise NotThere("access_code_not_found", args.sent(_ID, "device_id"))
        return reply_ok(access_code=shown)

    async def list_codes(self, call: Call) -> Reply:
        page, door_id = self._kit.page_of(call, DEFAULT_LIMIT), call.args.required("device_id")
        search = call.args.text("search")

        async def look(view: View) -> tuple[list[UnmanagedAccessCode], int | None]:
            await find_door(view, door_id)
            sight = await doors_in_sight(view, call)
            require_sight(sight is None or door_id in sight)
            codes, last = await scan(
                lambda part: view.door_codes.list(part, door_id=door_id),
                lambda code: code.number,
                page,
                is_unmanaged,
            )
            shown = [await show_foreign(self._kit, view, code) for code in codes]
            return [
                one for one in shown if is_found(search, (one.name, one.code), (one.access_code_id,))
            ], last

        shown, last = await self._kit.read(call, Permission.ESTATE_READ, look)
        return reply_ok(access_codes=shown, pagination=self._kit.pagination(call, last))

    async def convert(self, call: Call) -> Reply:
        """Take a foreign PIN over: it keeps its id, and from now on its access can be ended here."""
        code = await self._known(call)
        if code.given_up:
            again = TakeUpCode(code_id=code.id, lets_change=_lets_change(call))
            await self._kit.perform(call, take_up_code, again)
            return reply_ok()
        wanted = AdoptCode(code_id=call.args.required(_ID), lets_change=_lets_change(call))
        await self._kit.perform(call, adopt_code, wanted)
        return reply_ok()

    async def update(self, call: Call) -> Reply:
        """Take it over; `is_managed` of false says what is so already."""
        if call.args.boolean("is_managed") is True:
            return await self.convert(call)
        await self._known(call)
        return reply_ok()

    async def delete(self, call: Call) -> Reply:
        """Have it erased at the door, for as long as that takes."""
        code = await self._known(call)
        if code.given_up:
            ended = await self._kit.perform(call, end_code, EndCode(code_id=code.id))
            attempt = await show_code_attempt(self._kit, call, ended.row)
            reply = reply_ok(action_attempt=attempt)
            named = None if ended.revocation is None else ended.revocation.id
            return reply if named is None else reply.with_headers(receipt_header(named))
        done = await self._kit.perform(call, erase_code, EraseCode(code_id=code.id))
        return reply_ok(action_attempt=await show_code_attempt(self._kit, call, done.row))

    async def simulate(self, call: Call) -> Reply:
        """Program a PIN at a simulated door as its owner would by hand."""
        if not self._kit.settings.sandbox:
            raise NotInSandbox("this server is in earnest, so nothing is simulated")
        door_id, digits = call.args.required("device_id"), call.args.required("code")

        async def look(view: View) -> tuple[str, list[str]]:
            door = await find_door(view, door_id)
            codes = (await view.door_codes.list(WHOLE, door_id=door_id)).items
            known = [foreign_digits(self._kit, code) for code in codes if code.foreign]
            return door.driver, [one for one in known if one is not None]

        driver_name, known = await self._kit.read(call, Permission.ESTATE_READ, look, Scope.door(door_id))
        driver: object = self._kit.services.core.drivers.get(driver_name)
        if not isinstance(driver, Simulation):
            raise NotSupported("this door is not simulated")
        switches = {"foreign_codes": ",".join([*known, digits])}
        noted = NoteForeign(door_id=door_id, digits=digits, name=call.args.required("name"))
        steps = (
            Step(operation=note_foreign, wanted=noted),
            Step(operation=simulate_door, wanted=SimulateDoor(door_id=door_id, switches=switches)),
        )
        # The hardware has it before it is noted, as in life: a reading in between must not miss it.
        driver.configure(door_id, switches.items())
        try:
            code = (await self._kit.perform(call, do_together, DoTogether(steps=steps)))[0]
        except CoreError:
            driver.configure(door_id, {"foreign_codes": ",".join(known)}.items())
            raise
        shown = await self._kit.read(
            call, Permission.ESTATE_READ, lambda view: show_foreign(self._kit, view, code)
        )
        return reply_ok(access_code=shown)

    async def _known(self, call: Call) -> DoorCode:
        named = call.args.required(_ID)

        async def look(view: View) -> DoorCode | None:
            return await self._foreign(view, call, named)

        code = await self._kit.read(call, Permission.ESTATE_READ, look)
        if code is None:
            raise NotThere("access_code_not_found", {_ID: named})
        return code

    async def _foreign(self, view: View, call: Call, code_id: str) -> DoorCode | None:
        code = await view.door_codes.get(code_id)
        if code is None or not is_unmanaged(code):
            return None
        sight = await doors_in_sight(view, call)
        require_sight(sight is None or code.door_id in sight)
        return code


def _lets_change(call: Call) -> bool:
    newer = call.args.boolean("is_external_modification_allowed")
    return (call.args.boolean("allow_external_modification") if newer is None else newer) is True
