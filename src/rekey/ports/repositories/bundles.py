"""What is given together, and PINs at doors."""

from collections.abc import Sequence
from typing import Protocol

from rekey.domain.bundle import Bundle, Medium
from rekey.domain.door_code import DoorCode
from rekey.domain.stay import Takeover
from rekey.ports.listing import Listing, Part


class BundleRepository(Protocol):
    async def add(self, bundle: Bundle) -> None:
        """Raises: AlreadyExists (external_key)."""
        ...

    async def get(self, bundle_id: str) -> Bundle | None:
        """Find a bundle that has not ended."""
        ...

    async def by_external_key(self, key: str) -> Bundle | None: ...

    async def list(
        self,
        part: Part,
        *,
        ids: Sequence[str] | None = None,
        person_id: str | None = None,
        stay_key: str | None = None,
    ) -> Listing[Bundle]:
        """List bundles that have not ended."""
        ...

    async def replace(self, bundle: Bundle) -> None: ...

    async def last_known(self, bundle_id: str) -> Bundle | None:
        """The bundle, also after its end, so that history can name it."""
        ...


class TakeoverRepository(Protocol):
    async def add(self, takeover: Takeover) -> None: ...

    async def of(self, bundle_ids: Sequence[str]) -> tuple[Takeover, ...]:
        """Give what these bundles have lost to later stays."""
        ...


class MediumRepository(Protocol):
    async def add(self, medium: Medium) -> None: ...

    async def get(self, medium_id: str) -> Medium | None:
        """Find a medium that has not ended."""
        ...

    async def of_credential(self, credential_id: str) -> Medium | None:
        """Find the medium that this one credential stands for."""
        ...

    async def list(
        self,
        part: Part,
        *,
        ids: Sequence[str] | None = None,
        bundle_ids: Sequence[str] | None = None,
    ) -> Listing[Medium]:
        """List media that have not ended."""
        ...

    async def waiting_cards(self) -> tuple[Medium, ...]:
        """Give the cards that are not ready: to be written, or to be written again."""
        ...

    async def ended_of(self, bundle_id: str) -> tuple[Medium, ...]:
        """Give those of a bundle that have ended, in the order in which they were given."""
        ...

    async def replace(self, medium: Medium) -> None: ...

    async def last_known(self, medium_id: str) -> Medium | None:
        """The medium, also after its end."""
        ...


class DoorCodeRepository(Protocol):
    async def add(self, code: DoorCode) -> None: ...

    async def get(self, code_id: str) -> DoorCode | None:
        """Find a code that has not gone from its door."""
        ...

    async def list(
        self,
        part: Part,
        *,
        ids: Sequence[str] | None = None,
        door_id: str | None = None,
        medium_ids: Sequence[str] | None = None,
        common_key: str | None = None,
    ) -> Listing[DoorCode]:
        """List codes that have not gone from their doors."""
        ...

    async def replace(self, code: DoorCode) -> None: ...

    async def last_known(self, code_id: str) -> DoorCode | None:
        """The code, also after it has gone."""
        ...

    async def keep_former(self, code_id: str, until: int, sealed_part: bytes) -> None:
        """Keep the PIN that a code had until the act at this position."""
        ...

    async def former(self, code_id: str, position: int) -> bytes | None:
        """Give the sealed PIN that the code had at the position; None if it is the one that it still has."""
        ...
