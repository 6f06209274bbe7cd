"""What holds for every operation, whatever its verb."""

import ast
import importlib
import pathlib
import pkgutil

import pytest

import rekey.operations
from rekey.domain.errors import NotAllowed, NotFound, Refusal, StoreUnavailable
from rekey.domain.journal import Outcome
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.operations.act import Act, Operation, operation
from rekey.operations.add_person import AddPerson, add_person, put_person
from rekey.operations.catalogue import CATALOGUE
from rekey.operations.end_grant import EndGrant, end_grant
from rekey.operations.grant_access import GrantAccess, grant_access
from rekey.operations.lock_down import LockDown, lock_down
from rekey.operations.remove_person import RemovePerson, remove_person
from rekey.operations.revoke_person import RevokePerson, revoke_person
from tests.unit.operations.acme import Acme, new_grant

pytestmark = pytest.mark.anyio


def found_in_the_package() -> dict[int, Operation]:
    """Walk every module of the room."""
    found: dict[int, Operation] = {}
    for module in pkgutil.walk_packages(rekey.operations.__path__, "rekey.operations."):
        values = vars(importlib.import_module(module.name)).values()
        found |= {id(value): value for value in values if isinstance(value, Operation)}
    return found


def test_the_catalogue_lists_every_operation_under_a_name_of_its_own() -> None:
    found = found_in_the_package()
    assert {id(listed) for listed in CATALOGUE.values()} == found.keys()
    assert len({one.name for one in found.values()}) == len(found)


@pytest.mark.parametrize("listed", CATALOGUE.values(), ids=lambda listed: listed.name)
def test_every_operation_says_what_it_does_under_its_own_name(listed: Operation) -> None:
    assert listed.summary
    assert listed.name == listed.work.__name__


@pytest.mark.parametrize("listed", CATALOGUE.values(), ids=lambda listed: listed.name)
def test_every_operation_asks_for_a_permission_or_says_why_not(listed: Operation) -> None:
    module = importlib.util.find_spec(listed.work.__module__)
    assert module is not None
    assert module.origin is not None
    with pathlib.Path(module.origin).open(encoding="utf-8") as source:
        tree = ast.parse(source.read())
    asked = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert asked & {"require", "waive"}


@operation(None)
async def forgetful(act: Act, wanted: AddPerson) -> None:
    """Add a person and ask nobody."""
    await act.record("person.added", person_id=(await put_person(act, wanted)).id)


@operation(None)
async def silent(act: Act, wanted: AddPerson) -> None:
    """Add a person and tell nobody."""
    act.waive("a test")
    await put_person(act, wanted)


async def test_an_operation_that_asks_for_no_permission_cannot_commit(acme: Acme) -> None:
    before, rows = await acme.state(), await acme.world.journal_size()
    with pytest.raises(RuntimeError, match="permission"):
        await acme.do(forgetful, AddPerson(name="Ada"))
    assert (await acme.state(), await acme.world.journal_size()) == (before, rows)


async def test_an_operation_that_records_nothing_cannot_commit(acme: Acme) -> None:
    before = await acme.state()
    with pytest.raises((RuntimeError, StoreUnavailable)):
        await acme.do(silent, AddPerson(name="Ada"))
    assert await acme.state() == before


async def refused_acts(acme: Acme) -> tuple[tuple[Operation, object], ...]:
    """Give acts that a basic person of the front door may not do."""
    door, ben = await acme.door(), await acme.person("Ben")
    grant = await acme.grant(ben, door)
    return (
        (grant_access, GrantAccess(grants=(new_grant(ben, door),))),
        (end_grant, EndGrant(grant_id=grant.id)),
        (revoke_person, RevokePerson(person_id=ben, scope=Scope.door(door))),
        (remove_person, RemovePerson(person_id=ben)),
        (add_person, AddPerson(name="Cleo")),
        (lock_down, LockDown(scope=Scope.door(door))),
    )


async def test_every_refused_act_leaves_one_journal_row_and_changes_nothing(acme: Acme) -> None:
    wanted = await refused_acts(acme)
    ada = await acme.account(await acme.person("Ada"))
    for verb, order in wanted:
        before, rows = await acme.state(), await acme.world.journal_size()
        with pytest.raises(NotAllowed):
            await acme.do(verb, order, by=ada)
        assert await acme.state() == before
        assert await acme.world.journal_size() == rows + 1
        row = await acme.newest()
        assert (row.action, row.outcome, row.operator_id) == ("act.refused", Outcome.REFUSED, ada.operator_id)
        assert (row.detail["attempted"], row.detail["refusal"]) == (verb.name, "NotAllowed")


async def test_an_act_that_is_done_leaves_exactly_one_journal_row(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    for _ in range(2):
        rows = await acme.world.journal_size()
        await acme.grant(ada, door)
        await acme.revoke(ada, door)
        assert await acme.world.journal_size() == rows + 2


async def test_an_id_that_is_not_ours_fills_no_journal(acme: Acme) -> None:
    rows = await acme.world.journal_size()
    with pytest.raises(NotFound):
        await acme.revoke("a stranger", acme.site)
    assert await acme.world.journal_size() == rows


async def test_a_rehearsal_that_is_refused_leaves_no_row_either(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door, Role.MANAGER)
    session, rows = await acme.account(ada), await acme.world.journal_size()
    wanted = RevokePerson(person_id=await acme.owner(), scope=Scope.door(door))
    before = await acme.world.journal_size()
    with pytest.raises(Refusal):
        await acme.core.rehearse(revoke_person, session, wanted)
    assert (await acme.world.journal_size(), before >= rows) == (before, True)


async def test_positions_are_dense_from_the_first_row_on(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    with pytest.raises(NotAllowed):
        await acme.revoke(ada, acme.site, by=await acme.account(ada))
    positions = [row.position for row in await acme.rows()]
    assert positions == list(range(1, len(positions) + 1))
