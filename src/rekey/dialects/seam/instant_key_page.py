"""The page behind an instant key: the person's doors, each with a button that opens it."""

from collections.abc import Sequence
from urllib.parse import urlencode

from rekey.dialects.seam.acs_credentials import doors_of
from rekey.dialects.seam.doors import NAMESPACE
from rekey.dialects.seam.html import page, text
from rekey.dialects.seam.instant_keys import find_by_token
from rekey.dialects.seam.kit import Kit
from rekey.domain.access import DoorRecord
from rekey.domain.credential import Credential, CredentialKind
from rekey.domain.door_order import OrderState
from rekey.domain.errors import AccessDenied, CoreError, DoorOffline, DoorRefused, DoorTimedOut, NotFound
from rekey.domain.ids import OperatorId, OrganizationId
from rekey.domain.operator import Actor
from rekey.operations.present_credential import PresentCredential, use_link
from rekey.operations.use_door import present_and_wait
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request
from rekey.webkit.query import Query, QueryLimits, QueryRefused, parse_query

_TITLE = "Instant key"
_OPEN, _ASKED = "open", "asked"
_LIMITS = QueryLimits()
Found = tuple[str, Credential, Sequence[DoorRecord]]


class InstantKeyPage:
    """Handlers of the page; the secret in its address is all that lets anybody use it."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def show(self, request: Request) -> Reply:
        """Show the doors that the key opens."""
        found = await self._find(request)
        if found is None:
            return _gone()
        return self._doors(request, found, done=_said(request.query(), found[2]))

    async def submit(self, request: Request) -> Reply:
        """Open the door whose button was pressed."""
        found = await self._find(request)
        if found is None:
            return _gone()
        organization_id, key, doors = found
        door_id = _form_of(request).one("door")
        door = next((one for one in doors if one.door_id == door_id), None)
        if door is None:
            return self._doors(request, found, problem="This key does not open that door.")
        actor = Actor(
            organization_id=OrganizationId(organization_id),
            operator_id=OperatorId(key.made_by or ""),
            key_id=None,
            via=NAMESPACE,
            address=request.client,
        )
        wanted = PresentCredential(
            door_id=door.door_id, kind=CredentialKind.LINK, fingerprint=key.fingerprint
        )
        try:
            order = await present_and_wait(self._kit.services, actor, wanted, operation=use_link)
        except NotFound:
            return _gone()
        except (AccessDenied, DoorOffline, DoorTimedOut, DoorRefused) as failed:
            return self._doors(request, found, problem=_say(failed))
        # Sent away to the page itself, so that loading it once more presses nothing once more.
        done = _OPEN if order.state is OrderState.CONFIRMED else _ASKED
        query = urlencode({"key": request.query().one("key") or "", done: door.door_id})
        return Reply(303, b"", headers=(("location", f"?{query}"),))

    def _doors(self, request: Request, found: Found, *, problem: str = "", done: str = "") -> Reply:
        _organization_id, key, doors = found
        query = text(urlencode({"key": request.query().one("key") or ""}))
        said = f'<p role="alert">{text(problem)}</p>' if problem else ""
        said += f'<p role="status">{text(done)}</p>' if done else ""
        if not doors or key.is_used_up:
            return page(_TITLE, f"<h1>Your doors</h1>{said}<p>This key opens nothing any more.</p>")
        left = "" if key.max_uses is None else _left(key.max_uses - key.uses)
        buttons = "".join(
            f'<form method="post" action="?{query}"><input type="hidden" name="door" value="{text(door.door_id)}">'
            f'<button class="first">Open {text(door.name)}</button></form>'
            for door in doors
        )
        return page(_TITLE, f"<h1>Your doors</h1>{said}{left}{buttons}")

    async def _find(self, request: Request) -> Found | None:
        """Find the key of the address with its doors; None for a wrong secret as for a key that has ended."""
        try:
            organization_id, _dot, token = (request.query().one("key") or "").partition(".")
        except QueryRefused:
            return None
        core, now = self._kit.services.core, self._kit.now
        if organization_id not in await core.store.directory.all_organizations():
            return None

        async def look(view: View) -> Found | None:
            try:
                key = await find_by_token(self._kit, view, token)
            except NotFound:
                return None
            return organization_id, key, await doors_of(view, key, now)

        return await core.store.read(OrganizationId(organization_id), look)


def _form_of(request: Request) -> Query:
    try:
        return parse_query(request.body, _LIMITS)
    except QueryRefused:
        return Query(())


def _left(uses: int) -> str:
    return f"<p><small>It opens {uses} more time{'' if uses == 1 else 's'}.</small></p>"


def _say(failed: CoreError) -> str:
    if isinstance(failed, AccessDenied):
        return "This key does not open the door now."
    return "The door could not be reached. Try again."


def _said(query: Query, doors: Sequence[DoorRecord]) -> str:
    """Say what the last press did; the name is the door's own, whatever the address says."""
    for done, saying in ((_OPEN, "is open"), (_ASKED, "was asked")):
        named = next((value for key, value in query.pairs if key == done), None)
        door = next((one for one in doors if one.door_id == named), None)
        if door is not None:
            return f"{door.name} {saying}."
    return ""


def _gone() -> Reply:
    body = "<h1>This link is not valid</h1><p>Ask whoever sent it for another one.</p>"
    return page(_TITLE, body, status=404)
