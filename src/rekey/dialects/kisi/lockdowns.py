"""Telling a lockdown, which comes before anything else that keeps somebody out. Source: contract 8.1.

The core names a block on the person first. A place's lockdown comes before a door's.
"""

from datetime import datetime

from rekey.dialects.kisi.errors import plain_error
from rekey.domain.block import BlockCause, SubjectKind
from rekey.ports.store import View
from rekey.webkit.message import Reply


async def tell_lockdown(view: View, door_id: str, now: datetime) -> Reply | None:
    """Give the answer to whoever was refused at a door that is locked down; None if it is not."""
    door = await view.access.door(door_id)
    blocks = () if door is None else door.blocks
    locked = {
        block.subject.kind for block in blocks if block.cause is BlockCause.LOCKDOWN and block.stands(now)
    }
    if not locked:
        return None
    if locked == {SubjectKind.DOOR}:
        return plain_error(409, "fad001", "The door is locked down")
    return plain_error(409, "fad002", "The place is locked down")
