"""The organization: its settings, its numbers, its public face, and the list of roles. Source: contract 4.1, 7.5."""

from rekey.dialects.kisi.attributes import Attributes, unwrap
from rekey.dialects.kisi.kit import NO_CONTENT, Kit
from rekey.dialects.kisi.letters import reminder
from rekey.dialects.kisi.lists import plain
from rekey.dialects.kisi.notes import note, notes_of, texts_of
from rekey.dialects.kisi.organization_shapes import (
    OrganizationFacts,
    show_organization,
    show_public,
    show_settings,
)
from rekey.dialects.kisi.pictures import take_picture
from rekey.dialects.kisi.policy import VIA
from rekey.dialects.kisi.roles import BY_ID, KISI_ROLES, show_role
from rekey.dialects.kisi.shapes import Shape
from rekey.domain.document import DocumentBody
from rekey.domain.errors import NotFound
from rekey.domain.estate import DoorKind, Organization, SignInRules, zone_named
from rekey.domain.grant import HolderKind
from rekey.domain.ids import OperatorId, OrganizationId
from rekey.domain.operator import Actor
from rekey.domain.people import Person
from rekey.domain.role import Permission, Role
from rekey.domain.scope import Scope
from rekey.operations.annotate import AnnotatedKind
from rekey.operations.do_together import Step
from rekey.operations.edit_directory import EditDirectory, edit_directory
from rekey.operations.edit_organization import EditOrganization, edit_organization
from rekey.operations.remind_of_domain import RemindOfDomain, remind_of_domain
from rekey.ports.attempts import AttemptKind
from rekey.ports.listing import WHOLE, Part
from rekey.ports.repositories.rights import GrantFilter
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

_COUNT = Part(limit=1, with_total=True)
_BESIDE = ("logo", "address", "description", "time_zone")
# Single sign-on is not there, so what would switch it on must not look as if it did.
_ABSENT = ("metadata", "identity_provider_issuer_url", "web_authentication_api_enabled")


class Organizations:
    """Handlers of the organization of the caller."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        return plain([await self._kit.look(request, _shape)])

    async def get(self, request: Request) -> Reply:
        return plain(await self._kit.look(request, _shape))

    async def settings(self, request: Request) -> Reply:
        async def look(view: View) -> Shape:
            return show_settings(await view.organizations.get(), await facts_of(view))

        return plain(await self._kit.read(request, Permission.ORGANIZATION_READ, look))

    async def dashboard(self, request: Request) -> Reply:
        return plain(await self._kit.read(request, Permission.ORGANIZATION_READ, _counts))

    async def update(self, request: Request) -> Reply:
        """Change the organization in one act."""
        wanted = unwrap(request, "organization")
        organization = await self._kit.look(request, lambda view: view.organizations.get())
        logo = await take_picture(self._kit, request, wanted, "logo")
        steps = (*_steps(wanted, organization), *logo.of(AnnotatedKind.ORGANIZATION, organization.id))
        if steps:
            await self._kit.together(request, *steps)
        else:
            await self._kit.require(request, Permission.ORGANIZATION_WRITE)
        return NO_CONTENT

    async def certificate(self, _request: Request) -> Reply:
        """Answer what concerns a certificate of single sign-on, which is not there. Raises: NotFound."""
        raise NotFound("certificate", "")

    async def public(self, request: Request) -> Reply:
        """Show an organization to anybody who knows its domain. Raises: NotFound."""
        store, domain = self._kit.services.core.store, request.params["domain"]
        organization_id = await store.directory.organization_named(domain.lower())
        if organization_id is None:
            raise NotFound("organization", domain)

        async def look(view: View) -> Shape:
            return show_public(await view.organizations.get(), await notes_of(view, view.organization_id))

        return plain(await store.read(organization_id, look))

    async def find(self, request: Request) -> Reply:
        """Mail the domains of an address to that address; the answer is the same for an unknown one."""
        user = unwrap(request, "user")
        email = user.text("email", required=True) or ""
        user.check()
        core = self._kit.services.core
        core.attempts.count(AttemptKind.MAIL, "", email, request.client)
        for organization_id in await core.store.directory.all_organizations():
            await self._remind(request, organization_id, email)
        return NO_CONTENT

    async def list_roles(self, _request: Request) -> Reply:
        return plain([show_role(role) for role in KISI_ROLES])

    async def get_role(self, request: Request) -> Reply:
        role = BY_ID.get(request.params["id"])
        if role is None:
            raise NotFound("role", request.params["id"])
        return plain(show_role(role))

    async def _remind(self, request: Request, organization_id: OrganizationId, email: str) -> None:
        core = self._kit.services.core
        stranger = Actor(
            organization_id=organization_id,
            operator_id=OperatorId(core.entropy.new_id()),
            key_id=None,
            via=VIA,
            address=request.client,
        )
        organization = await core.store.read(organization_id, lambda view: view.organizations.get())
        wanted = RemindOfDomain(email=email, letter=reminder(organization))
        await core.perform(remind_of_domain, stranger, wanted)


async def owner_of(view: View) -> Person | None:
    """Give the owner; of several the one who has been it longest."""
    everywhere = Scope.organization(view.organization_id)
    owners = await view.grants.list(
        WHOLE, GrantFilter(scope=everywhere, roles=(Role.OWNER.value,), holder_kinds=(HolderKind.PERSON,))
    )
    return await view.people.get(owners.items[0].holder.id) if owners.items else None


async def facts_of(view: View) -> OrganizationFacts:
    handover = await view.handovers.standing()
    return OrganizationFacts(
        places=(await view.sites.list(_COUNT)).total or 0,
        owner=await owner_of(view),
        heir=None if handover is None else await view.people.get(handover.to_person_id),
        directory=await view.directory.get(),
        notes=await notes_of(view, view.organization_id),
    )


async def _shape(view: View) -> Shape:
    return show_organization(await view.organizations.get(), await facts_of(view))


async def _counts(view: View) -> Shape:
    users = (await view.people.list(_COUNT, guests=False)).total or 0
    return {
        "apple_passes_count": 0,
        "cameras_count": 0,
        "users_count": users,
        "places_count": (await view.sites.list(_COUNT)).total or 0,
        "locks_count": (await view.doors.list(_COUNT, kind=DoorKind.DOOR)).total or 0,
        "groups_count": (await view.door_groups.list(_COUNT)).total or 0,
        "members_count": users,
    }


def _steps(wanted: Attributes, organization: Organization) -> tuple[Step, ...]:
    """Read a change of the organization. Raises: Unprocessable, BadQuery."""
    name, directory = wanted.new_name("name"), wanted.flag("scim_enabled")
    beside, seconds = texts_of(wanted, *_BESIDE), wanted.level("device_logins_expire_after", optional=True)
    _check_zone(wanted, beside)
    for absent in _ABSENT:
        if wanted.asks_for(absent):
            wanted.refuse(absent, "is not supported by this server, which has no single sign-on")
    wanted.check()
    steps: list[Step] = []
    if name is not None or seconds is not None:
        rules = None if seconds is None else SignInRules(idle_session_seconds=seconds)
        steps.append(Step(operation=edit_organization, wanted=EditOrganization(name=name, sign_in=rules)))
    if directory is not None:
        steps.append(Step(operation=edit_directory, wanted=EditDirectory(enabled=directory)))
    return (*steps, *note(AnnotatedKind.ORGANIZATION, organization.id, beside))


def _check_zone(wanted: Attributes, beside: DocumentBody) -> None:
    zone = beside.get("time_zone")
    if not isinstance(zone, str):
        return
    try:
        zone_named(zone)
    except ValueError:
        wanted.refuse("time_zone", "must be a name of the IANA database such as Europe/Berlin")
