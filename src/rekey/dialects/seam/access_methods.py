"""Access methods: the ways to open what an access grant opens."""

from rekey.dialects.seam.access_grants import bundles_at_door
from rekey.dialects.seam.access_related import RELATED_TO_METHODS, related, wanted_kinds
from rekey.dialects.seam.code_attempts import show_card_attempt
from rekey.dialects.seam.errors import InvalidInput, NotSupported, NotThere
from rekey.dialects.seam.grant_scene import see_medium
from rekey.dialects.seam.grant_shapes import show_method
from rekey.dialects.seam.kit import Call, Kit, scan
from rekey.dialects.seam.narrow import require_sight, sees_person
from rekey.dialects.seam.parameters import exactly_one
from rekey.dialects.seam.replies import reply_ok
from rekey.dialects.seam.translate import show_attempt, show_denied_attempt
from rekey.dialects.seam.wire_access import AccessMethod, CardAttempt
from rekey.domain.bundle import Bundle, MediumKind
from rekey.domain.circumstances import Circumstances, Means
from rekey.domain.credential import CredentialKind
from rekey.domain.journal import JournalRow
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.end_bundle import BindCard, EndMedia, bind_card, end_media
from rekey.operations.present_credential import PresentCredential, present_credential
from rekey.ports.listing import WHOLE
from rekey.ports.store import View
from rekey.webkit.message import Reply

DEFAULT_LIMIT = 500
_ID, _GRANT, _STAY = "access_method_id", "access_grant_id", "reservation_key"
CARD_ATTEMPTS = frozenset({"bundle.card_bound", "bundle.card_missing"})
_FILTERS = (
    "access_code_id",
    "access_grant_id",
    "access_grant_key",
    "acs_entrance_id",
    "device_id",
    "space_id",
)


class AccessMethods:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def get(self, call: Call) -> Reply:
        return reply_ok(access_method=await self._show(call, call.args.required(_ID)))

    async def list_methods(self, call: Call) -> Reply:
        if not any(name in call.args for name in _FILTERS):
            raise InvalidInput(root=["Must provide at least one filter, such as access_grant_id"])
        page = self._kit.page_of(call, DEFAULT_LIMIT)

        async def look(view: View) -> tuple[list[AccessMethod], int | None]:
            ids, bundle_ids = await _narrowed(view, call)
            media, last = await scan(
                lambda part: view.media.list(part, ids=ids, bundle_ids=bundle_ids),
                lambda medium: medium.number,
                page,
            )
            shown = []
            for medium in media:
                seen = await see_medium(self._kit, call, view, medium.id)
                if seen is not None:
                    shown.append(show_method(*seen, workspace_id=view.organization_id))
            return shown, last

        methods, last = await self._kit.read(call, Permission.PEOPLE_READ, look)
        return reply_ok(access_methods=methods, pagination=self._kit.pagination(call, last))

    async def delete(self, call: Call) -> Reply:
        """End one method, those of a grant, or those of a reservation; the grants stay."""
        by = exactly_one(call.args, _ID, _GRANT, _STAY)
        ids = await self._to_end(call, by)
        if ids:
            await self._kit.perform(call, end_media, EndMedia(medium_ids=ids))
        return reply_ok()

    async def assign_card(self, call: Call) -> Reply:
        """Bind a card of the workspace's stock; a number that is not there makes an attempt that failed."""
        medium_id, number = call.args.required(_ID), call.args.required("card_number")
        await self._show(call, medium_id)
        bound = await self._kit.perform(call, bind_card, BindCard(medium_id=medium_id, card_number=number))
        method = None if bound.medium is None else await self._show(call, medium_id)
        return reply_ok(action_attempt=show_card_attempt(bound.row.id, method))

    async def unlock_door(self, call: Call) -> Reply:
        """Open an entrance in the person's name, within the method's doors and window."""
        medium_id, door_id = call.args.required(_ID), call.args.required("acs_entrance_id")

        async def look(view: View) -> str:
            medium = await view.media.get(medium_id)
            if medium is None:
                raise NotThere("access_method_not_found", {_ID: medium_id})
            if await view.doors.get(door_id) is None:
                raise NotThere("acs_entrance_not_found", {"acs_entrance_id": door_id})
            if medium.kind is not MediumKind.CLOUD_KEY:
                raise NotSupported("only a method with the mode cloud_key opens doors from afar")
            held = None if medium.credential_id is None else await view.credentials.get(medium.credential_id)
            return "" if held is None else held.fingerprint

        fingerprint = await self._kit.read(call, Permission.PEOPLE_READ, look, Scope.door(door_id))
        wanted = PresentCredential(
            door_id=door_id,
            kind=CredentialKind.LINK,
            fingerprint=fingerprint,
            circumstances=Circumstances(means=Means.CLOUD),
        )
        shown = await self._kit.perform(call, present_credential, wanted)
        if shown.order is None:
            return reply_ok(action_attempt=show_denied_attempt(shown.row))
        running = self._kit.services.orders.start(call.actor, shown.door, shown.order)
        order = await running if call.args.flag("sync") else shown.order
        return reply_ok(action_attempt=show_attempt(order))

    async def get_related(self, call: Call) -> Reply:
        """Give methods with what belongs to them, of the kinds that were asked for."""
        kinds = wanted_kinds(call, RELATED_TO_METHODS)
        ids = call.args.ids("access_method_ids") or ()

        async def look(view: View) -> list[Bundle]:
            media = (await view.media.list(WHOLE, ids=[*ids])).items if ids else ()
            named = [*dict.fromkeys(medium.bundle_id for medium in media)]
            return [*(await view.bundles.list(WHOLE, ids=named)).items] if named else []

        bundles = await self._kit.read(call, Permission.PEOPLE_READ, look)
        batch = await related(self._kit, call, bundles, kinds | {"access_methods"}, media=ids)
        return reply_ok(batch=batch)

    async def get_unmanaged(self, call: Call) -> Reply:
        """Refuse: nothing here is given by anybody else."""
        raise NotThere("access_method_not_found", {_ID: call.args.required(_ID)})

    async def list_unmanaged(self, call: Call) -> Reply:
        """List none: nothing here is given by anybody else."""
        await self._kit.read(call, Permission.PEOPLE_READ, _nothing)
        return reply_ok(access_methods=[])

    async def _show(self, call: Call, medium_id: str) -> AccessMethod:
        return await show_one(self._kit, call, medium_id)

    async def _to_end(self, call: Call, by: str) -> tuple[str, ...]:
        named = call.args.required(by)

        async def look(view: View) -> tuple[str, ...]:
            if by == _ID:
                leaving = await see_medium(self._kit, call, view, named)
                return () if leaving is not None and leaving[0].medium.ended_at is not None else (named,)
            if by == _GRANT:
                if await view.bundles.get(named) is None:
                    raise NotThere("access_grant_not_found", {_GRANT: named})
                bundle_ids = [named]
            else:
                bundle_ids = [one.id for one in (await view.bundles.list(WHOLE, stay_key=named)).items]
            media = (await view.media.list(WHOLE, bundle_ids=bundle_ids)).items if bundle_ids else ()
            return tuple(medium.id for medium in media)

        return await self._kit.read(call, Permission.PEOPLE_READ, look)


async def card_attempt(kit: Kit, call: Call, row: JournalRow) -> CardAttempt:
    """Show what became of an attempt to bind a card, by the row of its act."""
    lines = row.detail.get("media")
    first = lines[0] if isinstance(lines, list) and lines else None
    if not isinstance(first, dict):
        return show_card_attempt(row.id, None)
    return show_card_attempt(row.id, await show_one(kit, call, str(first.get("medium"))))


async def show_one(kit: Kit, call: Call, medium_id: str) -> AccessMethod:
    """Show one method. Raises: NotThere, OutOfReach."""

    async def look(view: View) -> AccessMethod:
        seen = await see_medium(kit, call, view, medium_id)
        if seen is None:
            raise NotThere("access_method_not_found", {_ID: medium_id})
        require_sight(sees_person(call.session, seen[1].person))
        return show_method(*seen, workspace_id=view.organization_id)

    return await kit.read(call, Permission.PEOPLE_READ, look)


async def _narrowed(view: View, call: Call) -> tuple[list[str] | None, list[str] | None]:
    """Give the ids of methods and of grants to which the filters narrow; None for all."""
    args = call.args
    ids: list[str] | None = None
    sets: list[set[str]] = []
    code_id = args.text("access_code_id")
    if code_id is not None:
        code = await view.door_codes.get(code_id)
        ids = [] if code is None or code.medium_id is None else [code.medium_id]
    if args.text(_GRANT) is not None:
        sets.append({args.required(_GRANT)})
    key = args.text("access_grant_key")
    if key is not None:
        bundle = await view.bundles.by_external_key(key)
        sets.append(set() if bundle is None else {bundle.id})
    doors = [*args.sent("device_id", "acs_entrance_id").values()]
    sets += [await bundles_at_door(view, door_id) for door_id in doors]
    space_id = args.text("space_id")
    if space_id is not None:
        places = (await view.door_groups.places(WHOLE, door_group_id=space_id)).items
        found = {id_ for place in places for id_ in await bundles_at_door(view, place.door_id)}
        sets.append(found)
    return ids, [*set.intersection(*sets)] if sets else None


async def _nothing(_view: View) -> None:
    """Look at nothing, where only the permission is asked for."""
