"""Users: who holds a lock, who can be found, who is invited."""

from dataclasses import dataclass

from rekey.dialects.doordeck.errors import BadRequest
from rekey.dialects.doordeck.kit import (
    DOOR,
    PERSON,
    SITE,
    Kit,
    body_of,
    id_of,
    reply_json,
    signed_in_of,
    version_of,
)
from rekey.dialects.doordeck.translate import Object, show_found, show_person, show_role, show_window
from rekey.dialects.doordeck.wire import DirectoryQueries, DirectoryQuery
from rekey.domain.errors import NotFound, PersonLeft
from rekey.domain.people import Person
from rekey.domain.role import Permission
from rekey.operations.find import find_person, find_site
from rekey.operations.held_doors import HeldDoor, door_holders, held_doors
from rekey.operations.invite_person import InvitePerson, invite_person
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

_VERSIONS = (1, 2)
_MOST_QUERIES = 25


@dataclass(frozen=True, slots=True)
class _Known:
    """A person with what a listing says beside: whether there is an account, and the held door if one is meant."""

    person: Person
    claimed: bool
    held: HeldDoor | None = None


class People:
    """Handlers of users."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list_of_lock(self, request: Request) -> Reply:
        door_id = id_of(request, DOOR)

        async def look(view: View) -> list[_Known]:
            holders = await door_holders(view, door_id, self._kit.now)
            return [await _known(view, holder.person_id, holder.held) for holder in holders]

        listed = await self._kit.read_door(request, Permission.GRANTS_WRITE, door_id, look)
        return reply_json([await self._show_holder(request, one) for one in listed])

    async def list_of_site(self, request: Request) -> Reply:
        """Give the users of the locks of the site that the caller administers."""
        me, site_id = signed_in_of(request).person_id, id_of(request, SITE)

        async def look(view: View) -> list[_Known]:
            await find_site(view, site_id)
            mine = await held_doors(view, me, self._kit.now)
            doors = [one.door.door_id for one in mine if one.administers and one.door.site_id == site_id]
            found = {
                holder.person_id
                for door_id in doors
                for holder in await door_holders(view, door_id, self._kit.now)
            }
            return [await _known(view, person_id) for person_id in sorted(found)]

        listed = await self._kit.look(request, look)
        return reply_json([show_person(one.person, claimed=one.claimed) for one in listed])

    async def get(self, request: Request) -> Reply:
        """Give a user with the locks that the user holds and the caller administers."""
        me, person_id = signed_in_of(request), id_of(request, PERSON)

        async def look(view: View) -> tuple[_Known, list[HeldDoor]]:
            known = await _known(view, person_id)
            mine = await held_doors(view, me.person_id, self._kit.now)
            administered = {one.door.door_id for one in mine if one.administers}
            theirs = await held_doors(view, person_id, self._kit.now)
            return known, [one for one in theirs if one.door.door_id in administered]

        known, held = await self._kit.look(request, look)
        return reply_json(
            {
                **show_person(known.person, claimed=known.claimed),
                "publicKey": await self._kit.account_keys.public_text(me.actor, person_id),
                "start": None,
                "end": None,
                "devices": [_show_device(one) for one in held],
            }
        )

    async def invite(self, request: Request) -> Reply:
        """Give the id and key of the user with this address, added if there is none."""
        request.query().boolean("visitor", lenient=True)
        wanted = InvitePerson(email=request.params["email"])
        person = await self._kit.perform(request, invite_person, wanted)
        return reply_json(await self._show_found(request, person, {}))

    async def query_directory(self, request: Request) -> Reply:
        if version_of(request, _VERSIONS) == 1:
            return await self._query_one(request)
        body = body_of(request, DirectoryQueries)
        asked = [
            *(("email", value) for value in body.email),
            *(("telephone", value) for value in body.telephone),
            *(("localKey", value) for value in body.local_key),
            *(("foreignKey", value) for value in body.foreign_key),
        ]
        if len(asked) > _MOST_QUERIES:
            raise BadRequest(f"Ask for at most {_MOST_QUERIES} users at once")
        rows = []
        for name, value in asked:
            person = await self._find(request, name, value)
            row = None if person is None else await self._row(request, person, _matched(name, value))
            if row is not None:
                rows.append(row)
        return reply_json(rows)

    async def _query_one(self, request: Request) -> Reply:
        body = body_of(request, DirectoryQuery)
        if body.identity is not None:
            raise BadRequest("Not supported by this server yet: identity")
        members = (
            ("email", body.email),
            ("telephone", body.telephone),
            ("localKey", body.local_key),
            ("foreignKey", body.foreign_key),
        )
        asked = [(name, value) for name, value in members if value is not None]
        if len(asked) != 1:
            raise BadRequest("Ask by exactly one of email, telephone, localKey, foreignKey")
        name, value = asked[0]
        person = await self._find(request, name, value)
        if person is None:
            raise NotFound("user", value)
        return reply_json(await self._show_found(request, person, {}))

    async def _find(self, request: Request, name: str, value: str) -> Person | None:
        async def look(view: View) -> Person | None:
            match name:
                case "email":
                    return await view.people.by_email(value.strip().lower())
                case "telephone":
                    return await view.people.by_phone(value.strip())
                case "foreignKey":
                    return await view.people.by_external_key(value)
            return await view.people.get(value.lower())

        return await self._kit.look(request, look)

    async def _row(self, request: Request, person: Person, matched: dict[str, str]) -> Object | None:
        try:
            return await self._show_found(request, person, matched)
        except PersonLeft:
            # Nobody can share anything with somebody who left, so the others come without him.
            return None

    async def _show_found(self, request: Request, person: Person, matched: dict[str, str]) -> Object:
        actor = signed_in_of(request).actor
        return show_found(person, await self._kit.account_keys.public_text(actor, person.id), matched)

    async def _show_holder(self, request: Request, known: _Known) -> Object:
        if known.held is None:
            raise TypeError("a holder without a door")
        actor, person = signed_in_of(request).actor, known.person
        return {
            **show_person(person, claimed=known.claimed),
            "publicKey": await self._kit.account_keys.public_text(actor, person.id),
            "role": show_role(known.held),
            **show_window(known.held.path.grant.validity),
        }


def _matched(name: str, value: str) -> dict[str, str]:
    return {} if name == "localKey" else {name: value}


def _show_device(held: HeldDoor) -> Object:
    return {
        "deviceId": held.door.door_id,
        "role": show_role(held),
        **show_window(held.path.grant.validity),
    }


async def _known(view: View, person_id: str, held: HeldDoor | None = None) -> _Known:
    person = await find_person(view, person_id)
    return _Known(person, await view.operators.of_person(person_id) is not None, held)
