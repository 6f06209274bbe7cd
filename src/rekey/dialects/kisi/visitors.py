"""Visitors: who shows the secret of a group link or an access key instead of a login. Source: contract section 2.

They reach a handful of endpoints and see reduced objects: the doors that are meant for them, the places of these
doors, and the organization's name. A door that is shut for the hour, or locked down, stays to be seen.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from rekey.dialects.kisi.errors import Unauthorized, plain_error
from rekey.dialects.kisi.estate_shapes import PlaceFacts, show_lock, show_place
from rekey.dialects.kisi.favorites import Favorites
from rekey.dialects.kisi.kit import Kit, path_number
from rekey.dialects.kisi.lists import ESTATE, cut, named_like, number_of, numbers_of, paged, part_of, plain
from rekey.dialects.kisi.lock_facts import seen_locks
from rekey.dialects.kisi.lockdowns import tell_lockdown
from rekey.dialects.kisi.notes import notes_of_all
from rekey.dialects.kisi.observing import observe
from rekey.dialects.kisi.shapes import Shape, organization_ref
from rekey.dialects.kisi.visitor_secrets import QR_TYPES, WEB
from rekey.domain.access import DoorRecord
from rekey.domain.circumstances import Circumstances, Means
from rekey.domain.credential import Credential, CredentialKind, CredentialState
from rekey.domain.decision import Denied, DenyReason
from rekey.domain.errors import AccessDenied, NotFound, NotSignedIn
from rekey.domain.estate import Door, DoorKind, Site
from rekey.domain.ids import OperatorId
from rekey.domain.link import Link
from rekey.domain.operator import Actor
from rekey.operations.core import Core
from rekey.operations.explain_decision import (
    doors_meant_for,
    doors_meant_for_link,
    doors_openable_by,
    doors_openable_by_link,
)
from rekey.operations.present_credential import PresentCredential, use_link
from rekey.operations.use_door import present_and_wait
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

T = TypeVar("T")

VIA = "kisi"
BY_LINK, BY_KEY = "kisi-group-link", "kisi-access-key"
_NOTHING_LIKED = Favorites(frozenset(), shown=False, wanted=None)
_LOCK = (
    "id",
    "configured",
    "description",
    "locked_down_since",
    "locked_down",
    "name",
    "online",
    "open",
    "unlocked_until",
    "unlocked",
    "place_id",
    "place",
)
_PLACE = (
    "id",
    "resource_type",
    "name",
    "description",
    "address",
    "latitude",
    "longitude",
    "image",
    "time_zone",
    "color",
    "logo",
)
DEAD = {
    DenyReason.CREDENTIAL_UNKNOWN,
    DenyReason.CREDENTIAL_UNASSIGNED,
    DenyReason.CREDENTIAL_INACTIVE,
    DenyReason.CREDENTIAL_ENDED,
    DenyReason.CREDENTIAL_NOT_YET_VALID,
    DenyReason.CREDENTIAL_EXPIRED,
    DenyReason.CREDENTIAL_USED_UP,
}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who shows a secret: the credential behind it, and the link that holds it if no guest does."""

    actor: Actor
    credential: Credential
    link: Link | None


async def find_visitor(core: Core, scheme: str, secret: str, address: str | None) -> Visitor:
    """Find who sends this secret. Raises: NotSignedIn for one that is unknown, ended, or of the other scheme."""
    visitor = await find_shown(core, secret, address)
    if visitor.credential.label != WEB or (visitor.link is None) is (scheme == BY_LINK):
        raise NotSignedIn("this secret is of another kind")
    return visitor


async def find_shown(core: Core, secret: str, address: str | None) -> Visitor:
    """Find whose secret this is, a QR code's too. Raises: NotSignedIn for one that is unknown or has ended."""
    domain, _dot, _code = secret.rpartition(".")
    organization_id = await core.store.directory.organization_named(domain.lower())
    if organization_id is None:
        raise NotSignedIn("this link is unknown")
    fingerprint = core.secrets.fingerprint(secret)

    async def look(view: View) -> tuple[Credential | None, Link | None]:
        found = await view.credentials.by_fingerprint(CredentialKind.LINK, fingerprint)
        link_id = None if found is None else found.link_id
        return found, None if link_id is None else await view.links.get(link_id)

    credential, link = await core.store.read(organization_id, look)
    known = credential is not None and credential.label in {WEB, *QR_TYPES}
    if credential is None or not known or credential.state is CredentialState.ENDED:
        raise NotSignedIn("this link is unknown or has ended")
    if link is None and credential.person_id is None:
        raise NotSignedIn("this link has ended")
    actor = Actor(
        organization_id=organization_id,
        operator_id=OperatorId(core.entropy.new_id()),
        key_id=None,
        via=VIA,
        address=address,
    )
    return Visitor(actor, credential, link)


def refuse_invalid(visitor: Visitor, now: datetime) -> None:
    """Refuse whoever is outside the time of the link or the key. Raises: AccessDenied."""
    for span in (visitor.credential.validity, None if visitor.link is None else visitor.link.validity):
        if span is not None and span.is_over(now):
            raise AccessDenied(Denied(DenyReason.LINK_EXPIRED))
        if span is not None and not span.covers(now):
            raise AccessDenied(Denied(DenyReason.LINK_NOT_YET_VALID))


async def visible_to(view: View, visitor: Visitor, now: datetime) -> tuple[DoorRecord, ...]:
    """Give the doors meant for a visitor, those too that are shut for the hour or locked down."""
    person_id = visitor.credential.person_id
    if visitor.link is not None:
        meant = await doors_meant_for_link(view, visitor.link.id, now)
    else:
        meant = () if person_id is None else await doors_meant_for(view, person_id, now)
    return tuple(door for door in meant if visitor.credential.counts_at(door.door_id))


async def open_to(view: View, visitor: Visitor, now: datetime) -> frozenset[str]:
    """Name the doors that open to a visitor at this moment."""
    person_id = visitor.credential.person_id
    if visitor.link is not None:
        openable = await doors_openable_by_link(view, visitor.link.id, now)
    else:
        openable = () if person_id is None else await doors_openable_by(view, person_id, now)
    return frozenset(str(one.door.door_id) for one in openable)


def visitor_of(request: Request) -> Visitor:
    """Raises: Unauthorized for a caller with a login."""
    if not isinstance(request.caller, Visitor):
        raise Unauthorized("Send the secret of a link or an access key")
    return request.caller


class Visits:
    """What visitors may call."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list_locks(self, request: Request) -> Reply:
        part, numbers = part_of(request, ESTATE), numbers_of(request, "ids")
        place, fits = number_of(request, "place_id"), named_like(request)

        async def look(view: View) -> list[Door]:
            site = None if place is None else await view.sites.by_number(place)
            return [
                door
                for door in await self._doors(view, request)
                if (numbers is None or door.number in numbers)
                and (place is None or (site is not None and door.site_id == site.id))
                and fits(door.name)
            ]

        found = cut(await self._look(request, look), part)
        return paged(await self._shown(request, found.items), part, found.total)

    async def get_lock(self, request: Request) -> Reply:
        door = await self._look(request, lambda view: self._door(view, request))
        return plain((await self._shown(request, (door,)))[0])

    async def list_places(self, request: Request) -> Reply:
        part, numbers, fits = part_of(request, ESTATE), numbers_of(request, "ids"), named_like(request)

        async def look(view: View) -> list[Shape]:
            ids = sorted({door.site_id for door in await self._doors(view, request)})
            sites = [site for one in ids if (site := await view.sites.get(one)) is not None]
            noted = await notes_of_all(view, ids)
            organization = await view.organizations.get()
            facts = {
                site.id: PlaceFacts(
                    organization=organization,
                    locks=0,
                    members=0,
                    blocks=(),
                    notes=noted[site.id],
                    favorite=None,
                )
                for site in sites
            }
            wanted = [site for site in sites if _fits(site, numbers) and fits(site.name)]
            return [_only(show_place(site, facts[site.id]), _PLACE) for site in wanted]

        found = cut(await self._look(request, look), part)
        return paged(found.items, part, found.total)

    async def organization(self, request: Request) -> Reply:
        refuse_invalid(visitor_of(request), self._kit.now())
        return plain(organization_ref(await self._read(request, lambda view: view.organizations.get())))

    async def unlock(self, request: Request) -> Reply:
        """Open a door by the link or the key; the rule decides."""
        number = path_number(request, "door")
        door = await self._read(request, lambda view: _door_numbered(view, number))
        refused = await self.open(request, visitor_of(request), door.id)
        return plain({"message": "Unlocked!"}) if refused is None else refused

    async def open(self, request: Request, visitor: Visitor, door_id: str) -> Reply | None:
        """Open a door; None once it is open, else the refusal. Raises: as `present_and_wait`, but AccessDenied."""
        wanted = PresentCredential(
            door_id=door_id,
            kind=CredentialKind.LINK,
            fingerprint=visitor.credential.fingerprint,
            circumstances=Circumstances(means=Means.LINK, address=request.client),
        )
        try:
            await present_and_wait(self._kit.services, visitor.actor, wanted, operation=use_link)
        except AccessDenied as denied:
            if denied.denied.reason in DEAD:
                return plain_error(403, "f29aef", "Link invalid")
            lockdown = await self.lockdown(visitor, door_id)
            if lockdown is None:
                raise
            return lockdown
        return None

    async def lockdown(self, visitor: Visitor, door_id: str) -> Reply | None:
        """Give the answer to a visitor who was refused at a door that is locked down; None if it is not."""
        now = self._kit.now()
        return await self._kit.services.core.store.read(
            visitor.actor.organization_id, lambda view: tell_lockdown(view, door_id, now)
        )

    async def _look(self, request: Request, look: Callable[[View], Awaitable[T]]) -> T:
        refuse_invalid(visitor_of(request), self._kit.now())
        return await self._read(request, look)

    async def _read(self, request: Request, look: Callable[[View], Awaitable[T]]) -> T:
        actor = visitor_of(request).actor
        return await self._kit.services.core.store.read(actor.organization_id, look)

    async def _doors(self, view: View, request: Request) -> list[Door]:
        return await doors_of_visitor(view, visitor_of(request), self._kit.now())

    async def _door(self, view: View, request: Request) -> Door:
        number = path_number(request, "door")
        for door in await self._doors(view, request):
            if door.number == number:
                return door
        raise NotFound("door", str(number))

    async def _shown(self, request: Request, doors: tuple[Door, ...]) -> list[Shape]:
        core = self._kit.services.core
        organization_id = visitor_of(request).actor.organization_id
        seen = await core.store.read(
            organization_id, lambda view: seen_locks(view, core, doors, _NOTHING_LIKED)
        )
        states = await observe(core, [one.record for one in seen])
        return [
            _only(show_lock(one.door, one.facts, state), _LOCK)
            for one, state in zip(seen, states, strict=True)
        ]


async def doors_of_visitor(view: View, visitor: Visitor, now: datetime) -> list[Door]:
    """Give the doors that are meant for a visitor, by name; no stops of elevators."""
    found = [await view.doors.get(one.door_id) for one in await visible_to(view, visitor, now)]
    doors = [door for door in found if door is not None and door.kind is DoorKind.DOOR]
    return sorted(doors, key=lambda door: (door.name, door.number))


async def _door_numbered(view: View, number: int) -> Door:
    door = await view.doors.by_number(number)
    if door is None or door.kind is not DoorKind.DOOR:
        raise NotFound("door", str(number))
    return door


def _fits(site: Site, numbers: tuple[int, ...] | None) -> bool:
    return numbers is None or site.number in numbers


def _only(shape: Shape, names: tuple[str, ...]) -> Shape:
    return {name: shape[name] for name in names}
