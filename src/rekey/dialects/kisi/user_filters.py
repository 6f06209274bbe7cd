"""Which users a list shows, and in which order. Source: contract sections 1.2 and 3.1."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from rekey.dialects.kisi.holders import people_at, scopes_within
from rekey.dialects.kisi.kit import caller_of
from rekey.dialects.kisi.lists import cut, flag_of, number_of, numbers_of, sort_of
from rekey.dialects.kisi.notes import NAMESPACE
from rekey.dialects.kisi.people_shapes import user_number
from rekey.dialects.kisi.shapes import switches
from rekey.dialects.kisi.user_facts import UNLOCKED
from rekey.domain.block import SubjectKind
from rekey.domain.document import DocumentKind
from rekey.domain.ids import PersonId
from rekey.domain.people import Person
from rekey.domain.scope import Scope
from rekey.operations.held_powers import EVERYWHERE, Powers, scopes_reached
from rekey.ports.listing import WHOLE, Listing, Order, Part
from rekey.ports.store import View
from rekey.webkit.message import Request

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserQuery:
    """A list of users as it was asked for; `members` says that its `ids` are those of members."""

    request: Request
    part: Part
    now: datetime
    members: bool = False


async def find_users(view: View, wanted: UserQuery, powers: Powers = EVERYWHERE) -> Listing[Person]:
    """List the users that every filter leaves, of those within these powers. Raises: BadQuery."""
    query = wanted.request.query()
    chosen = [ids for ids in await _chosen(view, wanted) if ids is not None]
    if not powers.everywhere:
        chosen.append(await people_at(view, *await scopes_reached(view, powers)))
    email = query.one("email")
    sort, down = sort_of(wanted.request, "name", "unlock", "access_enabled")
    by_hand = sort in {"unlock", "access_enabled"}
    order_by_name = Order.NAME_DOWN if down else Order.NAME
    part = replace(wanted.part, order=order_by_name if sort == "name" else Order.MADE)
    sought = query.one("query")
    if email is None and await _is_whole_address(view, sought):
        # Whoever asks with a whole address means one user, and must find that user on the first page.
        email, sought = sought, None
    ids = sorted(frozenset.intersection(*chosen)) if chosen else None
    email = None if email is None else email.strip().lower()
    if not by_hand:
        return await view.people.list(part, query=sought, ids=ids, email=email, guests=False)
    found = await view.people.ids(query=sought, ids=ids, email=email, guests=False)
    order = await (_by_unlock(view) if sort == "unlock" else _by_switch(view, found, wanted.now))
    return await _sorted_by(view, found, order, wanted.part, down=down)


async def is_in_reach(view: View, powers: Powers, person_id: str) -> bool:
    """Say whether a person holds access where these powers reach."""
    return powers.everywhere or person_id in await people_at(view, *await scopes_reached(view, powers))


async def _sorted_by(
    view: View, ids: tuple[str, ...], order: dict[str, datetime], part: Part, *, down: bool
) -> Listing[Person]:
    """Read the people of one part alone; where all come in question, only their ids are in memory."""
    page = cut(sorted(ids, key=lambda id_: order.get(id_, _NEVER), reverse=down), part)
    people = await view.people.list(WHOLE, ids=list(page.items))
    named = {person.id: person for person in people.items}
    return Listing(tuple(named[PersonId(id_)] for id_ in page.items), page.total)


async def _is_whole_address(view: View, sought: str | None) -> bool:
    """Say whether a text is the address of a user; that is looked up, where parts of texts have to be compared."""
    if sought is None or "@" not in sought:
        return False
    person = await view.people.by_email(sought.strip().lower())
    return person is not None and not person.is_guest


async def _by_unlock(view: View) -> dict[str, datetime]:
    """Give when each person last opened a door; who never did is not in it and comes first."""
    return await view.journal.newest_of_people(UNLOCKED)


async def _by_switch(view: View, ids: tuple[str, ...], now: datetime) -> dict[str, datetime]:
    """Give a later time to those whose access is enabled, so that they come last."""
    standing = await view.blocks.standing_on(SubjectKind.PERSON, ids)
    return {id_: now for id_ in ids if id_ not in standing or switches(standing[id_], now)[0]}


async def _chosen(view: View, wanted: UserQuery) -> list[frozenset[PersonId] | None]:
    """Give whom each filter leaves; None where a filter is not given."""
    request = wanted.request
    numbers = numbers_of(request, "ids")
    if wanted.members and numbers is not None:
        numbers = tuple(user_number(number) for number in numbers)
    return [
        await _numbered(view, numbers),
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
    confirmed |= await _confirmed_at_creation(view)
    if wanted:
        return frozenset(confirmed)
    people = await view.people.ids(guests=False)
    return frozenset(PersonId(id_) for id_ in people if id_ not in confirmed)


async def _confirmed_at_creation(view: View) -> set[PersonId]:
    """Give those who were made as confirmed, and so never sign up."""
    noted = await view.documents.list(WHOLE, DocumentKind.ANNOTATION)
    return {
        PersonId(document.parent_id or "")
        for document in noted.items
        if document.body.get("confirmed") is True and (document.key or "").startswith(f"{NAMESPACE}:")
    }
