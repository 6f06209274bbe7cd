"""What every store promises of acts: one order, all or nothing, durable before the reply."""

from dataclasses import replace
from datetime import timedelta, timezone

from rekey.domain import checkpoint
from rekey.domain.errors import NotFound
from rekey.domain.estate import Organization
from rekey.domain.ids import OrganizationId, Position
from rekey.domain.merkle import root_of
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.doors import ChangeKind
from rekey.ports.store import UnitOfWork, View
from rekey.testing.frozen_clock import NOON
from rekey.testing.storage_check import Chapter, refuses, same
from rekey.testing.storage_values import add_person, add_site
from rekey.testing.storage_world import World, a_row, new_id, nothing

ACTS = Chapter()


class _Slip(Exception):
    """What a work of the suite raises."""


async def _slip(work: UnitOfWork) -> None:
    await add_person(work, name="Nobody")
    await work.record(a_row(work))
    raise _Slip


@ACTS.promise
async def a_read_sees_every_act_that_was_acknowledged_before_it(world: World) -> None:
    for _ in range(5):
        person = await world.act(add_person)
        same((await world.read(lambda view: view.people.list(WHOLE))).items[-1], person)


@ACTS.promise
async def positions_are_dense_although_acts_fail_between_them(world: World) -> None:
    first = await world.position()
    for _ in range(3):
        await world.act(nothing)
        await refuses(world.store.act(world.organization_id, _slip), _Slip)
    rows = await world.read(lambda view: view.journal.rows(after=first))
    same([stored.row.position for stored in rows], [first + 1, first + 2, first + 3])


@ACTS.promise
async def many_acts_at_once_get_positions_of_their_own(world: World) -> None:
    first = await world.position()

    async def position(work: UnitOfWork) -> int:
        return work.position

    found = await world.acts(position, times=40)
    same(sorted(found), list(range(first + 1, first + 41)))


@ACTS.promise
async def nothing_is_left_of_an_act_that_failed(world: World) -> None:
    await refuses(world.store.act(world.organization_id, _slip), _Slip)
    people = await world.read(lambda view: view.people.list(WHOLE))
    same(people.items, ())


@ACTS.promise
async def a_failed_act_gives_its_numbers_back(world: World) -> None:
    before = await world.act(add_site)
    await refuses(world.store.act(world.organization_id, _slip), _Slip)
    after = await world.act(add_site)
    same(after.number, before.number + 1)


@ACTS.promise
async def an_act_without_a_journal_row_is_refused_and_undone(world: World) -> None:
    before = await world.position()
    await refuses(world.store.act(world.organization_id, add_person), RuntimeError)
    same(await world.position(), before)
    same((await world.read(lambda view: view.people.list(WHOLE))).items, ())


@ACTS.promise
async def a_second_journal_row_in_one_act_is_refused(world: World) -> None:
    async def twice(work: UnitOfWork) -> None:
        await work.record(a_row(work))
        await work.record(a_row(work))

    await refuses(world.store.act(world.organization_id, twice), RuntimeError)


@ACTS.promise
async def a_journal_row_of_another_position_is_refused(world: World) -> None:
    async def elsewhere(work: UnitOfWork) -> None:
        row = a_row(work)
        await work.record(replace(row, position=Position(row.position + 1)))

    await refuses(world.store.act(world.organization_id, elsewhere), ValueError)


@ACTS.promise
async def a_journal_row_whose_time_is_not_in_utc_is_refused(world: World) -> None:
    abroad = NOON.astimezone(timezone(timedelta(hours=2)))
    await refuses(world.act(nothing, at=abroad), ValueError)


@ACTS.promise
async def an_act_that_keeps_books_uses_no_position(world: World) -> None:
    async def book(work: UnitOfWork) -> int:
        work.keep_books()
        await work.door_logs.save_sync(await work.door_logs.sync("door"))
        return work.position

    before = await world.position()
    same(await world.store.act(world.organization_id, book), before + 1)
    same(await world.position(), before)


@ACTS.promise
async def an_act_that_keeps_books_changes_nothing_that_carries_a_position(world: World) -> None:
    async def change(work: UnitOfWork) -> None:
        work.keep_books()
        await work.changes.add(ChangeKind.PERSON, "someone")

    async def change_first(work: UnitOfWork) -> None:
        await add_person(work)
        work.keep_books()

    await refuses(world.store.act(world.organization_id, change), RuntimeError)
    await refuses(world.store.act(world.organization_id, change_first), RuntimeError)


@ACTS.promise
async def callbacks_run_after_the_commit_and_before_the_reply(world: World) -> None:
    seen: list[str] = []

    async def work(unit: UnitOfWork) -> None:
        unit.after_commit(lambda: seen.append("callback"))
        seen.append("work")

    await world.act(work)
    seen.append("reply")
    same(seen, ["work", "callback", "reply"])


@ACTS.promise
async def an_act_on_an_organization_that_nobody_founded_is_refused(world: World) -> None:
    nobody = World(world.store, world.signer)
    await refuses(nobody.act(nothing), NotFound)
    same(await nobody.position(), 0)


@ACTS.promise
async def an_act_founds_only_the_organization_it_runs_on(world: World) -> None:
    stranger = Organization(id=OrganizationId(new_id()), name="x", domain="x.test", created_at=NOON)
    await refuses(world.act(lambda work: work.organizations.add(stranger)), ValueError)


@ACTS.promise
async def organizations_never_see_each_other(world: World) -> None:
    other = await world.other()
    person = await world.act(lambda work: add_person(work, email="ada@acme.test"))

    async def look(view: View) -> tuple[object, ...]:
        return (
            await view.people.get(person.id),
            await view.people.by_email("ada@acme.test"),
            await view.people.last_known(person.id),
            await view.access.holder(person.id),
            (await view.people.list(WHOLE)).items,
        )

    same(await other.read(look), (None, None, None, None, ()))


@ACTS.promise
async def each_organization_counts_its_own_positions_and_numbers(world: World) -> None:
    other = await world.other()
    ours, theirs = await world.act(add_person), await other.act(add_person)
    same((ours.number, theirs.number), (1, 1))
    same((await world.position(), await other.position()), (2, 2))


@ACTS.promise
async def the_newest_checkpoint_is_signed_over_the_root_of_all_leaves(world: World) -> None:
    await world.acts(nothing, times=12)

    async def look(view: View) -> tuple[str | None, tuple[bytes, ...]]:
        return await view.journal.newest_checkpoint(), await view.journal.leaves(first=1, last=view.position)

    note, leaves = await world.read(look)
    tree = checkpoint.verify(
        note or "",
        key_name=world.signer.name,
        public_key=world.signer.public_key,
        verify=world.signer.verify,
    )
    wanted = (f"rekey/{world.organization_id}", 13, root_of(leaves))
    same((tree.origin, tree.size, tree.root), wanted)


@ACTS.promise
async def every_checkpoint_matches_the_tree_at_its_size(world: World) -> None:
    for _ in range(4):
        await world.act(nothing)

    async def look(view: View) -> tuple[tuple[str, ...], tuple[bytes, ...]]:
        return await view.journal.checkpoints(), await view.journal.leaves(first=1, last=view.position)

    notes, leaves = await world.read(look)
    trees = [checkpoint.parse(note).checkpoint for note in notes]
    same([tree.size for tree in trees], [1, 2, 3, 4, 5])
    same([tree.root for tree in trees], [root_of(leaves[: tree.size]) for tree in trees])


@ACTS.promise
async def a_journal_row_reads_back_as_it_was_recorded_and_fits_its_leaf(world: World) -> None:
    detail = {"b": [1, None, True], "a": {"name": "Zoë \U0001f511"}}
    await world.act(nothing, detail=detail, person_id="p", door_id="d", site_id="s", operator_id="o")
    (stored,) = await world.read(lambda view: view.journal.rows(newest_first=True, limit=1))
    same((stored.row.detail, stored.row.leaf()), (detail, stored.leaf))
    same(await world.read(lambda view: view.journal.by_id(stored.row.id)), stored)
