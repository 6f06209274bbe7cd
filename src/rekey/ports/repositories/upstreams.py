"""Upstreams, client sessions, and who was merged into whom."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from rekey.domain.client_session import ClientSession
from rekey.domain.people import MergedPerson
from rekey.domain.upstream import Upstream
from rekey.ports.listing import Listing, Part


class UpstreamRepository(Protocol):
    async def add(self, upstream: Upstream) -> None: ...

    async def get(self, upstream_id: str) -> Upstream | None:
        """Find an upstream that has not ended."""
        ...

    async def list(
        self,
        part: Part,
        *,
        ids: Sequence[str] | None = None,
        user_name: str | None = None,
        customer_key: str | None = None,
    ) -> Listing[Upstream]: ...

    async def replace(self, upstream: Upstream) -> None: ...

    async def end(self, upstream_id: str, at: datetime) -> bool:
        """End it; False if it had ended."""
        ...


class ClientSessionRepository(Protocol):
    """`external_key` is unique among the sessions that have neither ended nor been revoked."""

    async def add(self, session: ClientSession) -> None:
        """Keep it. Raises: AlreadyExists (external_key)."""
        ...

    async def get(self, session_id: str) -> ClientSession | None:
        """Find a session that has not ended, a revoked one too."""
        ...

    async def of_key(self, key_id: str) -> ClientSession | None:
        """Find the session of a key, ended ones too."""
        ...

    async def by_external_key(self, key: str) -> ClientSession | None:
        """Find the session that stands under this name."""
        ...

    async def list(
        self,
        part: Part,
        *,
        person_id: str | None = None,
        external_key: str | None = None,
        customer_key: str | None = None,
        ids: Sequence[str] | None = None,
    ) -> Listing[ClientSession]: ...

    async def replace(self, session: ClientSession) -> None: ...


class MergedPersonRepository(Protocol):
    async def add(self, merged: MergedPerson) -> None: ...

    async def get(self, person_id: str) -> MergedPerson | None:
        """Find what became of a person who was merged into another."""
        ...

    async def by_external_key(self, key: str) -> MergedPerson | None: ...

    async def into(self, survivor_ids: Sequence[str]) -> tuple[MergedPerson, ...]:
        """Give everybody who was merged into these people."""
        ...

    async def replace(self, merged: MergedPerson) -> None: ...
