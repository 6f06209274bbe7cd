"""Documents of wire APIs."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from rekey.domain.document import Document, DocumentBody, DocumentKind
from rekey.ports.listing import Listing, Part
from rekey.storage.conditions import equals, in_organization
from rekey.storage.engine.clauses import one_of
from rekey.storage.engine.row import Row
from rekey.storage.engine.statement import Statement
from rekey.storage.rows import Rows, Values
from rekey.storage.session import Session
from rekey.storage.tables.documents import documents
from rekey.storage.times import instant_of, micros


def _read(row: Row) -> Document:
    body: DocumentBody = msgspec.json.decode(row.body)
    return Document(
        id=row.id,
        number=row.number,
        kind=DocumentKind(row.kind),
        key=row.handle,
        parent_id=row.parent_id,
        body=body,
        created_at=instant_of(row.created_at),
        updated_at=instant_of(row.updated_at),
    )


def _write(document: Document) -> Values:
    return {
        "id": document.id,
        "number": document.number,
        "kind": document.kind.value,
        "handle": document.key,
        "parent_id": document.parent_id,
        "body": msgspec.json.encode(document.body).decode(),
        "created_at": micros(document.created_at),
        "updated_at": micros(document.updated_at),
    }


# Written out, not bound, so that it is the same condition as that of the unique index.
_STANDING = sa.text("documents.ended_at IS NULL")
DOCUMENTS = Rows(
    documents,
    read=_read,
    write=_write,
    alive=_STANDING,
    unique=(("kind", "handle"),),
    filters={
        "kind": equals(documents.c.kind, "kind"),
        "parent_id": equals(documents.c.parent_id, "parent_id"),
        "ids": one_of(documents.c.id, "ids"),
        "keys": one_of(documents.c.handle, "keys"),
    },
)
_END_CHILDREN = Statement(
    sa.update(documents)
    .where(
        in_organization(documents),
        equals(documents.c.kind, "of_kind"),
        equals(documents.c.parent_id, "parent"),
        _STANDING,
    )
    .values(ended_at=sa.bindparam("at", type_=sa.BigInteger, required=True))
)


class SqlDocuments:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, document: Document) -> None:
        await DOCUMENTS.add(self._session, document, ended_at=None)

    async def get(self, kind: DocumentKind, document_id: str) -> Document | None:
        return await DOCUMENTS.find(self._session, kind=kind.value, id=document_id)

    async def by_number(self, kind: DocumentKind, number: int) -> Document | None:
        return await DOCUMENTS.find(self._session, kind=kind.value, number=number)

    async def by_key(self, kind: DocumentKind, key: str) -> Document | None:
        return await DOCUMENTS.find(self._session, kind=kind.value, handle=key)

    async def list(
        self,
        part: Part,
        kind: DocumentKind,
        *,
        parent_id: str | None = None,
        ids: Sequence[str] | None = None,
        keys: Sequence[str] | None = None,
    ) -> Listing[Document]:
        return await DOCUMENTS.list(
            self._session, part, kind=kind.value, parent_id=parent_id, ids=ids, keys=keys
        )

    async def replace(self, document: Document) -> None:
        await DOCUMENTS.replace(self._session, document)

    async def end(self, document_id: str, at: datetime) -> bool:
        return await DOCUMENTS.set(self._session, document_id, ended_at=micros(at))

    async def end_children(self, kind: DocumentKind, parent_id: str, at: datetime) -> int:
        return await self._session.change(_END_CHILDREN, of_kind=kind.value, parent=parent_id, at=micros(at))
