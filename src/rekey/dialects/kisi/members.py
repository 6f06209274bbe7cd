"""Members: the deprecated view of users, which connectors still use. Source: contract section 3.2."""

from rekey.dialects.kisi.attributes import unwrap
from rekey.dialects.kisi.kit import Kit, path_number, person_numbered, refuse_beyond
from rekey.dialects.kisi.letters import welcome
from rekey.dialects.kisi.lists import PEOPLE, paged, part_of, plain
from rekey.dialects.kisi.people_shapes import show_member, user_number
from rekey.dialects.kisi.pictures import take_picture
from rekey.dialects.kisi.shapes import Shape
from rekey.dialects.kisi.user_changes import steps_of_new
from rekey.dialects.kisi.user_facts import facts_of, facts_of_all
from rekey.dialects.kisi.user_filters import UserQuery, find_users, is_in_reach
from rekey.dialects.kisi.users import change_user, delete_user
from rekey.domain.people import Person
from rekey.domain.role import Permission
from rekey.operations.annotate import AnnotatedKind
from rekey.operations.held_powers import Powers
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request


class Members:
    """Handlers of users under their members' ids; each call is the same act as on the user."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        part = part_of(request, PEOPLE)
        wanted = UserQuery(request=request, part=part, now=self._kit.now(), members=True)

        async def look(view: View, powers: Powers) -> Reply:
            found = await find_users(view, wanted, powers)
            facts = await facts_of_all(view, found.items, wanted.now)
            return paged([*map(show_member, found.items, facts)], part, found.total)

        return await self._kit.read_within(request, Permission.PEOPLE_READ, look)

    async def create(self, request: Request) -> Reply:
        letter = welcome(await self._kit.look(request, lambda view: view.organizations.get()))
        member = unwrap(request, "member")
        picture = await take_picture(self._kit, request, member)
        steps = steps_of_new(member, letter)
        made = await self._kit.together(request, *steps, *picture.of_new(AnnotatedKind.PERSON))
        return plain(await self._kit.look(request, lambda view: self._shape(view, made[0])))

    async def get(self, request: Request) -> Reply:
        number = _user_number(request)

        async def look(view: View, powers: Powers) -> Shape:
            person = await person_numbered(view, number)
            refuse_beyond(await is_in_reach(view, powers, person.id))
            return await self._shape(view, person)

        return plain(await self._kit.read_within(request, Permission.PEOPLE_READ, look))

    async def update(self, request: Request) -> Reply:
        member = unwrap(request, "member")
        return await change_user(self._kit, request, await self._person(request), member)

    async def delete(self, request: Request) -> Reply:
        return await delete_user(self._kit, request, await self._person(request))

    async def _person(self, request: Request) -> Person:
        number = _user_number(request)
        return await self._kit.look(request, lambda view: person_numbered(view, number))

    async def _shape(self, view: View, person: Person) -> Shape:
        return show_member(person, await facts_of(view, person, self._kit.now()))


def _user_number(request: Request) -> int:
    return user_number(path_number(request, "person"))
