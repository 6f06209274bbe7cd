"""Shares: the deprecated view of what users hold at groups. Source: contract section 4.3.

A share and a role assignment are the same grant under the same number: whoever deletes one deletes both.
"""

from rekey.dialects.kisi.assignment_changes import validity_of
from rekey.dialects.kisi.assignments import maker_of, steps_of_grant
from rekey.dialects.kisi.attributes import Attributes, unwrap
from rekey.dialects.kisi.errors import Unprocessable
from rekey.dialects.kisi.invitees import Invitee, invitee_of
from rekey.dialects.kisi.kit import NO_CONTENT, Kit, group_numbered, path_number, refuse_beyond
from rekey.dialects.kisi.lists import PLAIN, paged, plain, unsorted_part
from rekey.dialects.kisi.notes import Notes, note, notes_of, notes_of_all
from rekey.dialects.kisi.people_shapes import member_number
from rekey.dialects.kisi.shapes import Shape, instant, ref, stamps, user_ref, with_ref
from rekey.dialects.kisi.share_filters import find_shares
from rekey.domain.document import DocumentBody
from rekey.domain.errors import NotFound
from rekey.domain.estate import DoorGroup
from rekey.domain.grant import Grant, Holder, HolderKind
from rekey.domain.people import Person
from rekey.domain.role import Permission, Role
from rekey.domain.scope import Scope, ScopeKind
from rekey.domain.validity import Validity
from rekey.operations.add_person import AddPerson
from rekey.operations.annotate import AnnotatedKind
from rekey.operations.do_together import Step
from rekey.operations.edit_grant import EditGrant, edit_grant
from rekey.operations.end_grant import EndGrant, end_grant
from rekey.operations.grant_access import GrantAccess, NewGrant, grant_access
from rekey.operations.held_powers import Powers, scopes_reached
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

ROLES = {"basic": Role.BASIC, "manager": Role.MANAGER}
_NAMES = {Role.BASIC: "basic", Role.MANAGER: "manager", Role.ADMINISTRATOR: "admin"}


class Shares:
    """Handlers of shares."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        part = unsorted_part(request, PLAIN)

        async def look(view: View, powers: Powers) -> Reply:
            reached = None if powers.everywhere else await scopes_reached(view, powers)
            found = await find_shares(view, request, part, reached)
            noted = await notes_of_all(view, [grant.id for grant in found.items])
            shown = [await _shape(view, grant, noted[grant.id]) for grant in found.items]
            return paged(shown, part, found.total)

        return await self._kit.read_within(request, Permission.GRANTS_READ, look)

    async def create(self, request: Request) -> Reply:
        """Share a group with the user of an address, who is added if nobody has it yet."""
        share = unwrap(request, "share")
        email, number = share.text("email", required=True), share.number("group_id", required=True)
        role, validity = _role(share, Role.BASIC), validity_of(share, ScopeKind.DOOR_GROUP)
        notify = share.flag("notify") is True
        share.check()
        invitee = await self._kit.look(
            request, lambda view: invitee_of(view, AddPerson(name=email or "", email=email))
        )
        group = await self._kit.look(request, lambda view: _group_of_body(view, number or 0))
        grant = await self._give(request, invitee, _Terms(group, role, validity), notify=notify)
        return plain(await self._kit.look(request, lambda view: _shape_of(view, grant)))

    async def get(self, request: Request) -> Reply:
        number = path_number(request, "grant")

        async def look(view: View, powers: Powers) -> Shape:
            grant = await share_numbered(view, number)
            refuse_beyond(powers.everywhere or grant.scope in await scopes_reached(view, powers))
            return await _shape_of(view, grant)

        return plain(await self._kit.read_within(request, Permission.GRANTS_READ, look))

    async def update(self, request: Request) -> Reply:
        share = unwrap(request, "share")
        number = path_number(request, "grant")
        grant = await self._kit.look(request, lambda view: share_numbered(view, number))
        role = _role(share, grant.role)
        validity, notify = validity_of(share, ScopeKind.DOOR_GROUP, grant.validity), share.flag("notify")
        share.check()
        change = EditGrant(grant_id=grant.id, role=role, validity=validity, schedule=grant.schedule)
        noted: DocumentBody = {} if notify is None else {"notify": True if notify else None}
        steps = (Step(operation=edit_grant, wanted=change), *note(AnnotatedKind.GRANT, grant.id, noted))
        await self._kit.together(request, *steps)
        return NO_CONTENT

    async def delete(self, request: Request) -> Reply:
        number = path_number(request, "grant")
        grant = await self._kit.look(request, lambda view: share_numbered(view, number))
        await self._kit.perform(request, end_grant, EndGrant(grant_id=grant.id))
        return NO_CONTENT

    async def _give(self, request: Request, invitee: Invitee, terms: "_Terms", *, notify: bool) -> Grant:
        if invitee.known is not None:
            steps = await steps_of_grant(self._kit, request, terms.grant_for(invitee.known.id), notify=notify)
        else:
            granting = invitee.step(
                grant_access, lambda person_id: GrantAccess(grants=(terms.grant_for(person_id),))
            )
            steps = (*invitee.adding, granting)
        given = await self._kit.together(request, *steps)
        grant: Grant = given[len(invitee.adding)].grants[0]
        return grant


class _Terms:
    """What a share gives to whomever."""

    def __init__(self, group: DoorGroup, role: Role, validity: Validity) -> None:
        self._scope = Scope.door_group(group.id)
        self._role = role
        self._validity = validity

    def grant_for(self, person_id: str) -> NewGrant:
        return NewGrant(
            holder=Holder.person(person_id),
            scope=self._scope,
            role=self._role,
            validity=self._validity,
            origin="kisi",
            may_be_over=True,
        )


async def share_numbered(view: View, number: int) -> Grant:
    """Raises: NotFound, also for a grant that is no user's or not at a group."""
    grant = await view.grants.by_number(number)
    if grant is None or grant.scope.kind is not ScopeKind.DOOR_GROUP:
        raise NotFound("grant", str(number))
    person = None
    if grant.holder.kind is HolderKind.PERSON:
        person = await view.people.get(grant.holder.id)
    if person is None or person.is_guest:
        raise NotFound("grant", str(number))
    return grant


def _role(share: Attributes, standing: Role) -> Role:
    name = share.text("role_id")
    if name is None:
        return standing
    if name not in ROLES:
        share.refuse("role_id", "must be basic or manager")
    return ROLES.get(name, standing)


async def _group_of_body(view: View, number: int) -> DoorGroup:
    try:
        return await group_numbered(view, number)
    except NotFound as unknown:
        raise Unprocessable({"group": ["must exist"]}) from unknown


async def _shape_of(view: View, grant: Grant) -> Shape:
    return await _shape(view, grant, await notes_of(view, grant.id))


async def _shape(view: View, grant: Grant, noted: Notes) -> Shape:
    """Show a grant as a share. Raises: NotFound if its person or group ended meanwhile."""
    person, group = await view.people.get(grant.holder.id), await view.door_groups.get(grant.scope.id)
    if person is None or group is None:
        raise NotFound("grant", str(grant.number))
    site = None if group.site_id is None else await view.sites.get(group.site_id)
    place = None if site is None else ref("Place", site.number, site.name)
    refs = {**with_ref("group", ref("Group", group.number, group.name)), **with_ref("place", place)}
    return _show(grant, person, refs=refs, maker=await maker_of(view, grant), noted=noted)


def _show(grant: Grant, person: Person, *, refs: Shape, maker: Person | None, noted: Notes) -> Shape:
    made_by = None if maker is None else user_ref(maker)
    return {
        "id": grant.number,
        "resource_type": "Share",
        **stamps(grant.created_at, grant.updated_at),
        "email": person.email or "",
        "notify": noted.get("notify") is True,
        "role_id": _NAMES[grant.role],
        "valid_from": instant(grant.validity.start),
        "valid_until": instant(grant.validity.end),
        **refs,
        **with_ref("member", ref("Member", member_number(person), person.name)),
        **with_ref("user", user_ref(person)),
        "created_by_type": None if maker is None else "User",
        "created_by_id": None if maker is None else maker.number,
        "lock_id": None,
        "apply_to_place": False,
        "role": _NAMES[grant.role],
        "issued_to_id": person.number,
        "issued_to_email": person.email or "",
        **with_ref("issued_by", made_by),
    }
