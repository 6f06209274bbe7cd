"""Which shares a list shows. Source: contract section 4.3."""

from typing import TypeVar

from rekey.dialects.kisi.holders import scopes_within
from rekey.dialects.kisi.kit import caller_of
from rekey.dialects.kisi.lists import choice_of, cut, number_of, numbers_of
from rekey.dialects.kisi.people_shapes import user_number
from rekey.domain.grant import Grant, Holder, HolderKind
from rekey.domain.role import Role
from rekey.domain.scope import Scope, ScopeKind
from rekey.ports.listing import WHOLE, Listing, Part
from rekey.ports.repositories.rights import GrantFilter
from rekey.ports.store import View
from rekey.webkit.message import Request

T = TypeVar("T")

_ROLES = {"basic": (Role.BASIC.value,), "manager": (Role.MANAGER.value,)}


async def find_shares(
    view: View, request: Request, part: Part, reached: frozenset[Scope] | None
) -> Listing[Grant]:
    """List what every filter leaves, at the scopes in reach (None: all). Raises: BadQuery."""
    role, numbers = choice_of(request, "role_id", "basic", "manager"), numbers_of(request, "ids")
    named, scopes = await _named(view, request), await _scopes(view, request)
    if reached is not None:
        scopes = reached if scopes is None else scopes & reached
    guests = await _guests(view) if named is None else frozenset()
    matching = GrantFilter(
        holder=_only(named),
        holder_kinds=(HolderKind.PERSON,),
        scope=_only(scopes),
        scope_kinds=(ScopeKind.DOOR_GROUP,),
        roles=() if role is None else _ROLES[role],
    )
    if named is None and not guests and numbers is None and (scopes is None or matching.scope is not None):
        return await view.grants.list(part, matching)
    found = await view.grants.list(WHOLE, matching)
    chosen = [
        grant
        for grant in found.items
        if grant.holder not in guests
        and (named is None or grant.holder in named)
        and (scopes is None or grant.scope in scopes)
        and (numbers is None or grant.number in numbers)
    ]
    return cut(chosen, part)


async def _named(view: View, request: Request) -> frozenset[Holder] | None:
    """Give the users whose shares are asked for; None for all."""
    member, text = number_of(request, "member_id"), request.query().one("query")
    wanted: set[str | None] = set()
    if request.query().one("user_id") == "me":
        wanted.add(caller_of(request).operator.person_id)
    elif (number := number_of(request, "user_id")) is not None:
        wanted.add(await _numbered(view, number))
    if member is not None:
        wanted.add(await _numbered(view, user_number(member)))
    if not wanted and text is None:
        return None
    if len(wanted) > 1 or None in wanted:
        return frozenset()
    ids = [person_id for person_id in wanted if person_id is not None] or None
    people = await view.people.list(WHOLE, query=text, ids=ids, guests=False)
    return frozenset(Holder.person(person.id) for person in people.items)


async def _numbered(view: View, number: int) -> str | None:
    person = await view.people.by_number(number)
    return None if person is None else person.id


async def _guests(view: View) -> frozenset[Holder]:
    """Give the guests, whose rights are no shares."""
    listed = await view.people.list(WHOLE, guests=True)
    return frozenset(Holder.person(guest.id) for guest in listed.items)


def _only(among: frozenset[T] | None) -> T | None:
    """Give the one thing that is asked for, where it is one."""
    return next(iter(among)) if among is not None and len(among) == 1 else None


async def _scopes(view: View, request: Request) -> frozenset[Scope] | None:
    """Give the groups whose shares are asked for; None for all."""
    group_number, place = number_of(request, "group_id"), number_of(request, "place_id")
    scopes: frozenset[Scope] | None = None
    if group_number is not None:
        group = await view.door_groups.by_number(group_number)
        scopes = frozenset() if group is None else frozenset({Scope.door_group(group.id)})
    if place is not None:
        site = await view.sites.by_number(place)
        within = frozenset() if site is None else frozenset(await scopes_within(view, site.id))
        scopes = within if scopes is None else scopes & within
    return scopes
