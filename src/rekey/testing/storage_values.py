"""Things to put into a store under test; what a test does not speak of has a plain value."""

from datetime import time
from typing import Any

from rekey.domain.block import Block, BlockCause, Subject, SubjectKind
from rekey.domain.credential import Credential, CredentialKind
from rekey.domain.door_order import DoorOrder, OrderKind, OrderState
from rekey.domain.estate import Door, DoorGroup, DoorGroupDoor, Site
from rekey.domain.grant import Grant, Holder
from rekey.domain.operator import Key, KeyKind, Operator
from rekey.domain.people import Enrolment, Membership, Person, Team
from rekey.domain.revocation import Revocation
from rekey.domain.role import Role
from rekey.domain.schedule import Schedule, Weekday, WeeklyWindow
from rekey.domain.scope import Scope
from rekey.ports.store import UnitOfWork
from rekey.testing.frozen_clock import NOON
from rekey.testing.storage_world import new_id

_MADE = {"created_at": NOON, "updated_at": NOON}


def _numbered(work: UnitOfWork) -> dict[str, Any]:
    return {"id": new_id(), "number": work.next_number()}


async def add_site(work: UnitOfWork, **parts: Any) -> Site:
    site = Site(**_numbered(work) | {"name": "Works", "time_zone": "Europe/Berlin"} | _MADE | parts)
    await work.sites.add(site)
    return site


async def add_door(work: UnitOfWork, site: Site, **parts: Any) -> Door:
    plain = {"site_id": site.id, "name": "Gate", "driver": "simulated"}
    door = Door(**_numbered(work) | plain | _MADE | parts)
    await work.doors.add(door)
    return door


async def add_group(work: UnitOfWork, *doors: Door, **parts: Any) -> DoorGroup:
    group = DoorGroup(**_numbered(work) | {"name": "Labs"} | _MADE | parts)
    await work.door_groups.add(group)
    for door in doors:
        await work.door_groups.add_door(a_place(work, group, door))
    return group


def a_place(work: UnitOfWork, group: DoorGroup, door: Door) -> DoorGroupDoor:
    return DoorGroupDoor(**_numbered(work), door_group_id=group.id, door_id=door.id, created_at=NOON)


async def add_schedule(work: UnitOfWork, **parts: Any) -> Schedule:
    night = WeeklyWindow(frozenset({Weekday.MONDAY, Weekday.SUNDAY}), time(22), time(6, 30))
    schedule = Schedule(**{"id": new_id(), "name": "Nights", "windows": (night,)} | parts)
    await work.schedules.add(schedule)
    return schedule


async def add_person(work: UnitOfWork, **parts: Any) -> Person:
    person = Person(**_numbered(work) | {"name": "Ada"} | _MADE | parts)
    await work.people.add(person)
    return person


async def add_team(work: UnitOfWork, *people: Person, **parts: Any) -> Team:
    team = Team(**_numbered(work) | {"name": "Night shift"} | _MADE | parts)
    await work.teams.add(team)
    for person in people:
        await work.teams.add_member(a_membership(work, team, person))
    return team


def a_membership(work: UnitOfWork, team: Team, person: Person) -> Membership:
    ids: dict[str, Any] = {"team_id": team.id, "person_id": person.id}
    return Membership(**_numbered(work), **ids, named_at=work.position, created_at=NOON)


async def add_enrolment(work: UnitOfWork, person: Person, site: Site, **parts: Any) -> Enrolment:
    enrolment = Enrolment(**_numbered(work) | {"person_id": person.id, "site_id": site.id} | _MADE | parts)
    await work.enrolments.add(enrolment)
    return enrolment


async def add_credential(work: UnitOfWork, person: Person, **parts: Any) -> Credential:
    plain = {"person_id": person.id, "kind": CredentialKind.CARD, "fingerprint": new_id(), "created_at": NOON}
    credential = Credential(**_numbered(work) | plain | parts)
    await work.credentials.add(credential)
    return credential


async def add_grant(work: UnitOfWork, holder: Person | Team, scope: Scope, **parts: Any) -> Grant:
    held = Holder.person(holder.id) if isinstance(holder, Person) else Holder.team(holder.id)
    plain = {"holder": held, "scope": scope, "role": Role.BASIC, "named_at": work.position}
    grant = Grant(**_numbered(work) | plain | _MADE | parts)
    await work.grants.add(grant)
    return grant


async def add_revocation(work: UnitOfWork, person: Person, scope: Scope, **parts: Any) -> Revocation:
    plain: dict[str, Any] = {
        "id": new_id(),
        "person_id": person.id,
        "scope": scope,
        "position": work.position,
        "at": NOON,
    }
    revocation = Revocation(**plain | parts)
    await work.revocations.add(revocation)
    return revocation


async def add_block(work: UnitOfWork, kind: SubjectKind, subject_id: str, **parts: Any) -> Block:
    plain: dict[str, Any] = {
        "id": new_id(),
        "subject": Subject(kind, subject_id),
        "cause": BlockCause.OPERATOR,
    }
    block = Block(**plain | {"placed_at": work.position, "created_at": NOON} | parts)
    await work.blocks.place(block)
    return block


async def add_operator(work: UnitOfWork, **parts: Any) -> Operator:
    operator = Operator(**_numbered(work) | {"name": "Reception", "created_at": NOON} | parts)
    await work.operators.add(operator)
    return operator


async def add_key(work: UnitOfWork, operator: Operator, fingerprint: str, **parts: Any) -> Key:
    plain = {"operator_id": operator.id, "kind": KeyKind.API_KEY, "name": "key", "via": "native"}
    key = Key(**_numbered(work) | plain | {"created_at": NOON} | parts)
    await work.keys.add(key, fingerprint)
    return key


async def add_order(work: UnitOfWork, door: Door, **parts: Any) -> DoorOrder:
    plain = {"door_id": door.id, "kind": OrderKind.OPEN, "state": OrderState.QUEUED}
    times = {"position": work.position, "created_at": NOON, "expires_at": NOON}
    order = DoorOrder(**_numbered(work) | plain | times | parts)
    await work.orders.add(order)
    return order
