"""keep_journal_query: remember a question to the journal for a day, so that its answer can be read page by page."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from rekey.domain.document import Document, DocumentBody, DocumentKind
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.ports.listing import Part

KEPT_FOR: Final = timedelta(hours=24)
_FORGOTTEN_AT_ONCE: Final = Part(limit=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepJournalQuery:
    body: DocumentBody


@operation(Permission.JOURNAL_READ)
async def keep_journal_query(act: Act, wanted: KeepJournalQuery) -> Document:
    """Keep a question with the newest position, beyond which its answer does not reach; older ones are forgotten.

    A question changes nothing that anybody else can see, so it leaves no row: the journal must not grow by
    being read.
    """
    await act.require(Scope.organization(act.work.organization_id))
    act.work.keep_books()
    documents = act.work.documents
    for old in (await documents.list(_FORGOTTEN_AT_ONCE, DocumentKind.JOURNAL_QUERY)).items:
        if old.created_at <= act.now - KEPT_FOR:
            await documents.end(old.id, act.now)
    query = Document(
        id=act.new_id(),
        number=act.next_number(),
        kind=DocumentKind.JOURNAL_QUERY,
        parent_id=act.actor.operator_id,
        body={**wanted.body, "position": act.position - 1},
        created_at=act.now,
        updated_at=act.now,
    )
    await documents.add(query)
    return query
