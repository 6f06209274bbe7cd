"""What the repositories of versioned things share."""

from typing import Generic, TypeVar

from rekey.storage.session import Session
from rekey.storage.versions import Versions

T = TypeVar("T")


class VersionedRepository(Generic[T]):
    """Keeps the things of one kind in one organization; what they were stays known."""

    def __init__(self, session: Session, versions: Versions[T]) -> None:
        self._session = session
        self._versions = versions

    async def add(self, value: T) -> None:
        await self._versions.add(self._session, value)

    async def get(self, key: str) -> T | None:
        return await self._versions.get(self._session, key)

    async def replace(self, value: T) -> None:
        await self._versions.replace(self._session, value)


class NumberedRepository(VersionedRepository[T]):
    """The same for things that have a short number."""

    async def by_number(self, number: int) -> T | None:
        return await self._versions.find(self._session, number=number)
