"""found_for_person: one more organization, whose owner is a person of the server's first one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from rekey.domain.document import DocumentBody
from rekey.domain.errors import NotAllowed
from rekey.domain.grant import Holder
from rekey.domain.ids import OperatorId, OrganizationId
from rekey.domain.operator import Actor, KeyKind
from rekey.domain.people import Person
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.operations.annotate import put_annotation
from rekey.operations.authority import signed_in
from rekey.operations.core import Core
from rekey.operations.found_organization import FoundOrganization, found_organization
from rekey.operations.found_with_keys import base58
from rekey.operations.issue_key import IssueKey, put_key
from rekey.operations.texts import clean_name
from rekey.ports.listing import Part
from rekey.ports.repositories.rights import GrantFilter
from rekey.ports.store import UnitOfWork, View

_DOMAIN_LENGTH, _PASSWORD_LENGTH = 12, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundForPerson:
    """`fingerprint_for` gives, for the new organization's id, that of the key by which the person reaches it."""

    name: str
    fingerprint_for: Callable[[str], str]
    via: str
    notes: DocumentBody = field(default_factory=dict)


async def found_for_person(core: Core, actor: Actor, wanted: FoundForPerson) -> OrganizationId:
    """Found an organization for its maker, who is its owner and reaches it by the key in hand.

    Only owners of the server's first organization may. Raises: NotSignedIn, NotAllowed, Invalid.
    """
    owner = await _owner(core, actor)
    # Nobody is told it: the owner reaches the organization by the key, or asks for another password.
    password = await core.secrets.hash_password(base58(core.entropy, _PASSWORD_LENGTH))
    order = FoundOrganization(
        name=clean_name(wanted.name),
        domain=base58(core.entropy, _DOMAIN_LENGTH).lower(),
        site_name="Main site",
        time_zone="UTC",
        owner_name=owner.name,
        owner_email=owner.email or f"{owner.id}@invalid.test",
        password_hash=password,
    )
    organization_id = OrganizationId(core.entropy.new_id())
    founder = Actor(
        organization_id=organization_id,
        operator_id=OperatorId(core.entropy.new_id()),
        key_id=None,
        via=actor.via,
    )
    await core.store.act(organization_id, partial(_found, core, founder, order, wanted=wanted))
    return organization_id


async def _owner(core: Core, actor: Actor) -> Person:
    async def look(view: View) -> Person | None:
        operator, key = await signed_in(view, actor, core.clock.now())
        if operator.person_id is None or (key is not None and key.permissions is not None):
            return None
        everywhere = Scope.organization(view.organization_id)
        owning = GrantFilter(holder=Holder.person(operator.person_id), scope=everywhere, roles=(Role.OWNER,))
        owns = (await view.grants.list(Part(limit=1), owning)).items
        return await view.people.get(operator.person_id) if owns else None

    first = await core.store.directory.first_organization()
    owner = await core.store.read(actor.organization_id, look)
    if owner is None or first != actor.organization_id:
        refusal = NotAllowed("only an owner of the server's first organization may found another")
        await core.record_refusal(actor, "found_organization", refusal)
        raise refusal
    return owner


async def _found(
    core: Core, founder: Actor, order: FoundOrganization, unit: UnitOfWork, *, wanted: FoundForPerson
) -> None:
    act = core.act_for(unit, founder, None)
    founded = await found_organization(act, order)
    await put_key(
        act,
        IssueKey(
            operator_id=founded.owner_operator.id,
            kind=KeyKind.API_KEY,
            name="the founder's own token",
            via=wanted.via,
            secret_fingerprint=wanted.fingerprint_for(founded.organization.id),
        ),
    )
    if wanted.notes:
        await put_annotation(act, wanted.via, founded.organization.id, wanted.notes)
