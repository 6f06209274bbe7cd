"""The journal: rows as a feed, proofs, checkpoints, and the whole of it for checking offline."""

from collections.abc import AsyncIterator

import msgspec

from rekey.dialects.native.errors import BadRequest
from rekey.dialects.native.kit import DEFAULT_LIMIT, MAX_LIMIT, Kit, actor_of, instant_of, reply_json
from rekey.dialects.native.translate import show_proof, show_row
from rekey.domain.errors import NotFound
from rekey.domain.operator import Actor
from rekey.domain.role import Permission
from rekey.operations.prove_row import prove_row
from rekey.ports.repositories.journal import JournalFilter, StoredRow
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

_CHUNK = 500


class Journal:
    """Handlers of the one append-only record."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        """Give rows by position; `next` goes into `after`, also at the end, so that a feed can go on."""
        query = request.query()
        after = query.integer("after", least=0) or 0
        limit = query.integer("limit", least=1, most=MAX_LIMIT) or DEFAULT_LIMIT
        newest_first = query.boolean("newest_first", lenient=True) or False
        person = query.one("person")
        door = query.one("door")
        matching = JournalFilter(
            person_id=None if person is None else await self._kit.person(request, person),
            door_id=None if door is None else await self._kit.name(request, "door", door),
            action=query.one("action"),
            since=instant_of(request, "since"),
            before=instant_of(request, "before"),
        )
        rows = await self._kit.read(
            request,
            Permission.JOURNAL_READ,
            lambda view: view.journal.rows(
                after=after, limit=limit, matching=matching, newest_first=newest_first
            ),
        )
        following = rows[-1].row.position if rows else after
        return reply_json({"items": [show_row(stored.row) for stored in rows], "next": following})

    async def checkpoint(self, request: Request) -> Reply:
        note = await self._kit.read(
            request, Permission.JOURNAL_READ, lambda view: view.journal.newest_checkpoint()
        )
        if note is None:
            raise NotFound("checkpoint", "newest")
        return Reply(200, note.encode(), media_type="text/plain; charset=utf-8")

    async def prove(self, request: Request) -> Reply:
        text = request.params["position"]
        if not (text.isascii() and text.isdigit() and len(text) <= 18):
            raise BadRequest("position", "must be a whole number")
        proof = await self._kit.read(
            request, Permission.JOURNAL_READ, lambda view: prove_row(view, int(text))
        )
        return reply_json(show_proof(proof))

    async def export(self, request: Request) -> Reply:
        """Give every row with its leaf and every checkpoint as lines of JSON, for `rekey journal verify`."""
        actor = actor_of(request)
        await self._kit.read(request, Permission.JOURNAL_READ, lambda view: view.journal.newest_checkpoint())
        return Reply(200, media_type="application/x-ndjson", stream=self._lines(actor))

    async def _lines(self, actor: Actor) -> AsyncIterator[bytes]:
        """Give the checkpoints first, so that rows written meanwhile are only more, never fewer."""
        size = 0
        while notes := await self._checkpoints(actor, size):
            yield b"".join(msgspec.json.encode({"checkpoint": note}) + b"\n" for note in notes)
            size = int(notes[-1].split("\n")[1])
        after = 0
        while rows := await self._rows(actor, after):
            yield b"".join(_line(stored) for stored in rows)
            after = rows[-1].row.position

    async def _checkpoints(self, actor: Actor, size: int) -> tuple[str, ...]:
        async def look(view: View) -> tuple[str, ...]:
            return await view.journal.checkpoints(after_size=size, limit=_CHUNK)

        return await self._kit.services.core.read(actor, Permission.JOURNAL_READ, None, look)

    async def _rows(self, actor: Actor, after: int) -> tuple[StoredRow, ...]:
        async def look(view: View) -> tuple[StoredRow, ...]:
            return await view.journal.rows(after=after, limit=_CHUNK)

        return await self._kit.services.core.read(actor, Permission.JOURNAL_READ, None, look)


def _line(stored: StoredRow) -> bytes:
    return msgspec.json.encode({"row": show_row(stored.row), "leaf": stored.leaf.hex()}) + b"\n"
