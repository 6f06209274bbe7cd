"""grant_access: one grant or many, all or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from rekey.domain.errors import Invalid, NotAllowed
from rekey.domain.grant import Grant, Holder, HolderKind
from rekey.domain.ids import GrantId, OperatorId
from rekey.domain.journal import JsonValue
from rekey.domain.people import Enrolment
from rekey.domain.role import ROLES, Permission, Role
from rekey.domain.schedule import Schedule
from rekey.domain.scope import Scope, ScopeKind
from rekey.domain.validity import ALWAYS, Validity
from rekey.operations.act import Act, operation
from rekey.operations.authority import rank_of
from rekey.operations.door_administrators import administers, keep_another_administrator
from rekey.operations.enrol_person import put_enrolment
from rekey.operations.find import check_scope, find_door, find_link, find_person, find_team
from rekey.operations.holders import CHANGES
from rekey.operations.leavers import note_conflicts, refuse_beyond_own, refuse_leaver, refuse_own_return
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.doors import ChangeKind
from rekey.ports.repositories.rights import AccessConflict, GrantFilter

MAX_GRANTS = 1000
NONE_FORMER: Mapping[str, Role] = MappingProxyType({})


class OnRepeat(StrEnum):
    """What to do when the holder has a direct grant at that very scope: add another, or replace it.

    `REPLACE_OWN` replaces those of the same origin alone, so that a role given elsewhere stays.
    """

    ADD = "add"
    REPLACE = "replace"
    REPLACE_OWN = "replace_own"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGrant:
    """One grant that is wanted; `origin` is the wire API's own mark on it.

    `remark` is what somebody who reads the journal should know of the request; it decides nothing. A person who is
    given a door or a site is enrolled at the site, unless `enrols` says otherwise. `may_be_over` takes a grant that
    ended before it was given: it opens nothing and is kept to be seen.
    """

    holder: Holder
    scope: Scope
    role: Role = Role.BASIC
    validity: Validity = ALWAYS
    schedule: Schedule | None = None
    origin: str = ""
    remark: str = ""
    on_repeat: OnRepeat = OnRepeat.ADD
    enrols: bool = True
    may_be_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantAccess:
    """Up to 1,000 grants that are given together or not at all."""

    grants: tuple[NewGrant, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantsGiven:
    """The grants in the order asked, and what an operator's revocation still keeps shut.

    `former` gives, by the id of the grant that took its place, the highest role that was replaced.
    `enrolments` are those that were made because the person had none there.
    """

    grants: tuple[Grant, ...]
    former: Mapping[str, Role] = field(default_factory=dict)
    conflicts: tuple[AccessConflict, ...] = ()
    enrolments: tuple[Enrolment, ...] = ()


@operation(Permission.GRANTS_WRITE)
async def grant_access(act: Act, wanted: GrantAccess) -> GrantsGiven:
    """Give access; an operator's grant that names a person ends the silence of older revocations.

    Raises: NotFound, Gone, Invalid, PersonLeft (with the revocation), NotAllowed (a role above one's own,
    a scope in which one was revoked oneself, or bringing oneself back), LastOwner (a replaced grant was
    that of a door's last administrator).
    """
    if not 1 <= len(wanted.grants) <= MAX_GRANTS:
        raise Invalid("grants", f"must be from 1 to {MAX_GRANTS}")
    given = await give_within(act, wanted.grants)
    await act.record(
        "access.granted",
        person_id=_only([new.holder.id for new in wanted.grants if new.holder.kind is HolderKind.PERSON]),
        door_id=_only([new.scope.id for new in wanted.grants if new.scope.kind is ScopeKind.DOOR]),
        detail={
            "grants": [grant_line(grant, given.former) for grant in given.grants],
            "conflicts": len(given.conflicts),
            **enrolled_line(given),
            **_remarks(wanted.grants),
        },
    )
    return given


async def give_within(act: Act, grants: tuple[NewGrant, ...]) -> GrantsGiven:
    """Give the grants within an act that records them; the permission is asked for here. Raises: as `grant_access`."""
    given: list[Grant] = []
    conflicts: list[AccessConflict] = []
    enrolments: list[Enrolment] = []
    former: dict[str, Role] = {}
    # Asked for all before anything changes: whoever lowers himself keeps the power for this act.
    for new in grants:
        await _check(act, new)
    lowered = [new.scope.id for new in grants if await _lowers(act, new)]
    for new in grants:
        replaced = () if new.on_repeat is OnRepeat.ADD else await _end_same(act, new)
        given.append(await _give(act, new))
        if replaced:
            former[given[-1].id] = max(replaced, key=lambda role: ROLES[role].rank)
        enrolments.extend(await _enrol(act, new))
        conflicts.extend(await _follow_up(act, new))
    for door_id in sorted(set(lowered)):
        await keep_another_administrator(act, door_id)
    return GrantsGiven(
        grants=tuple(given), former=former, conflicts=tuple(conflicts), enrolments=tuple(enrolments)
    )


async def _check(act: Act, new: NewGrant) -> None:
    await act.require(new.scope, Permission.GRANTS_WRITE)
    await check_scope(act.work, new.scope)
    if new.scope.kind not in ROLES[new.role].fits:
        raise Invalid("role", f"{new.role.value} cannot be held at a {new.scope.kind.value}")
    if ROLES[new.role].rank > await rank_of(act.work, act.actor, new.scope, act.now):
        raise NotAllowed(f"you may not give the role {new.role.value}, which is above your own")
    await refuse_beyond_own(act, new.scope)
    if new.validity.is_over(act.now) and not new.may_be_over:
        raise Invalid("end", "must be in the future")
    if new.holder.kind is HolderKind.PERSON:
        await find_person(act.work, new.holder.id)
        await refuse_leaver(act, new.holder.id)
        await refuse_own_return(act, new.holder.id, new.scope)
    elif new.holder.kind is HolderKind.TEAM:
        await find_team(act.work, new.holder.id)
    else:
        await _check_link(act, new)


async def _check_link(act: Act, new: NewGrant) -> None:
    """Refuse what a link may not have, nor the person that it was made for."""
    link = await find_link(act.work, new.holder.id)
    if new.role is not Role.BASIC:
        raise Invalid("role", "must be basic: a link does nothing but open")
    if link.for_person_id is not None:
        await refuse_leaver(act, link.for_person_id)
        await refuse_own_return(act, link.for_person_id, new.scope)


async def _lowers(act: Act, new: NewGrant) -> bool:
    """Say whether replacing may take away an administrator's power over a door."""
    replaces = new.on_repeat is not OnRepeat.ADD
    if not replaces or new.holder.kind is not HolderKind.PERSON or new.scope.kind is not ScopeKind.DOOR:
        return False
    return await administers(act, new.holder.id, new.scope.id)


async def _end_same(act: Act, new: NewGrant) -> tuple[Role, ...]:
    """End what the new grant replaces, and give the roles of it."""
    origin = new.origin if new.on_repeat is OnRepeat.REPLACE_OWN else None
    matching = GrantFilter(holder=new.holder, scope=new.scope, origin=origin)
    same = await act.work.grants.list(WHOLE, matching)
    for grant in same.items:
        await act.work.grants.end(grant.id, act.now)
    return tuple(grant.role for grant in same.items)


async def _give(act: Act, new: NewGrant) -> Grant:
    if new.schedule is not None and await act.work.schedules.get(new.schedule.id) is None:
        await act.work.schedules.add(new.schedule)
    grant = Grant(
        id=GrantId(act.new_id()),
        number=act.next_number(),
        holder=new.holder,
        scope=new.scope,
        role=new.role,
        validity=new.validity,
        schedule=new.schedule,
        named_at=act.position,
        by_automation=act.actor.is_automation,
        made_by=OperatorId(act.actor.operator_id),
        origin=new.origin,
        created_at=act.now,
        updated_at=act.now,
    )
    await act.work.grants.add(grant)
    return grant


async def _enrol(act: Act, new: NewGrant) -> tuple[Enrolment, ...]:
    """Enrol the person where the grant lies at one site, and give the enrolment if there was none."""
    at_site = new.scope.kind in {ScopeKind.DOOR, ScopeKind.SITE}
    if not (new.enrols and at_site and new.holder.kind is HolderKind.PERSON):
        return ()
    site_id = new.scope.id
    if new.scope.kind is ScopeKind.DOOR:
        site_id = (await find_door(act.work, new.scope.id)).site_id
    if await act.work.enrolments.at(new.holder.id, site_id) is not None:
        return ()
    return (await put_enrolment(act, new.holder.id, site_id),)


async def _follow_up(act: Act, new: NewGrant) -> tuple[AccessConflict, ...]:
    if new.holder.kind is not HolderKind.PERSON:
        await act.changed(CHANGES[new.holder.kind], new.holder.id, new.scope)
        return ()
    await act.changed(ChangeKind.PERSON, new.holder.id, new.scope)
    return await note_conflicts(act, new.holder.id, new.scope, f"grant at {new.scope.kind.value}")


def _remarks(grants: tuple[NewGrant, ...]) -> dict[str, JsonValue]:
    """Give what was remarked, by whose grant it is; nothing where nothing was."""
    told: dict[str, JsonValue] = {new.holder.id: new.remark for new in grants if new.remark}
    return {"remarks": told} if told else {}


def _only(ids: list[str]) -> str | None:
    """Give the one id that all share, for the row's own column; the detail names each."""
    return ids[0] if len(set(ids)) == 1 else None


def enrolled_line(given: GrantsGiven) -> dict[str, JsonValue]:
    """Give what the journal tells of enrolments that came with grants."""
    return {"enrolments": [one.id for one in given.enrolments]} if given.enrolments else {}


def grant_line(grant: Grant, former: Mapping[str, Role] = NONE_FORMER) -> JsonValue:
    """Give what a journal row says of a grant, with the role that it took the place of."""
    replaced = former.get(grant.id)
    return {
        "grant": grant.id,
        "holder": grant.holder.id,
        "holder_kind": grant.holder.kind.value,
        "scope": grant.scope.id,
        "scope_kind": grant.scope.kind.value,
        "role": grant.role.value,
        "former_role": None if replaced is None else replaced.value,
    }
