"""Files of people: taken in whole, imported in the background, undone in one call."""

from typing import Any

from msgspec import UNSET

from rekey.dialects.native.errors import BadRequest
from rekey.dialects.native.kit import Kit, actor_of, part_of, reply_json, reply_page
from rekey.domain.document import Document, DocumentKind
from rekey.domain.role import Permission
from rekey.operations.import_people import UndoImport, undo_import
from rekey.operations.import_runner import FileOf, ImportProgress, NewImport
from rekey.webkit.message import Reply, Request

_SHOWN = (
    "name",
    "status",
    "sha256",
    "bytes",
    "about",
    "people",
    "memberships",
    "grants",
    "cards",
    "held",
    "problems",
    "problem_count",
    "undone_at",
    "kept",
    "kept_count",
)


class Imports:
    """Handlers of imports."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def begin(self, request: Request) -> Reply:
        """Import a CSV file of people, or with `about=cards` of cards; the body is the file itself."""
        media = (request.header("content-type") or "").partition(";")[0].strip().lower()
        if media != "text/csv":
            raise BadRequest("content-type", "must be text/csv: send the file itself as the body")
        name = request.query().one("name") or "people.csv"
        about = request.query().one("about") or FileOf.PEOPLE.value
        if about not in {*FileOf}:
            raise BadRequest("about", "must be people or cards")
        wanted = NewImport(name=name, content=request.body, about=FileOf(about), origin="native")
        document = await self._kit.services.imports.begin(actor_of(request), wanted)
        return reply_json(_show(document, None), 202)

    async def list(self, request: Request) -> Reply:
        part = part_of(request)
        imports = await self._kit.read(
            request, Permission.PEOPLE_READ, lambda view: view.documents.list(part, DocumentKind.IMPORT)
        )
        stands = self._kit.services.imports.as_it_stands
        return reply_page(imports, part, lambda one: _show(stands(one), None), lambda one: one.number)

    async def get(self, request: Request) -> Reply:
        document, progress = await self._kit.services.imports.show(
            actor_of(request), request.params["import"]
        )
        return reply_json(_show(document, progress))

    async def undo(self, request: Request) -> Reply:
        """Take back what an import made, as far as nobody touched it since."""
        wanted = UndoImport(import_id=request.params["import"])
        undone = await self._kit.perform(request, undo_import, wanted)
        return reply_json(
            _show(undone.document, None) | {"removed": undone.undone.people + undone.undone.credentials}
        )


def _show(document: Document, progress: ImportProgress | None) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": document.id,
        "number": document.number,
        "created_at": document.created_at.isoformat(),
    }
    members = ((name, document.body.get(name, UNSET)) for name in _SHOWN)
    shown.update((name, value) for name, value in members if value is not UNSET)
    if progress is not None:
        shown["progress"] = {"stage": progress.stage, "done": progress.done, "total": progress.total}
    return shown
