"""What somebody held besides rights, read before it goes with the person; the journal names it for the feeds."""

from dataclasses import dataclass

from rekey.domain.credential import CredentialKind
from rekey.domain.grant import Holder
from rekey.domain.journal import JsonValue
from rekey.domain.operator import KeyKind
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.people import CredentialFilter
from rekey.ports.store import View

_SIGNED_IN = frozenset({KeyKind.SESSION, KeyKind.API_KEY})


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBefore:
    """Ids of the teams, cards and sign-ins that somebody had."""

    team_ids: tuple[str, ...] = ()
    membership_ids: tuple[str, ...] = ()
    card_ids: tuple[str, ...] = ()
    key_ids: tuple[str, ...] = ()


HELD_NOTHING = HeldBefore()


async def held_before(view: View, person_id: str) -> HeldBefore:
    """Read what the person has now; nothing of an unknown person."""
    memberships = (await view.teams.memberships(WHOLE, person_id=person_id)).items
    held = CredentialFilter(holder=Holder.person(person_id))
    cards = (await view.credentials.list(WHOLE, kind=CredentialKind.CARD, matching=held)).items
    operator = await view.operators.of_person(person_id)
    keys = () if operator is None else (await view.keys.list(WHOLE, operator_id=operator.id)).items
    return HeldBefore(
        team_ids=tuple(membership.team_id for membership in memberships),
        membership_ids=tuple(membership.id for membership in memberships),
        card_ids=tuple(card.id for card in cards),
        key_ids=tuple(key.id for key in keys if key.kind in _SIGNED_IN),
    )


def held_line(held: HeldBefore) -> dict[str, JsonValue]:
    """Give what the journal tells of it."""
    return {
        "left_teams": [*held.team_ids],
        "left_memberships": [*held.membership_ids],
        "held_cards": [*held.card_ids],
        "held_keys": [*held.key_ids],
    }
