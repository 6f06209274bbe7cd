"""Files of documents, in parts."""

import sqlalchemy as sa

from rekey.storage.conditions import equals, in_organization
from rekey.storage.engine.statement import Statement
from rekey.storage.session import Session
from rekey.storage.tables.files import file_parts

_ADD = Statement(sa.insert(file_parts))
_OF_DOCUMENT = (in_organization(file_parts), equals(file_parts.c.document_id, "document_id"))
PART = Statement(
    sa.select(file_parts.c.content).where(
        *_OF_DOCUMENT, equals(file_parts.c.name, "name"), equals(file_parts.c.place, "place")
    )
)
_DROP = Statement(sa.delete(file_parts).where(*_OF_DOCUMENT))


class SqlFiles:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def add_part(self, document_id: str, name: str, place: int, content: bytes) -> None:
        await self._session.insert(_ADD, document_id=document_id, name=name, place=place, content=content)

    async def part(self, document_id: str, name: str, place: int) -> bytes | None:
        row = await self._session.fetch_one(PART, document_id=document_id, name=name, place=place)
        return None if row is None else bytes(row.content)

    async def drop(self, document_id: str) -> int:
        return await self._session.change(_DROP, document_id=document_id)
