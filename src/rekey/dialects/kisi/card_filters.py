"""Which cards a list shows, and what is known of each. Source: contract sections 6.1 and 6.2."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from rekey.dialects.kisi.card_notes import card_number
from rekey.dialects.kisi.card_shapes import ACTIVATED, DEACTIVATED, STATES, UNASSIGNED, CardFacts, status_of
from rekey.dialects.kisi.card_types import CARD_TYPES, IDENTIFIERS
from rekey.dialects.kisi.kit import actor_of, own_person_id
from rekey.dialects.kisi.lists import choice_of, cut, flag_of, number_of, numbers_of, sort_of
from rekey.dialects.kisi.notes import Notes, notes_of_all
from rekey.domain.credential import Credential, CredentialKind
from rekey.domain.errors import NotAllowed, NotFound
from rekey.domain.grant import Holder
from rekey.domain.people import Person
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.authority import require_permission
from rekey.operations.core import Core
from rekey.operations.imprints import reveal
from rekey.ports.listing import WHOLE, Listing, Part
from rekey.ports.repositories.people import CredentialFilter
from rekey.ports.store import View
from rekey.webkit.message import Request

ALL_CARDS = CredentialFilter(card_types=CARD_TYPES)
NOTHING: Listing[Credential] = Listing((), 0)


async def find_cards(view: View, request: Request, part: Part) -> Listing[Credential]:
    """Find the cards that a list asks for. Raises: BadQuery."""
    sort, down = sort_of(request, "last_used_at")
    numbers, given = numbers_of(request, "ids"), _identifiers(request)
    status = choice_of(request, "status", ACTIVATED, DEACTIVATED, UNASSIGNED)
    activated = flag_of(request, "activated")
    matching, exists = await _held_by(view, request)
    if not exists:
        return NOTHING
    if status is not None:
        matching = replace(matching, states=STATES[status])
    if numbers is None and not given and activated is None and sort is None and status in {None, ACTIVATED}:
        return await view.credentials.list(part, kind=CredentialKind.CARD, matching=matching)
    matching = await _numbered(view, matching, numbers)
    cards = await _cards(view, matching, given)
    chosen = [
        card
        for card in cards
        if (numbers is None or card.number in numbers)
        and (status is None or status_of(card) == status)
        and (activated is None or (status_of(card) == ACTIVATED) is activated)
    ]
    if sort is not None:
        chosen.sort(key=lambda card: (card.last_used_at is not None, card.last_used_at or card.created_at))
        if down:
            chosen.reverse()
    return cut(chosen, part)


async def find_assignments_of_cards(view: View, request: Request, part: Part) -> Listing[Credential]:
    """Find the cards that are held as a list of assignments asks for it. Raises: BadQuery."""
    numbers, card = numbers_of(request, "ids"), number_of(request, "card_id")
    status = choice_of(request, "status", ACTIVATED, DEACTIVATED)
    matching, exists = await _held_by(view, request)
    if not exists:
        return NOTHING
    wanted = None if numbers is None else {card_number(number) for number in numbers}
    matching = await _numbered(view, matching, wanted if card is None else {card})
    held = [
        one
        for one in await _cards(view, matching, [])
        if one.person_id is not None
        and (wanted is None or one.number in wanted)
        and (card is None or one.number == card)
        and (status is None or status_of(one) == status)
    ]
    return cut(held, part)


async def facts_of_cards(
    view: View, core: Core, request: Request, cards: Iterable[Credential]
) -> list[CardFacts]:
    """Give what is known of each card; PINs are for those who may change them."""
    listed = list(cards)
    noted = await notes_of_all(view, [card.id for card in listed])
    reveals = await _may_change(view, core, request)
    facts = []
    for card in listed:
        notes = noted[card.id]
        holder = None if card.person_id is None else await view.people.get(card.person_id)
        shows = reveals and bool(card.second_sealed_part)
        pin = reveal(core.secrets, card.second_sealed_part) if shows else None
        facts.append(
            CardFacts(holder=holder, assigner=await _assigner(view, card, notes), notes=notes, pin=pin)
        )
    return facts


async def person_behind_operator(view: View, operator_id: str | None) -> Person | None:
    """Give the user behind an operator; None for a service, and for somebody who was removed since."""
    operator = None if operator_id is None else await view.operators.get(operator_id)
    person_id = None if operator is None else operator.person_id
    return None if person_id is None else await view.people.get(person_id)


async def _assigner(view: View, card: Credential, notes: Notes) -> Person | None:
    by = notes.get("assigned_by")
    return await person_behind_operator(view, by if isinstance(by, str) and card.holder else None)


async def _may_change(view: View, core: Core, request: Request) -> bool:
    everywhere = Scope.organization(view.organization_id)
    try:
        await require_permission(
            view, actor_of(request), Permission.PEOPLE_WRITE, everywhere, now=core.clock.now()
        )
    except NotAllowed:
        return False
    return True


async def _held_by(view: View, request: Request) -> tuple[CredentialFilter, bool]:
    """Read whose cards are asked for; False if a named person does not exist. Raises: BadQuery, NotFound."""
    asked = request.query().one("user_id")
    if asked == "me":
        return replace(ALL_CARDS, holder=Holder.person(own_person_id(request))), True
    kind = choice_of(request, "assignee_type", "User", "Guest")
    named = {
        number
        for name in ("user_id", "guest_id", "assignee_id")
        if (number := number_of(request, name)) is not None
    }
    if not named:
        return (ALL_CARDS if kind is None else await _held_by_kind(view, guests=kind == "Guest")), True
    person = await view.people.by_number(named.pop())
    if person is None or named or (kind is not None and (kind == "Guest") is not person.is_guest):
        return ALL_CARDS, False
    return replace(ALL_CARDS, holder=Holder.person(person.id)), True


async def _held_by_kind(view: View, *, guests: bool) -> CredentialFilter:
    """Leave the cards of all guests, or those of all users."""
    people = frozenset(await view.people.ids(guests=guests))
    held = await view.credentials.list(WHOLE, kind=CredentialKind.CARD, matching=ALL_CARDS)
    ids = tuple(card.id for card in held.items if card.person_id in people)
    return replace(ALL_CARDS, ids=ids)


async def _numbered(
    view: View, matching: CredentialFilter, numbers: Collection[int] | None
) -> CredentialFilter:
    """Have the store look at numbered cards alone, where numbers are given."""
    if numbers is None:
        return matching
    found = [await view.credentials.by_number(number) for number in numbers]
    ids = tuple(card.id for card in found if card is not None)
    among = matching.ids
    return replace(matching, ids=ids if among is None else tuple(one for one in ids if one in among))


def _identifiers(request: Request) -> list[tuple[str, str]]:
    found = [(name, request.query().one(name)) for name in IDENTIFIERS]
    return [(name, text.strip()) for name, text in found if text is not None and text.strip()]


async def _cards(
    view: View, matching: CredentialFilter, given: list[tuple[str, str]]
) -> tuple[Credential, ...]:
    """List the cards; of given identifiers every one must fit, each in any spelling that counts as the same."""
    if not given:
        return (await view.credentials.list(WHOLE, kind=CredentialKind.CARD, matching=matching)).items
    first = given[0]
    found: dict[str, Credential] = {}
    for text in _spellings(first[1]):
        listed = await view.credentials.list(
            WHOLE, kind=CredentialKind.CARD, matching=replace(matching, identifier=(first[0], text))
        )
        found.update((card.id, card) for card in listed.items)
    fitting = (card for card in found.values() if all(_fits(card, one) for one in given))
    return tuple(sorted(fitting, key=lambda card: card.number))


def _fits(card: Credential, given: tuple[str, str]) -> bool:
    return dict(card.identifiers).get(given[0]) in _spellings(given[1])


def _spellings(text: str) -> tuple[str, ...]:
    """Give the forms in which an identifier may be kept: as it is, as hexadecimal, as a number."""
    digits = text.lstrip("0") or "0" if text.isascii() and text.isdigit() else text
    plain = text.replace(":", "").replace("-", "").replace(" ", "").upper()
    return tuple(dict.fromkeys((text, plain, digits)))


async def card_numbered(view: View, number: int) -> Credential:
    """Find a card that this API can show. Raises: NotFound."""
    card = await view.credentials.by_number(number)
    if card is None or card.kind is not CredentialKind.CARD or card.card_type not in CARD_TYPES:
        raise NotFound("card", str(number))
    return card
