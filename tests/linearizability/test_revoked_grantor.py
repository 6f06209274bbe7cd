"""Nothing that a revoked manager asks for after the revocation was acknowledged is ever done."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rekey.domain.errors import NotAllowed
from rekey.domain.grant import Holder
from rekey.domain.operator import Actor, KeyKind
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.operations.grant_access import GrantAccess, NewGrant, grant_access
from rekey.operations.issue_key import IssueKey
from rekey.operations.open_session import NewSession, OpenSessionFor, open_session_for
from rekey.operations.revoke_person import RevokePerson, revoke_person
from tests.support.world import World, open_world

pytestmark = pytest.mark.anyio

ROUNDS = 25
CALLERS = 6


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["sqlite", "postgres"])
async def world(request: pytest.FixtureRequest, tmp_path: Path, anyio_backend: str) -> AsyncIterator[World]:
    database = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    async with open_world(tmp_path, database=database) as opened:
        yield opened


def a_grant(person: str, door: str, role: Role) -> GrantAccess:
    new = NewGrant(holder=Holder.person(person), scope=Scope.door(door), role=role)
    return GrantAccess(grants=(new,))


async def session_of(world: World, person: str) -> Actor:
    key = IssueKey(operator_id="", kind=KeyKind.SESSION, name="", via="test", secret_fingerprint="print")
    opened = await world.perform(
        open_session_for, OpenSessionFor(person_id=person, keys=NewSession(session=key))
    )
    return Actor(
        organization_id=world.organization_id,
        operator_id=opened.operator.id,
        key_id=opened.session.id,
        via="test",
    )


async def late_grants(world: World) -> int:
    """Race a manager's grants with the manager's revocation; count those begun after its answer and done."""
    door, manager, friend = (
        await world.add_door("front"),
        await world.add_person("Mia"),
        await world.add_person("Ben"),
    )
    session, early, late = await session_of(world, manager), 0, 0
    for _ in range(ROUNDS):
        await world.perform(grant_access, a_grant(manager, door, Role.MANAGER))
        done: list[float] = []
        begun_to_give, answered = asyncio.Event(), asyncio.Event()

        async def give(
            done: list[float] = done, first: asyncio.Event = begun_to_give, answered: asyncio.Event = answered
        ) -> None:
            """Grant again and again, the last time in a call that begins after the answer."""
            is_last = False
            while not is_last:
                is_last = answered.is_set()
                begun = time.monotonic()
                try:
                    await world.core.perform(grant_access, session, a_grant(friend, door, Role.BASIC))
                except NotAllowed:
                    continue
                done.append(begun)
                first.set()

        callers = [asyncio.ensure_future(give()) for _ in range(CALLERS)]
        await begun_to_give.wait()
        await world.perform(revoke_person, RevokePerson(person_id=manager, scope=Scope.door(door)))
        moment = time.monotonic()
        answered.set()
        await asyncio.gather(*callers)
        late += sum(begun > moment for begun in done)
        early += sum(begun <= moment for begun in done)
    assert early >= ROUNDS
    return late


async def test_a_permission_that_is_remembered_is_caught(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def yes(*_asked: object, **_how: object) -> None:
        """Remember that this operator was allowed once."""

    async def rank(*_asked: object) -> int:
        return 1

    monkeypatch.setattr("rekey.operations.act.require_permission", yes)
    monkeypatch.setattr("rekey.operations.grant_access.rank_of", rank)
    monkeypatch.setattr("rekey.operations.grant_access.refuse_beyond_own", yes)
    assert await late_grants(world) > 0


async def test_no_grant_of_a_revoked_manager_is_done(world: World) -> None:
    assert await late_grants(world) == 0
