"""Group links: what visitors are sent to open the doors of a group. Source: contract section 5.4."""

from dataclasses import dataclass
from datetime import datetime

from rekey.dialects.kisi.assignment_changes import validity_of
from rekey.dialects.kisi.attributes import Attributes, unwrap
from rekey.dialects.kisi.card_filters import person_behind_operator
from rekey.dialects.kisi.errors import Unprocessable
from rekey.dialects.kisi.kit import NO_CONTENT, Kit, group_numbered, path_number, refuse_beyond
from rekey.dialects.kisi.letters import link_by_mail, link_by_message
from rekey.dialects.kisi.lists import PLAIN, cut, number_of, numbers_of, paged, part_of, plain, sort_of
from rekey.dialects.kisi.shapes import Shape, instant, ref, stamps, user_ref, with_ref
from rekey.dialects.kisi.visitor_secrets import (
    LINK_PAGE,
    ORIGIN,
    QR_CODES,
    QR_TYPES,
    WEB,
    Secret,
    make_secret,
    page_url,
    qr_image,
)
from rekey.domain.errors import NotFound
from rekey.domain.estate import DoorGroup, Organization
from rekey.domain.grant import HolderKind
from rekey.domain.link import Link
from rekey.domain.people import Person
from rekey.domain.role import Permission
from rekey.domain.scope import Scope, ScopeKind
from rekey.domain.validity import Validity
from rekey.operations.add_link import AddLink, LinkAdded, LinkGrant, add_link
from rekey.operations.do_together import Step
from rekey.operations.end_link import EndLink, end_link
from rekey.operations.held_powers import Powers
from rekey.operations.tell_link import TellLink, tell_link
from rekey.ports.listing import WHOLE, Listing, Part
from rekey.ports.repositories.people import CredentialFilter
from rekey.ports.repositories.rights import GrantFilter
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request
from rekey.webkit.receipt_links import receipt_header

_SORTS = ("name", "unlock", "valid_until", "group_name")


@dataclass(frozen=True, slots=True)
class _Seen:
    """A link with the group that it opens."""

    link: Link
    group: DoorGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """A new link as it was sent."""

    name: str
    group_number: int
    email: str | None
    phone: str | None
    validity: Validity
    is_link: bool
    qr_type: str | None


class GroupLinks:
    """Handlers of group links; there is no update."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        part = part_of(request, PLAIN)

        async def look(view: View, powers: Powers) -> Reply:
            found = await _find(view, request, part, powers)
            shown = [await _shape(view, one) for one in found.items]
            return paged(shown, part, found.total)

        return await self._kit.read_within(request, Permission.GRANTS_READ, look)

    async def create(self, request: Request) -> Reply:
        """Make a link and send it; the secret and the QR code are shown this once."""
        wish = _wish(unwrap(request, "group_link"))
        organization = await self._kit.look(request, lambda view: view.organizations.get())
        group = await self._kit.look(request, lambda view: _group_of_body(view, wish.group_number))
        web = make_secret(self._kit, organization.domain, WEB) if wish.is_link else None
        code = None
        if wish.qr_type is not None:
            code = make_secret(self._kit, organization.domain, QR_CODES[wish.qr_type])
        wanted = AddLink(
            name=wish.name,
            grants=(LinkGrant(scope=Scope.door_group(group.id), origin=ORIGIN),),
            credentials=tuple(one.credential for one in (web, code) if one is not None),
            email=wish.email,
            phone=wish.phone,
            validity=wish.validity,
            origin=ORIGIN,
        )
        steps = [Step(operation=add_link, wanted=wanted)]
        if wish.email is not None or wish.phone is not None:
            steps.append(self._telling(request, organization, group, secret=web or code))
        made = await self._kit.together(request, *steps)
        added: LinkAdded = made[0]
        shown = await self._kit.look(request, lambda view: _shape(view, _Seen(added.link, group)))
        return plain(shown | _once(web, code))

    async def delete(self, request: Request) -> Reply:
        """End a link for good; the header names its receipt."""
        number = path_number(request, "group_link")
        link = await self._kit.look(request, lambda view: link_numbered(view, number))
        ended = await self._kit.perform(request, end_link, EndLink(link_id=link.id))
        return NO_CONTENT.with_headers(receipt_header(ended.revocation.id))

    def _telling(
        self, request: Request, organization: Organization, group: DoorGroup, *, secret: Secret | None
    ) -> Step:
        url = "" if secret is None else page_url(self._kit.settings, request, LINK_PAGE, secret.text)
        return Step(
            operation=tell_link,
            make=lambda added: TellLink(
                link_id=added.link.id,
                mail=link_by_mail(organization, group.name, url),
                message=link_by_message(organization, group.name, url),
            ),
        )


async def link_numbered(view: View, number: int) -> Link:
    """Find a link that this API made. Raises: NotFound."""
    link = await view.links.by_number(number)
    if link is None or link.origin != ORIGIN:
        raise NotFound("group_link", str(number))
    return link


def _wish(given: Attributes) -> _Wish:
    name, group = given.text("name", required=True), given.number("group_id", required=True)
    email, phone = given.text("email"), given.text("phone")
    qr_type, is_link = given.text("quick_response_code_type"), given.flag("link_enabled") is not False
    if qr_type is not None and qr_type not in QR_CODES:
        given.refuse("quick_response_code_type", "must be online, offline or null")
    if qr_type is None and not is_link:
        given.refuse("link_enabled", "can't be false without a QR code: nothing would be left to use")
    if phone is not None and not is_link:
        given.refuse("phone", "takes a link: no QR code is sent to a phone")
    validity = validity_of(given, ScopeKind.DOOR_GROUP)
    given.check()
    return _Wish(
        name=name or "",
        group_number=group or 0,
        email=email,
        phone=phone,
        validity=validity,
        is_link=is_link,
        qr_type=qr_type,
    )


def _once(web: Secret | None, code: Secret | None) -> Shape:
    """Give what is shown at creation only."""
    return {
        "secret": None if web is None else web.text,
        "quick_response_code_token": None if code is None else code.text,
        "quick_response_code_image": None if code is None else qr_image(code.text),
    }


async def _find(view: View, request: Request, part: Part, powers: Powers) -> Listing[_Seen]:
    sort, down = sort_of(request, *_SORTS)
    numbers, named = numbers_of(request, "ids"), number_of(request, "group_id")
    sought = (request.query().one("query") or "").lower()
    if numbers is None and named is None and not sought and sort is None and powers.everywhere:
        listed = await view.links.list(part, origin=ORIGIN)
        return Listing(tuple(await _with_groups(view, listed.items)), listed.total)
    links = (await view.links.list(WHOLE, origin=ORIGIN)).items
    seen = [
        one
        for one in await _with_groups(view, links)
        if (numbers is None or one.link.number in numbers)
        and (named is None or one.group.number == named)
        and powers.reach_group(one.group)
        and _speaks_of(one, sought)
    ]
    if named is not None and not powers.everywhere:
        group = await view.door_groups.by_number(named)
        refuse_beyond(group is None or powers.reach_group(group))
    if sort is not None:
        seen.sort(key=lambda one: _key(one, sort), reverse=down)
    return cut(seen, part)


async def _with_groups(view: View, links: tuple[Link, ...]) -> list[_Seen]:
    """Find the group of each link; a link whose group ended opens nothing and is left out."""
    groups: dict[str, DoorGroup] = {group.id: group for group in (await view.door_groups.list(WHOLE)).items}
    matching = GrantFilter(
        holder_kinds=(HolderKind.LINK,), scope_kinds=(ScopeKind.DOOR_GROUP,), origin=ORIGIN
    )
    held = {grant.holder.id: grant.scope.id for grant in (await view.grants.list(WHOLE, matching)).items}
    found = [(link, groups.get(held.get(link.id, ""))) for link in links]
    return [_Seen(link, group) for link, group in found if group is not None]


def _speaks_of(one: _Seen, sought: str) -> bool:
    link = one.link
    texts = (link.name, link.email or "", link.phone or "", one.group.name)
    return not sought or any(sought in text.lower() for text in texts)


def _key(one: _Seen, sort: str) -> tuple[bool, str | datetime]:
    """Never used comes first, without an end last. Source: contract section 1.2."""
    link = one.link
    if sort == "unlock":
        return link.last_used_at is not None, link.last_used_at or link.created_at
    if sort == "valid_until":
        return link.validity.end is None, link.validity.end or link.created_at
    return False, (link.name if sort == "name" else one.group.name).lower()


async def _group_of_body(view: View, number: int) -> DoorGroup:
    try:
        return await group_numbered(view, number)
    except NotFound as unknown:
        raise Unprocessable({"group": ["must exist"]}) from unknown


async def _shape(view: View, one: _Seen) -> Shape:
    matching = CredentialFilter(holder=one.link.holder)
    labels = {found.label for found in (await view.credentials.list(WHOLE, matching=matching)).items}
    return _show(one, labels, await person_behind_operator(view, one.link.made_by))


def _show(one: _Seen, labels: set[str], maker: Person | None) -> Shape:
    link, group = one.link, one.group
    made_by = None if maker is None else user_ref(maker)
    return {
        "id": link.number,
        "resource_type": "GroupLink",
        "name": link.name,
        "email": link.email,
        "phone": link.phone,
        "last_used_at": instant(link.last_used_at),
        "link_enabled": WEB in labels,
        "quick_response_code_type": next((QR_TYPES[label] for label in labels if label in QR_TYPES), None),
        "valid_from": instant(link.validity.start),
        "valid_until": instant(link.validity.end),
        **stamps(link.created_at, link.updated_at),
        **with_ref("group", ref("Group", group.number, group.name)),
        "created_by_type": None if maker is None else "User",
        **with_ref("created_by", made_by),
        **with_ref("issued_by", made_by),
    }
