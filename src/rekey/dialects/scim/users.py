"""Users, who are the people of the core. Source: contract sections 2, 4.1 and 7."""

from rekey.dialects.scim.candidates import candidates
from rekey.dialects.scim.filter_match import Matches, mentioned
from rekey.dialects.scim.kit import actor_of
from rekey.dialects.scim.letters import welcome
from rekey.dialects.scim.projection import Projection
from rekey.dialects.scim.queries import ListQuery
from rekey.dialects.scim.resources import Resources
from rekey.dialects.scim.translate import (
    change_user,
    password_of,
    provision_user,
    show_user,
    writable_user,
)
from rekey.dialects.scim.user_schema import USER
from rekey.dialects.scim.values import Resource
from rekey.domain.people import Person
from rekey.operations.change_provisioned_person import change_provisioned_person
from rekey.operations.find import find_person
from rekey.operations.provision_person import provision_person
from rekey.operations.provisioned import (
    Provisioned,
    ProvisionedPerson,
    provisioned_people,
    provisioned_person,
)
from rekey.operations.provisioned_account import DirectoryPassword, read_directory_password
from rekey.operations.remove_provisioned_person import (
    RemoveProvisionedPerson,
    remove_provisioned_person,
)
from rekey.ports.listing import Part
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request
from rekey.webkit.receipt_links import Header, removal_headers, standing_headers

# What a list must read beyond the directory's own words to answer a filter.
_COSTLY = frozenset({"active", "groups", "meta"})


class Users(Resources[ProvisionedPerson]):
    """Handlers of `/Users`."""

    kind = USER

    async def find(self, view: View, id_: str) -> ProvisionedPerson:
        return await provisioned_person(view, await find_person(view, id_), self._kit.now())

    def writable(self, known: ProvisionedPerson) -> Resource:
        return writable_user(known)

    async def show(self, request: Request, known: ProvisionedPerson, shown: Projection) -> Resource:
        return show_user(known, self._kit.base(request))

    async def make(self, request: Request, written: Resource) -> ProvisionedPerson:
        password = await self._password(request, written)
        organization = await self._kit.read(request, lambda view: view.organizations.get())
        wanted = provision_user(written, password, welcome(organization))
        return await self._kit.perform(request, provision_person, wanted)

    async def change(
        self, request: Request, known: ProvisionedPerson, written: Resource
    ) -> Provisioned[ProvisionedPerson]:
        password = await self._password(request, written, known.person)
        return await self._kit.perform(
            request, change_provisioned_person, change_user(known, written, password)
        )

    async def remove(self, request: Request, id_: str, expected: str | None) -> Reply | None:
        wanted = RemoveProvisionedPerson(person_id=id_, expected=expected)
        removed = await self._kit.perform(request, remove_provisioned_person, wanted)
        if removed is None:
            return None
        return Reply(204).with_headers(*removal_headers(removed.revoked.revocation.id))

    def beside(self, before: ProvisionedPerson, now: ProvisionedPerson) -> tuple[Header, ...]:
        """Say where the leftovers of somebody are listed who has just been switched off."""
        return standing_headers(now.person.id) if before.active and not now.active else ()

    async def _password(
        self, request: Request, written: Resource, known: Person | None = None
    ) -> DirectoryPassword | None:
        """Read the password that came along; None for none, or for the one that counts already."""
        sent = password_of(written)
        if sent is None:
            return None
        person_id = None if known is None else known.id
        return await read_directory_password(
            self._kit.services.core, actor_of(request), sent, person_id=person_id
        )

    async def page(
        self, view: View, wanted: ListQuery, fits: Matches | None
    ) -> tuple[tuple[ProvisionedPerson, ...], int]:
        """Everybody stands in the list, those who are switched off too: who is hidden is added a second time."""
        if fits is None or wanted.wanted is None:
            part = Part(limit=wanted.count, offset=wanted.start - 1, with_total=True)
            listed = await view.people.list(part)
            return await provisioned_people(view, listed.items, self._kit.now()), listed.total or 0
        people = await candidates(view, wanted.wanted, self._kit.now())
        whole = bool(mentioned(wanted.wanted) & _COSTLY)
        looked_at = await provisioned_people(view, people, self._kit.now(), whole=whole)
        found = [one.person for one in looked_at if fits(show_user(one, ""))]
        chosen = found[wanted.start - 1 : wanted.start - 1 + wanted.count]
        return await provisioned_people(view, chosen, self._kit.now()), len(found)
