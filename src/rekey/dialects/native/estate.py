"""Sites, doors as things, and door groups."""

from rekey.dialects.native.errors import Unfit
from rekey.dialects.native.kit import Kit, actor_of, body_of, part_of, reply_json, reply_page
from rekey.dialects.native.translate import show_door, show_door_group, show_site
from rekey.dialects.native.wire import DoorEdit, DoorGroupEdit, NewDoor, NewDoorGroup, NewSite, SiteEdit
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.add_door import AddDoor, add_door
from rekey.operations.add_door_group import AddDoorGroup, add_door_group
from rekey.operations.add_site import AddSite, add_site
from rekey.operations.edit_door import EditDoor, edit_door
from rekey.operations.edit_door_group import EditDoorGroup, edit_door_group
from rekey.operations.edit_site import EditSite, edit_site
from rekey.operations.end_door_group import EndDoorGroup, end_door_group
from rekey.operations.find import find_door, find_door_group, find_site
from rekey.operations.put_door_in_group import PutDoorInGroup, put_door_in_group
from rekey.operations.retire_door import RetireDoor, retire_door
from rekey.operations.retire_site import RetireSite, retire_site
from rekey.operations.take_door_out_of_group import TakeDoorOutOfGroup, take_door_out_of_group
from rekey.webkit.message import Reply, Request

NO_CONTENT = Reply(204)


class Estate:
    """Handlers of what the organization is made of."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list_sites(self, request: Request) -> Reply:
        part, query = part_of(request), request.query().one("q")
        sites = await self._kit.read(
            request, Permission.ESTATE_READ, lambda view: view.sites.list(part, query=query)
        )
        return reply_page(sites, part, show_site, lambda site: site.number)

    async def add_site(self, request: Request) -> Reply:
        body = body_of(request, NewSite)
        wanted = AddSite(name=body.name, time_zone=body.time_zone, address=body.address)
        return reply_json(show_site(await self._kit.perform(request, add_site, wanted)), 201)

    async def get_site(self, request: Request) -> Reply:
        site_id = await self._kit.name(request, "site", request.params["site"])
        site = await self._kit.read(
            request, Permission.ESTATE_READ, lambda view: find_site(view, site_id), Scope.site(site_id)
        )
        return reply_json(show_site(site))

    async def edit_site(self, request: Request) -> Reply:
        body = body_of(request, SiteEdit)
        site_id = await self._kit.name(request, "site", request.params["site"])
        wanted = EditSite(site_id=site_id, name=body.name, time_zone=body.time_zone, address=body.address)
        return reply_json(show_site(await self._kit.perform(request, edit_site, wanted)))

    async def retire_site(self, request: Request) -> Reply:
        """End a site with its doors, its door groups, its enrolments and the grants at them."""
        site_id = await self._kit.name(request, "site", request.params["site"])
        retired = await self._kit.perform(request, retire_site, RetireSite(site_id=site_id))
        return reply_json(
            {
                "id": retired.site.id,
                "doors": [door.id for door in retired.doors],
                "door_groups": [group.id for group in retired.door_groups],
                "ended_grants": retired.ended_grants,
                "ended_enrolments": retired.ended_enrolments,
            }
        )

    async def list_doors(self, request: Request) -> Reply:
        part, query = part_of(request), request.query()
        named = query.one("site")
        site_id = None if named is None else await self._kit.name(request, "site", named)
        doors = await self._kit.read(
            request,
            Permission.ESTATE_READ,
            lambda view: view.doors.list(part, site_id=site_id, query=query.one("q")),
        )
        return reply_page(doors, part, show_door, lambda door: door.number)

    async def add_door(self, request: Request) -> Reply:
        body = body_of(request, NewDoor)
        if body.driver not in self._kit.services.core.drivers:
            known = ", ".join(sorted(self._kit.services.core.drivers)) or "none"
            raise Unfit("driver", f"must be one that is configured: {known}")
        wanted = AddDoor(
            name=body.name,
            site_id=await self._kit.name(request, "site", body.site),
            driver=body.driver,
            driver_settings=tuple(body.driver_settings.items()),
            description=body.description,
            open_seconds=body.open_seconds,
        )
        return reply_json(show_door(await self._kit.perform(request, add_door, wanted)), 201)

    async def get_door(self, request: Request) -> Reply:
        door_id = await self._kit.name(request, "door", request.params["door"])
        door = await self._kit.read(
            request, Permission.ESTATE_READ, lambda view: find_door(view, door_id), Scope.door(door_id)
        )
        return reply_json(show_door(door))

    async def edit_door(self, request: Request) -> Reply:
        body = body_of(request, DoorEdit)
        wanted = EditDoor(
            door_id=await self._kit.name(request, "door", request.params["door"]),
            name=body.name,
            description=body.description,
            open_seconds=body.open_seconds,
        )
        return reply_json(show_door(await self._kit.perform(request, edit_door, wanted)))

    async def retire_door(self, request: Request) -> Reply:
        door_id = await self._kit.name(request, "door", request.params["door"])
        retired = await self._kit.perform(request, retire_door, RetireDoor(door_id=door_id))
        return reply_json({"id": retired.door.id, "ended_grants": retired.ended_grants})

    async def list_door_groups(self, request: Request) -> Reply:
        part, query = part_of(request), request.query().one("q")
        groups = await self._kit.read(
            request, Permission.ESTATE_READ, lambda view: view.door_groups.list(part, query=query)
        )
        return reply_page(groups, part, show_door_group, lambda group: group.number)

    async def add_door_group(self, request: Request) -> Reply:
        body = body_of(request, NewDoorGroup)
        site_id = None if body.site is None else await self._kit.name(request, "site", body.site)
        wanted = AddDoorGroup(name=body.name, description=body.description, site_id=site_id)
        return reply_json(show_door_group(await self._kit.perform(request, add_door_group, wanted)), 201)

    async def get_door_group(self, request: Request) -> Reply:
        group_id = await self._group(request)
        group = await self._kit.read(
            request,
            Permission.ESTATE_READ,
            lambda view: find_door_group(view, group_id),
            Scope.door_group(group_id),
        )
        return reply_json(show_door_group(group))

    async def edit_door_group(self, request: Request) -> Reply:
        body = body_of(request, DoorGroupEdit)
        wanted = EditDoorGroup(
            door_group_id=await self._group(request), name=body.name, description=body.description
        )
        return reply_json(show_door_group(await self._kit.perform(request, edit_door_group, wanted)))

    async def end_door_group(self, request: Request) -> Reply:
        wanted = EndDoorGroup(door_group_id=await self._group(request))
        return reply_json({"ended_grants": await self._kit.perform(request, end_door_group, wanted)})

    async def put_door(self, request: Request) -> Reply:
        """Put a door into a group; it being there already is what was wanted."""
        group_id, door_id = await self._group(request), await self._door(request)
        core, actor = self._kit.services.core, actor_of(request)
        there = await core.store.read(
            actor.organization_id, lambda view: view.door_groups.place(group_id, door_id)
        )
        if there is None:
            wanted = PutDoorInGroup(door_group_id=group_id, door_id=door_id)
            await self._kit.perform(request, put_door_in_group, wanted)
        else:
            group = Scope.door_group(group_id)
            await core.require(actor, Permission.ESTATE_WRITE, group, attempted=put_door_in_group.name)
        return NO_CONTENT

    async def take_door(self, request: Request) -> Reply:
        wanted = TakeDoorOutOfGroup(
            door_group_id=await self._group(request), door_id=await self._door(request)
        )
        await self._kit.perform(request, take_door_out_of_group, wanted)
        return NO_CONTENT

    async def _group(self, request: Request) -> str:
        return await self._kit.name(request, "door_group", request.params["group"])

    async def _door(self, request: Request) -> str:
        return await self._kit.name(request, "door", request.params["door"])
