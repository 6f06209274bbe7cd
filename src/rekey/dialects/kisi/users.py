"""Users: find by e-mail, switch access off and on, delete the profile. Source: contract sections 3.1 and 8."""

from rekey.dialects.kisi.attributes import Attributes, unwrap
from rekey.dialects.kisi.errors import Unprocessable
from rekey.dialects.kisi.holders import groups_of, people_at, scopes_within
from rekey.dialects.kisi.kit import (
    NO_CONTENT,
    REVOCATION_HEADER,
    Kit,
    caller_of,
    own_person_id,
    path_number,
    person_numbered,
)
from rekey.dialects.kisi.lists import (
    PEOPLE,
    flag_of,
    number_of,
    numbers_of,
    order_of,
    paged,
    part_of,
    plain,
)
from rekey.dialects.kisi.shapes import Shape, show_current_user, show_user, switches
from rekey.domain.block import BlockCause, Subject, SubjectKind
from rekey.domain.errors import NotAllowed
from rekey.domain.ids import PersonId
from rekey.domain.people import Person
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.add_person import AddPerson, add_person
from rekey.operations.edit_own_profile import EditOwnProfile, edit_own_profile
from rekey.operations.edit_person import UNCHANGED, EditPerson, edit_person
from rekey.operations.place_block import LiftBlock, PlaceBlock, lift_block, place_block
from rekey.operations.remove_person import RemovePerson, remove_person
from rekey.ports.listing import WHOLE, Listing, Part
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

_PASSWORDS = ("password", "password_confirmation", "current_password")


class Users:
    """Handlers of people as Kisi's users."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        part = part_of(request, PEOPLE, order_of(request))

        async def look(view: View) -> Reply:
            found = await _find(view, request, part)
            return paged([await self._shape(view, person) for person in found.items], part, found.total)

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
        return plain(await self._kit.look(request, lambda view: self._shape(view, person)))

    async def get(self, request: Request) -> Reply:
        number = path_number(request, "person")

        async def look(view: View) -> Shape:
            return await self._shape(view, await person_numbered(view, number))

        return plain(await self._kit.read(request, Permission.PEOPLE_READ, look))

    async def update(self, request: Request) -> Reply:
        """Change a user: what closes doors comes first, what opens them last, in case one of both is refused.

        A `scim_access_enabled` of false closes the doors too; true is the directory's alone.
        """
        user = unwrap(request, "user")
        name, notes = user.new_name("name"), user.new_text("notes")
        enabled = _wanted_access(user)
        user.check()
        number = path_number(request, "person")
        person = await self._kit.look(request, lambda view: person_numbered(view, number))
        if enabled is False:
            await self._switch(request, person, enabled=False)
        if name is not None or notes is not None:
            wanted = EditPerson(
                person_id=person.id,
                name=UNCHANGED if name is None else name,
                notes=UNCHANGED if notes is None else notes,
            )
            await self._kit.perform(request, edit_person, wanted)
        elif enabled is None:
            await self._kit.require(request, Permission.PEOPLE_WRITE)
        if enabled is True:
            await self._switch(request, person, enabled=True)
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

    async def update_own(self, request: Request) -> Reply:
        """Change the caller's own name; a new password is refused, because nothing would be changed."""
        user = unwrap(request, "user")
        name = user.new_name("name")
        for secret in _PASSWORDS:
            if user.has(secret):
                user.refuse(secret, "can't be changed through this API")
        user.check()
        own_person_id(request)
        if name is not None:
            await self._kit.perform(request, edit_own_profile, EditOwnProfile(name=name))
        return NO_CONTENT

    async def _shape(self, view: View, person: Person) -> Shape:
        """Show a user with both switches as they stand."""
        blocks = await view.blocks.standing(Subject(SubjectKind.PERSON, person.id))
        account = await view.operators.of_person(person.id)
        return show_user(
            person,
            switches(blocks, self._kit.now()),
            organization_id=view.organization_id,
            has_account=account is not None,
            groups=await groups_of(view, person.id),
        )

    async def _switch(self, request: Request, person: Person, *, enabled: bool) -> None:
        """Turn the access switch; turning it to where it stands is no second act."""
        subject = Subject(SubjectKind.PERSON, person.id)
        blocks = await self._kit.look(request, lambda view: view.blocks.standing(subject))
        if switches(blocks, self._kit.now())[0] == enabled:
            await self._kit.require(request, Permission.PEOPLE_WRITE)
        elif enabled:
            await self._kit.perform(
                request, lift_block, LiftBlock(subject=subject, cause=BlockCause.ACCESS_SWITCH)
            )
        else:
            await self._kit.perform(
                request, place_block, PlaceBlock(subject=subject, cause=BlockCause.ACCESS_SWITCH)
            )


def _wanted_access(user: Attributes) -> bool | None:
    """Say what the switches are wanted to be: a false of either closes, only `access_enabled` opens."""
    enabled, directory = user.flag("access_enabled"), user.flag("scim_access_enabled")
    return False if directory is False else enabled


async def _find(view: View, request: Request, part: Part) -> Listing[Person]:
    query = request.query()
    chosen = [ids for ids in await _chosen(view, request) if ids is not None]
    email = query.one("email")
    return await view.people.list(
        part,
        query=query.one("query"),
        ids=sorted(frozenset.intersection(*chosen)) if chosen else None,
        email=None if email is None else email.strip().lower(),
    )


async def _chosen(view: View, request: Request) -> list[frozenset[PersonId] | None]:
    """Give whom each filter leaves; None where a filter is not given."""
    return [
        await _numbered(view, numbers_of(request, "ids")),
        await _wanted_user(view, request),
        await _in_group(view, number_of(request, "group_id")),
        await _in_place(view, number_of(request, "place_id")),
        await _confirmed(view, flag_of(request, "confirmed")),
    ]


async def _numbered(view: View, numbers: tuple[int, ...] | None) -> frozenset[PersonId] | None:
    if numbers is None:
        return None
    found = [await view.people.by_number(number) for number in numbers]
    return frozenset(person.id for person in found if person is not None)


async def _wanted_user(view: View, request: Request) -> frozenset[PersonId] | None:
    if request.query().one("user_id") != "me":
        number = number_of(request, "user_id")
        return await _numbered(view, None if number is None else (number,))
    own = caller_of(request).operator.person_id
    return frozenset() if own is None else frozenset({own})


async def _in_group(view: View, number: int | None) -> frozenset[PersonId] | None:
    if number is None:
        return None
    group = await view.door_groups.by_number(number)
    return frozenset() if group is None else await people_at(view, Scope.door_group(group.id))


async def _in_place(view: View, number: int | None) -> frozenset[PersonId] | None:
    if number is None:
        return None
    site = await view.sites.by_number(number)
    return frozenset() if site is None else await people_at(view, *await scopes_within(view, site.id))


async def _confirmed(view: View, wanted: bool | None) -> frozenset[PersonId] | None:
    if wanted is None:
        return None
    operators = await view.operators.list(WHOLE)
    confirmed = {one.person_id for one in operators.items if one.person_id is not None}
    people = await view.people.list(WHOLE)
    return frozenset(person.id for person in people.items if (person.id in confirmed) is wanted)
