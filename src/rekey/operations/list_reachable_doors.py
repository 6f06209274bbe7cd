"""list_reachable_doors: the doors that a person's access reaches, now or later within its validity."""

from datetime import datetime

from rekey.domain.access import DoorRecord, HolderRecord, bearing_blocks, standing_paths
from rekey.domain.block import Block, SubjectKind
from rekey.ports.store import View

_OF_THE_HOLDER = frozenset({SubjectKind.PERSON, SubjectKind.ENROLMENT})


async def list_reachable_doors(view: View, person_id: str, now: datetime) -> tuple[DoorRecord, ...]:
    """List the doors that some path of the person opens, now or at a later time.

    A path that is revoked, over, or of a blocked team does not count, nor does any of a person who is
    blocked. A schedule, a start in the future and a lockdown of the door only make the person wait.
    """
    holder = await view.access.holder(person_id)
    if holder is None:
        return ()
    reachable = []
    for door_id in await view.access.doors_near(holder):
        door = await view.access.door(door_id)
        if door is not None and _reaches(holder, door, now):
            reachable.append(door)
    return tuple(reachable)


def _reaches(holder: HolderRecord, door: DoorRecord, now: datetime) -> bool:
    if any(_keeps_out(block, now) for block in bearing_blocks(holder, door)):
        return False
    for enrolment in holder.enrolments:
        if enrolment.site_id == door.site_id and enrolment.validity.is_over(now):
            return False
    blocked_teams = {
        block.subject.id
        for block in holder.blocks
        if block.subject.kind is SubjectKind.TEAM and block.stands(now)
    }
    return any(
        not path.grant.validity.is_over(now) and path.team_id not in blocked_teams
        for path in standing_paths(holder, door)
    )


def _keeps_out(block: Block, now: datetime) -> bool:
    return block.subject.kind in _OF_THE_HOLDER and block.stands(now)
