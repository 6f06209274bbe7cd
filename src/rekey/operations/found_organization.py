"""found_organization: the tenant, its first site and its owner."""

from dataclasses import dataclass

from rekey.domain.estate import Organization, Site
from rekey.domain.grant import Grant, Holder
from rekey.domain.ids import GrantId, OperatorId, OrganizationId, PersonId, SiteId
from rekey.domain.operator import Operator
from rekey.domain.people import Person
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.operations.accounts import put_account
from rekey.operations.act import Act, operation
from rekey.operations.add_site import checked_zone
from rekey.operations.texts import clean_email, clean_name


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundOrganization:
    """`password_hash` comes from the Secrets port, as hashing does not belong into an act."""

    name: str
    domain: str
    site_name: str
    time_zone: str
    owner_name: str
    owner_email: str
    password_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Founded:
    """`service` is the operator that the organization's own keys and workers act as."""

    organization: Organization
    site: Site
    owner: Person
    owner_operator: Operator
    service: Operator


@operation(None)
async def found_organization(act: Act, wanted: FoundOrganization) -> Founded:
    """Found an organization with one site and its owner.

    Raises: Invalid (domain, time_zone, owner_email), AlreadyExists (domain).
    """
    act.waive("there is nobody yet to hold a permission; only the server's own host calls this")
    organization = Organization(
        id=OrganizationId(act.work.organization_id),
        name=clean_name(wanted.name),
        domain=clean_name(wanted.domain, "domain").lower(),
        created_at=act.now,
    )
    await act.work.organizations.add(organization)
    site = await _add_site(act, wanted)
    owner, account = await _add_owner(act, wanted)
    service = Operator(
        id=OperatorId(act.new_id()), number=act.next_number(), name="Rekey service", created_at=act.now
    )
    await act.work.operators.add(service)
    await act.record(
        "organization.founded", person_id=owner.id, site_id=site.id, detail={"name": organization.name}
    )
    return Founded(organization=organization, site=site, owner=owner, owner_operator=account, service=service)


async def _add_site(act: Act, wanted: FoundOrganization) -> Site:
    site = Site(
        id=SiteId(act.new_id()),
        number=act.next_number(),
        name=clean_name(wanted.site_name, "site_name"),
        time_zone=checked_zone(wanted.time_zone),
        created_at=act.now,
        updated_at=act.now,
    )
    await act.work.sites.add(site)
    return site


async def _add_owner(act: Act, wanted: FoundOrganization) -> tuple[Person, Operator]:
    email = clean_email(wanted.owner_email, "owner_email")
    owner = Person(
        id=PersonId(act.new_id()),
        number=act.next_number(),
        name=clean_name(wanted.owner_name, "owner_name"),
        email=email,
        created_at=act.now,
        updated_at=act.now,
    )
    await act.work.people.add(owner)
    account = await put_account(act, owner, wanted.password_hash, verified=True)
    await act.work.grants.add(
        Grant(
            id=GrantId(act.new_id()),
            number=act.next_number(),
            holder=Holder.person(owner.id),
            scope=Scope.organization(act.work.organization_id),
            role=Role.OWNER,
            named_at=act.position,
            made_by=account.id,
            origin="founding",
            created_at=act.now,
            updated_at=act.now,
        )
    )
    return owner, account
