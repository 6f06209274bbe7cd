"""Who the organization's last owner is, whom no automation may lock out; part of several operations."""

from datetime import datetime

from rekey.domain.block import Block, BlockCause, Subject, SubjectKind
from rekey.domain.grant import Holder, HolderKind
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.rights import GrantFilter
from rekey.ports.store import View


async def is_last_owner(view: View, person_id: str, now: datetime) -> bool:
    """Say whether the person is an owner and every other owner was blocked before any directory blocked this one."""
    scope = Scope.organization(view.organization_id)
    owners = await view.grants.list(WHOLE, GrantFilter(scope=scope, roles=(Role.OWNER.value,)))
    holders = {grant.holder for grant in owners.items if grant.validity.covers(now)}
    if Holder.person(person_id) not in holders:
        return False
    own = [block for block in await _standing(view, person_id, now) if block.cause is BlockCause.DIRECTORY]
    since = min((block.placed_at for block in own), default=None)
    for other in holders - {Holder.person(person_id)}:
        blocks = [] if other.kind is not HolderKind.PERSON else await _standing(view, other.id, now)
        if not any(since is None or block.placed_at < since for block in blocks):
            return False
    return True


async def _standing(view: View, person_id: str, now: datetime) -> list[Block]:
    standing = await view.blocks.standing(Subject(SubjectKind.PERSON, person_id))
    return [block for block in standing if block.stands(now)]
