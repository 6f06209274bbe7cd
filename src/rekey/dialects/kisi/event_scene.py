"""One row of the journal with what it names, as things were at the row's position."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rekey.dialects.kisi.event_past import Past
from rekey.dialects.kisi.shapes import (
    Shape,
    organization_number,
    organization_ref,
    person_ref,
    ref,
)
from rekey.domain.estate import Door, DoorGroupDoor, DoorKind, Site
from rekey.domain.grant import Grant, HolderKind
from rekey.domain.ids import Position
from rekey.domain.journal import JournalRow, JsonValue
from rekey.domain.people import Membership, Person
from rekey.domain.scope import ScopeKind

STOP = "ElevatorStop"
GROUP_STOP = "GroupElevatorStop"


@dataclass(frozen=True, slots=True)
class Object:
    """What an event is about, by its nested ref, and the place that it belongs to."""

    shape: Shape
    site: Site | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One event before it has its id and its actor; `error` is a code and its text."""

    type: str
    about: Object
    error: tuple[str, str] | None = None
    grant_id: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)


def texts_of(line: Mapping[str, JsonValue], name: str) -> tuple[str, ...]:
    value = line.get(name)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


@dataclass(frozen=True, slots=True)
class Scene:
    """What the makers of events look at."""

    past: Past
    row: JournalRow

    def text(self, name: str) -> str | None:
        value = self.row.detail.get(name)
        return value if isinstance(value, str) else None

    def texts(self, name: str) -> tuple[str, ...]:
        return texts_of(self.row.detail, name)

    def lines(self, name: str) -> tuple[Mapping[str, JsonValue], ...]:
        value = self.row.detail.get(name)
        return tuple(item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()

    @property
    def before(self) -> Position:
        return Position(self.row.position - 1)

    async def site(self, site_id: str | None) -> Site | None:
        return None if site_id is None else await self.past.sites.get(site_id, self.row.position)

    async def door_of(self, door_id: str | None, at: Position | None = None) -> Door | None:
        return None if door_id is None else await self.past.doors.get(door_id, at or self.row.position)

    async def person_of(self, person_id: str | None, at: Position | None = None) -> Person | None:
        if person_id is None:
            return None
        return await self.past.people.get(person_id, at or self.row.position)

    async def lock(self, door_id: str | None = None) -> Object | None:
        door = await self.door_of(door_id or self.row.door_id)
        if door is None:
            return None
        kind = STOP if door.kind is DoorKind.ELEVATOR_STOP else "Lock"
        return Object(ref(kind, door.number, door.name), await self.site(door.site_id))

    async def place(self, site_id: str | None = None) -> Object | None:
        site = await self.site(site_id or self.row.site_id)
        return None if site is None else Object(ref("Place", site.number, site.name), site)

    async def membership(self, membership_id: str | None) -> Membership | None:
        """Give a person's place in a team, also one that this row ended."""
        if membership_id is None:
            return None
        return await self.past.view.history.membership(membership_id, self.row.position)

    async def place_in_group(self, place_id: str | None) -> DoorGroupDoor | None:
        """Give a door's place in a group, also one that this row ended."""
        if place_id is None:
            return None
        return await self.past.view.history.place_in_group(place_id, self.row.position)

    async def user(self, person_id: str | None = None) -> Object | None:
        person = await self.person_of(person_id or self.row.person_id)
        return None if person is None else Object(person_ref(person))

    async def group(self, group_id: str | None = None) -> Object | None:
        named = group_id or self.text("door_group")
        group = None if named is None else await self.past.door_groups.get(named, self.row.position)
        if group is None:
            return None
        return Object(ref("Group", group.number, group.name), await self.site(group.site_id))

    async def team(self, team_id: str | None = None) -> Object | None:
        named = team_id or self.text("team")
        team = None if named is None else await self.past.teams.get(named, self.row.position)
        return None if team is None else Object(ref("Team", team.number, team.name))

    async def assignment(self, grant_id: str) -> Object | None:
        """Give the ref of a grant that this API can show; its name is that of its holder."""
        grant = await self.grant_of(grant_id)
        if grant is None or grant.scope.kind is ScopeKind.DOOR or grant.holder.kind is HolderKind.LINK:
            return None
        team = grant.holder.kind is HolderKind.TEAM
        holder = await (self.team if team else self.user)(grant.holder.id)
        name = "" if holder is None else str(holder.shape["name"])
        return Object(ref("RoleAssignment", grant.number, name), await self.site_of(grant))

    async def grant_of(self, grant_id: str | None) -> Grant | None:
        if grant_id is None:
            return None
        return await self.past.grants.get(grant_id, self.row.position)

    async def site_of(self, grant: Grant) -> Site | None:
        """Give the place of a grant at a place, or at a group of one."""
        if grant.scope.kind is ScopeKind.SITE:
            return await self.site(grant.scope.id)
        if grant.scope.kind is not ScopeKind.DOOR_GROUP:
            return None
        group = await self.past.door_groups.get(grant.scope.id, self.row.position)
        return None if group is None else await self.site(group.site_id)

    async def organization(self) -> Object:
        return Object(organization_ref(await self.past.organization()))

    def named(self, kind: str, name: str = "name") -> Object:
        """Give a ref made of what the row itself says: a number and a name."""
        number = self.row.detail.get("number")
        return Object(ref(kind, number if isinstance(number, int) else 0, self.text(name) or ""))

    @property
    def organization_number(self) -> int:
        return organization_number(self.past.view.organization_id)
