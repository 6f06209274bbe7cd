"""What every handler of the Kisi API uses."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from rekey.dialects.kisi.errors import Unauthorized
from rekey.dialects.kisi.shapes import Shape, organization_number, organization_ref, person_ref, ref
from rekey.domain.errors import NotAllowed, NotFound
from rekey.domain.estate import Door, DoorGroup, Site
from rekey.domain.grant import Grant, HolderKind
from rekey.domain.ids import OrganizationId, PersonId
from rekey.domain.operator import Actor
from rekey.domain.people import Person, Team
from rekey.domain.role import Permission
from rekey.domain.scope import Scope, ScopeKind
from rekey.operations.act import Operation
from rekey.operations.authenticate import Caller
from rekey.operations.do_together import DoTogether, Step, do_together
from rekey.operations.find import found
from rekey.operations.held_powers import Powers, powers_of
from rekey.operations.use_door import Services
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request
from rekey.webkit.mount import ORGANIZATION_KEY
from rekey.webkit.settings import DialectSettings

In = TypeVar("In")
Out = TypeVar("Out")
T = TypeVar("T")

NO_CONTENT = Reply(204)


def caller_of(request: Request) -> Caller:
    """Give who calls. Raises: Unauthorized where the route lets anybody in and nobody signed in."""
    if not isinstance(request.caller, Caller):
        raise Unauthorized("Sign in first: Authorization: KISI-LOGIN <secret>")
    return request.caller


def actor_of(request: Request) -> Actor:
    return caller_of(request).actor


def own_person_id(request: Request) -> PersonId:
    """Give the person behind the login. Raises: NotFound for a service's key, which is nobody."""
    person_id = caller_of(request).operator.person_id
    if person_id is None:
        raise NotFound("person", "me")
    return person_id


def path_number(request: Request, kind: str) -> int:
    """Read the id of the path. Raises: NotFound for text that is no number, as for a number that is unknown."""
    text = request.params["id"]
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise NotFound(kind, text)
    return int(text)


@dataclass(frozen=True, slots=True)
class Kit:
    """The services, with the calls that handlers make of them."""

    services: Services
    settings: DialectSettings

    async def perform(self, request: Request, operation: Operation[In, Out], wanted: In) -> Out:
        return await self.services.core.perform(operation, actor_of(request), wanted)

    async def together(self, request: Request, *steps: Step) -> tuple[Any, ...]:
        """Do all of it in one act, and give what each step gave."""
        if len(steps) == 1:
            return (await self.perform(request, steps[0].operation, steps[0].wanted),)
        return await self.perform(request, do_together, DoTogether(steps=steps))

    async def organization_of(self, request: Request, domain: str | None) -> OrganizationId | None:
        """Find the organization of a caller without a login: by its domain, the virtual host, or the first one."""
        directory = self.services.core.store.directory
        named = domain or request.scope.get(ORGANIZATION_KEY)
        return await (
            directory.first_organization() if named is None else directory.organization_named(named.lower())
        )

    async def read(
        self,
        request: Request,
        permission: Permission,
        look: Callable[[View], Awaitable[T]],
        scope: Scope | None = None,
    ) -> T:
        return await self.services.core.read(actor_of(request), permission, scope, look)

    async def read_within(
        self,
        request: Request,
        permission: Permission,
        look: Callable[[View, Powers], Awaitable[T]],
    ) -> T:
        """Look with the permission wherever it is held; `look` leaves out what lies beyond. Raises: NotAllowed."""

        async def within(view: View) -> T:
            return await look(view, await powers_of(view, actor_of(request), permission, self.now()))

        return await self.look(request, within)

    async def require(self, request: Request, permission: Permission) -> None:
        """Refuse a wish that leaves nothing to do, or needs a look first. Raises: NotAllowed, recorded."""
        attempted = "" if request.route is None else request.route.operation
        await self.services.core.require(actor_of(request), permission, None, attempted=attempted)

    def now(self) -> datetime:
        return self.services.core.clock.now()

    async def look(self, request: Request, look: Callable[[View], Awaitable[T]]) -> T:
        """Look something up before the operation that asks for the permission."""
        return await self.services.core.store.read(actor_of(request).organization_id, look)


def refuse_beyond(in_reach: bool) -> None:
    """Raises: NotAllowed for what lies where the caller may not look."""
    if not in_reach:
        raise NotAllowed("this lies outside of where you may look")


async def person_numbered(view: View, number: int) -> Person:
    """Find a user. Raises: NotFound, also for a guest."""
    return await _person(view, number, guest=False)


async def guest_numbered(view: View, number: int) -> Person:
    """Find a guest. Raises: NotFound, also for a user."""
    return await _person(view, number, guest=True)


async def _person(view: View, number: int, *, guest: bool) -> Person:
    person = await view.people.by_number(number)
    if person is None or person.is_guest is not guest:
        raise NotFound("person", str(number))
    return person


async def door_numbered(view: View, number: int) -> Door:
    """Raises: NotFound."""
    return found(await view.doors.by_number(number), "door", str(number))


async def group_numbered(view: View, number: int) -> DoorGroup:
    """Raises: NotFound."""
    return found(await view.door_groups.by_number(number), "door_group", str(number))


async def site_numbered(view: View, number: int) -> Site:
    """Raises: NotFound."""
    return found(await view.sites.by_number(number), "site", str(number))


async def team_numbered(view: View, number: int) -> Team:
    """Raises: NotFound."""
    return found(await view.teams.by_number(number), "team", str(number))


async def grant_numbered(view: View, number: int) -> Grant:
    """Find a grant that Kisi can show. Raises: NotFound, also for one at a single door."""
    grant = await view.grants.by_number(number)
    if grant is None or grant.scope.kind is ScopeKind.DOOR or grant.holder.kind is HolderKind.LINK:
        raise NotFound("grant", str(number))
    return grant


async def scope_numbered(view: View, kind: ScopeKind, number: int) -> Scope:
    """Name a scope by its kind and number. Raises: NotFound."""
    if kind is ScopeKind.DOOR_GROUP:
        return Scope.door_group((await group_numbered(view, number)).id)
    if kind is ScopeKind.SITE:
        return Scope.site((await site_numbered(view, number)).id)
    if number != organization_number(view.organization_id):
        raise NotFound("organization", str(number))
    return Scope.organization(view.organization_id)


async def scope_ref(view: View, scope: Scope) -> Shape:
    """Give the nested ref of a scope; its thing stands as long as the grant does."""
    if scope.kind is ScopeKind.DOOR_GROUP:
        group = await view.door_groups.get(scope.id)
        return ref("Group", 0, "") if group is None else ref("Group", group.number, group.name)
    if scope.kind is ScopeKind.SITE:
        site = await view.sites.get(scope.id)
        return ref("Place", 0, "") if site is None else ref("Place", site.number, site.name)
    return organization_ref(await view.organizations.get())


async def holder_ref(view: View, grant: Grant) -> Shape:
    """Give the nested ref of a grant's holder."""
    if grant.holder.kind is HolderKind.TEAM:
        team = await view.teams.get(grant.holder.id)
        return ref("Team", 0, "") if team is None else ref("Team", team.number, team.name)
    person = await view.people.last_known(grant.holder.id)
    return ref("User", 0, "") | {"email": ""} if person is None else person_ref(person)
