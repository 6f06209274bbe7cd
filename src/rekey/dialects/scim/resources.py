"""What users and groups have in common: the verbs of a resource, each of which ends in one operation."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

from rekey.dialects.scim.errors import Busy, Malformed, PreconditionFailed, ScimType
from rekey.dialects.scim.filter_match import Matches, bind
from rekey.dialects.scim.filter_syntax import FilterRefused
from rekey.dialects.scim.kit import (
    Kit,
    body_of,
    is_unchanged,
    reply_json,
    reply_resource,
    require_version,
)
from rekey.dialects.scim.patch_apply import apply_steps
from rekey.dialects.scim.patch_read import read_steps
from rekey.dialects.scim.projection import Projection, project
from rekey.dialects.scim.queries import ListQuery, projection_of, query_of, search_of
from rekey.dialects.scim.schema import ResourceKind
from rekey.dialects.scim.translate import etag
from rekey.dialects.scim.values import Resource, read_resource
from rekey.operations.provisioned import Outcome, Provisioned
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request
from rekey.webkit.receipt_links import Header

LIST_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
# Each failed attempt means that another caller's change was kept, so many of them can't end like this.
_ATTEMPTS = 64


class Revised(Protocol):
    """Something with a text that is another after every change."""

    @property
    def revision(self) -> str: ...


K = TypeVar("K", bound=Revised)
Target = Callable[[K], Resource]


class Resources(ABC, Generic[K]):
    """Handlers of one kind of resource."""

    kind: ResourceKind

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    @abstractmethod
    async def find(self, view: View, id_: str) -> K:
        """Raises: NotFound."""

    @abstractmethod
    def writable(self, known: K) -> Resource:
        """Give what can be written of it, with its id."""

    @abstractmethod
    async def show(self, request: Request, known: K, shown: Projection) -> Resource:
        """Give it whole; what is not shown may be left out already."""

    @abstractmethod
    async def make(self, request: Request, written: Resource) -> K:
        """Make a new one."""

    @abstractmethod
    async def change(self, request: Request, known: K, written: Resource) -> Provisioned[K]:
        """Change it to what was written, if it still is what is known."""

    @abstractmethod
    async def remove(self, request: Request, id_: str, expected: str | None) -> Reply | None:
        """Remove it; None if it is another revision than expected."""

    @abstractmethod
    async def page(self, view: View, wanted: ListQuery, fits: Matches | None) -> tuple[tuple[K, ...], int]:
        """Give the part of the list that is asked for, and the total."""

    def beside(self, _before: K, _now: K) -> tuple[Header, ...]:
        """Give the headers that tell what else came of a change."""
        return ()

    def keeps_silent(self, _known: K, _shown: Projection) -> bool:
        """Say whether a change is answered without a body."""
        return False

    async def list(self, request: Request) -> Reply:
        return await self._answer(request, query_of(request))

    async def search(self, request: Request) -> Reply:
        return await self._answer(request, search_of(body_of(request)))

    async def create(self, request: Request) -> Reply:
        shown = projection_of(request)
        known = await self.make(request, read_resource(self.kind, body_of(request)))
        resource = await self.show(request, known, shown)
        reply = reply_resource(project(self.kind, resource, shown), etag(known.revision), 201)
        return reply.with_headers(("Location", resource["meta"]["location"]))

    async def get(self, request: Request) -> Reply:
        known, shown = await self._find(request), projection_of(request)
        version = etag(known.revision)
        if is_unchanged(request, version):
            return Reply(304).with_headers(("ETag", version))
        return reply_resource(project(self.kind, await self.show(request, known, shown), shown), version)

    async def replace(self, request: Request) -> Reply:
        """Put a whole resource in the place of what is known; what only the core decides stays."""
        written = read_resource(self.kind, body_of(request))
        return await self._settle(request, lambda _known: written)

    async def patch(self, request: Request) -> Reply:
        steps = read_steps(body_of(request))
        return await self._settle(request, lambda known: apply_steps(self.kind, self.writable(known), steps))

    async def delete(self, request: Request) -> Reply:
        known = await self._find(request)
        require_version(request, etag(known.revision))
        expected = known.revision if request.header("if-match") else None
        reply = await self.remove(request, request.params["id"], expected)
        if reply is None:
            raise PreconditionFailed("the resource has changed since this version: read it again")
        return reply

    async def _settle(self, request: Request, target: Target[K]) -> Reply:
        """Change a resource, again from the start if somebody else changed it meanwhile."""
        shown, known = projection_of(request), await self._find(request)
        for _ in range(_ATTEMPTS):
            require_version(request, etag(known.revision))
            done = await self.change(request, known, target(known))
            if done.outcome is not Outcome.STALE:
                reply = await self._changed(request, done.now, shown)
                return reply.with_headers(*self.beside(known, done.now))
            known = done.now
        raise Busy("others keep changing the same resource: try again")

    async def _changed(self, request: Request, known: K, shown: Projection) -> Reply:
        if self.keeps_silent(known, shown):
            return Reply(204).with_headers(("ETag", etag(known.revision)))
        resource = await self.show(request, known, shown)
        return reply_resource(project(self.kind, resource, shown), etag(known.revision))

    async def _find(self, request: Request) -> K:
        return await self._kit.read(request, lambda view: self.find(view, request.params["id"]))

    async def _answer(self, request: Request, wanted: ListQuery) -> Reply:
        resources, total = await self.listed(request, wanted)
        return reply_list(resources, total, wanted.start)

    async def listed(self, request: Request, wanted: ListQuery) -> tuple[Sequence[Resource], int]:
        """Give the part of the list as it is shown, and the total. Raises: Malformed."""
        fits = self._bound(wanted)
        found, total = await self._kit.read(request, lambda view: self.page(view, wanted, fits))
        shown = [
            project(self.kind, await self.show(request, one, wanted.shown), wanted.shown) for one in found
        ]
        return shown, total

    def _bound(self, wanted: ListQuery) -> Matches | None:
        try:
            return None if wanted.wanted is None else bind(self.kind, wanted.wanted)
        except FilterRefused as malformed:
            raise Malformed(ScimType.INVALID_FILTER, str(malformed)) from malformed


def reply_list(resources: Sequence[Resource], total: int, start: int) -> Reply:
    return reply_json(
        {
            "schemas": [LIST_SCHEMA],
            "totalResults": total,
            "startIndex": start,
            "itemsPerPage": len(resources),
            "Resources": resources,
        }
    )
