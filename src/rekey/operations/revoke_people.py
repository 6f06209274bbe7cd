"""revoke_people: end the access of several people at one scope, all or nothing."""

from dataclasses import dataclass

from rekey.domain.errors import Invalid
from rekey.domain.journal import JsonValue
from rekey.domain.role import Permission
from rekey.domain.scope import Scope, ScopeKind
from rekey.operations.act import Act, operation
from rekey.operations.revoke_person import Revoked, RevokePerson, require_revocation, revoke_within

MAX_PEOPLE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokePeople:
    """Up to 1,000 people; ids that are unknown here are passed over, and the same id counts once."""

    person_ids: tuple[str, ...]
    scope: Scope
    reason: str = ""


@operation(Permission.GRANTS_WRITE)
async def revoke_people(act: Act, wanted: RevokePeople) -> tuple[Revoked, ...]:
    """Revoke several people at a scope in one act, each with a revocation and a receipt of its own.

    Raises: Gone, NotFound (scope), NotAllowed (a role above one's own), LastOwner, Invalid (person_ids, scope).
    """
    if len(wanted.person_ids) > MAX_PEOPLE:
        raise Invalid("person_ids", f"must be at most {MAX_PEOPLE}")
    known = [
        person_id
        for person_id in sorted(set(wanted.person_ids))
        if await act.work.people.get(person_id) is not None
    ]
    each = [
        RevokePerson(person_id=person_id, scope=wanted.scope, reason=wanted.reason) for person_id in known
    ]
    # Asked for everybody before anything changes: whoever revokes himself keeps the power for this act.
    for one in each:
        await require_revocation(act, one)
    if not each:
        await act.require(wanted.scope)
    revoked = tuple([await revoke_within(act, one) for one in each])
    await _record(act, wanted, revoked)
    return revoked


async def _record(act: Act, wanted: RevokePeople, revoked: tuple[Revoked, ...]) -> None:
    scope = wanted.scope
    lines: list[JsonValue] = [
        {
            "person": one.revocation.person_id,
            "revocation": one.revocation.id,
            "ended_grants": [grant.id for grant in one.ended_grants],
            "cancelled_orders": [order.id for order in one.cancelled_orders],
            "given_to_others": [grant.id for grant in one.given_to_others],
        }
        for one in revoked
    ]
    await act.record(
        "people.revoked",
        person_id=revoked[0].revocation.person_id if len(revoked) == 1 else None,
        door_id=scope.id if scope.kind is ScopeKind.DOOR else None,
        site_id=scope.id if scope.kind is ScopeKind.SITE else None,
        detail={
            "scope": scope.id,
            "scope_kind": scope.kind.value,
            "reason": wanted.reason,
            "revoked": lines,
        },
    )
