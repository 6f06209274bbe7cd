"""Links: holders that stand for themselves."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from rekey.domain.ids import Position
from rekey.domain.link import Link
from rekey.ports.listing import Listing, Part


class LinkRepository(Protocol):
    async def add(self, link: Link) -> None: ...

    async def get(self, link_id: str) -> Link | None:
        """Find a link that has not ended."""
        ...

    async def by_number(self, number: int) -> Link | None: ...

    async def list(
        self,
        part: Part,
        *,
        for_person_id: str | None = None,
        made_by: str | None = None,
        ids: Sequence[str] | None = None,
        origin: str | None = None,
        query: str | None = None,
    ) -> Listing[Link]:
        """List links; `made_by` is an operator's id, `query` a part of name, e-mail or phone whatever the case."""
        ...

    async def made_for(self, person_id: str, as_of: Position) -> tuple[Link, ...]:
        """Give the links that were made for the person, as they stood after the act at that position."""
        ...

    async def replace(self, link: Link) -> None:
        """Change a link; what it was stays known for questions about the past."""
        ...

    async def used(self, link_id: str, at: datetime) -> None:
        """Note when the link was last used; the past does not remember that."""
        ...

    async def end(self, link_id: str, at: datetime) -> bool:
        """End a link; False if it had ended."""
        ...

    async def last_known(self, link_id: str) -> Link | None:
        """The link, also after its end, so that history can name it."""
        ...
