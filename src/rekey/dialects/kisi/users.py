"""Users: find by e-mail, switch access off and on, delete the profile. Source: contract sections 3.1 and 8."""

from rekey.dialects.kisi.attributes import Attributes, unwrap
from rekey.dialects.kisi.errors import Unprocessable
from rekey.dialects.kisi.kit import (
    NO_CONTENT,
    Kit,
    caller_of,
    path_number,
    person_numbered,
    refuse_beyond,
)
from rekey.dialects.kisi.letters import welcome
from rekey.dialects.kisi.lists import PEOPLE, paged, part_of, plain
from rekey.dialects.kisi.people_shapes import show_user
from rekey.dialects.kisi.pictures import take_picture
from rekey.dialects.kisi.shapes import Shape, switches
from rekey.dialects.kisi.sign_up import sign_up
from rekey.dialects.kisi.user_changes import steps_of_change, steps_of_new
from rekey.dialects.kisi.user_facts import facts_of, facts_of_all
from rekey.dialects.kisi.user_filters import UserQuery, find_users, is_in_reach
from rekey.domain.block import Subject, SubjectKind
from rekey.domain.people import Person
from rekey.domain.role import Permission
from rekey.operations.annotate import AnnotatedKind
from rekey.operations.held_powers import Powers
from rekey.operations.remove_person import RemovePerson, remove_person
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request
from rekey.webkit.receipt_links import removal_headers


class Users:
    """Handlers of people as Kisi's users."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        wanted = UserQuery(request=request, part=part_of(request, PEOPLE), now=self._kit.now())

        async def look(view: View, powers: Powers) -> Reply:
            found = await find_users(view, wanted, powers)
            facts = await facts_of_all(view, found.items, wanted.now)
            return paged([*map(show_user, found.items, facts)], wanted.part, found.total)

        return await self._kit.read_within(request, Permission.PEOPLE_READ, look)

    async def create(self, request: Request) -> Reply:
        """Add a user; without a login a stranger makes an own account, where that is open."""
        if request.caller is None:
            return await sign_up(self._kit, request)
        letter = welcome(await self._kit.look(request, lambda view: view.organizations.get()))
        user = unwrap(request, "user")
        picture = await take_picture(self._kit, request, user)
        steps = steps_of_new(user, letter)
        made = await self._kit.together(request, *steps, *picture.of_new(AnnotatedKind.PERSON))
        return plain(await self._kit.look(request, lambda view: self._shape(view, made[0])))

    async def get(self, request: Request) -> Reply:
        number = path_number(request, "person")

        async def look(view: View, powers: Powers) -> Shape:
            person = await person_numbered(view, number)
            refuse_beyond(await is_in_reach(view, powers, person.id))
            return await self._shape(view, person)

        return plain(await self._kit.read_within(request, Permission.PEOPLE_READ, look))

    async def update(self, request: Request) -> Reply:
        """Change a user in one act, or not at all."""
        user = unwrap(request, "user")
        return await change_user(self._kit, request, await self._person(request), user)

    async def delete(self, request: Request) -> Reply:
        return await delete_user(self._kit, request, await self._person(request))

    async def _person(self, request: Request) -> Person:
        number = path_number(request, "person")
        return await self._kit.look(request, lambda view: person_numbered(view, number))

    async def _shape(self, view: View, person: Person) -> Shape:
        return show_user(person, await facts_of(view, person, self._kit.now()))


async def change_user(kit: Kit, request: Request, person: Person, user: Attributes) -> Reply:
    """Change a user by what was sent of it, as a user or as a member. Raises: Unprocessable."""
    subject = Subject(SubjectKind.PERSON, person.id)
    blocks = await kit.look(request, lambda view: view.blocks.standing(subject))
    picture = await take_picture(kit, request, user)
    steps = steps_of_change(user, person, enabled=switches(blocks, kit.now())[0])
    steps = (*steps, *picture.of(AnnotatedKind.PERSON, person.id))
    if steps:
        await kit.together(request, *steps)
    else:
        await kit.require(request, Permission.PEOPLE_WRITE)
    return NO_CONTENT


async def delete_user(kit: Kit, request: Request, person: Person) -> Reply:
    """Delete a user or a guest with every access. Raises: Unprocessable for oneself."""
    if person.id == caller_of(request).operator.person_id:
        raise Unprocessable({"base": ["you can't delete yourself through this route"]})
    removed = await kit.perform(request, remove_person, RemovePerson(person_id=person.id))
    return NO_CONTENT.with_headers(*removal_headers(removed.revoked.revocation.id))
