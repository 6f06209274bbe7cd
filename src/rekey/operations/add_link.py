"""add_link: a holder that stands for itself, with what it opens and what is presented for it, in one act."""

from dataclasses import dataclass

from rekey.domain.block import Block, BlockCause, Subject, SubjectKind
from rekey.domain.credential import Credential
from rekey.domain.errors import Invalid
from rekey.domain.grant import Grant
from rekey.domain.ids import BlockId, GrantId, LinkId, OperatorId, PersonId
from rekey.domain.journal import JsonValue
from rekey.domain.link import Link
from rekey.domain.role import ROLES, Permission, Role
from rekey.domain.schedule import Schedule
from rekey.domain.scope import Scope, ScopeKind
from rekey.domain.validity import ALWAYS, Validity
from rekey.operations.act import Act, operation
from rekey.operations.find import check_scope, find_person
from rekey.operations.issue_credential import MAX_USES, NewCredential, credential_line, hold_credential
from rekey.operations.leavers import refuse_beyond_own, refuse_leaver, refuse_own_return
from rekey.operations.texts import clean_email, clean_name, clean_phone
from rekey.ports.repositories.doors import ChangeKind

MAX_GRANTS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkGrant:
    """One part of the estate that a link opens; a link does nothing but open, so there is no role to choose."""

    scope: Scope
    validity: Validity = ALWAYS
    schedule: Schedule | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddLink:
    """`for_person_id` binds the link to a person: it obeys that person's blocks and ends with the person.

    `suspended` lets it rest from the beginning, as a block of that cause would.
    """

    name: str
    grants: tuple[LinkGrant, ...]
    credentials: tuple[NewCredential, ...] = ()
    email: str | None = None
    phone: str | None = None
    for_person_id: str | None = None
    validity: Validity = ALWAYS
    max_uses: int | None = None
    origin: str = ""
    suspended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAdded:
    link: Link
    grants: tuple[Grant, ...]
    credentials: tuple[Credential, ...]


@operation(Permission.GRANTS_WRITE)
async def add_link(act: Act, wanted: AddLink) -> LinkAdded:
    """Add a link with its grants and credentials, all or nothing.

    Raises: NotFound, Gone, Invalid, PersonLeft (the person that it is for), AlreadyExists (fingerprint),
    NotAllowed (a scope that is not one's own to give, or a link to let oneself back in).
    """
    added = await put_link(act, wanted)
    link = added.link
    await act.record(
        "link.added",
        person_id=link.for_person_id,
        door_id=_only_door(wanted.grants),
        detail={
            **link_line(link),
            "grants": [grant.id for grant in added.grants],
            "credentials": [credential_line(credential) for credential in added.credentials],
            "suspended": wanted.suspended,
        },
    )
    return added


async def put_link(act: Act, wanted: AddLink) -> LinkAdded:
    """Add a link within an act that records it; the permission is asked for here. Raises: as `add_link`."""
    if not 1 <= len(wanted.grants) <= MAX_GRANTS:
        raise Invalid("grants", f"must be from 1 to {MAX_GRANTS}")
    for given in wanted.grants:
        await check_link_grant(act, given, wanted.for_person_id)
    check_terms(act, wanted.validity, wanted.max_uses)
    link = _make(act, wanted)
    await act.work.links.add(link)
    if wanted.suspended:
        await act.work.blocks.place(_rest(act, link))
    grants = tuple([await give_to_link(act, link, given) for given in wanted.grants])
    credentials = tuple([await hold_credential(act, one, link.holder) for one in wanted.credentials])
    return LinkAdded(link=link, grants=grants, credentials=credentials)


async def check_link_grant(act: Act, given: LinkGrant, for_person_id: str | None) -> None:
    """Refuse what may not be given to a link, or to the person behind it. Raises: as `add_link`."""
    await act.require(given.scope)
    await check_scope(act.work, given.scope)
    if given.scope.kind not in ROLES[Role.BASIC].fits:
        raise Invalid("scope", f"must not be the {given.scope.kind.value}: name doors, groups or sites")
    await refuse_beyond_own(act, given.scope)
    if given.validity.is_over(act.now):
        raise Invalid("end", "must be in the future")
    if for_person_id is not None:
        await find_person(act.work, for_person_id)
        await refuse_leaver(act, for_person_id)
        await refuse_own_return(act, for_person_id, given.scope)


def check_terms(act: Act, validity: Validity, max_uses: int | None) -> None:
    """Raises: Invalid for a span that is over and for a number of uses that means nothing."""
    if validity.is_over(act.now):
        raise Invalid("end", "must be in the future")
    if max_uses is not None and not 1 <= max_uses <= MAX_USES:
        raise Invalid("max_uses", f"must be from 1 to {MAX_USES}")


async def give_to_link(act: Act, link: Link, given: LinkGrant) -> Grant:
    """Give a link one grant within an act that records it; who may give it was asked before."""
    if given.schedule is not None and await act.work.schedules.get(given.schedule.id) is None:
        await act.work.schedules.add(given.schedule)
    grant = Grant(
        id=GrantId(act.new_id()),
        number=act.next_number(),
        holder=link.holder,
        scope=given.scope,
        role=Role.BASIC,
        validity=given.validity,
        schedule=given.schedule,
        named_at=act.position,
        by_automation=act.actor.is_automation,
        made_by=OperatorId(act.actor.operator_id),
        origin=given.origin or link.origin,
        created_at=act.now,
        updated_at=act.now,
    )
    await act.work.grants.add(grant)
    await act.changed(ChangeKind.LINK, link.id, given.scope)
    return grant


def link_line(link: Link) -> dict[str, JsonValue]:
    """Give what the journal tells of a link."""
    return {
        "link": link.id,
        "number": link.number,
        "name": link.name,
        "email": link.email,
        "for_person": link.for_person_id,
        "origin": link.origin,
    }


def _make(act: Act, wanted: AddLink) -> Link:
    return Link(
        id=LinkId(act.new_id()),
        number=act.next_number(),
        name=clean_name(wanted.name),
        email=clean_email(wanted.email),
        phone=clean_phone(wanted.phone),
        made_by=OperatorId(act.actor.operator_id),
        for_person_id=None if wanted.for_person_id is None else PersonId(wanted.for_person_id),
        validity=wanted.validity,
        max_uses=wanted.max_uses,
        origin=wanted.origin,
        created_at=act.now,
        updated_at=act.now,
    )


def _rest(act: Act, link: Link) -> Block:
    return Block(
        id=BlockId(act.new_id()),
        subject=Subject(SubjectKind.LINK, link.id),
        cause=BlockCause.SUSPENSION,
        placed_at=act.position,
        placed_by=OperatorId(act.actor.operator_id),
        by_automation=act.actor.is_automation,
        created_at=act.now,
    )


def _only_door(grants: tuple[LinkGrant, ...]) -> str | None:
    named = {given.scope.id for given in grants if given.scope.kind is ScopeKind.DOOR}
    return next(iter(named)) if len(named) == 1 else None
