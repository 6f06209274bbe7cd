"""add_document, edit_document, end_document: what a wire API keeps beside the core."""

from dataclasses import dataclass, field, replace

from rekey.domain.document import DOCUMENT_RULES, Document, DocumentBody, DocumentKind, merged
from rekey.domain.errors import Invalid, NotFound
from rekey.domain.scope import Scope, ScopeKind
from rekey.operations.act import Act, operation
from rekey.operations.find import check_scope

# The rules of these ask for more than a kind can say.
_NOT_HERE = frozenset({DocumentKind.ANNOTATION, DocumentKind.PREFERENCE})


@dataclass(frozen=True, slots=True, kw_only=True)
class AddDocument:
    """`key` must be free among the standing documents of the kind; `parent_id` is what it belongs to."""

    kind: DocumentKind
    body: DocumentBody = field(default_factory=dict)
    key: str | None = None
    parent_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditDocument:
    """`changes` go over the body, member by member; one that is None takes its member away."""

    kind: DocumentKind
    document_id: str
    changes: DocumentBody = field(default_factory=dict)
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndDocument:
    kind: DocumentKind
    document_id: str


@operation(None)
async def add_document(act: Act, wanted: AddDocument) -> Document:
    """Keep a document. Raises: NotFound (the parent), AlreadyExists (key), Invalid (kind, parent_id)."""
    await _require(act, wanted.kind, wanted.parent_id)
    document = Document(
        id=act.new_id(),
        number=act.next_number(),
        kind=wanted.kind,
        key=wanted.key,
        parent_id=wanted.parent_id,
        body=merged({}, wanted.body),
        created_at=act.now,
        updated_at=act.now,
    )
    await act.work.documents.add(document)
    await record_document(act, document, "added")
    return document


@operation(None)
async def edit_document(act: Act, wanted: EditDocument) -> Document:
    """Change a document. Raises: NotFound, AlreadyExists (key), Invalid (kind)."""
    document = await find_document(act, wanted.kind, wanted.document_id)
    edited = replace(
        document,
        body=merged(document.body, wanted.changes),
        key=document.key if wanted.key is None else wanted.key,
        updated_at=act.now,
    )
    await act.work.documents.replace(edited)
    await record_document(act, edited, "edited")
    return edited


@operation(None)
async def end_document(act: Act, wanted: EndDocument) -> Document:
    """End a document. Raises: NotFound, Invalid (kind)."""
    document = await find_document(act, wanted.kind, wanted.document_id)
    await act.work.documents.end(document.id, act.now)
    await record_document(act, document, "ended")
    return document


async def find_document(act: Act, kind: DocumentKind, document_id: str) -> Document:
    """Find a document that the actor may write. Raises: NotFound, NotAllowed, Invalid (kind)."""
    document = await act.work.documents.get(kind, document_id)
    if document is None:
        raise NotFound(kind.value, document_id)
    await _require(act, kind, document.parent_id)
    return document


async def _require(act: Act, kind: DocumentKind, parent_id: str | None) -> None:
    if kind in _NOT_HERE:
        raise Invalid("kind", f"{kind.value} has operations of its own")
    rule = DOCUMENT_RULES[kind]
    if rule.parent is None:
        scope = Scope.organization(act.work.organization_id)
    elif parent_id is None:
        raise Invalid("parent_id", f"must name the {rule.parent.value} that a {kind.value} belongs to")
    else:
        scope = Scope(ScopeKind(rule.parent), parent_id)
        await check_scope(act.work, scope)
    await act.require(scope, rule.permission)


async def record_document(act: Act, document: Document, done: str) -> None:
    """Record what was done with a document."""
    name = document.body.get("name")
    await act.record(
        f"{document.kind.value}.{done}",
        detail={
            "document": document.id,
            "number": document.number,
            "name": name if isinstance(name, str) else None,
            "parent": document.parent_id,
        },
    )
