"""edit_grant: new terms for a grant."""

from dataclasses import dataclass, replace

from rekey.domain.errors import Invalid, NotAllowed
from rekey.domain.grant import Grant, HolderKind
from rekey.domain.journal import JsonValue
from rekey.domain.role import ROLES, Permission, Role
from rekey.domain.schedule import Schedule
from rekey.domain.validity import Validity
from rekey.operations.act import Act, operation
from rekey.operations.authority import rank_of
from rekey.operations.end_grant import keep_an_owner
from rekey.operations.find import find_grant
from rekey.operations.holders import CHANGES
from rekey.operations.leavers import refuse_beyond_own, refuse_leaver, refuse_own_return
from rekey.operations.stamping import stamped, unchanged_mark


@dataclass(frozen=True, slots=True, kw_only=True)
class EditGrant:
    """All terms as they shall be; take those that stay from the grant."""

    grant_id: str
    role: Role
    validity: Validity
    schedule: Schedule | None = None


@operation(Permission.GRANTS_WRITE)
async def edit_grant(act: Act, wanted: EditGrant) -> Grant:
    """Change a grant's terms; only a widening names the person anew and so outranks older revocations.

    Raises: NotFound, Invalid, NotAllowed, PersonLeft, LastOwner.
    """
    grant = await find_grant(act.work, wanted.grant_id)
    await act.require(grant.scope)
    edited, widened = await edit_grant_within(act, grant, wanted)
    person = grant.holder.kind is HolderKind.PERSON
    await act.record(
        "grant.edited",
        person_id=grant.holder.id if person else None,
        detail={**edit_line(grant, edited), "widened": widened, **unchanged_mark(grant, edited)},
    )
    return edited


def edit_line(former: Grant, edited: Grant) -> dict[str, JsonValue]:
    """Give what a journal row says of new terms: whose grant it is, where, and the role before and after."""
    return {
        "grant": edited.id,
        "holder": edited.holder.id,
        "holder_kind": edited.holder.kind.value,
        "scope": edited.scope.id,
        "scope_kind": edited.scope.kind.value,
        "role": edited.role.value,
        "former_role": former.role.value,
    }


async def edit_grant_within(act: Act, grant: Grant, wanted: EditGrant) -> tuple[Grant, bool]:
    """Change a grant within an act that asked for the permission and records it; say whether it was widened.

    Raises: as `edit_grant`.
    """
    await _check(act, grant, wanted)
    widened = grant.is_widened_by(role=wanted.role, validity=wanted.validity, schedule=wanted.schedule)
    if widened:
        await refuse_beyond_own(act, grant.scope)
    if widened and grant.holder.kind is HolderKind.PERSON:
        await refuse_leaver(act, grant.holder.id)
        await refuse_own_return(act, grant.holder.id, grant.scope)
    if wanted.schedule is not None and await act.work.schedules.get(wanted.schedule.id) is None:
        await act.work.schedules.add(wanted.schedule)
    edited = replace(
        grant,
        role=wanted.role,
        validity=wanted.validity,
        schedule=wanted.schedule,
        named_at=act.position if widened else grant.named_at,
        by_automation=act.actor.is_automation if widened else grant.by_automation,
    )
    edited = stamped(grant, edited, act.now)
    await act.work.grants.replace(edited)
    await act.changed(CHANGES[grant.holder.kind], grant.holder.id, grant.scope)
    return edited, widened


async def _check(act: Act, grant: Grant, wanted: EditGrant) -> None:
    if grant.scope.kind not in ROLES[wanted.role].fits:
        raise Invalid("role", f"{wanted.role.value} cannot be held at a {grant.scope.kind.value}")
    highest = max(ROLES[grant.role].rank, ROLES[wanted.role].rank)
    if highest > await rank_of(act.work, act.actor, grant.scope, act.now):
        raise NotAllowed("you may not give or change a role above your own")
    if wanted.role is not Role.OWNER:
        await keep_an_owner(act, grant)
