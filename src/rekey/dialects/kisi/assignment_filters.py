"""Which role assignments a list shows. Source: contract section 4.2, both spellings of the filters."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from rekey.dialects.kisi.errors import BadQuery
from rekey.dialects.kisi.kit import (
    caller_of,
    guest_numbered,
    person_numbered,
    refuse_beyond,
    scope_numbered,
    team_numbered,
)
from rekey.dialects.kisi.lists import choice_of, cut, number_of, numbers_of, whole
from rekey.dialects.kisi.roles import BY_ID, SCOPE_KINDS
from rekey.domain.errors import NotFound
from rekey.domain.grant import Grant, Holder, HolderKind
from rekey.domain.scope import Scope, ScopeKind
from rekey.ports.listing import WHOLE, Listing, Part
from rekey.ports.repositories.rights import GrantFilter
from rekey.ports.store import View
from rekey.webkit.message import Request

T = TypeVar("T")

_OLD_SCOPES = {"organization_id": "Organization", "place_id": "Place", "group_id": "Group"}
_KISI_KINDS = frozenset(SCOPE_KINDS.values())
_HOLDERS = {"User": HolderKind.PERSON, "Guest": HolderKind.PERSON, "Team": HolderKind.TEAM}


class _Nothing(Exception):
    """Not an error: the filters exclude each other, or name what is not there."""


def own_holder(request: Request) -> Holder | None:
    """Give the caller as holder where the list asks for `me`."""
    query = request.query()
    if query.one("user_id") != "me" and query.one("assignee_id") != "me":
        return None
    return Holder.person(caller_of(request).operator.person_id or "")


async def find_assignments(
    view: View, request: Request, part: Part, reached: frozenset[Scope] | None
) -> Listing[Grant]:
    """List what every filter leaves, at the scopes in reach (None: all). Raises: BadQuery, NotAllowed."""
    try:
        matching = await _filter(view, request)
    except _Nothing:
        return Listing((), 0)
    refuse_beyond(reached is None or matching.scope is None or matching.scope in reached)
    if (text := request.query().one("query")) is not None:
        matching = replace(matching, holder_ids=await view.people.ids(named=text))
    suits = await _who_suits(view, request, matching.holder)
    if suits is None and reached is None:
        return await view.grants.list(part, matching)
    everything = await view.grants.list(whole(part), matching)
    chosen = [
        grant
        for grant in everything.items
        if (suits is None or suits(grant.holder)) and (reached is None or grant.scope in reached)
    ]
    return cut(chosen, part)


async def _who_suits(view: View, request: Request, holder: Holder | None) -> Callable[[Holder], bool] | None:
    """Give the test of a holder by what the store has no column for; None where nothing is asked of it.

    Takes: holder, the only one that comes into question, where the filters name one.
    """
    kind = choice_of(request, "assignee_type", "User", "Team", "Guest")
    if kind not in {"User", "Guest"}:
        return None
    guests = await _guests(view, holder)
    if not guests and kind == "User":
        return None
    return lambda holder: (holder in guests) is (kind == "Guest")


async def _guests(view: View, holder: Holder | None) -> set[Holder]:
    """Give the guests among those who come into question, which are all but for a named one."""
    ids = None if holder is None else [holder.id]
    return {Holder.person(guest.id) for guest in (await view.people.list(WHOLE, ids=ids, guests=True)).items}


async def _filter(view: View, request: Request) -> GrantFilter:
    """Read every filter. Raises: BadQuery, _Nothing."""
    kinds, holder_kinds = _scope_kinds(request), _holder_kinds(request)
    role_id = request.query().one("role_id")
    role = None if role_id is None else BY_ID.get(role_id)
    if role is not None:
        kinds &= {role.scope_kind}
    holder, scope = await _holder(view, request), await _scope(view, request)
    if not kinds or not holder_kinds or (role_id is not None and role is None):
        raise _Nothing
    return GrantFilter(
        holder=holder,
        holder_kinds=tuple(sorted(holder_kinds)),
        scope=scope,
        scope_kinds=tuple(sorted(kinds)),
        roles=() if role is None else (role.role.value,),
        ids=await _ids(view, request),
    )


def _scope_kinds(request: Request) -> frozenset[ScopeKind]:
    kinds = _KISI_KINDS
    old = choice_of(request, "scope", "organization", "place", "group", "team")
    if old not in {None, "team"}:
        kinds &= {SCOPE_KINDS[str(old).capitalize()]}
    new = choice_of(request, "applies_to_type", *SCOPE_KINDS)
    return kinds if new is None else kinds & {SCOPE_KINDS[new]}


def _holder_kinds(request: Request) -> frozenset[HolderKind]:
    """A link's grant has no Kisi form."""
    kinds = frozenset(_HOLDERS.values())
    if request.query().one("scope") == "team":
        kinds &= {HolderKind.TEAM}
    named = choice_of(request, "assignee_type", "User", "Team", "Guest")
    return kinds if named is None else kinds & {_HOLDERS[named]}


async def _ids(view: View, request: Request) -> tuple[str, ...] | None:
    numbers = numbers_of(request, "ids")
    if numbers is None:
        return None
    found = [await view.grants.by_number(number) for number in numbers]
    return tuple(grant.id for grant in found if grant is not None)


async def _holder(view: View, request: Request) -> Holder | None:
    query = request.query()
    named: set[Holder] = set()
    if (own := own_holder(request)) is not None:
        named.add(own)
    if query.one("user_id") != "me" and (number := number_of(request, "user_id")) is not None:
        named.add(await _numbered_holder(view, number, "User"))
    if query.one("assignee_id") != "me" and (number := number_of(request, "assignee_id")) is not None:
        kind = choice_of(request, "assignee_type", "User", "Team", "Guest")
        if kind is None:
            raise BadQuery("assignee_id goes with assignee_type")
        named.add(await _numbered_holder(view, number, kind))
    return _only(named)


async def _numbered_holder(view: View, number: int, kind: str) -> Holder:
    try:
        if kind == "Team":
            return Holder.team((await team_numbered(view, number)).id)
        find = guest_numbered if kind == "Guest" else person_numbered
        return Holder.person((await find(view, number)).id)
    except NotFound as unknown:
        raise _Nothing from unknown


async def _scope(view: View, request: Request) -> Scope | None:
    named: set[Scope] = set()
    for name, kind in _OLD_SCOPES.items():
        if (number := number_of(request, name)) is not None:
            named.add(await _numbered_scope(view, SCOPE_KINDS[kind], number))
    if (number := number_of(request, "applies_to_id")) is not None:
        kind_name = choice_of(request, "applies_to_type", *SCOPE_KINDS)
        if kind_name is None:
            raise BadQuery("applies_to_id goes with applies_to_type")
        named.add(await _numbered_scope(view, SCOPE_KINDS[kind_name], number))
    return _only(named)


async def _numbered_scope(view: View, kind: ScopeKind, number: int) -> Scope:
    try:
        return await scope_numbered(view, kind, number)
    except NotFound as unknown:
        raise _Nothing from unknown


def _only(named: set[T]) -> T | None:
    """Give the one thing that is named; two can't both be it."""
    if len(named) > 1:
        raise _Nothing
    return next(iter(named), None)
