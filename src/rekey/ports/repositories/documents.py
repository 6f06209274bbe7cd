"""Documents: what a wire API keeps beside the core."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from rekey.domain.document import Document, DocumentKind
from rekey.ports.listing import Listing, Part


class DocumentRepository(Protocol):
    """Ended documents are found by nothing here; the journal knows that they were."""

    async def add(self, document: Document) -> None:
        """Keep it. Raises: AlreadyExists for a key that a standing document of the kind has."""
        ...

    async def get(self, kind: DocumentKind, document_id: str) -> Document | None: ...

    async def by_number(self, kind: DocumentKind, number: int) -> Document | None: ...

    async def by_key(self, kind: DocumentKind, key: str) -> Document | None: ...

    async def list(
        self,
        part: Part,
        kind: DocumentKind,
        *,
        parent_id: str | None = None,
        ids: Sequence[str] | None = None,
        keys: Sequence[str] | None = None,
    ) -> Listing[Document]: ...

    async def replace(self, document: Document) -> None:
        """Change key, parent or body. Raises: AlreadyExists as `add`."""
        ...

    async def end(self, document_id: str, at: datetime) -> bool:
        """End it; False if it had ended."""
        ...

    async def end_children(self, kind: DocumentKind, parent_id: str, at: datetime) -> int:
        """End every document of the kind that belongs to the parent and say how many."""
        ...
