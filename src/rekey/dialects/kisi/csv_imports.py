"""Files of users and of cards, imported in the background. Source: contract section 7.4."""

from collections.abc import Awaitable, Callable

from rekey.dialects.kisi.attributes import Attributes, body_tree
from rekey.dialects.kisi.card_types import BY_NAME
from rekey.dialects.kisi.kit import Kit, actor_of, path_number
from rekey.dialects.kisi.lists import plain
from rekey.dialects.kisi.pictures import Pictures
from rekey.dialects.kisi.shapes import Shape, organization_ref, with_ref
from rekey.dialects.kisi.uploads import CARDS, USERS, Uploads
from rekey.domain.document import Document, DocumentKind
from rekey.domain.errors import NotFound
from rekey.domain.estate import Organization
from rekey.domain.role import Permission
from rekey.operations.import_runner import FileOf, NewImport
from rekey.webkit.message import Reply, Request

ORIGIN = "kisi"
_ABOUT = {USERS: FileOf.PEOPLE, CARDS: FileOf.CARDS}
_DIGITS_OF_UUID = 37


class CsvImports:
    """Handlers of imports; `kind` is the wrapper's name, by which the two differ."""

    def __init__(self, kit: Kit, uploads: Uploads, kind: str) -> None:
        self._kit = kit
        self._uploads = uploads
        self._kind = kind

    async def create(self, request: Request) -> Reply:
        """Begin to import an uploaded file; it is followed by asking for the import."""
        tree = body_tree(request)
        inner = tree.get(self._kind, tree)
        given = Attributes(inner if isinstance(inner, dict) else {})
        name = given.text("file_name", required=True)
        given.check()
        await self._kit.require(request, Permission.PEOPLE_WRITE)
        content = await self._uploads.content(actor_of(request).organization_id, name or "")
        wanted = NewImport(
            name=name or "", content=content, about=_ABOUT[self._kind], origin=ORIGIN, card_types=BY_NAME
        )
        document = await self._kit.services.imports.begin(actor_of(request), wanted)
        return plain(await self._shown(request, document))

    async def get(self, request: Request) -> Reply:
        number = path_number(request, "import")
        found = await self._kit.look(
            request, lambda view: view.documents.by_number(DocumentKind.IMPORT, number)
        )
        if found is None or found.body.get("about") != _ABOUT[self._kind].value:
            raise NotFound("import", str(number))
        document, _progress = await self._kit.services.imports.show(actor_of(request), found.id)
        return plain(await self._shown(request, document))

    async def _shown(self, request: Request, document: Document) -> Shape:
        organization = await self._kit.look(request, lambda view: view.organizations.get())
        return show_import(document, organization)


def show_import(document: Document, organization: Organization) -> Shape:
    name = str(document.body.get("name", ""))
    return {
        "id": document.number,
        "name": name[_DIGITS_OF_UUID:] or name,
        "status": document.body.get("status"),
        "import_errors": _errors(document),
        "file_name": name,
        **with_ref("organization", organization_ref(organization)),
    }


def _errors(document: Document) -> dict[str, list[str]]:
    """Give what is wrong by line; 0 is the file as a whole."""
    problems, found = document.body.get("problems"), dict[str, list[str]]()
    for problem in problems if isinstance(problems, list) else ():
        if isinstance(problem, dict):
            found.setdefault(str(problem.get("line")), []).append(str(problem.get("reason")))
    return found


Row = tuple[str, str, str, Callable[[Request], Awaitable[Reply]]]


def import_rows(kit: Kit) -> tuple[Row, ...]:
    uploads = Uploads(kit)
    users, cards = CsvImports(kit, uploads, USERS), CsvImports(kit, uploads, CARDS)
    return (
        ("POST", "/signed_upload_urls", "read", uploads.sign),
        ("POST", "/uploads/{name}", "read", uploads.take),
        ("PUT", "/uploads/{name}", "read", uploads.take),
        ("POST", "/csv_user_imports", "import_people", users.create),
        ("GET", "/csv_user_imports/{id}", "read", users.get),
        ("POST", "/csv_card_imports", "import_cards", cards.create),
        ("GET", "/csv_card_imports/{id}", "read", cards.get),
        ("GET", "/pictures/{token}", "read", Pictures(kit).show),
    )
