"""Grants, revocations and their receipts, and the questions about access."""

from collections.abc import Awaitable, Callable

from msgspec import UNSET

from rekey.dialects.native.errors import BadRequest, Unfit
from rekey.dialects.native.kit import (
    Kit,
    actor_of,
    body_of,
    instant_of,
    part_of,
    reply_json,
    reply_page,
    validity_in,
)
from rekey.dialects.native.show_at_doors import show_credential, show_leftovers, show_link
from rekey.dialects.native.translate import (
    Shown,
    show_conflict,
    show_decision,
    show_door_receipt,
    show_door_record,
    show_explanation,
    show_grant,
    show_order,
    show_path,
    show_person,
    show_proof,
    show_receipt_value,
    show_revocation,
)
from rekey.dialects.native.wire import GrantEdit, GrantSchedule, NewGrant, NewGrants, RevokeRequest
from rekey.dialects.native.wire_calendar import to_schedule
from rekey.domain.grant import Holder
from rekey.domain.receipt_text import receipt_text
from rekey.domain.revocation import Receipt
from rekey.domain.role import Permission, Role
from rekey.domain.schedule import Schedule
from rekey.domain.scope import Scope
from rekey.operations import grant_access as granting
from rekey.operations.edit_grant import EditGrant, edit_grant
from rekey.operations.end_grant import EndGrant, end_grant
from rekey.operations.explain_decision import doors_openable_by, explain_decision, who_can_open
from rekey.operations.find import find_grant
from rekey.operations.leftovers_after import leftovers_after
from rekey.operations.list_exposure import list_exposure
from rekey.operations.prove_row import prove_row
from rekey.operations.revoke_person import Revoked, RevokePerson, revoke_person
from rekey.operations.show_credential_receipt import list_credential_exposure
from rekey.operations.show_receipt import plan_receipt, show_receipt
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.rights import GrantFilter
from rekey.ports.store import View
from rekey.webkit.body import decode_tree
from rekey.webkit.message import Reply, Request
from rekey.webkit.receipt_links import removal_headers


class Rights:
    """Handlers of who may what, and of taking it away."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list_grants(self, request: Request) -> Reply:
        part, query = part_of(request), request.query()
        person, door = query.one("person"), query.one("door")
        holder = None if person is None else Holder.person(await self._kit.person(request, person))
        scope = None if door is None else Scope.door(await self._kit.name(request, "door", door))
        matching = GrantFilter(holder=holder, scope=scope)
        grants = await self._kit.read(
            request, Permission.GRANTS_READ, lambda view: view.grants.list(part, matching)
        )
        return reply_page(grants, part, show_grant, lambda grant: grant.number)

    async def grant(self, request: Request) -> Reply:
        """Give one grant, or a list of them together or not at all."""
        several = isinstance(tree := decode_tree(request.body), dict) and "grants" in tree
        bodies = body_of(request, NewGrants).grants if several else [body_of(request, NewGrant)]
        wanted = tuple([await self._new_grant(request, body) for body in bodies])
        given = await self._kit.perform(request, granting.grant_access, granting.GrantAccess(grants=wanted))
        shown = [show_grant(grant) for grant in given.grants]
        conflicts = [show_conflict(conflict) for conflict in given.conflicts]
        return reply_json({"grants": shown, "conflicts": conflicts} if several else shown[0], 201)

    async def edit_grant(self, request: Request) -> Reply:
        body = body_of(request, GrantEdit)
        grant_id = await self._kit.name(request, "grant", request.params["grant"])
        grant = await self._kit.read(request, Permission.GRANTS_READ, lambda view: find_grant(view, grant_id))
        start = grant.validity.start if body.start is UNSET else body.start
        end = grant.validity.end if body.end is UNSET else body.end
        wanted = EditGrant(
            grant_id=grant_id,
            role=grant.role if body.role is UNSET else _role(body.role),
            validity=validity_in(start, end),
            schedule=grant.schedule if body.schedule is UNSET else self._schedule(body.schedule),
        )
        return reply_json(show_grant(await self._kit.perform(request, edit_grant, wanted)))

    async def end_grant(self, request: Request) -> Reply:
        wanted = EndGrant(grant_id=await self._kit.name(request, "grant", request.params["grant"]))
        ended = await self._kit.perform(request, end_grant, wanted)
        remaining = [show_path(path) for path in ended.remaining]
        return reply_json({"ended": show_grant(ended.grant), "remaining": remaining})

    async def revoke(self, request: Request) -> Reply:
        """Revoke a person, or show with `plan` what that would do."""
        body = body_of(request, RevokeRequest)
        wanted = RevokePerson(
            person_id=await self._kit.person(request, request.params["person"]),
            scope=await self._revoked_scope(request, body),
            leaving=body.everywhere,
            cascade=body.cascade,
            reason=body.reason,
        )
        if body.plan:
            planned = await self._kit.services.core.rehearse(revoke_person, actor_of(request), wanted)
            receipt = await self._read_receipt(request, lambda view: plan_receipt(view, planned.revocation))
            return reply_json(_show_revoked(planned, receipt, planned=True))
        revoked = await self._kit.perform(request, revoke_person, wanted)
        receipt = await self._receipt(request, revoked.revocation.id)
        reply = reply_json(_show_revoked(revoked, receipt, planned=False))
        return reply.with_headers(*removal_headers(revoked.revocation.id))

    async def list_revocations(self, request: Request) -> Reply:
        part, named = part_of(request), request.query().one("person")
        person_id = None if named is None else await self._kit.person(request, named)
        revocations = await self._kit.read(
            request, Permission.GRANTS_READ, lambda view: view.revocations.list(part, person_id=person_id)
        )
        return reply_page(revocations, part, show_revocation, lambda revocation: revocation.position)

    async def get_receipt(self, request: Request) -> Reply:
        return reply_json(show_receipt_value(await self._receipt(request, request.params["revocation"])))

    async def get_leftovers(self, request: Request) -> Reply:
        """List what a person who was taken out left behind, as far as it still stands."""
        revocation_id = request.params["revocation"]
        left = await self._kit.read(
            request, Permission.GRANTS_READ, lambda view: leftovers_after(view, revocation_id, self._kit.now)
        )
        return reply_json(show_leftovers(left))

    async def export_receipt(self, request: Request) -> Reply:
        """Give the receipt, signed, with the proof that its revocation stands in the journal."""
        receipt = await self._receipt(request, request.params["revocation"])
        position = receipt.revocation.position
        proof = await self._kit.read(request, Permission.JOURNAL_READ, lambda view: prove_row(view, position))
        shown = show_receipt_value(receipt)
        signature = self._kit.services.core.signer.sign(receipt_text(shown))
        return reply_json({"receipt": shown, "signature": signature.hex(), "proof": show_proof(proof)})

    async def list_exposure(self, request: Request) -> Reply:
        core = self._kit.services.core
        exposed = await self._kit.read(
            request, Permission.GRANTS_READ, lambda view: list_exposure(view, core.drivers, self._kit.now)
        )
        codes = await self._kit.read(
            request,
            Permission.GRANTS_READ,
            lambda view: list_credential_exposure(view, core.drivers, self._kit.now),
        )
        items: list[Shown] = [
            {"revocation": show_revocation(one.revocation), "door": show_door_receipt(one.door)}
            for one in exposed
        ]
        items.extend(
            {"credential": show_credential(one.credential), "door": show_door_receipt(one.door)}
            for one in codes
        )
        return reply_json({"items": items})

    async def list_conflicts(self, request: Request) -> Reply:
        conflicts = await self._kit.read(
            request, Permission.GRANTS_READ, lambda view: view.conflicts.list(WHOLE)
        )
        return reply_json({"items": [show_conflict(conflict) for conflict in conflicts.items]})

    async def who(self, request: Request) -> Reply:
        door_id = await self._kit.name(request, "door", request.params["door"])
        at = instant_of(request, "at")
        openers = await self._kit.read(
            request,
            Permission.GRANTS_READ,
            lambda view: who_can_open(view, door_id, at or self._kit.now, past=at is not None),
            Scope.door(door_id),
        )
        items = [{"person": show_person(one.person), "path": show_path(one.granted.path)} for one in openers]
        return reply_json({"items": items})

    async def doors_of(self, request: Request) -> Reply:
        person_id = await self._kit.person(request, request.params["person"])
        at = instant_of(request, "at")
        openable = await self._kit.read(
            request,
            Permission.GRANTS_READ,
            lambda view: doors_openable_by(view, person_id, at or self._kit.now, past=at is not None),
        )
        items = [
            {"door": show_door_record(one.door), "path": show_path(one.granted.path)} for one in openable
        ]
        return reply_json({"items": items})

    async def can(self, request: Request) -> Reply:
        person_id = await self._kit.person(request, request.params["person"])
        door_id = await self._kit.name(request, "door", request.params["door"])
        at = instant_of(request, "at")
        explanation = await self._kit.read(
            request,
            Permission.GRANTS_READ,
            lambda view: explain_decision(view, person_id, door_id, at or self._kit.now, past=at is not None),
        )
        why = request.query().boolean("why", lenient=True)
        return reply_json(show_explanation(explanation) if why else show_decision(explanation.decision))

    async def _receipt(self, request: Request, revocation_id: str) -> Receipt:
        core = self._kit.services.core
        return await self._read_receipt(
            request, lambda view: show_receipt(view, revocation_id, core.drivers, self._kit.now)
        )

    async def _read_receipt(self, request: Request, look: Callable[[View], Awaitable[Receipt]]) -> Receipt:
        return await self._kit.read(request, Permission.GRANTS_READ, look)

    async def _revoked_scope(self, request: Request, body: RevokeRequest) -> Scope:
        if (body.door is not None) + (body.site is not None) + body.everywhere != 1:
            raise BadRequest("door", "or site or everywhere: name exactly one")
        if body.door is not None:
            return Scope.door(await self._kit.name(request, "door", body.door))
        if body.site is not None:
            return Scope.site(await self._kit.name(request, "site", body.site))
        return Scope.organization(actor_of(request).organization_id)

    async def _new_grant(self, request: Request, body: NewGrant) -> granting.NewGrant:
        if (body.person is None) == (body.team is None):
            raise BadRequest("person", "or team: name exactly one")
        if body.person is not None:
            holder = Holder.person(await self._kit.person(request, body.person))
        else:
            holder = Holder.team(await self._kit.name(request, "team", body.team or ""))
        return granting.NewGrant(
            holder=holder,
            scope=await self._granted_scope(request, body),
            role=_role(body.role),
            validity=validity_in(body.start, body.end),
            schedule=self._schedule(body.schedule),
            origin="native",
        )

    def _schedule(self, wanted: GrantSchedule | None) -> Schedule | None:
        return None if wanted is None else to_schedule(wanted, self._kit.services.core.entropy.new_id())

    async def _granted_scope(self, request: Request, body: NewGrant) -> Scope:
        named = {"door": body.door, "door_group": body.door_group, "site": body.site}
        given = [(kind, name) for kind, name in named.items() if name is not None]
        if len(given) + body.organization != 1:
            raise BadRequest("door", "or door_group, site, organization: name exactly one")
        if body.organization:
            return Scope.organization(actor_of(request).organization_id)
        kind, name = given[0]
        makers = {"door": Scope.door, "door_group": Scope.door_group, "site": Scope.site}
        return makers[kind](await self._kit.name(request, kind, name))


def _show_revoked(revoked: Revoked, receipt: Receipt, *, planned: bool) -> Shown:
    return {
        "planned": planned,
        "revocation": show_revocation(revoked.revocation),
        "receipt": show_receipt_value(receipt),
        "ended_grants": [show_grant(grant) for grant in revoked.ended_grants],
        "cancelled_orders": [show_order(order) for order in revoked.cancelled_orders],
        "ended_credentials": revoked.ended_credentials,
        "ended_keys": revoked.ended_keys,
        "given_to_others": [show_grant(grant) for grant in revoked.given_to_others],
        "ended_links": [show_link(ended.link) for ended in revoked.ended_links],
        "leftovers": show_leftovers(revoked.leftovers),
    }


def _role(name: str) -> Role:
    try:
        return Role(name)
    except ValueError as unknown:
        raise Unfit("role", f"must be one of {', '.join(role.value for role in Role)}") from unknown
