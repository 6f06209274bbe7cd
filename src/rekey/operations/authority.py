"""What an operator may do, asked afresh inside every act.

A service's operator may do what its key names. A person's operator may do what the person's grants
allow now; a revocation that silences a grant at a door also silences the powers that came with it, so
a revoked administrator can't let himself back in. Somebody whom an operator or the directory blocked has
no powers meanwhile.
"""

from datetime import datetime

from rekey.domain.access import HolderRecord, bearing_blocks, paths_of, silences, standing_paths
from rekey.domain.block import BlockCause, Subject, SubjectKind
from rekey.domain.errors import NotAllowed, NotSignedIn
from rekey.domain.operator import Actor, Key, KeyKind, Operator
from rekey.domain.role import ROLES, Permission, Role
from rekey.domain.scope import Scope, ScopeKind
from rekey.operations.consented import require_consented
from rekey.operations.last_owner import is_last_owner
from rekey.operations.reach import READS, require_reach
from rekey.operations.vouched import require_voucher
from rekey.ports.store import View

# Kisi's access switch and Seam's suspension speak of doors only: the account keeps its powers.
# Source: the Kisi API's "Update user", where access_enabled concerns locks and elevators.
_SUSPENDING = frozenset({BlockCause.OPERATOR, BlockCause.DIRECTORY, BlockCause.LEAVER})


async def signed_in(view: View, actor: Actor, now: datetime) -> tuple[Operator, Key | None]:
    """Find the operator and the key in hand.

    Raises: NotSignedIn if either is unknown, ended or expired.
    """
    operator = await view.operators.get(actor.operator_id)
    if operator is None:
        raise NotSignedIn("this operator is unknown or has ended: sign in again")
    if actor.voucher is not None:
        await require_voucher(view, actor.voucher, now)
    if actor.key_id is None:
        return operator, None
    key = await view.keys.get(actor.key_id)
    if key is None or key.operator_id != operator.id:
        raise NotSignedIn("this key is unknown: sign in again")
    check_key(key, now)
    await require_consented(view, key)
    return operator, key


def check_key(key: Key, now: datetime) -> None:
    """Raises: NotSignedIn for a key that has ended or expired."""
    if key.ended_at is not None:
        raise NotSignedIn("this key has ended: sign in again")
    if key.has_expired(now):
        raise NotSignedIn("this key has expired: sign in again")


async def require_permission(
    view: View, actor: Actor, permission: Permission, scope: Scope, *, now: datetime
) -> None:
    """Refuse unless the actor holds the permission at the scope.

    Raises: NotSignedIn, NotAllowed.
    """
    operator, key = await signed_in(view, actor, now)
    named = None if key is None else key.permissions
    if named is not None and permission not in named:
        raise NotAllowed(f"this key may not {_plain(permission)}")
    if key is not None and key.kind is KeyKind.PUBLISHABLE:
        raise NotAllowed("a publishable key only opens client sessions")
    if key is not None and key.kind is KeyKind.CLIENT:
        session = await require_reach(view, key, permission, scope)
        await _require_free_person(view, session.person_id, permission, scope, now=now)
    if operator.person_id is None:
        return
    if await is_suspended(view, operator.person_id, now=now):
        raise NotAllowed(f"you are blocked, so you may not {_plain(permission)} here")
    rank = await highest_rank(view, operator.person_id, permission, scope, now=now)
    if rank is None:
        raise NotAllowed(f"this operator may not {_plain(permission)} here")


async def _require_free_person(
    view: View, person_id: str | None, permission: Permission, scope: Scope, *, now: datetime
) -> None:
    """Refuse a client session where the person it stands for is kept out. Raises: NotAllowed."""
    if person_id is None:
        return
    kept_out = permission not in READS and await is_kept_out(view, person_id, scope, now=now)
    if kept_out or await is_suspended(view, person_id, now=now):
        raise NotAllowed(f"the person of this session is kept out, so it may not {_plain(permission)} here")


async def is_kept_out(view: View, person_id: str, scope: Scope, *, now: datetime) -> bool:
    """Say whether something speaks against the person at a door: a block, or a revocation that nothing outranks.

    That the person holds nothing there is no "no". Elsewhere than at a door always False.
    """
    if scope.kind is not ScopeKind.DOOR:
        return False
    door, holder = await view.access.door(scope.id), await view.access.holder(person_id)
    if door is None or holder is None:
        return False
    own = {block.id for block in holder.blocks}
    if any(block.id in own and block.stands(now) for block in bearing_blocks(holder, door)):
        return True
    revoked = any(door.is_covered_by(revocation.scope) for revocation in holder.revocations)
    return revoked and not any(standing_paths(holder, door))


async def is_suspended(view: View, person_id: str, *, now: datetime) -> bool:
    """Say whether a block on the person also stops what the person may do as an operator.

    What the directory says never takes the powers of the last owner.
    """
    standing = await view.blocks.standing(Subject(SubjectKind.PERSON, person_id))
    causes = {block.cause for block in standing if block.cause in _SUSPENDING and block.stands(now)}
    if causes == {BlockCause.DIRECTORY}:
        return not await is_last_owner(view, person_id, now)
    return bool(causes)


async def highest_rank(
    view: View, person_id: str, permission: Permission, scope: Scope, *, now: datetime
) -> int | None:
    """Give the rank of the person's highest role with the permission at the scope; None if there is none."""
    holder = await view.access.holder(person_id)
    if holder is None:
        return None
    around = await containing(view, scope)
    roles = _roles_within(holder, around, now)
    ranks = [ROLES[role].rank for role in roles if permission in ROLES[role].permissions]
    return max(ranks, default=None)


async def rank_of(view: View, actor: Actor, scope: Scope, now: datetime) -> int:
    """Give the rank up to which the actor may hand out roles at the scope.

    Raises: NotSignedIn.
    """
    operator, _key = await signed_in(view, actor, now)
    if operator.person_id is None:
        return ROLES[Role.OWNER].rank
    rank = await highest_rank(view, operator.person_id, Permission.GRANTS_WRITE, scope, now=now)
    return -1 if rank is None else rank


async def rank_over_people(view: View, actor: Actor, scope: Scope, now: datetime) -> int:
    """Give the rank up to which the actor may remove or block people there, for roles that give no grants too.

    Raises: NotSignedIn.
    """
    operator, _key = await signed_in(view, actor, now)
    as_granter = await rank_of(view, actor, scope, now)
    if operator.person_id is None:
        return as_granter
    as_manager = await highest_rank(view, operator.person_id, Permission.PEOPLE_WRITE, scope, now=now)
    return max(as_granter, -1 if as_manager is None else as_manager)


async def containing(view: View, scope: Scope) -> frozenset[Scope]:
    """Give the scope itself and every wider one that includes it, up to the organization."""
    around = {scope, Scope.organization(view.organization_id)}
    if scope.kind is ScopeKind.DOOR:
        door = await view.access.door(scope.id)
        if door is not None:
            around.add(Scope.site(door.site_id))
            around.update(Scope.door_group(group_id) for group_id in door.group_ids)
    if scope.kind is ScopeKind.DOOR_GROUP:
        group = await view.door_groups.get(scope.id)
        if group is not None and group.site_id is not None:
            around.add(Scope.site(group.site_id))
    return frozenset(around)


def _roles_within(holder: HolderRecord, around: frozenset[Scope], now: datetime) -> list[Role]:
    revocations = [revocation for revocation in holder.revocations if revocation.scope in around]
    blocked = {
        block.subject.id
        for block in holder.blocks
        if block.subject.kind is SubjectKind.TEAM and block.stands(now)
    }
    return [
        path.grant.role
        for path in paths_of(holder)
        if path.grant.scope in around
        and path.team_id not in blocked
        and path.grant.validity.covers(now)
        and not any(silences(revocation, path) for revocation in revocations)
    ]


def _plain(permission: Permission) -> str:
    noun, verb = permission.value.rsplit("_", 1)
    return f"{verb} {noun.replace('_', ' ')}"
