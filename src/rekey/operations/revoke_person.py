"""revoke_person: end a person's access at a door, a site or everywhere, for good."""

from dataclasses import dataclass

from rekey.domain.block import Block, BlockCause, Subject, SubjectKind
from rekey.domain.door_order import DoorOrder, OrderFailure, OrderKind, OrderState
from rekey.domain.errors import Invalid, NotAllowed
from rekey.domain.grant import Grant, Holder
from rekey.domain.ids import BlockId, OperatorId, PersonId, RevocationId
from rekey.domain.journal import JsonValue
from rekey.domain.revocation import Revocation
from rekey.domain.role import Permission, Role
from rekey.domain.scope import Scope, ScopeKind
from rekey.operations.act import Act, operation
from rekey.operations.authority import containing, highest_rank, rank_of
from rekey.operations.door_administrators import administers, keep_another_administrator
from rekey.operations.end_client_session import end_client_sessions_of
from rekey.operations.end_credential import end_credentials_of
from rekey.operations.end_grant import keep_an_owner
from rekey.operations.end_link import LinkEnded, end_links_for
from rekey.operations.end_operator import end_operator_of
from rekey.operations.end_orders import end_orders
from rekey.operations.find import check_scope, find_door_record, find_person
from rekey.operations.held_before import HELD_NOTHING, HeldBefore, held_before, held_line
from rekey.operations.holders import CHANGES
from rekey.operations.list_leftovers import NO_LEFTOVERS, Leftovers, leftovers_line, list_leftovers
from rekey.operations.ownerless_applications import suspend_ownerless
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.doors import ChangeKind
from rekey.ports.repositories.rights import GrantFilter


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokePerson:
    """`leaving` goes with the organization's scope: credentials, keys and sessions end, and a block stays.

    `cascade` also ends the grants that the person gave to others; otherwise they are only listed.
    """

    person_id: str
    scope: Scope
    leaving: bool = False
    cascade: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked:
    """What the revocation ended, and the grants that the person gave to others.

    Of somebody who left, `credential_ids` and `session_ids` ended, `ended_links` are those that were made for
    the person, `suspended_applications` those that nobody owns now, and `held` and `leftovers` are what went
    along and what stays behind, as they stood just before.
    """

    revocation: Revocation
    ended_grants: tuple[Grant, ...]
    cancelled_orders: tuple[DoorOrder, ...]
    credential_ids: tuple[str, ...] = ()
    session_ids: tuple[str, ...] = ()
    ended_keys: int = 0
    given_to_others: tuple[Grant, ...] = ()
    ended_links: tuple[LinkEnded, ...] = ()
    suspended_applications: tuple[str, ...] = ()
    held: HeldBefore = HELD_NOTHING
    leftovers: Leftovers = NO_LEFTOVERS

    @property
    def ended_credentials(self) -> int:
        return len(self.credential_ids)


@operation(Permission.GRANTS_WRITE)
async def revoke_person(act: Act, wanted: RevokePerson) -> Revoked:
    """Revoke a person at a scope; the receipt tells door by door how far it has come.

    A person may always give up an own access to a door. Repeating a revocation is not an error.
    Raises: NotFound, Gone, NotAllowed (a role above one's own), LastOwner, Invalid (scope).
    """
    person = await find_person(act.work, wanted.person_id)
    await require_revocation(act, wanted)
    revoked = await revoke_within(act, wanted)
    scope = wanted.scope
    await act.record(
        "person.revoked",
        person_id=person.id,
        door_id=scope.id if scope.kind is ScopeKind.DOOR else None,
        site_id=scope.id if scope.kind is ScopeKind.SITE else None,
        detail={
            "revocation": revoked.revocation.id,
            "scope": scope.id,
            "scope_kind": scope.kind.value,
            "leaving": wanted.leaving,
            "reason": wanted.reason,
            "ended_grants": [grant.id for grant in revoked.ended_grants],
            "cancelled_orders": [order.id for order in revoked.cancelled_orders],
            "given_to_others": [grant.id for grant in revoked.given_to_others],
            "cascade": wanted.cascade,
            **left_behind(revoked),
        },
    )
    return revoked


def left_behind(revoked: Revoked) -> dict[str, JsonValue]:
    """Give what the journal tells of somebody who left: what ended with it, and what stays."""
    if not revoked.revocation.leaving:
        return {}
    return {
        "credentials": [*revoked.credential_ids],
        "client_sessions": [*revoked.session_ids],
        "ended_links": [ended.link.id for ended in revoked.ended_links],
        "suspended_applications": [*revoked.suspended_applications],
        **held_line(revoked.held),
        "leftovers": leftovers_line(revoked.leftovers),
    }


async def revoke_within(act: Act, wanted: RevokePerson) -> Revoked:
    """Revoke within an act that has asked for the permission and records it. Raises: as `revoke_person`."""
    await _check(act, wanted)
    revocation = Revocation(
        id=RevocationId(act.new_id()),
        person_id=PersonId(wanted.person_id),
        scope=wanted.scope,
        leaving=wanted.leaving,
        position=act.position,
        by_automation=act.actor.is_automation,
        revoked_by=OperatorId(act.actor.operator_id),
        via=act.actor.via,
        reason=wanted.reason,
        at=act.now,
    )
    leftovers = await list_leftovers(act.work, wanted.person_id) if wanted.leaving else NO_LEFTOVERS
    ended = await _end_grants(act, wanted)
    given = await _given_to_others(act, wanted)
    await act.work.revocations.add(revocation)
    cancelled = await _cancel_orders(act, wanted)
    links = await end_links_for(act, wanted.person_id, reason=wanted.reason) if wanted.leaving else ()
    held = await held_before(act.work, wanted.person_id) if wanted.leaving else HELD_NOTHING
    left = await _leave(act, revocation) if wanted.leaving else _Left()
    await act.changed(ChangeKind.PERSON, wanted.person_id, wanted.scope)
    return Revoked(
        revocation=revocation,
        ended_grants=ended,
        cancelled_orders=cancelled,
        credential_ids=left.credential_ids,
        session_ids=left.session_ids,
        ended_keys=left.keys + len(left.session_ids),
        given_to_others=given,
        ended_links=links,
        suspended_applications=left.application_ids,
        held=held,
        leftovers=leftovers,
    )


async def require_revocation(act: Act, wanted: RevokePerson) -> None:
    """Refuse who may not revoke this person there. Raises: NotSignedIn, NotAllowed."""
    operator = await act.work.operators.get(act.actor.operator_id)
    if (
        operator is not None
        and operator.person_id == wanted.person_id
        and wanted.scope.kind is ScopeKind.DOOR
    ):
        act.waive("a person may give up an own access to a door")
        return
    await act.require(wanted.scope)
    theirs = await highest_rank(act.work, wanted.person_id, Permission.DOORS_OPEN, wanted.scope, now=act.now)
    if theirs is not None and theirs > await rank_of(act.work, act.actor, wanted.scope, act.now):
        raise NotAllowed("you may not revoke a person whose role there is above your own")


async def _check(act: Act, wanted: RevokePerson) -> None:
    await check_scope(act.work, wanted.scope)
    if wanted.scope.kind is ScopeKind.DOOR_GROUP:
        raise Invalid("scope", "must be a door, a site or the organization; for a group end its grants")
    if wanted.leaving and wanted.scope.kind is not ScopeKind.ORGANIZATION:
        raise Invalid("leaving", "goes with a revocation everywhere")
    if wanted.scope.kind is ScopeKind.DOOR:
        await find_door_record(act.work, wanted.scope.id)
        if await administers(act, wanted.person_id, wanted.scope.id):
            await keep_another_administrator(act, wanted.scope.id, but=wanted.person_id)
        return
    for grant in await _grants_of(act, wanted.person_id):
        if grant.scope.kind is ScopeKind.ORGANIZATION and grant.role is Role.OWNER:
            await keep_an_owner(act, grant)


async def _grants_of(act: Act, person_id: str) -> tuple[Grant, ...]:
    listed = await act.work.grants.list(WHOLE, GrantFilter(holder=Holder.person(person_id)))
    return listed.items


async def _end_grants(act: Act, wanted: RevokePerson) -> tuple[Grant, ...]:
    """End the person's direct grants that lie within the scope; wider ones are silenced, not ended."""
    ended = [
        grant
        for grant in await _grants_of(act, wanted.person_id)
        if wanted.scope in await containing(act.work, grant.scope) and _lies_within(grant, wanted.scope)
    ]
    for grant in ended:
        await act.work.grants.end(grant.id, act.now)
    return tuple(ended)


def _lies_within(grant: Grant, scope: Scope) -> bool:
    return scope.kind is not ScopeKind.DOOR or grant.scope == scope


async def _given_to_others(act: Act, wanted: RevokePerson) -> tuple[Grant, ...]:
    operator = await act.work.operators.of_person(wanted.person_id)
    if operator is None:
        return ()
    listed = await act.work.grants.list(WHOLE, GrantFilter(made_by=operator.id))
    given = [
        grant
        for grant in listed.items
        if grant.holder != Holder.person(wanted.person_id)
        and wanted.scope in await containing(act.work, grant.scope)
    ]
    for grant in given if wanted.cascade else ():
        await act.work.grants.end(grant.id, act.now)
        await act.changed(CHANGES[grant.holder.kind], grant.holder.id, grant.scope)
    return tuple(given)


async def _cancel_orders(act: Act, wanted: RevokePerson) -> tuple[DoorOrder, ...]:
    waiting = [*await act.work.orders.unfinished(person_id=wanted.person_id)]
    operator = await act.work.operators.of_person(wanted.person_id)
    if operator is not None:
        waiting += [
            order
            for order in await act.work.orders.unfinished()
            # One that locks a door is left to do so, whoever asked for it.
            if order.operator_id == operator.id
            and order.person_id != wanted.person_id
            and order.kind is not OrderKind.SECURE
        ]
    concerned = [
        order for order in waiting if wanted.scope in await containing(act.work, Scope.door(order.door_id))
    ]
    return await end_orders(act, concerned, OrderState.CANCELLED, OrderFailure.PERSON_REVOKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Left:
    """What ended because somebody left."""

    credential_ids: tuple[str, ...] = ()
    session_ids: tuple[str, ...] = ()
    application_ids: tuple[str, ...] = ()
    keys: int = 0


async def _leave(act: Act, revocation: Revocation) -> _Left:
    """End all by which the person could act, and block the person until reinstated."""
    memberships = await act.work.teams.memberships(WHOLE, person_id=revocation.person_id)
    for membership in memberships.items:
        await act.work.teams.remove_member(membership.team_id, revocation.person_id)
    credentials = await end_credentials_of(act, Holder.person(revocation.person_id))
    keys = await end_operator_of(act, revocation.person_id)
    sessions = await end_client_sessions_of(act, revocation.person_id)
    applications = await suspend_ownerless(act, revocation.person_id)
    await act.work.blocks.place(
        Block(
            id=BlockId(act.new_id()),
            subject=Subject(SubjectKind.PERSON, revocation.person_id),
            cause=BlockCause.LEAVER,
            placed_at=act.position,
            placed_by=OperatorId(act.actor.operator_id),
            by_automation=act.actor.is_automation,
            reason=revocation.reason,
            revocation_id=revocation.id,
            created_at=act.now,
        )
    )
    return _Left(
        credential_ids=tuple(credential.id for credential in credentials),
        session_ids=tuple(session.id for session in sessions),
        application_ids=applications,
        keys=keys,
    )
