"""That an organization always keeps an owner who can act; part of several operations."""

from rekey.domain.block import Subject, SubjectKind
from rekey.domain.errors import LastOwner
from rekey.domain.grant import Holder, HolderKind
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.operations.act import Act
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.rights import GrantFilter


async def keep_another_owner(act: Act, holder: Holder) -> None:
    """Refuse to go on if this owner is the last one who is not blocked; nothing for who is no owner.

    Raises: LastOwner.
    """
    scope = Scope.organization(act.work.organization_id)
    owners = await act.work.grants.list(WHOLE, GrantFilter(scope=scope, roles=(Role.OWNER.value,)))
    holders = {grant.holder for grant in owners.items}
    if holder not in holders:
        return
    for other in holders - {holder}:
        if not await _is_blocked(act, other):
            return
    raise LastOwner("this is the organization's last owner: make another person owner first")


async def _is_blocked(act: Act, holder: Holder) -> bool:
    if holder.kind is not HolderKind.PERSON:
        return False
    standing = await act.work.blocks.standing(Subject(SubjectKind.PERSON, holder.id))
    return any(block.stands(act.now) for block in standing)
