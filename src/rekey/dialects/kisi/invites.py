"""Invites: a user or a guest is named and given access, or a place in a team, in one act. Source: contract 3.3."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from rekey.dialects.kisi.assignment_changes import role_of, scope_of_body, validity_of
from rekey.dialects.kisi.attributes import Attributes, unwrap
from rekey.dialects.kisi.errors import Unprocessable
from rekey.dialects.kisi.guests import new_guest
from rekey.dialects.kisi.invitees import invitee_of
from rekey.dialects.kisi.kit import Kit, scope_ref, team_numbered
from rekey.dialects.kisi.letters import access_given, team_joined, with_page
from rekey.dialects.kisi.lists import plain
from rekey.dialects.kisi.roles import BY_ID, SCOPE_KINDS
from rekey.dialects.kisi.shapes import Shape, person_ref, stamps
from rekey.dialects.kisi.visitor_secrets import KEY_PAGE, QR_CODES, WEB, Secret, make_secret, page_url
from rekey.domain.errors import NotFound
from rekey.domain.grant import Holder
from rekey.domain.people import Person, Team
from rekey.domain.scope import Scope, ScopeKind
from rekey.domain.validity import ALWAYS, Validity
from rekey.operations.act import Operation
from rekey.operations.add_person import AddPerson
from rekey.operations.add_team_member import AddTeamMember, add_team_member
from rekey.operations.grant_access import GrantAccess, NewGrant, grant_access
from rekey.operations.issue_credential import IssueCredential, issue_credential
from rekey.operations.post import Letter
from rekey.operations.tell_holder import TellHolder, tell_holder
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

_BASIC = {ScopeKind.SITE: "place_basic", ScopeKind.DOOR_GROUP: "group_basic"}
_KINDS = ("Place", "Group", "Team")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Purpose:
    """What the invitee is given: the operation, what it takes for a person, and the letter that tells of it."""

    operation: Operation[Any, Any]
    build: Callable[[str], Any]
    letter: Letter
    scope: Scope | None
    validity: Validity = ALWAYS


class Invites:
    """The handler of invites."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def create(self, request: Request) -> Reply:
        invite = unwrap(request, "invite")
        kind, number = (
            invite.text("invites_to_type", required=True),
            invite.number("invites_to_id", required=True),
        )
        if kind not in {*_KINDS, None}:
            invite.refuse("invites_to_type", "must be Place, Group or Team")
        notify = invite.flag("notify") is not False
        new = _invitee(invite)
        invite.check()
        invitee = await self._kit.look(request, lambda view: invitee_of(view, new))
        purpose = await self._purpose(request, invite, kind or "", number or 0)
        steps = [*invitee.adding, invitee.step(purpose.operation, purpose.build)]
        if notify and new.email is not None:
            keys = await self._keys(request, invite, purpose) if new.is_guest else ()
            steps += [invitee.step(issue_credential, _issuing(key)) for key in keys]
            steps.append(invitee.step(tell_holder, _telling(self._letter(request, purpose, keys))))
        made = await self._kit.together(request, *steps)
        person = invitee.known or made[0]
        shown = _show(_thing(made[len(invitee.adding)]), person, notify=notify)
        return plain(shown | {"invites_to_type": kind, "invites_to_id": number})

    async def _keys(self, request: Request, invite: Attributes, purpose: _Purpose) -> tuple[Secret, ...]:
        """Make the access key of a guest: an address, a QR code, or both; it counts no longer than the right."""
        given = Attributes(invite.tree("access_key") or {})
        is_link, is_code = given.flag("link_enabled") is not False, given.flag("qr_code_enabled") is True
        given.check()
        labels = [label for label, wanted in ((WEB, is_link), (QR_CODES["online"], is_code)) if wanted]
        organization = await self._kit.look(request, lambda view: view.organizations.get())
        return tuple(make_secret(self._kit, organization.domain, one, purpose.validity) for one in labels)

    def _letter(self, request: Request, purpose: _Purpose, keys: tuple[Secret, ...]) -> TellHolder:
        """Give what the invitee is told; of several secrets the address shows the code as well."""
        letter = purpose.letter
        if keys:
            letter = with_page(letter, page_url(self._kit.settings, request, KEY_PAGE, keys[0].text))
        return TellHolder(holder=Holder.person(""), letter=letter, scope=purpose.scope)

    async def _purpose(self, request: Request, invite: Attributes, kind: str, number: int) -> _Purpose:
        if kind == "Team":
            if invite.has("role_assignment"):
                raise Unprocessable({"role_assignment": ["does not go with a team"]})
            return await self._kit.look(request, lambda view: _join(view, number))
        scope_kind = SCOPE_KINDS[kind]
        terms = Attributes(invite.tree("role_assignment") or {})
        role = role_of(terms, scope_kind) if terms.has("role_id") else BY_ID[_BASIC[scope_kind]]
        validity = validity_of(terms, scope_kind)
        terms.check()

        async def look(view: View) -> _Purpose:
            scope = await scope_of_body(view, scope_kind, number, named="invites_to")
            where = str((await scope_ref(view, scope))["name"])

            def build(person_id: str) -> GrantAccess:
                holder = Holder.person(person_id)
                new = NewGrant(holder=holder, scope=scope, role=role.role, validity=validity, origin="kisi")
                return GrantAccess(grants=(new,))

            letter = access_given(await view.organizations.get(), where)
            return _Purpose(
                operation=grant_access, build=build, letter=letter, scope=scope, validity=validity
            )

        return await self._kit.look(request, look)


def _invitee(invite: Attributes) -> AddPerson:
    """Read who is invited: a user by address, a guest by name."""
    given = Attributes(invite.tree("invitee") or {})
    kind = given.text("resource_type", required=True)
    if kind == "Guest":
        new = new_guest(given)
    else:
        email, name = given.text("email", required=True), given.text("name")
        new = AddPerson(name=name or email or "-", email=email, phone=given.text("phone_number"))
    if kind not in {"User", "Guest", None}:
        given.refuse("resource_type", "must be User or Guest")
    given.check()
    return new


async def _join(view: View, number: int) -> _Purpose:
    try:
        team: Team = await team_numbered(view, number)
    except NotFound as unknown:
        raise Unprocessable({"invites_to": ["must exist"]}) from unknown
    return _Purpose(
        operation=add_team_member,
        build=lambda person_id: AddTeamMember(team_id=team.id, person_id=person_id),
        letter=team_joined(await view.organizations.get(), team.name),
        scope=None,
    )


def _telling(wanted: TellHolder) -> Callable[[str], TellHolder]:
    return lambda person_id: replace(wanted, holder=Holder.person(person_id))


def _issuing(key: Secret) -> Callable[[str], IssueCredential]:
    kept = key.credential
    return lambda person_id: IssueCredential(
        person_id=person_id,
        kind=kept.kind,
        fingerprint=kept.fingerprint,
        sealed_part=kept.sealed_part,
        label=kept.label,
        origin=kept.origin,
        validity=kept.validity,
    )


def _thing(made: Any) -> Any:
    """Give the grant or the membership that the invite came to."""
    return made.grants[0] if hasattr(made, "grants") else made


def _show(thing: Any, person: Person, *, notify: bool) -> Shape:
    return {
        "id": thing.number,
        "resource_type": "Invite",
        "notify": notify,
        **stamps(thing.created_at, thing.created_at),
        "invitee_type": "Guest" if person.is_guest else "User",
        "invitee_id": person.number,
        "invitee": person_ref(person),
    }
