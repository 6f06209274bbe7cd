"""Several operations in one act: all of them or none, one row that names each."""

from typing import Any

import pytest

from rekey.domain.block import BlockCause, Subject, SubjectKind
from rekey.domain.errors import AlreadyExists, Invalid, NotAllowed
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.add_person import AddPerson, add_person
from rekey.operations.annotate import Annotate, AnnotatedKind, annotate, annotation_of
from rekey.operations.do_together import DoTogether, Step, do_together
from rekey.operations.place_block import PlaceBlock, place_block
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio


def adding(name: str, email: str | None = None) -> Step:
    return Step(operation=add_person, wanted=AddPerson(name=name, email=email))


BLOCKING = Step(
    operation=place_block,
    make=lambda person: PlaceBlock(
        subject=Subject(SubjectKind.PERSON, person.id), cause=BlockCause.ACCESS_SWITCH
    ),
)
NOTING = Step(
    operation=annotate,
    make=lambda person: Annotate(kind=AnnotatedKind.PERSON, id=person.id, namespace="test", changes={"a": 1}),
)


async def test_steps_leave_one_row_that_is_named_after_the_first_and_lists_the_others(acme: Acme) -> None:
    before = await acme.world.journal_size()
    person, blocks, noted = await acme.do(do_together, DoTogether(steps=(adding("Ada"), BLOCKING, NOTING)))
    assert await acme.world.journal_size() == before + 1
    row = await acme.newest()
    assert (row.action, row.person_id) == ("person.added", person.id)
    also: Any = row.detail["also"]
    assert [line["action"] for line in also] == ["block.placed", "person.annotated"]
    assert (blocks.changed, noted) == (True, {"a": 1})
    assert await acme.read(lambda view: annotation_of(view, "test", person.id)) == {"a": 1}


async def test_one_step_alone_leaves_the_row_that_it_would_leave_by_itself(acme: Acme) -> None:
    await acme.do(do_together, DoTogether(steps=(adding("Ada"),)))
    row = await acme.newest()
    assert (row.action, "also" in row.detail) == ("person.added", False)


async def test_a_step_that_is_refused_takes_all_others_back(acme: Acme) -> None:
    await acme.person("Bob", email="bob@acme.test")
    before = await acme.state()
    steps = (adding("Ada"), adding("Bert", email="bob@acme.test"))
    with pytest.raises(AlreadyExists):
        await acme.do(do_together, DoTogether(steps=steps))
    assert await acme.state() == before


async def test_each_step_needs_its_own_permission(acme: Acme) -> None:
    ada = await acme.account(await acme.person("Ada"))
    before = await acme.state()
    with pytest.raises(NotAllowed):
        await acme.do(do_together, DoTogether(steps=(adding("Eve"),)), by=ada)
    assert await acme.state() == before


async def test_no_step_and_more_than_a_thousand_are_refused(acme: Acme) -> None:
    for steps in ((), (adding("Ada"),) * 1001):
        with pytest.raises(Invalid):
            await acme.do(do_together, DoTogether(steps=steps))


@operation(Permission.PEOPLE_WRITE)
async def forgetful(act: Act, _wanted: None) -> None:
    """Ask nobody."""
    await act.record("person.edited")


@operation(Permission.PEOPLE_WRITE)
async def silent(act: Act, _wanted: None) -> None:
    """Tell nobody."""
    await act.require(Scope.organization(act.work.organization_id))


async def test_a_step_that_asks_nobody_or_records_nothing_cannot_commit(acme: Acme) -> None:
    before = await acme.state()
    for step in (forgetful, silent):
        with pytest.raises(RuntimeError):
            await acme.do(do_together, DoTogether(steps=(adding("Ada"), Step(operation=step))))
    assert await acme.state() == before
