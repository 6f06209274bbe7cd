"""Entrances of access systems: doors once more, under the same ids."""

from rekey.dialects.seam.acs_credentials import doors_of
from rekey.dialects.seam.credentials_shapes import find_shown
from rekey.dialects.seam.doors import Placed, place, show_entrances, wanted_doors
from rekey.dialects.seam.errors import InvalidInput
from rekey.dialects.seam.kit import Call, Kit, is_found, scan
from rekey.dialects.seam.parameters import exactly_one
from rekey.dialects.seam.replies import reply_ok
from rekey.domain.estate import Door
from rekey.domain.grant import Holder
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.bundle_parts import doors_of_media, find_medium
from rekey.operations.find import find_door, find_enrolment
from rekey.operations.grant_access import GrantAccess, NewGrant, OnRepeat, grant_access
from rekey.ports.store import View
from rekey.webkit.message import Reply

DEFAULT_LIMIT = 900
ORIGIN = "seam:acs_entrance"
# Filters on what doors do not have: none fits when one of these is given.
_NOTHING_HAS = ("location_id",)


class AcsEntrances:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def get(self, call: Call) -> Reply:
        door_id = call.args.required("acs_entrance_id")

        async def look(view: View) -> list[Placed]:
            return await place(view, (await find_door(view, door_id),))

        placed = await self._kit.read(call, Permission.ESTATE_READ, look, Scope.door(door_id))
        return reply_ok(acs_entrance=show_entrances(self._kit, call, placed)[0])

    async def list(self, call: Call) -> Reply:
        page, site_id = self._kit.page_of(call, DEFAULT_LIMIT), call.args.text("acs_system_id")

        async def look(view: View) -> tuple[list[Placed], int | None]:
            wanted = await wanted_doors(view, call, ids_name="acs_entrance_ids")
            credential_id = call.args.text("acs_credential_id")
            if credential_id is not None:
                credential = await find_shown(view, credential_id)
                own = {door.door_id for door in await doors_of(view, credential, self._kit.now)}
                wanted = frozenset(own if wanted is None else own & wanted)
            medium_id = call.args.text("access_method_id")
            if medium_id is not None:
                medium, _bundle = await find_medium(view, medium_id)
                opened = await doors_of_media(view, [medium])
                wanted = frozenset(opened if wanted is None else opened & wanted)
            doors, last = await scan(
                lambda part: view.doors.list(
                    part, site_id=site_id, ids=None if wanted is None else [*wanted]
                ),
                lambda door: door.number,
                page,
                lambda door: _fits(call, door),
            )
            return await place(view, doors), last

        placed, last = await self._kit.read(call, Permission.ESTATE_READ, look)
        return reply_ok(
            acs_entrances=show_entrances(self._kit, call, placed), pagination=self._kit.pagination(call, last)
        )

    async def grant_access(self, call: Call) -> Reply:
        """Give the user this entrance; a person who is not in the system yet is enrolled there."""
        door_id = call.args.required("acs_entrance_id")
        person_id = await self._person(call, door_id)
        new = NewGrant(
            holder=Holder.person(person_id),
            scope=Scope.door(door_id),
            origin=ORIGIN,
            on_repeat=OnRepeat.REPLACE_OWN,
        )
        await self._kit.perform(call, grant_access, GrantAccess(grants=(new,)))
        return reply_ok()

    async def _person(self, call: Call, door_id: str) -> str:
        by = exactly_one(call.args, "acs_user_id", "user_identity_id")
        named = call.args.required(by)
        if by == "user_identity_id":
            return named

        async def look(view: View) -> str:
            door, enrolment = await find_door(view, door_id), await find_enrolment(view, named)
            if enrolment.site_id != door.site_id:
                raise InvalidInput(root=["acs_user_id and acs_entrance_id are of different access systems"])
            return enrolment.person_id

        return await self._kit.read(call, Permission.PEOPLE_READ, look)


def _fits(call: Call, door: Door) -> bool:
    args = call.args
    if any(args.text(name) is not None for name in _NOTHING_HAS):
        return False
    return is_found(args.text("search"), (door.name,), (door.id,))
