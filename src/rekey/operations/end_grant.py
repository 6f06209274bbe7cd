"""end_grant: one path ends; the answer lists the paths that remain."""

from dataclasses import dataclass

from rekey.domain.access import paths_of
from rekey.domain.decision import Path
from rekey.domain.errors import NotAllowed
from rekey.domain.grant import Grant, HolderKind
from rekey.domain.role import ROLES, Permission, Role
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.authority import containing, rank_of
from rekey.operations.find import find_grant
from rekey.operations.holders import CHANGES
from rekey.operations.owners import keep_another_owner
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.rights import GrantFilter


@dataclass(frozen=True, slots=True, kw_only=True)
class EndGrant:
    grant_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantEnded:
    """`remaining` are the person's other paths that share doors with the ended grant."""

    grant: Grant
    remaining: tuple[Path, ...]


@operation(Permission.GRANTS_WRITE)
async def end_grant(act: Act, wanted: EndGrant) -> GrantEnded:
    """End one grant and nothing else.

    Raises: NotFound (also for a grant that has ended), NotAllowed (a role above one's own), LastOwner.
    """
    grant = await find_grant(act.work, wanted.grant_id)
    await act.require(grant.scope)
    if ROLES[grant.role].rank > await rank_of(act.work, act.actor, grant.scope, act.now):
        raise NotAllowed(f"you may not end a grant of the role {grant.role.value}, which is above your own")
    await keep_an_owner(act, grant)
    await act.work.grants.end(grant.id, act.now)
    await act.changed(CHANGES[grant.holder.kind], grant.holder.id, grant.scope)
    remaining = await remaining_paths(act, grant)
    await act.record(
        "grant.ended",
        person_id=grant.holder.id if grant.holder.kind is HolderKind.PERSON else None,
        detail={
            "grant": grant.id,
            "scope": grant.scope.id,
            "scope_kind": grant.scope.kind.value,
            "role": grant.role.value,
            "remaining": len(remaining),
        },
    )
    return GrantEnded(grant=grant, remaining=remaining)


async def keep_an_owner(act: Act, grant: Grant) -> None:
    """Refuse to end the last owner's grant. Raises: LastOwner."""
    if grant.role is Role.OWNER:
        await keep_another_owner(act, grant.holder)


async def remaining_paths(act: Act, grant: Grant) -> tuple[Path, ...]:
    """Give the holder's other paths that share doors with the grant by their scopes."""
    if grant.holder.kind is not HolderKind.PERSON:
        return ()
    holder = await act.work.access.holder(grant.holder.id)
    if holder is None:
        return ()
    around = await containing(act.work, grant.scope)
    return tuple(
        [
            path
            for path in paths_of(holder)
            if path.grant.id != grant.id
            and (path.grant.scope in around or grant.scope in await containing(act.work, path.grant.scope))
        ]
    )


async def end_all_at(act: Act, scope: Scope) -> int:
    """End every grant at exactly this scope, within an act that records it; say how many."""
    listed = await act.work.grants.list(WHOLE, GrantFilter(scope=scope))
    for grant in listed.items:
        await act.work.grants.end(grant.id, act.now)
    return len(listed.items)
