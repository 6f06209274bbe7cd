"""What of a door's list may have changed: told from the changes alone, without deciding anything twice."""

from collections.abc import Iterable
from dataclasses import dataclass

from rekey.domain.access import DoorRecord
from rekey.domain.credential import CredentialKind
from rekey.domain.door_credentials import listed_terms
from rekey.operations.holders import record_named
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.doors import Change, ChangeKind
from rekey.ports.repositories.people import CredentialFilter
from rekey.ports.store import View

_NAMES_HOLDER = frozenset({ChangeKind.PERSON, ChangeKind.LINK})


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorNews:
    """`holders` are those whom the changes name. `last_wide` is the newest change that may concern anybody.

    With `is_cut` there are more changes than were asked for, and so neither is complete.
    """

    holders: frozenset[str] = frozenset()
    last_wide: int | None = None
    is_cut: bool = False

    @property
    def is_wide(self) -> bool:
        return self.is_cut or self.last_wide is not None


async def news_of(view: View, door: DoorRecord, since: int, *, most: int | None = None) -> DoorNews:
    """Give what the changes after a position mean for a door; with `most`, of no more changes than that."""
    newer = await view.changes.since(since, most=None if most is None else most + 1)
    if most is not None and len(newer) > most:
        return DoorNews(is_cut=True)
    changes = [change for change in newer if change.scope is None or door.is_covered_by(change.scope)]
    wide = [change.position for change in changes if change.kind not in _NAMES_HOLDER]
    named = await _named(view, changes)
    if most is not None and len(named) > most:
        return DoorNews(is_cut=True)
    return DoorNews(holders=named, last_wide=max(wide, default=None))


async def holders_near(view: View, door: DoorRecord) -> frozenset[str]:
    """Give everybody whom any grant reaches at the door."""
    people, links = await view.access.people_near(door), await view.access.links_near(door)
    return frozenset((*people, *links))


async def terms_at(
    view: View, door: DoorRecord, holder_id: str, reads: frozenset[CredentialKind]
) -> str | None:
    """Give what the door's list is to say of a holder as this view has it; None for no line at all."""
    holder = await record_named(view, holder_id)
    if holder is None:
        return None
    matching = CredentialFilter(holder=holder.holder)
    held = (await view.credentials.list(WHOLE, matching=matching)).items if reads else ()
    return listed_terms(holder, door, held, reads=reads)


async def _named(view: View, changes: Iterable[Change]) -> frozenset[str]:
    found: set[str] = set()
    for kind, subject_id in {(change.kind, change.subject_id) for change in changes}:
        if kind not in _NAMES_HOLDER:
            continue
        found.add(subject_id)
        if kind is ChangeKind.PERSON:
            links = await view.links.list(WHOLE, for_person_id=subject_id)
            found.update(link.id for link in links.items)
    return frozenset(found)
