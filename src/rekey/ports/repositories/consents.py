"""What people agreed to: that an application acts for them."""

from typing import Protocol

from rekey.domain.consent import Consent


class ConsentRepository(Protocol):
    """Consents are kept as they were given; what ends is the keys that came of them."""

    async def add(self, consent: Consent) -> None: ...

    async def get(self, consent_id: str) -> Consent | None: ...
