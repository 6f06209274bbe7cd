"""Links, cards and codes, and what is presented at doors."""

from collections.abc import Sequence

from rekey.dialects.native.errors import BadRequest, Unfit
from rekey.dialects.native.kit import Kit, actor_of, body_of, part_of, reply_json, reply_page, validity_in
from rekey.dialects.native.show_at_doors import (
    show_credential,
    show_leftovers,
    show_link,
    show_place,
    show_presentation,
)
from rekey.dialects.native.translate import show_grant, show_revocation
from rekey.dialects.native.wire import NoBody
from rekey.dialects.native.wire_at_doors import Assignment, NewCredential, NewLink, Presented
from rekey.domain.card import CardType
from rekey.domain.credential import CredentialKind, CredentialState
from rekey.domain.grant import Holder
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations import issue_credential as issuing
from rekey.operations.activate_credential import ActivateCredential, activate_credential
from rekey.operations.add_link import AddLink, LinkGrant, add_link
from rekey.operations.assign_credential import (
    AssignCredential,
    UnassignCredential,
    assign_credential,
    unassign_credential,
)
from rekey.operations.credential_at_door import CredentialAtDoor, credential_at_door
from rekey.operations.end_credential import EndCredential, end_credential
from rekey.operations.end_link import EndLink, end_link
from rekey.operations.find import find_credential, find_link
from rekey.operations.imprints import CardImprint, Imprint, card_imprint, pin_imprint, second_imprint
from rekey.operations.list_leftovers import list_leftovers
from rekey.operations.present_credential import PresentCredential, present_credential
from rekey.ports.repositories.people import CredentialFilter
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request
from rekey.webkit.receipt_links import receipt_header


class AtDoors:
    """Handlers of what stands for itself, and of what is presented."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._core = kit.services.core

    async def list_links(self, request: Request) -> Reply:
        part, named = part_of(request), request.query().one("person")
        person_id = None if named is None else await self._kit.person(request, named)
        links = await self._kit.read(
            request, Permission.GRANTS_READ, lambda view: view.links.list(part, for_person_id=person_id)
        )
        return reply_page(links, part, show_link, lambda link: link.number)

    async def get_link(self, request: Request) -> Reply:
        link_id = await self._link(request, request.params["link"])
        link = await self._kit.read(request, Permission.GRANTS_READ, lambda view: find_link(view, link_id))
        return reply_json(show_link(link))

    async def add_link(self, request: Request) -> Reply:
        """Make a link with what it opens and its code, all or nothing."""
        body = body_of(request, NewLink)
        person_id = None if body.person is None else await self._kit.person(request, body.person)
        wanted = AddLink(
            name=body.name,
            grants=await self._link_grants(request, body),
            credentials=await self._link_codes(request, body),
            email=body.email,
            phone=body.phone,
            for_person_id=person_id,
            validity=validity_in(body.start, body.end),
            max_uses=body.max_uses,
            origin="native",
            suspended=body.suspended,
        )
        added = await self._kit.perform(request, add_link, wanted)
        shown = {
            **show_link(added.link),
            "grants": [show_grant(grant) for grant in added.grants],
            "credentials": [show_credential(credential) for credential in added.credentials],
        }
        return reply_json(shown, 201)

    async def end_link(self, request: Request) -> Reply:
        wanted = EndLink(link_id=await self._link(request, request.params["link"]))
        ended = await self._kit.perform(request, end_link, wanted)
        reply = reply_json({"ended": ended.link.id, "revocation": show_revocation(ended.revocation)})
        return reply.with_headers(receipt_header(ended.revocation.id))

    async def list_credentials(self, request: Request) -> Reply:
        part, query = part_of(request), request.query()
        person, link, door = query.one("person"), query.one("link"), query.one("door")
        holder = await self._holder(request, person, link) if person or link else None
        state = query.one("state")
        matching = CredentialFilter(
            holder=holder,
            door_id=None if door is None else await self._kit.name(request, "door", door),
            states=None if state is None else (_state(state),),
        )
        found = await self._kit.read(
            request, Permission.PEOPLE_READ, lambda view: view.credentials.list(part, matching=matching)
        )
        return reply_page(found, part, show_credential, lambda credential: credential.number)

    async def get_credential(self, request: Request) -> Reply:
        credential_id = await self._credential(request)
        found = await self._kit.read(
            request, Permission.PEOPLE_READ, lambda view: find_credential(view, credential_id)
        )
        return reply_json(show_credential(found))

    async def get_places(self, request: Request) -> Reply:
        """Say at which doors the credential is set, is being set, or may still open."""
        credential_id = await self._credential(request)
        now, drivers = self._kit.now, self._core.drivers

        async def look(view: View) -> list[tuple[str, CredentialAtDoor]]:
            credential = await find_credential(view, credential_id)
            told = (
                []
                if credential.holder is None
                else [entry.door_id for entry in await view.door_logs.of_person(credential.holder.id)]
            )
            places = []
            for door_id in sorted({*told, *credential.door_ids}):
                door = await view.access.door(door_id)
                if door is not None:
                    driver = drivers.get(door.driver)
                    place = await credential_at_door(view, credential, door, driver=driver, now=now)
                    places.append((door_id, place))
            return places

        found = await self._kit.read(request, Permission.ESTATE_READ, look)
        return reply_json({"items": [show_place(door_id, place) for door_id, place in found]})

    async def issue(self, request: Request) -> Reply:
        body = body_of(request, NewCredential)
        kept = self._imprint(body.kind, body.card_type, body.identifiers, code=body.code)
        named = body.person is not None or body.link is not None
        holder = await self._holder(request, body.person, body.link) if named else None
        wanted = issuing.IssueCredential(
            person_id=holder.id if holder and body.person is not None else None,
            link_id=holder.id if holder and body.person is None else None,
            kind=CredentialKind(body.kind),
            fingerprint=kept.fingerprint,
            sealed_part=kept.sealed_part,
            card_type=kept.card_type if isinstance(kept, CardImprint) else "",
            identifiers=kept.identifiers if isinstance(kept, CardImprint) else (),
            label=body.label,
            door_ids=frozenset(await self._doors(request, body.doors)),
            max_uses=body.max_uses,
            inactive=body.inactive,
            validity=validity_in(body.start, body.end),
            origin="native",
        )
        issued = await self._kit.perform(request, issuing.issue_credential, wanted)
        return reply_json(show_credential(issued), 201)

    async def assign(self, request: Request) -> Reply:
        body = body_of(request, Assignment)
        typed = body.second_factor
        wanted = AssignCredential(
            credential_id=await self._credential(request),
            holder=await self._holder(request, body.person, body.link),
            inactive=body.inactive,
            second=None if typed is None else second_imprint(self._core.secrets, typed),
        )
        return reply_json(show_credential(await self._kit.perform(request, assign_credential, wanted)))

    async def unassign(self, request: Request) -> Reply:
        body_of(request, NoBody)
        wanted = UnassignCredential(credential_id=await self._credential(request))
        return reply_json(show_credential(await self._kit.perform(request, unassign_credential, wanted)))

    async def activate(self, request: Request) -> Reply:
        return await self._turn(request, active=True)

    async def deactivate(self, request: Request) -> Reply:
        return await self._turn(request, active=False)

    async def end(self, request: Request) -> Reply:
        wanted = EndCredential(credential_id=await self._credential(request))
        return reply_json(show_credential(await self._kit.perform(request, end_credential, wanted)))

    async def present(self, request: Request) -> Reply:
        """Tell the server what a reader or a keypad has read; the rule decides, and the door moves."""
        body = body_of(request, Presented)
        kept = self._imprint(body.kind, body.card_type, body.identifiers, code=body.code)
        typed = body.second_factor
        wanted = PresentCredential(
            door_id=await self._kit.name(request, "door", request.params["door"]),
            kind=CredentialKind(body.kind),
            fingerprint=kept.fingerprint,
            second_fingerprint="" if typed is None else self._core.secrets.fingerprint(typed),
        )
        shown = await self._core.perform(
            present_credential, actor_of(request), wanted, door_id=wanted.door_id
        )
        if shown.order is not None:
            await self._kit.services.orders.finish(actor_of(request), shown.door, shown.order)
        return reply_json(show_presentation(shown))

    async def leftovers(self, request: Request) -> Reply:
        """List what would stay behind if the person were taken out now."""
        person_id = await self._kit.person(request, request.params["person"])
        left = await self._kit.read(
            request, Permission.GRANTS_READ, lambda view: list_leftovers(view, person_id)
        )
        return reply_json(show_leftovers(left))

    async def _turn(self, request: Request, *, active: bool) -> Reply:
        body_of(request, NoBody)
        wanted = ActivateCredential(credential_id=await self._credential(request), active=active)
        return reply_json(show_credential(await self._kit.perform(request, activate_credential, wanted)))

    async def _link_grants(self, request: Request, body: NewLink) -> tuple[LinkGrant, ...]:
        scopes = [Scope.door(one) for one in await self._doors(request, body.doors)]
        groups = [await self._kit.name(request, "door_group", named) for named in body.door_groups]
        sites = [await self._kit.name(request, "site", named) for named in body.sites]
        scopes += [*map(Scope.door_group, groups), *map(Scope.site, sites)]
        return tuple(LinkGrant(scope=scope) for scope in scopes)

    async def _link_codes(self, request: Request, body: NewLink) -> tuple[issuing.NewCredential, ...]:
        if body.code is None:
            return ()
        kept = pin_imprint(self._core.secrets, body.code)
        code = issuing.NewCredential(
            kind=CredentialKind.PIN,
            fingerprint=kept.fingerprint,
            sealed_part=kept.sealed_part,
            door_ids=frozenset(await self._doors(request, body.doors)),
            origin="native",
        )
        return (code,)

    def _imprint(
        self, kind: str, card_type: str | None, identifiers: dict[str, str], *, code: str | None
    ) -> Imprint:
        if kind == CredentialKind.PIN.value:
            if code is None or card_type is not None or identifiers:
                raise BadRequest("code", "alone makes a PIN")
            return pin_imprint(self._core.secrets, code)
        if code is not None or card_type is None:
            raise BadRequest("card_type", "and identifiers alone make a card")
        try:
            named = CardType(card_type)
        except ValueError as unknown:
            raise Unfit("card_type", f"must be one of {', '.join(CardType)}") from unknown
        return card_imprint(self._core.secrets, named, identifiers)

    async def _doors(self, request: Request, named: Sequence[str | int]) -> list[str]:
        return [await self._kit.name(request, "door", one) for one in named]

    async def _holder(self, request: Request, person: str | int | None, link: str | int | None) -> Holder:
        if (person is None) == (link is None):
            raise BadRequest("person", "or link: name exactly one")
        if person is not None:
            return Holder.person(await self._kit.person(request, person))
        return Holder.link(await self._link(request, link or ""))

    async def _link(self, request: Request, named: str | int) -> str:
        return await self._kit.name(request, "link", named)

    async def _credential(self, request: Request) -> str:
        return await self._kit.name(request, "credential", request.params["credential"])


def _state(name: str) -> CredentialState:
    try:
        return CredentialState(name)
    except ValueError as unknown:
        raise Unfit("state", f"must be one of {', '.join(CredentialState)}") from unknown
