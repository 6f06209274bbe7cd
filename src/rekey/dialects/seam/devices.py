"""Devices and locks: doors as things that are locked and unlocked from afar."""

from collections.abc import Sequence

from rekey.dialects.seam.code_shapes import facts_of_doors
from rekey.dialects.seam.doors import (
    NAMESPACE,
    POOL,
    UNMANAGED,
    Placed,
    fits_device_filters,
    has_metadata,
    metadata_of,
    place,
    show_devices,
    show_unmanaged_devices,
    wanted_doors,
)
from rekey.dialects.seam.errors import InvalidInput, NotSupported, NotThere
from rekey.dialects.seam.kit import Call, Kit, is_found, scan
from rekey.dialects.seam.metadata import changed_metadata
from rekey.dialects.seam.narrow import doors_in_sight, require_sight
from rekey.dialects.seam.parameters import exactly_one
from rekey.dialects.seam.rate_limit import DoorLimits
from rekey.dialects.seam.replies import reply_ok
from rekey.dialects.seam.translate import show_attempt, show_denied_attempt, show_done_attempt
from rekey.dialects.seam.wire import Device
from rekey.domain.estate import Door, DoorMode
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.do_together import DoTogether, Step, do_together
from rekey.operations.edit_noted_door import EditNotedDoor, edit_noted_door
from rekey.operations.edit_sandbox import SetOpenSeconds, set_open_seconds
from rekey.operations.give_up_codes import GiveUpCodes, give_up_codes
from rekey.operations.keep_reserve import KeepReserve, keep_reserve
from rekey.operations.open_door import OpenDoor, open_door
from rekey.operations.set_door_mode import SetDoorMode, set_door_mode
from rekey.ports.door_driver import Ability
from rekey.ports.listing import WHOLE, Listing, Part
from rekey.ports.store import View
from rekey.webkit.message import Reply

DEFAULT_LIMIT = 500
UNMANAGED_LIMIT = 22_900
MAX_RELOCK = 60


class Devices:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._limits = DoorLimits(limited=kit.settings.door_calls_limited)

    async def get(self, call: Call) -> Reply:
        return reply_ok(device=await self._one(call))

    async def get_lock(self, call: Call) -> Reply:
        device = await self._one(call)
        return reply_ok(device=device, lock=device)

    async def list_devices(self, call: Call) -> Reply:
        placed, last = await self._page(call, DEFAULT_LIMIT, managed=True)
        devices = await show_devices(self._kit, call, placed)
        return reply_ok(devices=devices, pagination=self._kit.pagination(call, last))

    async def list_locks(self, call: Call) -> Reply:
        """List the same under two keys, and, as published, without telling of a further page."""
        placed, _last = await self._page(call, DEFAULT_LIMIT, managed=True)
        devices = await show_devices(self._kit, call, placed)
        return reply_ok(devices=devices, locks=devices)

    async def get_unmanaged(self, call: Call) -> Reply:
        found = await self._find(call, managed=False)
        return reply_ok(device=(await show_unmanaged_devices(self._kit, call, (found,)))[0])

    async def list_unmanaged(self, call: Call) -> Reply:
        placed, last = await self._page(call, UNMANAGED_LIMIT, managed=False)
        devices = await show_unmanaged_devices(self._kit, call, placed)
        return reply_ok(devices=devices, pagination=self._kit.pagination(call, last))

    async def update(self, call: Call) -> Reply:
        """Rename a device, note metadata, or give up managing it."""
        found = await self._known(call, managed=True)
        args = call.args
        properties = args.mapping("properties") or {}
        name = args.text("name") if "name" in args else properties.get("name")
        if name is not None and not isinstance(name, str):
            raise InvalidInput({"properties": ["Expected string for name"]})
        managed = args.boolean("is_managed")
        await self._note(call, found, name=name, managed=managed is not False)
        return reply_ok()

    async def update_unmanaged(self, call: Call) -> Reply:
        """Take a device into management; false is not taken, as there is nothing more to give up."""
        if call.args.boolean("is_managed") is False:
            raise InvalidInput({"is_managed": ["Invalid literal value, expected true"]})
        found = await self._known(call, managed=False)
        managed = call.args.boolean("is_managed") is True
        await self._note(call, found, name=None, managed=managed)
        return reply_ok()

    async def unlock_door(self, call: Call) -> Reply:
        """Order the door to open; a door that may not is told of as an attempt that has failed."""
        door_id = await self._able(call, Ability.OPEN)
        self._limits.count(self._kit.now, "unlock", door_id)
        opening = await self._kit.perform(call, open_door, OpenDoor(door_id=door_id))
        if opening.order is None:
            return reply_ok(action_attempt=show_denied_attempt(opening.row))
        running = self._kit.services.orders.start(call.actor, opening.door, opening.order)
        order = await running if call.args.flag("sync") else opening.order
        return reply_ok(action_attempt=show_attempt(order))

    async def lock_door(self, call: Call) -> Reply:
        """Order the door to stay locked."""
        door_id = await self._able(call, Ability.SET_MODE)
        self._limits.count(self._kit.now, "lock", door_id)
        wanted = SetDoorMode(door_id=door_id, mode=DoorMode.LOCKED)
        chosen = await self._kit.perform(call, set_door_mode, wanted)
        running = self._kit.services.orders.start(call.actor, chosen.door, chosen.order)
        order = await running if call.args.flag("sync") else chosen.order
        return reply_ok(action_attempt=show_attempt(order))

    async def configure_auto_lock(self, call: Call) -> Reply:
        """Choose when a door locks again after it was opened; it always does."""
        door_id = await self._able(call, Ability.OPEN)
        if not call.args.flag("auto_lock_enabled"):
            raise NotSupported("a door here always locks again: choose after how many seconds")
        seconds = call.args.number("auto_lock_delay_seconds", 0)
        if not 1 <= seconds <= MAX_RELOCK:
            raise InvalidInput({"auto_lock_delay_seconds": [f"Number must be from 1 to {MAX_RELOCK}"]})
        wanted = SetOpenSeconds(door_id=door_id, seconds=seconds)
        row = await self._kit.perform(call, set_open_seconds, wanted)
        return reply_ok(action_attempt=show_done_attempt(row))

    async def _note(self, call: Call, found: Placed, *, name: str | None, managed: bool) -> None:
        kept = metadata_of(found.notes)
        metadata = changed_metadata(kept, call.args.mapping("custom_metadata"))
        notes: dict[str, object] = {UNMANAGED: None if managed else True}
        if metadata != kept:
            notes["custom_metadata"] = metadata
        door_id, pool = found.door.id, call.args.boolean("backup_access_code_pool_enabled")
        if pool is not None:
            notes[POOL] = pool or None
        wanted = EditNotedDoor(door_id=door_id, name=name or None, namespace=NAMESPACE, notes=notes)
        steps = [Step(operation=edit_noted_door, wanted=wanted)]
        if not managed and found.managed:
            steps.append(Step(operation=give_up_codes, wanted=GiveUpCodes(door_id=door_id)))
        elif pool is not None:
            steps.append(Step(operation=keep_reserve, wanted=await self._reserve(call, door_id, wanted=pool)))
        await self._kit.perform(call, do_together, DoTogether(steps=tuple(steps)))

    async def _reserve(self, call: Call, door_id: str, *, wanted: bool) -> KeepReserve:
        facts = await self._kit.read(
            call, Permission.ESTATE_READ, lambda view: facts_of_doors(self._kit, view, (door_id,))
        )
        if wanted and not facts[0].lengths:
            raise NotSupported("this device cannot be given access codes")
        return KeepReserve(door=facts[0], wanted=wanted)

    async def _able(self, call: Call, ability: Ability) -> str:
        """Give the id of the door. Raises: NotThere, NotSupported before anything is ordered."""
        found = await self._known(call, managed=True)
        if ability not in self._kit.abilities_of(found.door.driver):
            raise NotSupported("this door cannot do that from afar")
        if found.severed_at is not None:
            raise NotSupported("the account of this door is disconnected: sign in to it again")
        return found.door.id

    async def _known(self, call: Call, *, managed: bool) -> Placed:
        """Find the device named by id. Raises: NotThere, OutOfReach."""
        door_id = call.args.required("device_id")

        async def look(view: View) -> Placed | None:
            door = await view.doors.get(door_id)
            return None if door is None else (await place(view, (door,)))[0]

        found = await self._kit.read(call, Permission.ESTATE_READ, look, Scope.door(door_id))
        if found is None or found.managed is not managed:
            raise NotThere("device_not_found", {"device_id": door_id})
        return found

    async def _one(self, call: Call) -> Device:
        found = await self._find(call, managed=True)
        return (await show_devices(self._kit, call, (found,)))[0]

    async def _find(self, call: Call, *, managed: bool) -> Placed:
        by = exactly_one(call.args, "device_id", "name")
        named = call.args.required(by)

        async def look(view: View) -> list[Placed]:
            if by == "device_id":
                door = await view.doors.get(named)
                doors: Sequence[Door] = () if door is None else (door,)
            else:
                listed = await view.doors.list(WHOLE, query=named)
                doors = [door for door in listed.items if door.name == named]
            seen = await doors_in_sight(view, call)
            visible = [door for door in doors if seen is None or door.id in seen]
            require_sight(by != "device_id" or len(visible) == len(doors))
            return [one for one in await place(view, visible) if one.managed is managed]

        found = await self._kit.read(call, Permission.ESTATE_READ, look)
        if not found:
            raise NotThere("device_not_found", {by: named})
        if len(found) > 1:
            raise InvalidInput({"name": ["Several devices have this name"]})
        return found[0]

    async def _page(self, call: Call, default: int, *, managed: bool) -> tuple[list[Placed], int | None]:
        page = self._kit.page_of(call, default)
        search = call.args.text("search")

        def keep(one: Placed) -> bool:
            metadata = metadata_of(one.notes)
            texts = (one.door.name, *(value for value in metadata.values() if isinstance(value, str)))
            return (
                one.managed is managed
                and has_metadata(call, metadata)
                and fits_device_filters(self._kit, call, one.door)
                and is_found(search, texts, (one.door.id,))
            )

        async def look(view: View) -> tuple[list[Placed], int | None]:
            wanted = await wanted_doors(view, call, ids_name="device_ids")

            async def fetch(part: Part) -> Listing[Placed]:
                ids = None if wanted is None else [*wanted]
                listed = await view.doors.list(part, ids=ids)
                return Listing(tuple(await place(view, listed.items)))

            before = call.args.instant("created_before"), lambda one: one.door.created_at
            return await scan(fetch, lambda one: one.door.number, page, keep, made_before=before)

        return await self._kit.read(call, Permission.ESTATE_READ, look)
