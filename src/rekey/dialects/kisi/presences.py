"""Who was at a place on a day, from the journal. Source: contract section 7.4."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rekey.dialects.kisi.errors import BadQuery
from rekey.dialects.kisi.kit import Kit
from rekey.dialects.kisi.lists import PLAIN, cut, number_of, paged, unsorted_part
from rekey.dialects.kisi.shapes import Shape, instant
from rekey.dialects.kisi.user_facts import UNLOCKED
from rekey.domain.estate import Door, Site, zone_named
from rekey.domain.journal import JournalRow
from rekey.domain.people import Person
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.ports.listing import Listing
from rekey.ports.repositories.journal import JournalFilter
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

_MOST_ROWS = 1_000_000
# Nobody checks out here, so somebody who has not opened a door for this long is no longer known to be there.
ACTIVE_FOR = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class _Seen:
    """The first and the last time that somebody came through a door that day."""

    person: Person
    first: JournalRow
    last: JournalRow
    door: Door


class Presences:
    """The handler of presences."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        """List who opened a door of the place on the day, by the place's clock. Raises: BadQuery."""
        part, number, day = unsorted_part(request, PLAIN), number_of(request, "place_id"), _day(request)
        if number is None:
            raise BadQuery("place_id is required")
        site = await self._kit.look(request, lambda view: view.sites.by_number(number))
        now = self._kit.now()

        async def look(view: View) -> Reply:
            seen = [] if site is None else await _seen_on(view, site, day)
            listing: Listing[_Seen] = cut(seen, part)
            shown = [_show(one, number, now=now, day=day, zone=_zone(site)) for one in listing.items]
            return paged(shown, part, listing.total)

        scope = None if site is None else Scope.site(site.id)
        return await self._kit.read(request, Permission.JOURNAL_READ, look, scope)


def _day(request: Request) -> date:
    text = request.query().one("date")
    if text is None:
        raise BadQuery("date is required")
    try:
        return date.fromisoformat(text)
    except ValueError as unread:
        raise BadQuery("date must have the form YYYY-MM-DD") from unread


def _zone(site: Site | None) -> ZoneInfo:
    return zone_named("UTC" if site is None else site.time_zone)


async def _seen_on(view: View, site: Site, day: date) -> list[_Seen]:
    """Find everybody who came through a door of the site, in the order in which they came."""
    zone = _zone(site)
    begin = datetime.combine(day, time(), zone)
    span = JournalFilter(
        action=UNLOCKED, since=begin, before=datetime.combine(day + timedelta(days=1), time(), zone)
    )
    doors: dict[str, Door | None] = {}
    rows: dict[str, list[JournalRow]] = {}
    for stored in await view.journal.rows(limit=_MOST_ROWS, matching=span):
        row = stored.row
        if row.person_id is None or row.door_id is None:
            continue
        if row.door_id not in doors:
            doors[row.door_id] = await view.history.door(row.door_id, row.position)
        door = doors[row.door_id]
        if door is not None and door.site_id == site.id:
            rows.setdefault(row.person_id, []).append(row)
    seen: list[_Seen] = []
    for person_id, theirs in rows.items():
        person, door = await view.people.last_known(person_id), doors[theirs[-1].door_id or ""]
        if person is not None and door is not None:
            seen.append(_Seen(person, theirs[0], theirs[-1], door))
    return seen


def _show(seen: _Seen, place: int, *, now: datetime, day: date, zone: ZoneInfo) -> Shape:
    person = seen.person
    is_today = now.astimezone(zone).date() == day
    status = "expired"
    if is_today:
        status = "on_site" if now - seen.last.at <= ACTIVE_FOR else "inactive"
    return {
        "actor_type": "Guest" if person.is_guest else "User",
        "actor_id": person.number,
        "actor_name": person.name,
        "actor_email": person.email,
        "first_unlock_at": instant(seen.first.at),
        "last_unlock_at": instant(seen.last.at),
        "last_unlocked_lock_id": seen.door.number,
        "last_unlocked_lock_name": seen.door.name,
        "status": status,
        "place_id": place,
    }
