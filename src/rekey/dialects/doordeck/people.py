"""Users: who holds a lock, and what a user holds."""

from collections.abc import Iterable
from dataclasses import dataclass

from rekey.dialects.doordeck.kit import DOOR, PERSON, SITE, Kit, SignedIn, id_of, reply_json, signed_in_of
from rekey.dialects.doordeck.translate import Object, show_person, show_role, show_window
from rekey.domain.application import ForeignAccount
from rekey.domain.errors import NotFound
from rekey.domain.people import Person
from rekey.domain.role import Permission
from rekey.operations.find import find_person, find_site
from rekey.operations.held_doors import HeldDoor, door_holders, held_doors
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request


@dataclass(frozen=True, slots=True)
class Known:
    """A person with what a listing says beside: whether and whose account, and the held door if one is meant."""

    person: Person
    claimed: bool
    account: ForeignAccount | None
    held: HeldDoor | None = None


class People:
    """Handlers of users."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list_of_lock(self, request: Request) -> Reply:
        door_id = id_of(request, DOOR)

        async def look(view: View) -> list[Known]:
            holders = await door_holders(view, door_id, self._kit.now)
            return [await _known(view, holder.person_id, holder.held) for holder in holders]

        listed = await self._kit.read_door(request, Permission.GRANTS_WRITE, door_id, look)
        return reply_json([await self._show_holder(request, one) for one in listed])

    async def list_of_site(self, request: Request) -> Reply:
        """Give the users of the locks of the site that the caller administers."""
        me, site_id = signed_in_of(request).person_id, id_of(request, SITE)

        async def look(view: View) -> list[Known]:
            await find_site(view, site_id)
            mine = await held_doors(view, me, self._kit.now)
            doors = [one.door.door_id for one in mine if one.administers and one.door.site_id == site_id]
            found = {
                holder.person_id
                for door_id in doors
                for holder in await door_holders(view, door_id, self._kit.now)
            }
            return [await _known(view, person_id) for person_id in sorted(found)]

        return reply_json([show_known(one) for one in await self._kit.look(request, look)])

    async def get(self, request: Request) -> Reply:
        """Give a user with the locks that the user holds and the caller administers."""
        me, person_id = signed_in_of(request), id_of(request, PERSON)

        async def look(view: View) -> tuple[Known, list[HeldDoor]]:
            known = await _known(view, person_id)
            mine = await held_doors(view, me.person_id, self._kit.now)
            administered = {one.door.door_id for one in mine if one.administers}
            theirs = await held_doors(view, person_id, self._kit.now)
            held = [one for one in theirs if one.door.door_id in administered]
            if not held and not _of_one_pool(me, known):
                raise NotFound("user", person_id)
            return known, held

        known, held = await self._kit.look(request, look)
        return reply_json(
            {
                **show_known(known),
                "publicKey": await self._kit.account_keys.public_text(me.actor, person_id),
                "start": None,
                "end": None,
                "devices": [_show_device(one) for one in held],
            }
        )

    async def _show_holder(self, request: Request, known: Known) -> Object:
        if known.held is None:
            raise TypeError("a holder without a door")
        actor, person = signed_in_of(request).actor, known.person
        return {
            **show_known(known),
            "publicKey": await self._kit.account_keys.public_text(actor, person.id),
            "role": show_role(known.held),
            **show_window(known.held.path.grant.validity),
        }


def show_known(known: Known) -> Object:
    """Give the members that every listing of users has, but the public key."""
    return show_person(known.person, claimed=known.claimed, account=known.account)


async def known_people(view: View, person_ids: Iterable[str]) -> list[Known]:
    """Give those of these people who are still there."""
    there = [person_id for person_id in person_ids if await view.people.get(person_id) is not None]
    return [await _known(view, person_id) for person_id in there]


def _of_one_pool(me: SignedIn, known: Known) -> bool:
    """Say whether both belong to the same application, or both to none: applications are kept apart."""
    mine = None if me.account is None else me.account.application_id
    return mine == (None if known.account is None else known.account.application_id)


def _show_device(held: HeldDoor) -> Object:
    return {
        "deviceId": held.door.door_id,
        "role": show_role(held),
        **show_window(held.path.grant.validity),
    }


async def _known(view: View, person_id: str, held: HeldDoor | None = None) -> Known:
    person = await find_person(view, person_id)
    account = await view.foreign_accounts.of_person(person_id)
    claimed = account is not None or await view.operators.of_person(person_id) is not None
    return Known(person, claimed, account, held)
