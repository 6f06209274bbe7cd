"""Files that belong to documents, such as what a report holds; kept in parts, so that none is ever whole in memory."""

from typing import Protocol


class FileRepository(Protocol):
    async def add_part(self, document_id: str, name: str, place: int, content: bytes) -> None:
        """Keep one part; places count from 0."""
        ...

    async def part(self, document_id: str, name: str, place: int) -> bytes | None:
        """Give one part; None past the last one."""
        ...

    async def drop(self, document_id: str) -> int:
        """Forget every file of a document and say how many parts there were."""
        ...
