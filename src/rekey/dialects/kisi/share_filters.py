"""Which shares a list shows. Source: contract section 4.3."""

from rekey.dialects.kisi.holders import scopes_within
from rekey.dialects.kisi.lists import choice_of, cut, number_of, numbers_of
from rekey.dialects.kisi.people_shapes import user_number
from rekey.domain.grant import Grant, Holder, HolderKind
from rekey.domain.people import Person
from rekey.domain.role import Role
from rekey.domain.scope import Scope, ScopeKind
from rekey.ports.listing import WHOLE, Listing, Part
from rekey.ports.repositories.rights import GrantFilter
from rekey.ports.store import View
from rekey.webkit.message import Request

_ROLES = {"basic": (Role.BASIC.value,), "manager": (Role.MANAGER.value,)}


async def find_shares(view: View, request: Request, part: Part) -> Listing[Grant]:
    """List what every filter leaves. Raises: BadQuery."""
    role, numbers = choice_of(request, "role_id", "basic", "manager"), numbers_of(request, "ids")
    holders, scopes = await _holders(view, request), await _scopes(view, request)
    alone = next(iter(holders)) if len(holders) == 1 else None
    matching = GrantFilter(
        holder=alone,
        holder_kinds=(HolderKind.PERSON,),
        scope_kinds=(ScopeKind.DOOR_GROUP,),
        roles=() if role is None else _ROLES[role],
    )
    found = await view.grants.list(WHOLE, matching)
    chosen = [
        grant
        for grant in found.items
        if grant.holder in holders
        and (scopes is None or grant.scope in scopes)
        and (numbers is None or grant.number in numbers)
    ]
    return cut(chosen, part)


async def _holders(view: View, request: Request) -> frozenset[Holder]:
    """Give the users whose shares are asked for."""
    named = [number_of(request, "user_id") if request.query().one("user_id") != "me" else None]
    member = number_of(request, "member_id")
    named.append(None if member is None else user_number(member))
    people = (await view.people.list(WHOLE, query=request.query().one("query"), guests=False)).items
    return frozenset(Holder.person(person.id) for person in people if _is_named(person, named))


def _is_named(person: Person, numbers: list[int | None]) -> bool:
    return all(number is None or person.number == number for number in numbers)


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
