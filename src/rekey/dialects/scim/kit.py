"""What every handler of the SCIM API uses."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from rekey.dialects.scim.errors import MEDIA_TYPE, Malformed, PreconditionFailed, ScimType
from rekey.domain.operator import Actor
from rekey.domain.role import Permission
from rekey.operations.act import Operation
from rekey.operations.authenticate import Caller
from rekey.operations.use_door import Services
from rekey.ports.store import View
from rekey.webkit.body import decode_tree
from rekey.webkit.message import Reply, Request
from rekey.webkit.settings import DialectSettings

In = TypeVar("In")
Out = TypeVar("Out")
T = TypeVar("T")


def reply_json(value: object, status: int = 200) -> Reply:
    return Reply(status, msgspec.json.encode(value), media_type=MEDIA_TYPE)


def reply_resource(resource: dict[str, Any], version: str, status: int = 200) -> Reply:
    """Answer with a resource and its version in the header."""
    return reply_json(resource, status).with_headers(("ETag", version))


def actor_of(request: Request) -> Actor:
    """Give who calls; the policy has recognised them before any handler runs."""
    if not isinstance(request.caller, Caller):
        raise TypeError("a handler ran without a caller")
    return request.caller.actor


def body_of(request: Request) -> object:
    """Read the body. Raises: BodyRefused, Malformed for none."""
    if not request.body.strip():
        raise Malformed(ScimType.INVALID_SYNTAX, "the request needs a body")
    return decode_tree(request.body)


def base_of(request: Request, settings: DialectSettings) -> str:
    """Give the address under which the API is reached, without a slash at the end."""
    root: str = request.scope.get("root_path", "")
    host = f"{request.scope.get('scheme', 'http')}://{request.header('host')}"
    # Under a host of its own the API stands at that host's root, whatever the server's public address.
    return f"{(settings.public_url or host) if root else host}{root}"


def require_version(request: Request, version: str) -> None:
    """Raises: PreconditionFailed if the caller means another version. Source: RFC 9110 section 13.1.1."""
    wanted = _tags(request.header("if-match"))
    if wanted and "*" not in wanted and _opaque(version) not in wanted:
        raise PreconditionFailed("the resource has changed since this version: read it again")


def is_unchanged(request: Request, version: str) -> bool:
    """Say whether the caller has this version already. Source: RFC 9110 section 13.1.2."""
    known = _tags(request.header("if-none-match"))
    return "*" in known or _opaque(version) in known


def _tags(header: str | None) -> frozenset[str]:
    return frozenset(_opaque(tag) for tag in (header or "").split(",") if tag.strip())


def _opaque(tag: str) -> str:
    """Compare weakly: the mark of a weak tag and its quotes say nothing."""
    return tag.strip().removeprefix("W/").strip('"')


@dataclass(frozen=True, slots=True)
class Kit:
    """The services and settings, with the calls that handlers make of them."""

    services: Services
    settings: DialectSettings

    def now(self) -> datetime:
        return self.services.core.clock.now()

    def base(self, request: Request) -> str:
        return base_of(request, self.settings)

    async def perform(self, request: Request, operation: Operation[In, Out], wanted: In) -> Out:
        return await self.services.core.perform(operation, actor_of(request), wanted)

    async def read(self, request: Request, look: Callable[[View], Awaitable[T]]) -> T:
        return await self.services.core.read(actor_of(request), Permission.PEOPLE_READ, None, look)
