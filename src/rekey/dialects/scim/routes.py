"""The table of the SCIM API. Source: contract section 2."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from rekey.dialects.scim.call_log import keep_call
from rekey.dialects.scim.discovery import Discovery
from rekey.dialects.scim.groups import Groups
from rekey.dialects.scim.kit import Kit, body_of
from rekey.dialects.scim.policy import PUBLIC
from rekey.dialects.scim.queries import search_of
from rekey.dialects.scim.resources import reply_list
from rekey.dialects.scim.users import Users
from rekey.operations.authenticate import Caller
from rekey.webkit.message import Reply, Request
from rekey.webkit.route import Route

Handler = Callable[[Request], Awaitable[Reply]]
READ = "read"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: verb, path, operation, handler."""

    verb: str
    path: str
    operation: str
    handler: Handler
    auth: str = "key"

    def route(self, kit: Kit) -> Route:
        return Route(
            methods=(self.verb,),
            path=self.path,
            handler=_kept(kit, self.handler),
            name=f"{self.verb} {self.path}",
            operation=self.operation,
            auth=self.auth,
        )


def make_routes(kit: Kit) -> tuple[Route, ...]:
    """Make every route."""
    users, groups, discovery = Users(kit), Groups(kit), Discovery(kit)
    searches = Searches(users, groups)
    rows = (
        Row("GET", "/ServiceProviderConfig", READ, discovery.config, PUBLIC),
        Row("GET", "/ResourceTypes", READ, discovery.resource_types),
        Row("GET", "/ResourceTypes/{name}", READ, discovery.resource_type),
        Row("GET", "/Schemas", READ, discovery.schemas),
        Row("GET", "/Schemas/{urn}", READ, discovery.schema),
        Row("GET", "/Users", READ, users.list),
        Row("POST", "/Users", "provision_person", users.create),
        Row("POST", "/Users/.search", READ, users.search),
        Row("GET", "/Users/{id}", READ, users.get),
        Row("PUT", "/Users/{id}", "change_provisioned_person", users.replace),
        Row("PATCH", "/Users/{id}", "change_provisioned_person", users.patch),
        Row("DELETE", "/Users/{id}", "remove_provisioned_person", users.delete),
        Row("GET", "/Groups", READ, groups.list),
        Row("POST", "/Groups", "provision_team", groups.create),
        Row("POST", "/Groups/.search", READ, groups.search),
        Row("GET", "/Groups/{id}", READ, groups.get),
        Row("PUT", "/Groups/{id}", "change_provisioned_team", groups.replace),
        Row("PATCH", "/Groups/{id}", "change_provisioned_team", groups.patch),
        Row("DELETE", "/Groups/{id}", "end_provisioned_team", groups.delete),
        Row("POST", "/.search", READ, searches.search),
    )
    return tuple(row.route(kit) for row in rows)


class Searches:
    """The search over every kind of resource: users first, then groups."""

    def __init__(self, users: Users, groups: Groups) -> None:
        self._users = users
        self._groups = groups

    async def search(self, request: Request) -> Reply:
        """Give one page over both kinds; a filter must name what both have."""
        wanted = search_of(body_of(request))
        people, people_total = await self._users.listed(request, wanted)
        left = replace(
            wanted, start=max(wanted.start - people_total, 1), count=max(wanted.count - len(people), 0)
        )
        teams, teams_total = await self._groups.listed(request, left)
        return reply_list([*people, *teams], people_total + teams_total, wanted.start)


def _kept(kit: Kit, handler: Handler) -> Handler:
    """Have the call kept once it is answered; what is refused the policy keeps."""

    async def handle(request: Request) -> Reply:
        reply = await handler(request)
        if isinstance(request.caller, Caller):
            outcome = _left_behind(reply)
            await keep_call(
                kit.services.core, request.caller.actor, request, status=reply.status, outcome=outcome
            )
        return reply

    return handle


def _left_behind(reply: Reply) -> str:
    """Say where the leftovers of a removal are listed; nothing of any other call."""
    links = [value for name, value in reply.headers if name == "Link"]
    return f"what was left behind: {links[0].partition('>')[0].lstrip('<')}" if links else ""
