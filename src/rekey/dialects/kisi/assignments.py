"""Role assignments: grants at a group, a place or the organization. Source: contract section 4.2."""

from rekey.dialects.kisi.assignment_changes import (
    applies_to,
    assignee_of,
    holder_of_body,
    role_of,
    scope_of_body,
    validity_of,
)
from rekey.dialects.kisi.assignment_filters import find_assignments, own_holder
from rekey.dialects.kisi.attributes import unwrap
from rekey.dialects.kisi.kit import (
    NO_CONTENT,
    Kit,
    caller_of,
    grant_numbered,
    holder_ref,
    path_number,
    refuse_beyond,
    scope_ref,
)
from rekey.dialects.kisi.letters import access_given
from rekey.dialects.kisi.lists import PLAIN, order_of, paged, part_of, plain
from rekey.dialects.kisi.notes import Notes, note, notes_of, notes_of_all
from rekey.dialects.kisi.shapes import Shape, show_assignment
from rekey.domain.document import DocumentBody
from rekey.domain.grant import Grant
from rekey.domain.people import Person
from rekey.domain.role import Permission
from rekey.operations.annotate import Annotate, AnnotatedKind, annotate
from rekey.operations.do_together import Step
from rekey.operations.edit_grant import EditGrant, edit_grant
from rekey.operations.end_grant import EndGrant, end_grant
from rekey.operations.grant_access import GrantAccess, NewGrant, grant_access
from rekey.operations.held_powers import EVERYWHERE, Powers, scopes_reached
from rekey.operations.tell_holder import TellHolder, tell_holder
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request


class Assignments:
    """Handlers of role assignments, in the new spelling and in the one of the vendor's guides."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        """List assignments: everybody one's own, others where one may read them."""
        part = part_of(request, PLAIN, order_of(request, "user.name"))

        async def look(view: View, powers: Powers) -> Reply:
            reached = None if powers.everywhere else await scopes_reached(view, powers)
            found = await find_assignments(view, request, part, reached)
            noted = await notes_of_all(view, [grant.id for grant in found.items])
            shown = [await assignment_shape(view, grant, noted[grant.id]) for grant in found.items]
            return paged(shown, part, found.total)

        if own_holder(request) is not None:
            return await self._kit.look(request, lambda view: look(view, EVERYWHERE))
        return await self._kit.read_within(request, Permission.GRANTS_READ, look)

    async def create(self, request: Request) -> Reply:
        wanted = unwrap(request, "role_assignment")
        kind, number = applies_to(wanted)
        assignee_kind, assignee = assignee_of(wanted)
        role, validity = role_of(wanted, kind), validity_of(wanted, kind)
        notify = wanted.flag("notify") is True
        wanted.check()

        async def name(view: View) -> NewGrant:
            scope = await scope_of_body(view, kind, number)
            holder = await holder_of_body(view, assignee_kind, assignee)
            return NewGrant(
                holder=holder,
                scope=scope,
                role=role.role,
                validity=validity,
                origin="kisi",
                may_be_over=True,
            )

        new = await self._kit.look(request, name)
        given = await give(self._kit, request, new, notify=notify)
        return plain(await self._kit.look(request, lambda view: shape_of(view, given)))

    async def get(self, request: Request) -> Reply:
        number = path_number(request, "grant")

        async def look(view: View, powers: Powers) -> Shape:
            grant = await grant_numbered(view, number)
            refuse_beyond(powers.everywhere or grant.scope in await scopes_reached(view, powers))
            return await shape_of(view, grant)

        grant = await self._kit.look(request, lambda view: grant_numbered(view, number))
        if grant.holder.id == caller_of(request).operator.person_id:
            return plain(await self._kit.look(request, lambda view: shape_of(view, grant)))
        return plain(await self._kit.read_within(request, Permission.GRANTS_READ, look))

    async def update(self, request: Request) -> Reply:
        wanted = unwrap(request, "role_assignment")
        number = path_number(request, "grant")
        grant = await self._kit.look(request, lambda view: grant_numbered(view, number))
        role = role_of(wanted, grant.scope.kind).role if wanted.has("role_id") else grant.role
        validity = validity_of(wanted, grant.scope.kind, grant.validity)
        notify = wanted.flag("notify")
        wanted.check()
        change = EditGrant(grant_id=grant.id, role=role, validity=validity, schedule=grant.schedule)
        noted: DocumentBody = {} if notify is None else {"notify": True if notify else None}
        await self._kit.together(
            request,
            Step(operation=edit_grant, wanted=change),
            *note(AnnotatedKind.GRANT, grant.id, noted),
        )
        return NO_CONTENT

    async def delete(self, request: Request) -> Reply:
        """End one grant and nothing else, however many paths remain."""
        number = path_number(request, "grant")
        grant = await self._kit.look(request, lambda view: grant_numbered(view, number))
        await self._kit.perform(request, end_grant, EndGrant(grant_id=grant.id))
        return NO_CONTENT


async def give(kit: Kit, request: Request, new: NewGrant, *, notify: bool) -> Grant:
    """Give a grant, and with `notify` tell the assignee by mail; one act."""
    given = await kit.together(request, *await steps_of_grant(kit, request, new, notify=notify))
    grant: Grant = given[0].grants[0]
    return grant


async def steps_of_grant(kit: Kit, request: Request, new: NewGrant, *, notify: bool) -> tuple[Step, ...]:
    """Give the steps of a grant: the grant itself, what is noted beside it, the mail."""
    granting = Step(operation=grant_access, wanted=GrantAccess(grants=(new,)))
    if not notify:
        return (granting,)

    async def look(view: View) -> TellHolder:
        where = str((await scope_ref(view, new.scope))["name"])
        letter = access_given(await view.organizations.get(), where)
        return TellHolder(holder=new.holder, scope=new.scope, letter=letter)

    noting = Step(
        operation=annotate,
        make=lambda given: Annotate(
            kind=AnnotatedKind.GRANT, id=given.grants[0].id, namespace="kisi", changes={"notify": True}
        ),
    )
    return (granting, noting, Step(operation=tell_holder, wanted=await kit.look(request, look)))


async def shape_of(view: View, grant: Grant) -> Shape:
    """Show a grant with the things that it names."""
    return await assignment_shape(view, grant, await notes_of(view, grant.id))


async def assignment_shape(view: View, grant: Grant, noted: Notes) -> Shape:
    return show_assignment(
        grant,
        where=await scope_ref(view, grant.scope),
        assignee=await holder_ref(view, grant),
        maker=await maker_of(view, grant),
        notify=noted.get("notify") is True,
    )


async def maker_of(view: View, grant: Grant) -> Person | None:
    """Give the user who made a grant; None for a service, and for somebody who was removed since."""
    operator = None if grant.made_by is None else await view.operators.get(grant.made_by)
    person_id = None if operator is None else operator.person_id
    return None if person_id is None else await view.people.get(person_id)
