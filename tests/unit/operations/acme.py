"""The organization that the operations are proved on, with one short verb for each thing a test does."""

from datetime import datetime, timedelta
from typing import Any, TypeVar

from rekey.domain.access import DoorRecord
from rekey.domain.decision import Decision, Denied, DenyReason, Granted
from rekey.domain.door_order import DoorOrder
from rekey.domain.grant import Grant, Holder
from rekey.domain.journal import JournalRow
from rekey.domain.operator import Actor, KeyKind
from rekey.domain.revocation import DoorReceipt, Receipt
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.drivers.simulated import SimulatedDriver
from rekey.operations.act import Operation
from rekey.operations.add_door_group import AddDoorGroup, add_door_group
from rekey.operations.add_site import AddSite, add_site
from rekey.operations.add_team import AddTeam, add_team
from rekey.operations.add_team_member import AddTeamMember, add_team_member
from rekey.operations.core import Core
from rekey.operations.end_link import LinkEnded
from rekey.operations.explain_decision import explain_decision
from rekey.operations.grant_access import GrantAccess, NewGrant, grant_access
from rekey.operations.issue_key import IssueKey
from rekey.operations.open_session import NewSession, OpenSessionFor, open_session_for
from rekey.operations.put_door_in_group import PutDoorInGroup, put_door_in_group
from rekey.operations.revoke_person import Revoked, RevokePerson, revoke_person
from rekey.operations.show_receipt import show_receipt
from rekey.ports.listing import WHOLE
from rekey.ports.store import View
from rekey.testing.frozen_clock import FrozenClock
from tests.support.world import World

In = TypeVar("In")
Out = TypeVar("Out")


class Acme:
    """A world with a clock that stands still; what takes `by` is done as that actor, else as the service."""

    def __init__(self, world: World, clock: FrozenClock) -> None:
        self.world = world
        self.clock = clock
        self._secrets = 0

    @property
    def core(self) -> Core:
        return self.world.core

    @property
    def simulated(self) -> SimulatedDriver:
        return self.world.simulated

    @property
    def service(self) -> Actor:
        return self.world.actor

    @property
    def everywhere(self) -> Scope:
        return Scope.organization(self.world.organization_id)

    @property
    def site(self) -> Scope:
        return Scope.site(self.world.site_id)

    async def do(self, operation: Operation[In, Out], wanted: In, *, by: Actor | None = None) -> Out:
        return await self.core.perform(operation, by or self.service, wanted)

    async def read(self, look: Any) -> Any:
        return await self.core.store.read(self.world.organization_id, look)

    async def person(self, name: str, **fields: Any) -> str:
        return await self.world.add_person(name, **fields)

    async def owner(self) -> str:
        return await self.world.owner_person_id()

    async def door(self, name: str = "front", **switches: str) -> str:
        return await self.world.add_door(name, **switches)

    async def another_site(self, name: str = "Annex") -> Scope:
        return Scope.site((await self.do(add_site, AddSite(name=name, time_zone="Europe/Berlin"))).id)

    async def door_group(self, *doors: str, name: str = "doors") -> Scope:
        group = await self.do(add_door_group, AddDoorGroup(name=name))
        for door in doors:
            await self.join(door, Scope.door_group(group.id))
        return Scope.door_group(group.id)

    async def join(self, door: str, group: Scope, *, by: Actor | None = None) -> None:
        await self.do(put_door_in_group, PutDoorInGroup(door_group_id=group.id, door_id=door), by=by)

    async def team(self, *people: str, name: str = "team") -> str:
        team = await self.do(add_team, AddTeam(name=name))
        for person in people:
            await self.do(add_team_member, AddTeamMember(team_id=team.id, person_id=person))
        return team.id

    async def grant(
        self,
        holder: str | Holder,
        scope: str | Scope,
        role: Role = Role.BASIC,
        *,
        by: Actor | None = None,
        **terms: Any,
    ) -> Grant:
        """Give one grant; texts are the ids of a person and of a door."""
        given = await self.do(
            grant_access, GrantAccess(grants=(new_grant(holder, scope, role, **terms),)), by=by
        )
        return given.grants[0]

    async def revoke(
        self, person: str, scope: str | Scope, *, by: Actor | None = None, **how: Any
    ) -> Revoked:
        return await self.do(revoke_person, RevokePerson(person_id=person, scope=at(scope), **how), by=by)

    async def revoke_everywhere(self, person: str, *, by: Actor | None = None, **how: Any) -> Revoked:
        return await self.revoke(person, self.everywhere, by=by, leaving=True, **how)

    async def account(self, person: str) -> Actor:
        """Sign the person in and give the actor behind the session."""
        self._secrets += 1
        key = IssueKey(
            operator_id="",
            kind=KeyKind.SESSION,
            name="test",
            via="test",
            secret_fingerprint=f"s{self._secrets}",
        )
        opened = await self.do(
            open_session_for, OpenSessionFor(person_id=person, keys=NewSession(session=key))
        )
        return Actor(
            organization_id=self.world.organization_id,
            operator_id=opened.operator.id,
            key_id=opened.session.id,
            via="test",
        )

    async def automation(self) -> Actor:
        """Give the organization's directory, whose acts are an automation's."""
        operators = await self.read(lambda view: view.operators.list(WHOLE))
        found = next(operator for operator in operators.items if operator.is_automation)
        return Actor(
            organization_id=self.world.organization_id,
            operator_id=found.id,
            key_id=None,
            via="scim",
            is_automation=True,
        )

    async def decide(self, person: str, door: str, *, past: datetime | None = None) -> Decision:
        """Ask the rule; with `past` as things stood at that instant."""
        instant = past or self.clock.now()
        explanation = await self.read(
            lambda view: explain_decision(view, person, door, instant, past=past is not None)
        )
        decision: Decision = explanation.decision
        return decision

    async def may(self, person: str, door: str) -> bool:
        return isinstance(await self.decide(person, door), Granted)

    async def why_not(self, person: str, door: str) -> DenyReason | None:
        decision = await self.decide(person, door)
        return decision.reason if isinstance(decision, Denied) else None

    async def receipt(self, revoked: Revoked | LinkEnded) -> Receipt:
        async def look(view: View) -> Receipt:
            return await show_receipt(view, revoked.revocation.id, self.core.drivers, self.clock.now())

        receipt: Receipt = await self.read(look)
        return receipt

    async def receipt_line(self, revoked: Revoked) -> DoorReceipt:
        """Give the line of the one door that the revocation concerns."""
        (line,) = (await self.receipt(revoked)).doors
        return line

    async def record(self, door: str) -> DoorRecord:
        record: DoorRecord | None = await self.read(lambda view: view.access.door(door))
        if record is None:
            raise AssertionError("no such door")
        return record

    async def order(self, order: DoorOrder) -> DoorOrder:
        found: DoorOrder = await self.read(lambda view: view.orders.get(order.id))
        return found

    async def rows(self) -> list[JournalRow]:
        stored = await self.read(lambda view: view.journal.rows(limit=10_000))
        return [one.row for one in stored]

    async def newest(self) -> JournalRow:
        return (await self.rows())[-1]

    async def state(self) -> tuple[Any, ...]:
        """Give all that a refused act must leave as it was."""

        async def look(view: View) -> tuple[Any, ...]:
            return (
                (await view.people.list(WHOLE)).items,
                (await view.teams.list(WHOLE)).items,
                (await view.doors.list(WHOLE)).items,
                (await view.grants.list(WHOLE)).items,
                (await view.revocations.list(WHOLE)).items,
                (await view.operators.list(WHOLE)).items,
                (await view.keys.list(WHOLE)).items,
                (await view.credentials.list(WHOLE)).items,
                await view.orders.unfinished(),
            )

        found: tuple[Any, ...] = await self.read(look)
        return found

    def pass_time(self, **span: float) -> None:
        self.clock.advance(timedelta(**span))


def at(scope: str | Scope) -> Scope:
    """Read a text as the id of a door."""
    return scope if isinstance(scope, Scope) else Scope.door(scope)


def new_grant(holder: str | Holder, scope: str | Scope, role: Role = Role.BASIC, **terms: Any) -> NewGrant:
    """Make a wanted grant; texts are the ids of a person and of a door."""
    given = holder if isinstance(holder, Holder) else Holder.person(holder)
    return NewGrant(holder=given, scope=at(scope), role=role, **terms)
