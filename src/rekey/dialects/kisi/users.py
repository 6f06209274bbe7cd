"""Users: find by e-mail, switch access off and on, delete the profile. Source: contract sections 3.1 and 8."""

from rekey.dialects.kisi.attributes import Attributes, unwrap
from rekey.dialects.kisi.errors import Unprocessable
from rekey.dialects.kisi.kit import (
    NO_CONTENT,
    REVOCATION_HEADER,
    Kit,
    caller_of,
    own_person_id,
    path_number,
    person_numbered,
)
from rekey.dialects.kisi.lists import PEOPLE, number_of, numbers_of, paged, part_of, plain, sorting_of
from rekey.dialects.kisi.shapes import Shape, show_current_user, show_user, switches
from rekey.domain.block import BlockCause, Subject, SubjectKind
from rekey.domain.errors import NotAllowed
from rekey.domain.people import Person
from rekey.domain.role import Permission
from rekey.operations.add_person import AddPerson, add_person
from rekey.operations.edit_person import UNCHANGED, EditPerson, edit_person
from rekey.operations.place_block import LiftBlock, PlaceBlock, lift_block, place_block
from rekey.operations.remove_person import RemovePerson, remove_person
from rekey.ports.listing import Listing, Part
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

_SORTS = frozenset({"name", "unlock", "access_enabled"})


class Users:
    """Handlers of people as Kisi's users."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        part = part_of(request, PEOPLE)
        sorting_of(request, _SORTS)

        async def look(view: View) -> Reply:
            found = await _find(view, request, part)
            return paged([await user_shape(view, person) for person in found.items], part, found.total)

        return await self._kit.read(request, Permission.PEOPLE_READ, look)

    async def create(self, request: Request) -> Reply:
        user = unwrap(request, "user")
        email, name, notes = user.text("email", required=True), user.text("name"), user.text("notes")
        access_enabled = user.flag("access_enabled")
        user.check()
        person = await self._kit.perform(
            request, add_person, AddPerson(name=name or email or "", email=email, notes=notes or "")
        )
        if access_enabled is False:
            await self._switch(request, person, enabled=False)
        return plain(await self._kit.look(request, lambda view: user_shape(view, person)))

    async def get(self, request: Request) -> Reply:
        number = path_number(request, "person")

        async def look(view: View) -> Shape:
            return await user_shape(view, await person_numbered(view, number))

        return plain(await self._kit.read(request, Permission.PEOPLE_READ, look))

    async def update(self, request: Request) -> Reply:
        """Change a user. A `scim_access_enabled` of false closes the doors too; true is the directory's alone."""
        user = unwrap(request, "user")
        name, notes = user.text("name"), user.text("notes")
        enabled = _wanted_access(user)
        user.check()
        number = path_number(request, "person")
        person = await self._kit.look(request, lambda view: person_numbered(view, number))
        if enabled is not None:
            await self._switch(request, person, enabled=enabled)
        if name is not None or user.has("notes"):
            wanted = EditPerson(
                person_id=person.id,
                name=UNCHANGED if name is None else name,
                notes=(notes or "") if user.has("notes") else UNCHANGED,
            )
            await self._kit.perform(request, edit_person, wanted)
        elif enabled is None:
            await self._kit.require(request, Permission.PEOPLE_WRITE)
        return NO_CONTENT

    async def delete(self, request: Request) -> Reply:
        number = path_number(request, "person")
        person = await self._kit.look(request, lambda view: person_numbered(view, number))
        if person.id == caller_of(request).operator.person_id:
            raise Unprocessable({"base": ["you can't delete yourself through this route"]})
        removed = await self._kit.perform(request, remove_person, RemovePerson(person_id=person.id))
        return NO_CONTENT.with_headers((REVOCATION_HEADER, removed.revoked.revocation.id))

    async def current(self, request: Request) -> Reply:
        person_id = own_person_id(request)

        async def look(view: View) -> Shape:
            person = await view.people.get(person_id)
            if person is None:
                raise NotAllowed("this account has no person any more")
            return show_current_user(person, await view.organizations.get())

        return plain(await self._kit.look(request, look))

    async def _switch(self, request: Request, person: Person, *, enabled: bool) -> None:
        """Turn the access switch; turning it to where it stands is no second act."""
        subject = Subject(SubjectKind.PERSON, person.id)
        blocks = await self._kit.look(request, lambda view: view.blocks.standing(subject))
        if switches(blocks)[0] == enabled:
            await self._kit.require(request, Permission.PEOPLE_WRITE)
        elif enabled:
            await self._kit.perform(
                request, lift_block, LiftBlock(subject=subject, cause=BlockCause.ACCESS_SWITCH)
            )
        else:
            await self._kit.perform(
                request, place_block, PlaceBlock(subject=subject, cause=BlockCause.ACCESS_SWITCH)
            )


async def user_shape(view: View, person: Person) -> Shape:
    """Show a user with both switches as they stand."""
    blocks = await view.blocks.standing(Subject(SubjectKind.PERSON, person.id))
    account = await view.operators.of_person(person.id)
    return show_user(person, blocks, organization_id=view.organization_id, has_account=account is not None)


def _wanted_access(user: Attributes) -> bool | None:
    """Say what the switches are wanted to be: a false of either closes, only `access_enabled` opens."""
    enabled, directory = user.flag("access_enabled"), user.flag("scim_access_enabled")
    return False if directory is False else enabled


async def _find(view: View, request: Request, part: Part) -> Listing[Person]:
    query = request.query()
    numbers, mine = numbers_of(request, "ids"), query.one("user_id")
    if mine is not None and mine != "me":
        numbers = (number_of(request, "user_id") or 0,)
    ids = None
    if mine == "me":
        ids = [caller_of(request).operator.person_id or ""]
    elif numbers is not None:
        found = [await view.people.by_number(number) for number in numbers]
        ids = [person.id for person in found if person is not None]
    email = query.one("email")
    return await view.people.list(
        part, query=query.one("query"), ids=ids, email=None if email is None else email.strip().lower()
    )
