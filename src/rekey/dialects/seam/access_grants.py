"""Access grants: what a person is given together."""

from collections.abc import Iterable, Mapping
from typing import Any

from rekey.dialects.seam.access_related import RELATED_TO_GRANTS, related, wanted_kinds
from rekey.dialects.seam.code_shapes import facts_of_doors
from rekey.dialects.seam.doors import SPACE_ORIGIN, named_doors
from rekey.dialects.seam.errors import InvalidInput, NotThere
from rekey.dialects.seam.grant_scene import see_bundle, see_bundles
from rekey.dialects.seam.grant_shapes import show_grant
from rekey.dialects.seam.instant_keys import LIFETIME, new_session
from rekey.dialects.seam.kit import Call, Kit, is_found, scan
from rekey.dialects.seam.narrow import require_sight, sees_person
from rekey.dialects.seam.offline_codes import window_of
from rekey.dialects.seam.parameters import exactly_one
from rekey.dialects.seam.replies import reply_ok
from rekey.dialects.seam.translate import stand_in_name
from rekey.dialects.seam.wire_access import AccessGrant
from rekey.domain.bundle import Bundle, MediumKind, bundle_of
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.add_person import AddPerson
from rekey.operations.bundle_media import WantedMedium
from rekey.operations.bundle_parts import doors_of_places
from rekey.operations.edit_bundle import EditBundle, edit_bundle
from rekey.operations.end_bundle import AddMedia, EndBundle, add_media, end_bundle
from rekey.operations.give_bundle import GiveBundle, give_bundle
from rekey.operations.pins import DoorFacts
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.rights import GrantFilter
from rekey.ports.store import View
from rekey.webkit.message import Reply

DEFAULT_LIMIT = 500
_ID, _KEY = "access_grant_id", "access_grant_key"
_MODES = {kind.value: kind for kind in MediumKind}
_SHORTEST, _LONGEST = 4, 9


class AccessGrants:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def create(self, call: Call) -> Reply:
        """Give a known person, or one who is made for it, doors and spaces with the methods asked for."""
        args = call.args
        by = exactly_one(args, "user_identity_id", "user_identity")
        door_ids = await named_doors(self._kit, call) or ()
        space_ids = await self._spaces(call) or ()
        if not door_ids and not space_ids:
            raise InvalidInput(root=["Must provide device_ids, acs_entrance_ids, space_ids or space_keys"])
        media = wanted_media(self._kit, call)
        wanted = GiveBundle(
            person_id=args.text("user_identity_id"),
            newcomer=_newcomer(args.mapping("user_identity") or {}) if by == "user_identity" else None,
            name=args.text("name") or "",
            external_key=args.text(_KEY),
            stay_key=args.text("reservation_key"),
            validity=window_of(args.instant("starts_at"), args.instant("ends_at"), self._kit.now),
            door_ids=door_ids,
            door_group_ids=space_ids,
            media=media,
            facts=await self._facts(call, door_ids, space_ids),
        )
        given = await self._kit.perform(call, give_bundle, wanted)
        return reply_ok(access_grant=await self._show(call, given.bundle.id))

    async def get(self, call: Call) -> Reply:
        bundle = await self._named(call, leaving=True)
        return reply_ok(access_grant=await self._show(call, bundle.id))

    async def list_grants(self, call: Call) -> Reply:
        page, args = self._kit.page_of(call, DEFAULT_LIMIT), call.args

        async def look(view: View) -> tuple[list[AccessGrant], int | None]:
            ids = await _wanted(view, call)

            def keep(bundle: Bundle) -> bool:
                texts = (bundle.name, bundle.external_key, bundle.stay_key)
                return _fits_key(call, bundle) and is_found(args.text("search"), texts, (bundle.id,))

            bundles, last = await scan(
                lambda part: view.bundles.list(
                    part,
                    ids=ids,
                    person_id=args.text("user_identity_id"),
                    stay_key=args.text("reservation_key"),
                ),
                lambda bundle: bundle.number,
                page,
                keep,
            )
            seen = await see_bundles(self._kit, call, view, bundles)
            return [show_grant(one, workspace_id=view.organization_id) for one in seen], last

        grants, last = await self._kit.read(call, Permission.PEOPLE_READ, look)
        return reply_ok(access_grants=grants, pagination=self._kit.pagination(call, last))

    async def update(self, call: Call) -> Reply:
        """Change name, window or places; places that are sent replace all of their kind."""
        args, bundle = call.args, await self._named(call)
        validity = None
        if "starts_at" in args or "ends_at" in args:
            start = args.instant("starts_at") if "starts_at" in args else bundle.validity.start
            end = args.instant("ends_at") if "ends_at" in args else bundle.validity.end
            validity = window_of(start, end, self._kit.now)
        door_ids, space_ids = await named_doors(self._kit, call), await self._spaces(call)
        facts: tuple[DoorFacts, ...] = ()
        if door_ids is not None or space_ids is not None:
            doors = bundle.door_ids if door_ids is None else door_ids
            facts = await self._facts(call, doors, bundle.door_group_ids if space_ids is None else space_ids)
        wanted = EditBundle(
            bundle_id=bundle.id,
            name=(args.text("name") or "") if "name" in args else None,
            validity=validity,
            door_ids=door_ids,
            door_group_ids=space_ids,
            facts=facts,
        )
        await self._kit.perform(call, edit_bundle, wanted)
        return reply_ok()

    async def delete(self, call: Call) -> Reply:
        """End the paths and the methods of a grant; the person stays. One that is being deleted is no error."""
        bundle = await self._named(call, leaving=True)
        if bundle.ended_at is None:
            await self._kit.perform(call, end_bundle, EndBundle(bundle_id=bundle.id))
        return reply_ok()

    async def request(self, call: Call) -> Reply:
        """Add methods; they inherit the window and the doors."""
        bundle = await self._named(call)
        facts = await self._facts(call, bundle.door_ids, bundle.door_group_ids)
        wanted = AddMedia(bundle_id=bundle.id, media=wanted_media(self._kit, call), facts=facts)
        await self._kit.perform(call, add_media, wanted)
        return reply_ok(access_grant=await self._show(call, bundle.id))

    async def get_related(self, call: Call) -> Reply:
        """Give grants with what belongs to them, of the kinds that were asked for."""
        kinds = wanted_kinds(call, RELATED_TO_GRANTS)
        ids, keys = call.args.ids("access_grant_ids"), call.args.texts("access_grant_keys")
        if not ids and not keys:
            raise InvalidInput(root=["Must provide access_grant_ids or access_grant_keys"])

        async def look(view: View) -> list[Bundle]:
            found = [*(await view.bundles.list(WHOLE, ids=[*ids])).items] if ids else []
            for key in keys or ():
                bundle = await view.bundles.by_external_key(key)
                found += [] if bundle is None else [bundle]
            return [*{bundle.id: bundle for bundle in found}.values()]

        bundles = await self._kit.read(call, Permission.PEOPLE_READ, look)
        return reply_ok(batch=await related(self._kit, call, bundles, kinds | {"access_grants"}))

    async def get_unmanaged(self, call: Call) -> Reply:
        """Refuse: nothing here is given by anybody else."""
        raise NotThere("access_grant_not_found", {_ID: call.args.required(_ID)})

    async def list_unmanaged(self, call: Call) -> Reply:
        """List none: nothing here is given by anybody else."""
        await self._kit.read(call, Permission.PEOPLE_READ, _nothing)
        return reply_ok(access_grants=[], pagination=self._kit.pagination(call, None))

    async def _show(self, call: Call, bundle_id: str) -> AccessGrant:
        async def look(view: View) -> AccessGrant:
            seen = await see_bundle(self._kit, call, view, bundle_id)
            if seen is None:
                raise NotThere("access_grant_not_found", {_ID: bundle_id})
            return show_grant(seen, workspace_id=view.organization_id)

        return await self._kit.read(call, Permission.PEOPLE_READ, look)

    async def _named(self, call: Call, *, leaving: bool = False) -> Bundle:
        """Find the grant; with `leaving` by its id also one that a door is still to forget."""
        by = exactly_one(call.args, _ID, _KEY)
        named = call.args.required(by)

        async def look(view: View) -> Bundle:
            found = await (view.bundles.get(named) if by == _ID else view.bundles.by_external_key(named))
            if found is None and leaving and by == _ID:
                seen = await see_bundle(self._kit, call, view, named)
                found = None if seen is None else seen.bundle
            person = None if found is None else await view.people.get(found.person_id)
            if found is None or person is None:
                raise NotThere("access_grant_not_found", {by: named})
            require_sight(sees_person(call.session, person))
            return found

        return await self._kit.read(call, Permission.PEOPLE_READ, look)

    async def _spaces(self, call: Call) -> tuple[str, ...] | None:
        """Give the spaces that are named by ids and keys. Raises: NotThere."""
        ids, keys = call.args.ids("space_ids"), call.args.texts("space_keys")
        if ids is None and keys is None:
            return None

        async def look(view: View) -> tuple[str, ...]:
            found = []
            for space_id in ids or ():
                group = await view.door_groups.get(space_id)
                if group is None or group.origin != SPACE_ORIGIN:
                    raise NotThere("space_not_found", {"space_id": space_id})
                found.append(group.id)
            for key in keys or ():
                group = await view.door_groups.by_external_key(key)
                if group is None or group.origin != SPACE_ORIGIN:
                    raise NotThere("space_not_found", {"space_key": key})
                found.append(group.id)
            return tuple(dict.fromkeys(found))

        return await self._kit.read(call, Permission.ESTATE_READ, look)

    async def _facts(
        self, call: Call, door_ids: Iterable[str], space_ids: Iterable[str]
    ) -> tuple[DoorFacts, ...]:
        async def look(view: View) -> tuple[DoorFacts, ...]:
            doors = await doors_of_places(view, door_ids, space_ids)
            return await facts_of_doors(self._kit, view, doors)

        return await self._kit.read(call, Permission.ESTATE_READ, look)


def wanted_media(kit: Kit, call: Call) -> tuple[WantedMedium, ...]:
    """Read the methods that are asked for; a mobile key comes with a session of its own. Raises: InvalidInput."""
    asked = call.args.objects("requested_access_methods")
    if not asked:
        raise InvalidInput({"requested_access_methods": ["Array must contain at least 1 element(s)"]})
    return tuple(_medium(kit, one) for one in asked)


def _medium(kit: Kit, one: Mapping[str, Any]) -> WantedMedium:
    mode, code, uses = one.get("mode"), one.get("code"), one.get("instant_key_max_use_count")
    if not isinstance(mode, str) or mode not in _MODES:
        raise InvalidInput({"requested_access_methods": ["Invalid enum value for mode"]})
    kind = _MODES[mode]
    if code is not None:
        if kind is not MediumKind.CODE:
            raise InvalidInput({"requested_access_methods": ["code can only be provided with mode code"]})
        if not isinstance(code, str) or not code.isdigit() or not _SHORTEST <= len(code) <= _LONGEST:
            raise InvalidInput({"requested_access_methods": ["code must be 4 to 9 digits"]})
    if uses is not None and (isinstance(uses, bool) or not isinstance(uses, int) or uses < 1):
        raise InvalidInput({"requested_access_methods": ["Number must be greater than 0"]})
    is_key = kind is MediumKind.MOBILE_KEY
    session = new_session(kit, kit.now + LIFETIME) if is_key else None
    return WantedMedium(kind=kind, code=code, max_uses=(uses or 1) if is_key else None, session=session)


def _newcomer(sent: Mapping[str, Any]) -> AddPerson:
    members = {name: sent.get(name) for name in ("email_address", "full_name", "phone_number")}
    key = sent.get("user_identity_key")
    if any(value is not None and not isinstance(value, str) for value in (*members.values(), key)):
        raise InvalidInput({"user_identity": ["Expected string for its members"]})
    email, name, phone = members["email_address"], members["full_name"], members["phone_number"]
    return AddPerson(
        name=name or stand_in_name(email, phone, key), email=email, phone=phone, external_key=key
    )


async def _wanted(view: View, call: Call) -> list[str] | None:
    """Give the ids of the grants to which filters by places, codes and ids narrow; None for all."""
    args = call.args
    sets: list[set[str]] = []
    customer = args.text("customer_key")
    if customer is not None:
        sets.append(await _bundles_of_customer(view, customer))
    ids = args.ids("access_grant_ids")
    if ids is not None:
        sets.append({*ids})
    code_id = args.text("access_code_id")
    if code_id is not None:
        code = await view.door_codes.get(code_id)
        medium = None if code is None or code.medium_id is None else await view.media.get(code.medium_id)
        sets.append(set() if medium is None else {medium.bundle_id})
    doors = [*args.sent("device_id", "acs_entrance_id").values()]
    sets += [await bundles_at_door(view, door_id) for door_id in doors]
    if args.text("space_id") is not None:
        sets.append(await _bundles_at(view, Scope.door_group(args.required("space_id"))))
    if args.text("acs_system_id") is not None:
        of_system = (await view.doors.list(WHOLE, site_id=args.text("acs_system_id"))).items
        sets.append({id_ for door in of_system for id_ in await bundles_at_door(view, door.id)})
    return [*set.intersection(*sets)] if sets else None


async def bundles_at_door(view: View, door_id: str) -> set[str]:
    """Name the bundles with grants at the door or at a group that it is in."""
    found = await _bundles_at(view, Scope.door(door_id))
    for group in (await view.door_groups.list(WHOLE, door_id=door_id)).items:
        found |= await _bundles_at(view, Scope.door_group(group.id))
    return found


async def _bundles_at(view: View, scope: Scope) -> set[str]:
    given = await view.grants.list(WHOLE, GrantFilter(scope=scope))
    return {id_ for grant in given.items if (id_ := bundle_of(grant.origin)) is not None}


async def _bundles_of_customer(view: View, key: str) -> set[str]:
    people = (await view.people.list(WHOLE, customer_key=key)).items
    found: set[str] = set()
    for person in people:
        found |= {bundle.id for bundle in (await view.bundles.list(WHOLE, person_id=person.id)).items}
    return found


def _fits_key(call: Call, bundle: Bundle) -> bool:
    """Hold the filter by key; null asks for those without one."""
    return _KEY not in call.args or bundle.external_key == call.args.text(_KEY)


async def _nothing(_view: View) -> None:
    """Look at nothing, where only the permission is asked for."""
