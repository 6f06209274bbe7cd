"""Access codes: PINs at doors."""

from datetime import datetime

from rekey.dialects.seam.code_attempts import show_code_attempt
from rekey.dialects.seam.code_shapes import (
    Seen,
    code_by_digits,
    facts_of_doors,
    is_unmanaged,
    proposed_code,
    see_codes,
    show_codes,
)
from rekey.dialects.seam.doors import LENGTHS, NAMESPACE, Placed, place, wanted_doors
from rekey.dialects.seam.errors import InvalidInput, NotSupported, NotThere, NotTimeBound
from rekey.dialects.seam.kit import Call, Kit, is_found, scan
from rekey.dialects.seam.narrow import doors_in_sight, require_sight
from rekey.dialects.seam.offline_codes import is_offline, refuse_offline, wanted_offline, window_of
from rekey.dialects.seam.rate_limit import DoorLimits
from rekey.dialects.seam.replies import reply_ok
from rekey.dialects.seam.wire_access import AccessCode
from rekey.domain.door_code import DoorCode, Reserve
from rekey.domain.errors import AlreadyExists, Conflict, DoorOffline, NotFound
from rekey.domain.journal import JournalRow
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.domain.validity import ALWAYS, Validity
from rekey.operations.add_codes import AddCodes, add_codes
from rekey.operations.add_computed_code import add_computed_code
from rekey.operations.annotate import Annotate, AnnotatedKind, annotate
from rekey.operations.code_parts import CodesDone
from rekey.operations.edit_codes import EditCodes, EndCode, PullCode, edit_codes, end_code, pull_code
from rekey.operations.pins import LONGEST, SHORTEST, DoorFacts
from rekey.operations.propose_pin import ProposePin, propose_pin
from rekey.ports.listing import WHOLE
from rekey.ports.store import View
from rekey.webkit.message import Reply
from rekey.webkit.receipt_links import receipt_header

DEFAULT_LIMIT = 10_000
_ID = "access_code_id"
_FILTERS = (
    "access_code_ids",
    "access_grant_id",
    "access_grant_key",
    "access_method_id",
    "customer_key",
    "device_id",
    "search",
    "user_identifier_key",
)
_OWN_DIGITS = "create_random_code"


class AccessCodes:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._limits = DoorLimits(limited=kit.settings.door_calls_limited)

    async def create(self, call: Call) -> Reply:
        """Give a device a PIN."""
        door_id = call.args.required("device_id")
        await self._ready(call, door_id)
        self._limits.count(self._kit.now, "create_code", door_id)
        done = await (self._add_offline if is_offline(call) else self._add)(call, (door_id,))
        code = await self._shown(call, done.codes[0].id)
        attempt = await self._attempt(call, done.row)
        return reply_ok(access_code=code, action_attempt=attempt)

    async def create_multiple(self, call: Call) -> Reply:
        """Give several devices the same PIN, or where they can't share it some their own."""
        door_ids = call.args.ids("device_ids") or ()
        if not door_ids:
            raise InvalidInput({"device_ids": ["Array must contain at least 1 element(s)"]})
        for door_id in door_ids:
            await self._ready(call, door_id)
        done = await self._add(call, door_ids)
        return reply_ok(access_codes=await self._all(call, [code.id for code in done.codes]))

    async def get(self, call: Call) -> Reply:
        return reply_ok(access_code=await self._shown(call, await self._named(call)))

    async def list_codes(self, call: Call) -> Reply:
        if not any(name in call.args for name in _FILTERS):
            raise InvalidInput(root=["Must provide at least one filter, such as device_id"])
        page = self._kit.page_of(call, DEFAULT_LIMIT)
        search = call.args.text("search")

        async def look(view: View) -> tuple[list[Seen], int | None]:
            doors, ids, media = await _narrowed(view, call)

            def keep(code: DoorCode) -> bool:
                shown = not is_unmanaged(code) and code.reserve is not Reserve.WAITING
                return shown and (doors is None or code.door_id in doors)

            codes, last = await scan(
                lambda part: view.door_codes.list(
                    part, door_id=call.args.text("device_id"), ids=ids, medium_ids=media
                ),
                lambda code: code.number,
                page,
                keep,
            )
            seen = await see_codes(self._kit, view, codes)
            return [
                one for one in seen if is_found(search, (one.code.name, one.digits), (one.code.id,))
            ], last

        seen, last = await self._kit.read(call, Permission.ESTATE_READ, look)
        codes = await show_codes(self._kit, call, seen)
        return reply_ok(access_codes=codes, pagination=self._kit.pagination(call, last))

    async def update(self, call: Call) -> Reply:
        """Change PIN, name, window or type; the attempt ends when the device has it."""
        code, current = await self._standing(call)
        self._limits.count(self._kit.now, "update_code", code.door_id)
        refuse_offline(call)
        if call.args.boolean("is_managed") is False:
            raise NotSupported("a code that this server gave can't be given up: delete it")
        wanted = EditCodes(
            code_ids=(code.id,),
            name=call.args.text("name"),
            validity=_new_window(call, current, self._kit.now),
            digits=call.args.text("code"),
            native=call.args.boolean("prefer_native_scheduling"),
            lets_change=_lets_change(call),
            facts=await self._facts(call, (code.door_id,)),
        )
        done = await self._kit.perform(call, edit_codes, wanted)
        await self._settle(call, code.door_id)
        return reply_ok(action_attempt=await self._attempt(call, done.row))

    async def update_multiple(self, call: Call) -> Reply:
        """Change all codes that were made together."""
        key = call.args.required("common_code_key")

        async def look(view: View) -> list[Seen]:
            codes = (await view.door_codes.list(WHOLE, common_key=key)).items
            return [one for one in await see_codes(self._kit, view, codes) if one.credential.ended_at is None]

        seen = await self._kit.read(call, Permission.ESTATE_READ, look)
        if not seen:
            raise NotThere("access_code_not_found", {"common_code_key": key})
        wanted = EditCodes(
            code_ids=tuple(one.code.id for one in seen),
            name=call.args.text("name"),
            validity=_new_window(call, seen[0].credential.validity, self._kit.now),
            facts=await self._facts(call, tuple(one.code.door_id for one in seen)),
        )
        await self._kit.perform(call, edit_codes, wanted)
        return reply_ok()

    async def delete(self, call: Call) -> Reply:
        """Remove a PIN; the attempt ends when the device has proved that it is gone. Repeating gives it again."""
        code = (await self._seen(call, call.args.required(_ID))).code
        if call.args.text("device_id") not in {None, code.door_id}:
            raise NotThere("access_code_not_found", {_ID: code.id})
        self._limits.count(self._kit.now, "delete_code", code.door_id)
        ended = await self._kit.perform(call, end_code, EndCode(code_id=code.id))
        await self._settle(call, code.door_id)
        reply = reply_ok(action_attempt=await self._attempt(call, ended.row))
        if ended.revocation is None:
            return reply
        return reply.with_headers(receipt_header(ended.revocation.id))

    async def generate_code(self, call: Call) -> Reply:
        """Propose a PIN that the device could have now; nothing is kept."""
        door_id = call.args.required("device_id")
        await self._ready(call, door_id)
        facts = (await self._facts(call, (door_id,)))[0]
        core = self._kit.services.core
        digits = await core.rehearse(propose_pin, call.actor, ProposePin(door=facts))
        proposed = proposed_code(
            core.entropy.new_id(), door_id, digits, now=self._kit.now, workspace_id=call.workspace_id
        )
        return reply_ok(generated_code=proposed)

    async def pull_backup(self, call: Call) -> Reply:
        """Swap to a backup PIN, which works already; the same one each time."""
        code, current = await self._standing(call)
        if current.end is None:
            raise NotTimeBound("this code never ends, so no backup code stands in for it")
        facts = (await self._facts(call, (code.door_id,)))[0]
        try:
            pulled = await self._kit.perform(call, pull_code, PullCode(code_id=code.id, facts=facts))
        except Conflict as empty:
            if isinstance(empty, AlreadyExists):
                raise
            raise NotThere("backup_access_code_not_found", {_ID: code.id}) from empty
        original, backup = await self._all(call, [code.id, pulled.id])
        return reply_ok(access_code=original, backup_access_code=backup)

    async def report_constraints(self, call: Call) -> Reply:
        """Note which numbers of digits a device takes, for codes from now on."""
        args, door_id = call.args, call.args.required("device_id")
        await self._ready(call, door_id)
        lengths = [*args.numbers("supported_code_lengths")]
        least, most = args.number("min_code_length", SHORTEST), args.number("max_code_length", LONGEST)
        if lengths and ("min_code_length" in args or "max_code_length" in args):
            raise InvalidInput(root=["Provide supported_code_lengths or the shortest and longest, not both"])
        if not lengths and not ("min_code_length" in args or "max_code_length" in args):
            raise InvalidInput(
                root=["Must provide supported_code_lengths, min_code_length or max_code_length"]
            )
        kept = lengths or [*range(max(least, 1), min(most, LONGEST) + 1)]
        wanted = Annotate(
            kind=AnnotatedKind.DOOR, id=door_id, namespace=NAMESPACE, changes={LENGTHS: [*sorted({*kept})]}
        )
        await self._kit.perform(call, annotate, wanted)
        return reply_ok()

    async def _add_offline(self, call: Call, door_ids: tuple[str, ...]) -> CodesDone:
        (facts,) = await self._facts(call, door_ids)
        return await self._kit.perform(call, add_computed_code, wanted_offline(call, facts, self._kit.now))

    async def _add(self, call: Call, door_ids: tuple[str, ...]) -> CodesDone:
        refuse_offline(call)
        args, validity = call.args, _window(call, self._kit.now)
        pool = args.flag("use_backup_access_code_pool")
        if pool and validity.end is None:
            raise InvalidInput({"use_backup_access_code_pool": ["Needs starts_at and ends_at"]})
        if "code" in args and "preferred_code_length" in args:
            raise InvalidInput(root=["Provide code or preferred_code_length, not both"])
        length = args.number("preferred_code_length", 0) or None
        wanted = AddCodes(
            doors=await self._facts(call, door_ids),
            digits=args.text("code"),
            length=length,
            own_digits=args.text("behavior_when_code_cannot_be_shared") == _OWN_DIGITS,
            name=args.text("name") or "",
            validity=validity,
            native=args.boolean("prefer_native_scheduling") is not False,
            lets_change=_lets_change(call) is True,
            max_uses=1 if args.flag("is_one_time_use") else None,
            with_reserve=pool,
        )
        done = await self._kit.perform(call, add_codes, wanted)
        for door_id in door_ids:
            await self._settle(call, door_id)
        return done

    async def _ready(self, call: Call, door_id: str) -> Placed:
        """Find the device and see that it can have codes. Raises: NotThere, OutOfReach, NotSupported."""
        found = await self._door(call, door_id)
        facts = await self._facts(call, (door_id,))
        offline = is_offline(call)
        if not facts or not (facts[0].computer if offline else facts[0].lengths):
            kind = "offline access codes" if offline else "access codes"
            raise NotSupported(f"this device cannot be given {kind}")
        if found.severed_at is not None:
            raise NotSupported("the account of this device is disconnected: sign in to it again")
        if call.args.boolean("attempt_for_offline_device") is False and not offline:
            state = (await self._kit.observe(call, [(found.door, found.site)]))[0]
            if not state.online:
                raise DoorOffline("the device cannot be reached now")
        return found

    async def _door(self, call: Call, door_id: str) -> Placed:
        async def look(view: View) -> Placed | None:
            door = await view.doors.get(door_id)
            seen = await doors_in_sight(view, call)
            require_sight(seen is None or door_id in seen)
            return None if door is None else (await place(view, [door]))[0]

        found = await self._kit.read(call, Permission.ESTATE_READ, look, Scope.door(door_id))
        if found is None or not found.managed:
            raise NotThere("device_not_found", {"device_id": door_id})
        return found

    async def _facts(self, call: Call, door_ids: tuple[str, ...]) -> tuple[DoorFacts, ...]:
        return await self._kit.read(
            call, Permission.ESTATE_READ, lambda view: facts_of_doors(self._kit, view, door_ids)
        )

    async def _named(self, call: Call) -> str:
        """Give the id of the code that is named by its id, or by its device and its digits."""
        args = call.args
        door_id, digits = args.text("device_id"), args.text("code")
        if (_ID in args) == (door_id is not None and digits is not None):
            raise InvalidInput(root=["Must provide access_code_id, or both device_id and code"])
        if _ID in args:
            return args.required(_ID)

        async def look(view: View) -> str | None:
            return await code_by_digits(self._kit, view, door_id or "", digits or "")

        found = await self._kit.read(call, Permission.ESTATE_READ, look)
        if found is None:
            raise NotThere("access_code_not_found", {"device_id": door_id})
        return found

    async def _standing(self, call: Call) -> tuple[DoorCode, Validity]:
        """Find the code that is named, if it has not been deleted. Raises: NotThere, OutOfReach."""
        seen = await self._seen(call, call.args.required(_ID))
        door_id = call.args.text("device_id")
        if seen.credential.ended_at is not None or door_id not in {None, seen.code.door_id}:
            raise NotThere("access_code_not_found", {_ID: seen.code.id})
        return seen.code, seen.credential.validity

    async def _seen(self, call: Call, code_id: str) -> Seen:
        async def look(view: View) -> list[Seen]:
            code = await view.door_codes.get(code_id)
            hidden = code is None or code.reserve is Reserve.WAITING
            seen = [] if code is None or hidden else await see_codes(self._kit, view, [code])
            sight = await doors_in_sight(view, call)
            require_sight(sight is None or all(one.code.door_id in sight for one in seen))
            return seen

        seen = await self._kit.read(call, Permission.ESTATE_READ, look)
        if not seen:
            raise NotFound("code", code_id)
        return seen[0]

    async def _shown(self, call: Call, code_id: str) -> AccessCode:
        return (await show_codes(self._kit, call, [await self._seen(call, code_id)]))[0]

    async def _all(self, call: Call, ids: list[str]) -> list[AccessCode]:
        return await show_codes(self._kit, call, [await self._seen(call, id_) for id_ in ids])

    async def _settle(self, call: Call, door_id: str) -> None:
        """With `sync`, bring the door forward before the answer."""
        if not call.args.flag("sync"):
            return
        organization_id = call.actor.organization_id
        services = self._kit.services
        door = await services.core.store.read(organization_id, lambda view: view.access.door(door_id))
        if door is not None:
            await services.logs.serve(call.actor, door)

    async def _attempt(self, call: Call, row: JournalRow) -> object:
        return await show_code_attempt(self._kit, call, row)


async def _narrowed(
    view: View, call: Call
) -> tuple[frozenset[str] | None, tuple[str, ...] | None, list[str] | None]:
    """Give the doors, ids and media to which filters and the caller's session narrow; None for all."""
    args = call.args
    doors = await doors_in_sight(view, call)
    customer, identifier = args.text("customer_key"), args.text("user_identifier_key")
    if customer is not None or identifier is not None:
        wanted = await _doors_of_filters(view, call)
        doors = wanted if doors is None else doors & wanted
    medium_id = args.text("access_method_id")
    media = None if medium_id is None else [medium_id]
    grant_id, key = args.text("access_grant_id"), args.text("access_grant_key")
    if grant_id is not None or key is not None:
        bundle = await view.bundles.by_external_key(key or "") if grant_id is None else None
        bundle_id = grant_id if bundle is None else bundle.id
        of_grant = (await view.media.list(WHOLE, bundle_ids=[bundle_id or ""])).items
        media = [one.id for one in of_grant if media is None or one.id in media]
    return doors, args.ids("access_code_ids"), media


async def _doors_of_filters(view: View, call: Call) -> frozenset[str]:
    return await wanted_doors(view, call, ids_name="device_ids") or frozenset()


def _lets_change(call: Call) -> bool | None:
    """Read a member that has two names, the newer first."""
    newer = call.args.boolean("is_external_modification_allowed")
    return call.args.boolean("allow_external_modification") if newer is None else newer


def _window(call: Call, now: datetime) -> Validity:
    """Read both bounds or neither. Raises: InvalidInput."""
    start, end = call.args.instant("starts_at"), call.args.instant("ends_at")
    if (start is None) != (end is None):
        raise InvalidInput(root=["starts_at and ends_at must be provided together"])
    return ALWAYS if end is None else window_of(start, end, now)


def _new_window(call: Call, current: Validity, now: datetime) -> Validity | None:
    """Read a changed window; None where nothing of it was sent. Raises: InvalidInput."""
    args = call.args
    kind = args.text("type")
    if kind == "ongoing":
        if args.instant("starts_at") is not None or args.instant("ends_at") is not None:
            raise InvalidInput({"type": ["An ongoing code has no window"]})
        return ALWAYS
    if kind not in {None, "time_bound"}:
        raise InvalidInput({"type": ["Invalid enum value"]})
    sent = "starts_at" in args or "ends_at" in args
    start = args.instant("starts_at") if "starts_at" in args else current.start
    end = args.instant("ends_at") if "ends_at" in args else current.end
    if kind == "time_bound" and end is None:
        raise InvalidInput({"ends_at": ["Required"]})
    return window_of(start, end, now) if sent else None
