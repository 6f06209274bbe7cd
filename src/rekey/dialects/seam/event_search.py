"""Which rows of the journal are read for events, and how: each question has an index of its own."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from heapq import merge
from operator import attrgetter
from typing import Final

from rekey.dialects.seam.event_feed import Event, events_of
from rekey.dialects.seam.event_map import actions_of
from rekey.dialects.seam.event_scene import Reveal
from rekey.dialects.seam.event_types import EVENT_FORMS, EventForm
from rekey.domain.journal import JournalRow
from rekey.operations.feeds import row_of_event
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.journal import JournalFilter, StoredRow
from rekey.ports.store import View

_STRIDE: Final = 500
_FIRST_STRIDE: Final = 50
# A site with more doors than this is read row by row.
_MOST_DOORS: Final = 64
# These always carry their door and whoever stood before it, and they are what a history grows by.
_AT_A_DOOR: Final = frozenset({"door.opened", "door.unlocked", "door.secured", "door.open_requested"})
# Acts that took doors away; their rows name them, and doors never change their site.
_TAKE_DOORS: Final = frozenset({"door.retired", "site.retired", "upstream.ended", "organization.reset"})

Wanted = Callable[[Event], bool]


@dataclass(frozen=True, slots=True)
class Sought:
    """Which events: rows that may become them, the test of each event, and the one site that is asked for."""

    rows: JournalFilter
    fits: Wanted
    site_id: str | None = None


def actions_with(members: frozenset[str]) -> frozenset[str]:
    """Give the actions that may become an event with all of these members.

    Whom an event is about is known of many that don't show it, so a person leaves every action in.
    """
    wanted = members - {"user_identity_id"}
    carriers = {type_ for type_, form in EVENT_FORMS.items() if wanted <= _members_of(form)}
    return actions_of(frozenset(carriers))


def _members_of(form: EventForm) -> frozenset[str]:
    members = form.always | form.sometimes
    return members | {"access_grant_id"} if "access_grant_ids" in members else members


async def events_by_id(view: View, named: str, reveal: Reveal) -> list[Event]:
    """Give the one event with an id, if there is one."""
    found = await row_of_event(view, named)
    if found is None:
        return []
    events = await events_of(view, found[0], reveal)
    return events[found[1] : found[1] + 1]


async def named_events(view: View, ids: tuple[str, ...], reveal: Reveal) -> list[Event]:
    """Give those of the events named that there are, the oldest first."""
    names = dict.fromkeys(named.lower() for named in ids)
    events = [event for named in names for event in await events_by_id(view, named, reveal)]
    return sorted(events, key=lambda event: (str(event.shape["created_at"]), event.id))


async def scan_events(view: View, sought: Sought, reveal: Reveal) -> AsyncIterator[Event]:
    """Give the events that fit, the oldest first, reading no further than somebody asks."""
    questions = await _questions(view, sought)
    after, stride = 0, _FIRST_STRIDE
    while True:
        rows = await _rows(view, questions, after=after, limit=stride)
        for stored in rows:
            for event in await events_of(view, stored.row, reveal):
                if sought.fits(event):
                    yield event
        if len(rows) < stride:
            return
        after, stride = rows[-1].row.position, _STRIDE


async def _questions(view: View, sought: Sought) -> list[JournalFilter]:
    """Ask by the door, the person or the doors of the site, and for what carries none of them by its action."""
    matching = sought.rows
    whole = replace(matching, door_id=None, person_id=None)
    several = replace(whole, actions=None, has_parts=True)
    narrow = [matching] if whole != matching else await _by_doors(view, sought)
    if not narrow:
        return [matching, several]
    others = sorted((matching.actions or frozenset()) - _AT_A_DOOR)
    elsewhere = [replace(whole, actions=None, action=action) for action in others]
    return [*narrow, *elsewhere, several]


async def _by_doors(view: View, sought: Sought) -> list[JournalFilter]:
    """Ask for the rows of each door of the site that is sought; nothing where there are too many or no site."""
    if sought.site_id is None:
        return []
    doors = await _doors_ever_at(view, sought.site_id)
    few = len(doors) <= _MOST_DOORS
    return [replace(sought.rows, door_id=door_id) for door_id in sorted(doors)] if few else []


async def _doors_ever_at(view: View, site_id: str) -> frozenset[str]:
    """Give the doors of a site, with those that are gone; a few of other sites among these do no harm."""
    standing = (await view.doors.list(WHOLE, site_id=site_id)).items
    found = {str(door.id) for door in standing}
    after = 0
    while len(found) <= _MOST_DOORS:
        matching = JournalFilter(actions=_TAKE_DOORS)
        rows = await view.journal.rows(after=after, limit=_STRIDE, matching=matching)
        for stored in rows:
            found |= _doors_of(stored.row, site_id)
        if len(rows) < _STRIDE:
            break
        after = rows[-1].row.position
    return frozenset(found)


def _doors_of(row: JournalRow, site_id: str) -> set[str]:
    if row.site_id not in {None, site_id}:
        return set()
    named = row.detail.get("doors")
    several = {door for door in named if isinstance(door, str)} if isinstance(named, list) else set()
    return several | ({row.door_id} if row.door_id is not None else set())


async def _rows(view: View, questions: list[JournalFilter], *, after: int, limit: int) -> list[StoredRow]:
    answers = [await view.journal.rows(after=after, limit=limit, matching=one) for one in questions]
    ordered = merge(*answers, key=attrgetter("row.position"))
    return list({stored.row.position: stored for stored in ordered}.values())[:limit]
