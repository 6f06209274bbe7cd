"""GET /device/events: the state of the caller's locks as it changes, as server-sent events.

The vendor never published a payload, so this is our own: `event: state`, `data: {"deviceId", "timestamp",
"state": {"connected", "locked", "duration"}}`, one for each lock at the start and one for each change. It
tells what every user of a lock sees of it, never who did something.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import msgspec

from rekey.dialects.doordeck.errors import BadRequest
from rekey.dialects.doordeck.ids import is_uuid
from rekey.dialects.doordeck.kit import Kit, SignedIn, signed_in_of
from rekey.dialects.doordeck.observation import observe
from rekey.dialects.doordeck.translate import Object, show_state
from rekey.domain.access import DoorRecord
from rekey.domain.errors import Gone, NotAllowed, NotFound, NotSignedIn
from rekey.domain.estate import Door
from rekey.operations.authority import signed_in
from rekey.operations.find import find_door
from rekey.operations.held_doors import held_door, held_doors
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

_EVERY_SECONDS = 1.0
_ROUNDS_BETWEEN_BREATHS = 15
_MOST_LOCKS = 100
_BREATH = b": still here\n\n"
_HEADERS = (("Cache-Control", "no-store"), ("X-Accel-Buffering", "no"))

Pause = Callable[[float], Awaitable[object]]


class Events:
    """The handler; `pause` is how time passes between two looks at the locks."""

    def __init__(self, kit: Kit, pause: Pause = asyncio.sleep) -> None:
        self._kit = kit
        self._pause = pause

    async def stream(self, request: Request) -> Reply:
        """Stream the state of the locks that are named by `device`, or of all that the caller holds."""
        me = signed_in_of(request)
        named = request.query().many("device") or ()
        if not all(map(is_uuid, named)) or len(named) > _MOST_LOCKS:
            raise BadRequest(f"device must be a UUID, at most {_MOST_LOCKS} of them")
        chosen = tuple(dict.fromkeys(door_id.lower() for door_id in named))

        async def look(view: View) -> tuple[str, ...]:
            for door_id in chosen:
                await held_door(view, me.person_id, door_id, self._kit.now)
            held = await held_doors(view, me.person_id, self._kit.now)
            return chosen or tuple(one.door.door_id for one in held[:_MOST_LOCKS])

        door_ids = await self._kit.look(request, look)
        return Reply(200, None, _HEADERS, media_type="text/event-stream", stream=self._states(me, door_ids))

    async def _states(self, me: SignedIn, door_ids: tuple[str, ...]) -> AsyncIterator[bytes]:
        """Give events until the caller may see none of the locks any more, or is signed out."""
        known: dict[str, Object] = {}
        rounds = 0
        while True:
            standing = await self._standing(me, door_ids)
            if not standing:
                return
            for record, door in standing:
                state = show_state(door, await observe(self._kit.core, record))
                if known.get(door.id) != state:
                    known[door.id] = state
                    yield self._event(door.id, state)
            rounds += 1
            if rounds % _ROUNDS_BETWEEN_BREATHS == 0:
                yield _BREATH
            await self._pause(_EVERY_SECONDS)

    async def _standing(self, me: SignedIn, door_ids: tuple[str, ...]) -> list[tuple[DoorRecord, Door]]:
        """Ask anew what the caller may see: a stream outlives neither a revocation nor its session."""
        now = self._kit.now

        async def look(view: View) -> list[tuple[DoorRecord, Door]]:
            found: list[tuple[DoorRecord, Door]] = []
            try:
                await signed_in(view, me.actor, now)
            except NotSignedIn:
                return found
            for door_id in door_ids:
                try:
                    held = await held_door(view, me.person_id, door_id, now)
                except (NotFound, Gone, NotAllowed):
                    continue
                found.append((held.door, await find_door(view, door_id)))
            return found

        return await self._kit.core.store.read(me.actor.organization_id, look)

    def _event(self, door_id: str, state: Object) -> bytes:
        data = msgspec.json.encode(
            {"deviceId": door_id, "timestamp": int(self._kit.now.timestamp()), "state": state}
        )
        return b"event: state\ndata: " + data + b"\n\n"
