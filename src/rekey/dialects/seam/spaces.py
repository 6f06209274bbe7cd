"""Spaces: door groups that were made through this API."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import UNSET

from rekey.dialects.seam.connected_accounts import (
    accounts_of_space,
    show_own,
    show_upstream,
)
from rekey.dialects.seam.doors import (
    NAMESPACE,
    SPACE_ORIGIN,
    listed_doors,
    named_doors,
    place,
    show_devices,
    show_entrances,
)
from rekey.dialects.seam.errors import InvalidInput, NotThere
from rekey.dialects.seam.grant_scene import see_bundles
from rekey.dialects.seam.grant_shapes import show_method
from rekey.dialects.seam.kit import Call, Kit, is_found, scan
from rekey.dialects.seam.narrow import require_sight, sees_customer, sees_person
from rekey.dialects.seam.parameters import exactly_one
from rekey.dialects.seam.replies import reply_ok
from rekey.dialects.seam.translate import instant, show_system
from rekey.dialects.seam.wire_access import AccessMethod
from rekey.dialects.seam.wire_accounts import Batch, ConnectedAccount, CustomerData, Space
from rekey.domain.document import DocumentBody
from rekey.domain.estate import Door, DoorGroup
from rekey.domain.role import Permission
from rekey.operations.annotate import annotation_of, annotations_of
from rekey.operations.bundle_parts import bundles_at
from rekey.operations.end_door_group import EndDoorGroup, end_door_group
from rekey.operations.gather_doors import GatherDoors, RegatherDoors, gather_doors, regather_doors
from rekey.ports.listing import WHOLE
from rekey.ports.store import View
from rekey.webkit.message import Reply

DEFAULT_LIMIT = 500
_ID, _KEY = "space_id", "space_key"
_DATA = ("address", "default_checkin_time", "default_checkout_time", "time_zone")
RELATED = ("spaces", "devices", "acs_entrances", "connected_accounts", "acs_systems", "access_methods")


class Spaces:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def create(self, call: Call) -> Reply:
        args = call.args
        wanted = GatherDoors(
            name=args.required("name"),
            origin=SPACE_ORIGIN,
            door_ids=await named_doors(self._kit, call) or (),
            external_key=args.text(_KEY),
            customer_key=args.text("customer_key"),
            notes=await self._new_notes(call),
        )
        gathered = await self._kit.perform(call, gather_doors, wanted)
        return reply_ok(space=await self._show(call, gathered.group))

    async def get(self, call: Call) -> Reply:
        exactly_one(call.args, _ID, _KEY)
        return reply_ok(space=await self._show(call, await self._find(call)))

    async def list_spaces(self, call: Call) -> Reply:
        page, args = self._kit.page_of(call, DEFAULT_LIMIT), call.args
        key = args.text(_KEY)

        async def look(view: View) -> tuple[list[Space], int | None]:
            if key is not None:
                one = await view.door_groups.by_external_key(key)
                fits = one is not None and _is_space(one) and _fits(call, one)
                groups, last = [one] if one is not None and fits else [], None
            else:
                groups, last = await scan(
                    lambda part: view.door_groups.list(
                        part, origin=SPACE_ORIGIN, customer_key=args.text("customer_key")
                    ),
                    lambda group: group.number,
                    page,
                    lambda group: _fits(call, group),
                )
            return await show_spaces(view, groups), last

        spaces, last = await self._kit.read(call, Permission.ESTATE_READ, look)
        return reply_ok(spaces=spaces, pagination=self._kit.pagination(call, last))

    async def update(self, call: Call) -> Reply:
        """Rename a space, replace its doors whole, change what is known of it; null clears a member."""
        args = call.args
        group = await self._find(call)
        changes = args.mapping("customer_data")
        notes: DocumentBody = {}
        if changes is not None:
            kept = await self._notes(call, group)
            notes["customer_data"] = (
                _customer_data({**_mapping(kept.get("customer_data")), **changes}) or None
            )
        wanted = RegatherDoors(
            door_group_id=group.id,
            name=args.text("name"),
            external_key=args.text(_KEY) if _ID in args else None,
            door_ids=await named_doors(self._kit, call),
            notes=notes,
        )
        gathered = await self._kit.perform(call, regather_doors, wanted)
        return reply_ok(space=await self._show(call, gathered.group))

    async def delete(self, call: Call) -> Reply:
        """End a space; whoever held it loses what only it gave."""
        group = await self._find(call)
        await self._kit.perform(call, end_door_group, EndDoorGroup(door_group_id=group.id))
        return reply_ok()

    async def add_doors(self, call: Call) -> Reply:
        """Put devices or entrances into a space; one that is in it already is no error."""
        group = await self._find(call)
        wanted = RegatherDoors(door_group_id=group.id, adds=await named_doors(self._kit, call) or ())
        await self._kit.perform(call, regather_doors, wanted)
        return reply_ok()

    async def remove_doors(self, call: Call) -> Reply:
        """Take devices or entrances out of a space; absence is no error."""
        group = await self._find(call)
        wanted = RegatherDoors(door_group_id=group.id, removes=listed_doors(call) or ())
        await self._kit.perform(call, regather_doors, wanted)
        return reply_ok()

    async def add_account(self, call: Call) -> Reply:
        """Tag a space with an account; this puts no door into it."""
        account_id = call.args.required("connected_account_id")
        await self._require_account(call, account_id)
        return await self._tag(call, lambda ids: [*dict.fromkeys((*ids, account_id))])

    async def remove_account(self, call: Call) -> Reply:
        account_id = call.args.required("connected_account_id")
        return await self._tag(call, lambda ids: [one for one in ids if one != account_id])

    async def get_related(self, call: Call) -> Reply:
        """Give spaces with what belongs to them, of the kinds that were asked for."""
        wanted = _related(call)

        async def look(view: View) -> dict[str, Any]:
            groups = await _named(view, call)
            doors = await _doors_of(view, groups)
            parts: dict[str, Any] = {"spaces": await show_spaces(view, groups)}
            parts["connected_accounts"] = await _accounts(view, groups)
            sites = {site.id: site for site in (await view.sites.list(WHOLE)).items}
            parts["acs_systems"] = [
                show_system(sites[site_id], workspace_id=view.organization_id)
                for site_id in dict.fromkeys(door.site_id for door in doors)
            ]
            parts["placed"] = await place(view, doors)
            parts["access_methods"] = await self._methods(call, view, groups)
            return parts

        parts = await self._kit.read(call, Permission.ESTATE_READ, look)
        placed = parts.pop("placed")
        parts["devices"] = await show_devices(self._kit, call, placed) if "devices" in wanted else []
        parts["acs_entrances"] = show_entrances(self._kit, call, placed)
        return reply_ok(batch=Batch(**{name: parts[name] for name in RELATED if name in wanted}))

    async def _methods(self, call: Call, view: View, groups: list[DoorGroup]) -> list[AccessMethod]:
        """Give the methods of the grants at these spaces, as far as the caller may see their people."""
        ids = {id_ for group in groups for id_ in await bundles_at(view, group.id)}
        bundles = (await view.bundles.list(WHOLE, ids=sorted(ids))).items if ids else ()
        return [
            show_method(one, seen, workspace_id=view.organization_id)
            for seen in await see_bundles(self._kit, call, view, bundles)
            if sees_person(call.session, seen.person)
            for one in seen.media
        ]

    async def _tag(self, call: Call, change: Callable[[list[str]], list[str]]) -> Reply:
        group = await self._find(call)
        kept = (await self._notes(call, group)).get("connected_account_ids")
        ids = [one for one in kept if isinstance(one, str)] if isinstance(kept, list) else []
        wanted = RegatherDoors(
            door_group_id=group.id, notes={"connected_account_ids": [*change(ids)] or None}
        )
        await self._kit.perform(call, regather_doors, wanted)
        return reply_ok()

    async def _require_account(self, call: Call, account_id: str) -> None:
        async def look(view: View) -> None:
            if account_id != view.organization_id and await view.upstreams.get(account_id) is None:
                raise NotThere("connected_account_not_found", {"connected_account_id": account_id})

        await self._kit.read(call, Permission.ESTATE_READ, look)

    async def _new_notes(self, call: Call) -> DocumentBody:
        notes: DocumentBody = {}
        accounts = call.args.ids("connected_account_ids")
        for account_id in accounts or ():
            await self._require_account(call, account_id)
        if accounts:
            notes["connected_account_ids"] = [*accounts]
        data = _customer_data(call.args.mapping("customer_data") or {})
        if data:
            notes["customer_data"] = data
        return notes

    async def _notes(self, call: Call, group: DoorGroup) -> Mapping[str, object]:
        async def look(view: View) -> Mapping[str, object]:
            return await annotation_of(view, NAMESPACE, group.id)

        return await self._kit.read(call, Permission.ESTATE_READ, look)

    async def _find(self, call: Call) -> DoorGroup:
        """Find the space by its id, or where none was sent by its key. Raises: NotThere, OutOfReach."""
        return await self._kit.read(call, Permission.ESTATE_READ, lambda view: find_space(view, call))

    async def _show(self, call: Call, group: DoorGroup) -> Space:
        async def look(view: View) -> Space:
            return (await show_spaces(view, [group]))[0]

        return await self._kit.read(call, Permission.ESTATE_READ, look)


async def find_space(view: View, call: Call) -> DoorGroup:
    """Find the space that is named by id or key. Raises: NotThere, InvalidInput, OutOfReach."""
    space_id, key = call.args.text(_ID), call.args.text(_KEY)
    if space_id is not None:
        group = await view.door_groups.get(space_id)
    elif key is not None:
        group = await view.door_groups.by_external_key(key)
    else:
        raise InvalidInput(root=[f"Must provide exactly one of {_ID} or {_KEY}"])
    if group is None or not _is_space(group):
        named = {_ID: space_id} if space_id is not None else {_KEY: key}
        raise NotThere("space_not_found", {**named})
    require_sight(sees_customer(call.session, group.customer_key))
    return group


async def show_spaces(view: View, groups: list[DoorGroup]) -> list[Space]:
    """Show spaces with what is noted of them and how many doors they have."""
    notes = await annotations_of(view, NAMESPACE, [group.id for group in groups])
    shown = []
    for group in groups:
        places = await view.door_groups.places(WHOLE, door_group_id=group.id)
        shown.append(_show(group, notes[group.id], len(places.items), view.organization_id))
    return shown


def _show(group: DoorGroup, notes: Mapping[str, object], doors: int, workspace_id: str) -> Space:
    data = _mapping(notes.get("customer_data"))
    return Space(
        space_id=group.id,
        workspace_id=workspace_id,
        name=group.name,
        display_name=group.name,
        space_key=group.external_key or UNSET,
        customer_key=group.customer_key or UNSET,
        customer_data=CustomerData(**data) if data else UNSET,
        device_count=doors,
        acs_entrance_count=doors,
        warnings=[],
        created_at=instant(group.created_at),
    )


def _is_space(group: DoorGroup) -> bool:
    return group.origin == SPACE_ORIGIN


def _fits(call: Call, group: DoorGroup) -> bool:
    customer = call.args.text("customer_key")
    return (
        sees_customer(call.session, group.customer_key)
        and customer in {None, group.customer_key}
        and is_found(
            call.args.text("search"), (group.name, group.external_key, group.customer_key), (group.id,)
        )
    )


def _customer_data(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Read what is known of a space; null takes a member away. Raises: InvalidInput."""
    for name in _DATA:
        if sent.get(name) is not None and not isinstance(sent[name], str):
            raise InvalidInput({"customer_data": [f"Expected string for {name}"]})
    return {name: sent[name] for name in _DATA if sent.get(name) is not None}


def _mapping(value: object) -> dict[str, Any]:
    return {name: value[name] for name in _DATA if name in value} if isinstance(value, dict) else {}


def _related(call: Call) -> frozenset[str]:
    include, exclude = call.args.texts("include"), call.args.texts("exclude")
    for name, kinds in (("include", include), ("exclude", exclude)):
        if set(kinds or ()) - {*RELATED}:
            raise InvalidInput({name: [f"Expected some of {', '.join(RELATED)}"]})
    return frozenset(RELATED if include is None else include) - {*(exclude or ())}


async def _named(view: View, call: Call) -> list[DoorGroup]:
    ids, keys = call.args.ids("space_ids"), call.args.texts("space_keys")
    if not ids and not keys:
        raise InvalidInput(root=["Must provide space_ids or space_keys"])
    found = [*(await view.door_groups.list(WHOLE, ids=[*ids])).items] if ids else []
    for key in keys or ():
        group = await view.door_groups.by_external_key(key)
        if group is not None:
            found.append(group)
    kept = {group.id: group for group in found if _is_space(group)}
    return [group for group in kept.values() if sees_customer(call.session, group.customer_key)]


async def _doors_of(view: View, groups: list[DoorGroup]) -> list[Door]:
    ids: list[str] = []
    for group in groups:
        places = await view.door_groups.places(WHOLE, door_group_id=group.id)
        ids += [place.door_id for place in places.items]
    return [*(await view.doors.list(WHOLE, ids=[*dict.fromkeys(ids)])).items] if ids else []


async def _accounts(view: View, groups: list[DoorGroup]) -> list[ConnectedAccount]:
    ids: set[str] = set()
    for group in groups:
        ids |= await accounts_of_space(view, group.id)
    found = (await view.upstreams.list(WHOLE, ids=[*ids])).items if ids else ()
    shown = [show_upstream(one, dict(await annotation_of(view, NAMESPACE, one.id))) for one in found]
    return [*([await show_own(view)] if view.organization_id in ids else []), *shown]
