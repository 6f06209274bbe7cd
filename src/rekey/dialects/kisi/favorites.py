"""What a user marked as favourite; nobody else sees it. Source: contract sections 5.1 and 5.2."""

from dataclasses import dataclass

from rekey.dialects.kisi.kit import caller_of
from rekey.dialects.kisi.lists import asks_favorite
from rekey.dialects.kisi.notes import NAMESPACE
from rekey.domain.document import DocumentBody
from rekey.operations.annotate import KeepPreference, all_preferences_of
from rekey.ports.store import View
from rekey.webkit.message import Request

_MEMBER = "favorite"


@dataclass(frozen=True, slots=True)
class Favorites:
    """The caller's favourites, and whether and which of them a list is asked for."""

    ids: frozenset[str]
    shown: bool
    wanted: bool | None

    def shown_of(self, thing_id: str) -> bool | None:
        """Give what is shown of a thing; None where nobody asked."""
        return thing_id in self.ids if self.shown else None

    def keeps(self, thing_id: str) -> bool:
        return self.wanted is None or (thing_id in self.ids) is self.wanted


async def favorites_of(view: View, request: Request) -> Favorites:
    """Read the caller's favourites; a service has none. Raises: QueryRefused."""
    shown, wanted = asks_favorite(request)
    person_id = caller_of(request).operator.person_id
    sorts = (request.query().one("sort") or "").removeprefix("-") == _MEMBER
    if person_id is None or not (shown or sorts):
        return Favorites(frozenset(), shown, wanted)
    liked = await all_preferences_of(view, NAMESPACE, person_id)
    ids = frozenset(thing_id for thing_id, body in liked.items() if body.get(_MEMBER) is True)
    return Favorites(ids, shown, wanted)


def mark(thing_id: str, *, favorite: bool) -> KeepPreference:
    changes: DocumentBody = {_MEMBER: True if favorite else None}
    return KeepPreference(thing_id=thing_id, namespace=NAMESPACE, changes=changes)
