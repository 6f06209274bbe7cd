"""That a door keeps somebody who may manage it; part of several operations."""

from rekey.domain.errors import LastOwner
from rekey.domain.role import ROLES, Permission, Role
from rekey.domain.scope import Scope
from rekey.operations.act import Act
from rekey.operations.authority import highest_rank
from rekey.operations.find import find_door_record


async def administers(act: Act, person_id: str, door_id: str) -> bool:
    """Say whether the person may manage the door now, as an administrator or above."""
    rank = await highest_rank(act.work, person_id, Permission.GRANTS_WRITE, Scope.door(door_id), now=act.now)
    return rank is not None and rank >= ROLES[Role.ADMINISTRATOR].rank


async def keep_another_administrator(act: Act, door_id: str, but: str | None = None) -> None:
    """Refuse to go on if nobody, or nobody but this person, may manage the door.

    Raises: LastOwner, and as `find_door_record`.
    """
    for someone in await act.work.access.people_near(await find_door_record(act.work, door_id)):
        if someone != but and await administers(act, someone, door_id):
            return
    raise LastOwner("this is the door's last administrator: give another person the role first")
