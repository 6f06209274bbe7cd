"""Imports in the background: the caller gets a document at once and follows it to its end."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256

import structlog

from rekey.domain.card import CardType
from rekey.domain.document import Document, DocumentBody, DocumentKind, DocumentValue
from rekey.domain.errors import Conflict, CoreError, NotFound
from rekey.domain.operator import Actor
from rekey.domain.role import Permission
from rekey.operations.card_file import CARD_TYPES, read_card_file
from rekey.operations.core import Core
from rekey.operations.import_cards import ImportCards, import_cards
from rekey.operations.import_people import ImportPeople, import_people
from rekey.operations.keep_document import AddDocument, EditDocument, add_document, edit_document
from rekey.operations.people_file import MAX_PROBLEMS, PeopleFile, Problem, read_people_file
from rekey.operations.staged_cards import stage_cards
from rekey.operations.staged_people import stage_people

# An import that nobody has heard of for so long died with its server; nothing of it was kept.
LOST_AFTER = timedelta(minutes=15)
# How often a file is checked against what is there, if that changes meanwhile.
ATTEMPTS = 3
_log = structlog.get_logger("rekey.imports")


class FileOf(StrEnum):
    """What a file names."""

    PEOPLE = "people"
    CARDS = "cards"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewImport:
    """A file as it came; `card_types` are the names by which a file of cards calls their types."""

    name: str
    content: bytes
    about: FileOf = FileOf.PEOPLE
    origin: str = ""
    card_types: Mapping[str, CardType] = field(default_factory=lambda: CARD_TYPES)


@dataclass(slots=True)
class ImportProgress:
    """How far an import has come: what is being done, and how many lines of how many."""

    stage: str = "reading"
    done: int = 0
    total: int = 0

    def begin(self, stage: str, total: int) -> None:
        """Begin with the next thing that is done."""
        self.stage, self.done, self.total = stage, 0, total

    def count(self, done: int, total: int) -> None:
        """Note how far it is; safe from any thread, since each is one assignment."""
        self.done, self.total = done, total


class ImportRunner:
    """Runs each import in a task of its own, so that a caller who goes away stops nothing."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._running: dict[str, tuple[ImportProgress, asyncio.Task[None]]] = {}

    async def begin(self, actor: Actor, wanted: NewImport) -> Document:
        """Take a file and begin to import it. Raises: NotSignedIn, NotAllowed."""
        body: DocumentBody = {
            "name": wanted.name,
            "about": wanted.about.value,
            "sha256": sha256(wanted.content).hexdigest(),
            "bytes": len(wanted.content),
            "status": "in_progress",
            "origin": wanted.origin,
        }
        document = await self._core.perform(
            add_document, actor, AddDocument(kind=DocumentKind.IMPORT, body=body)
        )
        progress = ImportProgress()
        task = asyncio.ensure_future(self._run(actor, document, wanted, progress))
        self._running[document.id] = (progress, task)
        task.add_done_callback(lambda _done: self._running.pop(document.id, None))
        return document

    async def show(self, actor: Actor, import_id: str) -> tuple[Document, ImportProgress | None]:
        """Give an import as it stands, with how far it has come while it runs here.

        Raises: NotSignedIn, NotAllowed, NotFound.
        """
        document = await self._core.read(
            actor,
            Permission.PEOPLE_READ,
            None,
            lambda view: view.documents.get(DocumentKind.IMPORT, import_id),
        )
        if document is None:
            raise NotFound("import", import_id)
        running = self._running.get(import_id)
        document = self.as_it_stands(document)
        return document, None if running is None else running[0]

    def as_it_stands(self, document: Document) -> Document:
        """Give an import as failed where its server died with it."""
        lost = document.updated_at + LOST_AFTER <= self._core.clock.now()
        if document.id in self._running or not lost or document.body.get("status") != "in_progress":
            return document
        ended = _failed(
            [Problem(line=0, reason="the server stopped before it was done: send the file again")]
        )
        return replace(document, body=document.body | ended)

    async def finish(self, import_id: str) -> None:
        """Wait for an import that runs here."""
        running = self._running.get(import_id)
        if running is not None:
            await asyncio.shield(running[1])

    async def close(self) -> None:
        """Wait for the imports under way."""
        await asyncio.gather(*(task for _progress, task in self._running.values()), return_exceptions=True)

    async def _run(
        self, actor: Actor, document: Document, wanted: NewImport, progress: ImportProgress
    ) -> None:
        run = self._try_cards if wanted.about is FileOf.CARDS else self._try_people
        try:
            problems = await run(actor, document, wanted, progress)
        except CoreError as refused:
            problems = [Problem(line=0, reason=str(refused))]
        except Exception as fault:  # noqa: BLE001  # whatever broke, the import must not look as if it ran on
            _log.error("import_failed", import_id=document.id, fault=type(fault).__name__, exc_info=fault)
            problems = [Problem(line=0, reason="the server failed: nothing was imported")]
        if problems:
            await self._note(actor, document, _failed(problems))

    async def _try_cards(
        self, actor: Actor, document: Document, wanted: NewImport, progress: ImportProgress
    ) -> list[Problem]:
        found = await asyncio.to_thread(
            read_card_file, wanted.content, progress.count, types=wanted.card_types
        )
        if found.problems:
            return found.problems

        async def attempt() -> list[Problem]:
            progress.begin("checking", len(found.cards))
            staged = await stage_cards(
                self._core, actor, found.cards, origin=wanted.origin, progress=progress.count
            )
            if not staged.problems:
                progress.stage = "writing"
                await self._core.perform(
                    import_cards, actor, ImportCards(import_id=document.id, staged=staged)
                )
            return staged.problems

        return await _until_settled(attempt)

    async def _try_people(
        self, actor: Actor, document: Document, wanted: NewImport, progress: ImportProgress
    ) -> list[Problem]:
        found: PeopleFile = await asyncio.to_thread(read_people_file, wanted.content, progress.count)
        if found.problems:
            return found.problems

        async def attempt() -> list[Problem]:
            progress.begin("checking", len(found.people))
            staged = await stage_people(
                self._core, actor, found.people, origin=wanted.origin, progress=progress.count
            )
            if not staged.problems:
                progress.stage = "writing"
                await self._core.perform(
                    import_people, actor, ImportPeople(import_id=document.id, staged=staged)
                )
            return staged.problems

        return await _until_settled(attempt)

    async def _note(self, actor: Actor, document: Document, changes: DocumentBody) -> None:
        try:
            await self._core.perform(
                edit_document,
                actor,
                EditDocument(kind=DocumentKind.IMPORT, document_id=document.id, changes=changes),
            )
        except CoreError as refused:
            _log.warning("import_end_not_noted", import_id=document.id, why=str(refused))


async def _until_settled(attempt: Callable[[], Awaitable[list[Problem]]]) -> list[Problem]:
    """Check a file anew where another act has overtaken it, so that the line is named. Raises: CoreError."""
    for _ in range(ATTEMPTS - 1):
        try:
            return await attempt()
        except Conflict:
            continue
    return await attempt()


def _failed(problems: list[Problem]) -> DocumentBody:
    shown: list[DocumentValue] = [
        {"line": problem.line, "reason": problem.reason} for problem in problems[:MAX_PROBLEMS]
    ]
    return {"status": "failed", "problems": shown, "problem_count": len(problems)}
