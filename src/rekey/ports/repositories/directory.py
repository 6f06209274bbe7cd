"""What a directory keeps of people and teams, where it stands, and its calls."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from rekey.domain.directory import DirectoryCall, DirectoryEntry, DirectoryKind, DirectoryState


class DirectoryEntryRepository(Protocol):
    """Names (whatever their case) and external ids are unique among the entries of one kind."""

    async def add(self, entry: DirectoryEntry) -> None:
        """Add an entry. Raises: AlreadyExists naming name or external_id."""
        ...

    async def get(self, id: str) -> DirectoryEntry | None: ...  # noqa: A002  # the person's or team's

    async def by_name(self, kind: DirectoryKind, name: str) -> DirectoryEntry | None: ...

    async def by_external_id(self, kind: DirectoryKind, external_id: str) -> DirectoryEntry | None: ...

    async def several(self, ids: Collection[str]) -> dict[str, DirectoryEntry]:
        """Give the entries of these people or teams by id; who has none is left out."""
        ...

    async def people_mentioning(self, text: str) -> frozenset[str]:
        """Give whose name, address or directory's words hold the text, whatever the case.

        Texts beyond ASCII fold in other ways elsewhere, so whoever has one is given too.
        """
        ...

    async def people_changed_since(self, at: datetime) -> frozenset[str]:
        """Give the people who, or whose entries, were changed at that time or later."""
        ...

    async def replace(self, entry: DirectoryEntry) -> None:
        """Change an entry. Raises: AlreadyExists as `add`."""
        ...

    async def end(self, id: str) -> bool:  # noqa: A002  # the person's or team's
        """Forget an entry; False if there was none."""
        ...


class DirectoryStateRepository(Protocol):
    async def get(self) -> DirectoryState:
        """Give the state; its defaults as long as nobody has saved one."""
        ...

    async def save(self, state: DirectoryState) -> None: ...

    async def log(self, call: DirectoryCall, *, keep: int) -> None:
        """Keep a call, and forget all but the newest `keep`."""
        ...

    async def calls(self, *, limit: int, before: int | None = None) -> tuple[DirectoryCall, ...]:
        """Give calls, the newest first, of a number below `before`."""
        ...
