"""Subscriptions, how far each was read, and what is on its way to the receivers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from rekey.domain.ids import Position
from rekey.domain.subscription import Delivery, DeliveryState, Feed, Subscription
from rekey.ports.listing import Listing, Part


class SubscriptionRepository(Protocol):
    """Rows carry no position: how far a feed was read is not part of what was decided."""

    async def add(self, subscription: Subscription, *, secret: bytes, read: Position) -> None:
        """Add it with its sealed secret (empty for none), to be told of what comes after a position."""
        ...

    async def get(self, subscription_id: str) -> Subscription | None: ...

    async def by_number(self, number: int) -> Subscription | None: ...

    async def list(
        self,
        part: Part,
        *,
        form: str | None = None,
        owner_id: str | None = None,
        site_id: str | None = None,
        enabled: bool | None = None,
        query: str | None = None,
    ) -> Listing[Subscription]:
        """List those that have not ended; `query` is a part of the name, whatever the case."""
        ...

    async def replace(self, subscription: Subscription) -> None: ...

    async def end(self, subscription_id: str, at: datetime) -> bool:
        """End it, and forget its secrets and what was on its way; False if it was not there."""
        ...

    async def set_secret(self, subscription_id: str, sealed: bytes) -> None:
        """Set the one secret, and forget an older one."""
        ...

    async def rotate_secret(self, subscription_id: str, sealed: bytes, *, older_until: datetime) -> None:
        """Put a new secret before the one that was, which goes on signing until then."""
        ...

    async def secrets(self, subscription_id: str, now: datetime) -> tuple[bytes, ...]:
        """Give the sealed secrets that sign now, the newest first."""
        ...

    async def feed(self, subscription_id: str) -> Feed | None:
        """Say how far it was read, and by whom; None for one that is not there."""
        ...

    async def move(self, subscription_id: str, feed: Feed) -> None: ...


class DeliveryRepository(Protocol):
    async def add(self, delivery: Delivery) -> None: ...

    async def get(self, delivery_id: str) -> Delivery | None: ...

    async def list(
        self, part: Part, *, subscription_id: str | None = None, state: DeliveryState | None = None
    ) -> Listing[Delivery]: ...

    async def due(self, subscription_id: str, now: datetime, *, limit: int) -> Sequence[Delivery]:
        """Give those to be attempted, the longest due first."""
        ...

    async def pending(self, subscription_id: str) -> int: ...

    async def replace(self, delivery: Delivery) -> None: ...

    async def give_up_all(self, subscription_id: str, at: datetime) -> int:
        """Give up what is on its way to a receiver and say how many."""
        ...

    async def oldest_end(self) -> datetime | None:
        """Say when the one that ended first did; None if none has."""
        ...

    async def forget_ended_before(self, instant: datetime) -> int:
        """Drop those that ended before the instant and say how many."""
        ...
