"""What every store promises of files that belong to documents."""

from rekey.ports.store import UnitOfWork
from rekey.testing.storage_check import Chapter, same
from rekey.testing.storage_world import World, new_id

FILES = Chapter()


@FILES.promise
async def a_file_reads_back_part_by_part(world: World) -> None:
    owner = new_id()

    async def add(work: UnitOfWork) -> None:
        await work.files.add_part(owner, "csv", 0, b"first\x00")
        await work.files.add_part(owner, "csv", 1, b"second")
        await work.files.add_part(owner, "pdf", 0, b"other")

    await world.act(add)
    same(await world.read(lambda view: view.files.part(owner, "csv", 0)), b"first\x00")
    same(await world.read(lambda view: view.files.part(owner, "csv", 1)), b"second")
    same(await world.read(lambda view: view.files.part(owner, "csv", 2)), None)
    same(await world.read(lambda view: view.files.part(new_id(), "csv", 0)), None)


@FILES.promise
async def the_files_of_a_document_are_dropped_together_and_no_others(world: World) -> None:
    owner, other = new_id(), new_id()

    async def add(work: UnitOfWork) -> None:
        await work.files.add_part(owner, "csv", 0, b"one")
        await work.files.add_part(owner, "pdf", 0, b"two")
        await work.files.add_part(other, "csv", 0, b"three")

    await world.act(add)
    same(await world.act(lambda work: work.files.drop(owner)), 2)
    same(await world.read(lambda view: view.files.part(owner, "csv", 0)), None)
    same(await world.read(lambda view: view.files.part(other, "csv", 0)), b"three")
