"""What every store promises of offers of ownership."""

from dataclasses import replace
from typing import Any

from rekey.domain.errors import AlreadyExists
from rekey.domain.handover import Handover, HandoverState
from rekey.ports.listing import WHOLE
from rekey.ports.store import UnitOfWork
from rekey.testing.frozen_clock import NOON
from rekey.testing.storage_check import Chapter, refuses, same
from rekey.testing.storage_world import World, new_id

HANDOVERS = Chapter()


async def _add(work: UnitOfWork, **parts: Any) -> Handover:
    plain: dict[str, Any] = {
        "id": new_id(),
        "number": work.next_number(),
        "from_person_id": new_id(),
        "to_person_id": new_id(),
        "named_at": work.position,
        "created_at": NOON,
    }
    handover = Handover(**plain | parts)
    await work.handovers.add(handover)
    return handover


@HANDOVERS.promise
async def an_offer_reads_back_whole_and_is_the_one_that_stands(world: World) -> None:
    offer = await world.act(_add)
    same(await world.read(lambda view: view.handovers.get(offer.id)), offer)
    same(await world.read(lambda view: view.handovers.standing()), offer)


@HANDOVERS.promise
async def while_an_offer_stands_there_is_no_second(world: World) -> None:
    await world.act(_add)
    await refuses(world.act(_add), AlreadyExists)


@HANDOVERS.promise
async def a_settled_offer_stands_no_more_and_leaves_room_for_another(world: World) -> None:
    offer = await world.act(_add)
    settled = replace(offer, state=HandoverState.DECLINED, settled_at=NOON)
    await world.act(lambda work: work.handovers.replace(settled))
    same(await world.read(lambda view: view.handovers.standing()), None)
    another = await world.act(_add)
    listed = await world.read(lambda view: view.handovers.list(WHOLE))
    same(listed.items, (settled, another))
