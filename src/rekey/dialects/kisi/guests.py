"""Guests: people who are given access and never an account. Source: contract section 3.3."""

from rekey.dialects.kisi.attributes import Attributes, unwrap
from rekey.dialects.kisi.kit import Kit, guest_numbered, path_number
from rekey.dialects.kisi.lists import PLAIN, numbers_of, paged, plain, unsorted_part
from rekey.dialects.kisi.people_shapes import show_guest
from rekey.dialects.kisi.users import delete_user
from rekey.domain.errors import Invalid
from rekey.domain.role import Permission
from rekey.operations.add_person import AddPerson, add_person
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request


class Guests:
    """Handlers of guests; there is no update."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        part, numbers, sought = (
            unsorted_part(request, PLAIN),
            numbers_of(request, "ids"),
            request.query().one("query"),
        )

        async def look(view: View) -> Reply:
            named = None if numbers is None else [await view.people.by_number(number) for number in numbers]
            ids: list[str] | None = (
                None if named is None else [guest.id for guest in named if guest is not None]
            )
            found = await view.people.list(part, query=sought, ids=ids, guests=True)
            return paged([show_guest(guest) for guest in found.items], part, found.total)

        return await self._kit.read(request, Permission.PEOPLE_READ, look)

    async def create(self, request: Request) -> Reply:
        guest = unwrap(request, "guest")
        wanted = new_guest(guest)
        guest.check()
        try:
            made = await self._kit.perform(request, add_person, wanted)
        except Invalid as refused:
            if refused.field != "phone":
                raise
            raise Invalid("phone_number", refused.reason) from refused
        return plain(show_guest(made))

    async def get(self, request: Request) -> Reply:
        number = path_number(request, "person")
        guest = await self._kit.read(
            request, Permission.PEOPLE_READ, lambda view: guest_numbered(view, number)
        )
        return plain(show_guest(guest))

    async def delete(self, request: Request) -> Reply:
        number = path_number(request, "person")
        guest = await self._kit.look(request, lambda view: guest_numbered(view, number))
        return await delete_user(self._kit, request, guest)


def new_guest(guest: Attributes) -> AddPerson:
    """Read a new guest; what is wrong is noted with the attributes."""
    return AddPerson(
        name=guest.text("name", required=True) or "-",
        email=guest.text("email"),
        phone=guest.text("phone_number"),
        is_guest=True,
    )
