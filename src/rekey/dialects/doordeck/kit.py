"""What every handler of the Doordeck API uses: who calls, bodies, versions, replies."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import msgspec

from rekey.dialects.doordeck.account_keys import AccountKeys
from rekey.dialects.doordeck.errors import NotAcceptable
from rekey.dialects.doordeck.ids import is_uuid
from rekey.dialects.doordeck.keyring import Keyring
from rekey.dialects.doordeck.tokens import Bearer
from rekey.domain.application import ForeignAccount
from rekey.domain.errors import NotFound
from rekey.domain.ids import OrganizationId
from rekey.domain.operator import Actor, Operator
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Operation
from rekey.operations.authenticate import Caller
from rekey.operations.core import Core
from rekey.operations.find import find_door
from rekey.operations.use_door import Services
from rekey.ports.store import View
from rekey.webkit.body import decode
from rekey.webkit.message import Reply, Request
from rekey.webkit.mount import ORGANIZATION_KEY
from rekey.webkit.negotiation import VendorType, pick_version
from rekey.webkit.settings import DialectSettings

B = TypeVar("B", bound=msgspec.Struct)
In = TypeVar("In")
Out = TypeVar("Out")
T = TypeVar("T")

VIA = "doordeck"
PUBLIC = "none"
BEARER = "bearer"
OWN = "own"
PAGE = "page"
REFRESH = "refresh"
DOOR = "lock"
PERSON = "user"
SITE = "site"
NO_CONTENT = Reply(204)
EMPTY = b"{}"
_LONGEST_AGENT = 200
_VENDOR = VendorType(prefix="application/vnd.doordeck.api-v")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """Who calls with an application's token: the actor for operations, and the operator as it stood."""

    actor: Actor
    operator: Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A person with a standing session, or one whom an application signed in: then with its account."""

    caller: Caller | Vouched
    person_id: str
    claims: Mapping[str, object]
    account: ForeignAccount | None = None

    @property
    def actor(self) -> Actor:
        return self.caller.actor


def signed_in_of(request: Request) -> SignedIn:
    """Give who calls; the policy has recognised them before any handler runs."""
    if not isinstance(request.caller, SignedIn):
        raise TypeError("a handler ran without a caller")
    return request.caller


def refresh_of(request: Request) -> Bearer:
    """Give the refresh token's content, likewise."""
    if not isinstance(request.caller, Bearer):
        raise TypeError("a handler ran without a refresh token")
    return request.caller


def body_of(request: Request, kind: type[B]) -> B:
    """Read the body; members that are null count as absent. Raises: BodyRefused."""
    return decode(request.body, kind, null_is_absent=True)


def version_of(request: Request, available: Collection[int]) -> int:
    """Give the version to answer with. Raises: NotAcceptable."""
    version = pick_version(request.header("accept"), _VENDOR, available)
    if version is None:
        raise NotAcceptable("HTTP 406 Not Acceptable")
    return version


def reply_json(value: object, status: int = 200) -> Reply:
    return Reply(status, msgspec.json.encode(value))


def id_of(request: Request, name: str) -> str:
    """Give an id of the path as we write ids; clients differ in its letter case. Raises: NotFound for no UUID."""
    value = request.params[name]
    if not is_uuid(value):
        raise NotFound(name, value)
    return value.lower()


def agent_of(request: Request) -> str:
    """Give what the client's program calls itself, cut to a length that a row can bear; empty if nothing."""
    return (request.header("user-agent") or "")[:_LONGEST_AGENT]


async def organization_of(core: Core, request: Request) -> OrganizationId:
    """Give the organization of a call without credentials: the host's, else the first. Raises: NotFound."""
    domain = request.scope.get(ORGANIZATION_KEY)
    directory = core.store.directory
    found = await (directory.first_organization() if domain is None else directory.organization_named(domain))
    if found is None:
        raise NotFound("organization", domain or "first")
    return found


@dataclass(frozen=True, slots=True)
class Kit:
    """The services, with the calls that handlers make of them."""

    services: Services
    settings: DialectSettings
    keyring: Keyring
    account_keys: AccountKeys

    @property
    def core(self) -> Core:
        return self.services.core

    @property
    def now(self) -> datetime:
        return self.core.clock.now()

    async def perform(self, request: Request, operation: Operation[In, Out], wanted: In) -> Out:
        return await self.core.perform(operation, signed_in_of(request).actor, wanted)

    async def look(self, request: Request, look: Callable[[View], Awaitable[T]]) -> T:
        """Look at what every user may see, or what is the caller's own."""
        return await self.core.store.read(signed_in_of(request).actor.organization_id, look)

    async def read_door(
        self, request: Request, permission: Permission, door_id: str, look: Callable[[View], Awaitable[T]]
    ) -> T:
        """Look at what a door's administrators may see. Raises: NotFound, Gone, NotAllowed, in this order."""
        await self.look(request, lambda view: find_door(view, door_id))
        return await self.core.read(signed_in_of(request).actor, permission, Scope.door(door_id), look)
