"""The world as our records, and `decide` over them: ids in, a decision with its path or reason out."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from zoneinfo import ZoneInfo

from benchmarks.decision_world import EdgeWorld
from rekey.domain.access import DoorRecord, HolderRecord, decide
from rekey.domain.decision import Denied, Granted
from rekey.domain.grant import Grant, Holder
from rekey.domain.ids import DoorId, GrantId, Number, OrganizationId, PersonId, Position, SiteId, TeamId
from rekey.domain.people import Membership
from rekey.domain.role import Role
from rekey.domain.scope import Scope

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
_ORGANIZATION = OrganizationId("bench")


class OurRecords:
    """Each person's and each door's record, as a store would hand them to the rule."""

    def __init__(self, world: EdgeWorld) -> None:
        self._numbers = count(1)
        teams = {
            group: self._grant(Holder.team(group), Scope.door_group(group)) for group in world.doors_of_group
        }
        self.holders = {person: self._holder(world, person, teams) for person in world.people}
        self.doors = {door: _door(world, door) for door in world.doors}

    def ask(self, person: str, door: str) -> Granted | Denied:
        return decide(self.holders.get(person), self.doors.get(door), NOW)

    def allows(self, person: str, door: str) -> bool:
        return isinstance(self.ask(person, door), Granted)

    def forget(self, person: str, door: str) -> Callable[[], None]:
        """End the person's own grants at the door; give what puts them back."""
        before = self.holders[person]
        left = tuple(grant for grant in before.grants if grant.scope != Scope.door(door))
        self.holders[person] = HolderRecord(
            organization_id=_ORGANIZATION, holder=before.holder, grants=left, memberships=before.memberships
        )
        return lambda: self.holders.__setitem__(person, before)

    def _holder(self, world: EdgeWorld, person: str, teams: dict[str, Grant]) -> HolderRecord:
        holder, groups = Holder.person(person), world.groups_of[person]
        return HolderRecord(
            organization_id=_ORGANIZATION,
            holder=holder,
            grants=(
                *(self._grant(holder, Scope.door(door)) for door in world.own[person]),
                *(teams[group] for group in groups),
            ),
            memberships=tuple(self._membership(person, group) for group in groups),
        )

    def _grant(self, holder: Holder, scope: Scope) -> Grant:
        number = next(self._numbers)
        return Grant(
            id=GrantId(f"grant-{number}"),
            number=Number(number),
            holder=holder,
            scope=scope,
            role=Role.BASIC,
            named_at=Position(number),
            created_at=NOW,
            updated_at=NOW,
        )

    def _membership(self, person: str, group: str) -> Membership:
        number = next(self._numbers)
        return Membership(
            id=f"membership-{number}",
            number=Number(number),
            team_id=TeamId(group),
            person_id=PersonId(person),
            named_at=Position(number),
            created_at=NOW,
        )


def _door(world: EdgeWorld, door: str) -> DoorRecord:
    groups = frozenset(group for group, doors in world.doors_of_group.items() if door in doors)
    return DoorRecord(
        organization_id=_ORGANIZATION,
        door_id=DoorId(door),
        name=door,
        site_id=SiteId("site"),
        zone=ZoneInfo("Europe/Berlin"),
        driver="simulated",
        group_ids=groups,
    )
