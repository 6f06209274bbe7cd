"""Offers of ownership."""

from typing import Protocol

from rekey.domain.handover import Handover
from rekey.ports.listing import Listing, Part


class HandoverRepository(Protocol):
    async def add(self, handover: Handover) -> None:
        """Keep an offer. Raises: AlreadyExists while another stands."""
        ...

    async def get(self, handover_id: str) -> Handover | None: ...

    async def standing(self) -> Handover | None:
        """Give the offer that is neither accepted, withdrawn nor declined."""
        ...

    async def list(self, part: Part) -> Listing[Handover]: ...

    async def replace(self, handover: Handover) -> None: ...
