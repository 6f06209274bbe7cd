"""end_link: a link stops opening anything, for good, with a receipt of the doors that knew it."""

from dataclasses import dataclass

from rekey.domain.credential import Credential
from rekey.domain.grant import Grant, HolderKind
from rekey.domain.ids import OperatorId, PersonId, RevocationId
from rekey.domain.link import Link
from rekey.domain.revocation import Revocation
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.add_link import link_line
from rekey.operations.edit_link import grants_of_link, link_scopes
from rekey.operations.end_credential import end_credentials_of
from rekey.operations.find import find_link
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.doors import ChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class EndLink:
    link_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEnded:
    """`revocation` is the link's own; its receipt tells door by door how far the end has come."""

    link: Link
    revocation: Revocation
    ended_grants: tuple[Grant, ...]
    ended_credentials: tuple[Credential, ...]


@operation(Permission.GRANTS_WRITE)
async def end_link(act: Act, wanted: EndLink) -> LinkEnded:
    """End a link with its grants and credentials. Raises: NotFound (also for one that has ended), NotAllowed."""
    link = await find_link(act.work, wanted.link_id)
    for scope in link_scopes(act, await grants_of_link(act, link.id)):
        await act.require(scope)
    ended = await end_link_within(act, link, reason=wanted.reason)
    await act.record(
        "link.ended",
        person_id=link.for_person_id,
        detail={
            **link_line(link),
            "revocation": ended.revocation.id,
            "ended_grants": [grant.id for grant in ended.ended_grants],
            "ended_credentials": [credential.id for credential in ended.ended_credentials],
            "reason": wanted.reason,
        },
    )
    return ended


async def end_link_within(act: Act, link: Link, *, reason: str = "") -> LinkEnded:
    """End a link within an act that has asked for the permission and records it."""
    grants = await grants_of_link(act, link.id)
    for grant in grants:
        await act.work.grants.end(grant.id, act.now)
    credentials = await end_credentials_of(act, link.holder)
    revocation = Revocation(
        id=RevocationId(act.new_id()),
        person_id=PersonId(link.id),
        holder_kind=HolderKind.LINK,
        scope=Scope.organization(act.work.organization_id),
        leaving=True,
        position=act.position,
        by_automation=act.actor.is_automation,
        revoked_by=OperatorId(act.actor.operator_id),
        via=act.actor.via,
        reason=reason,
        at=act.now,
    )
    await act.work.revocations.add(revocation)
    await act.work.links.end(link.id, act.now)
    await act.changed(ChangeKind.LINK, link.id)
    return LinkEnded(link=link, revocation=revocation, ended_grants=grants, ended_credentials=credentials)


async def end_links_for(act: Act, person_id: str, *, reason: str = "") -> tuple[LinkEnded, ...]:
    """End every link that was made for the person, within an act that records it."""
    listed = await act.work.links.list(WHOLE, for_person_id=person_id)
    return tuple([await end_link_within(act, link, reason=reason) for link in listed.items])
