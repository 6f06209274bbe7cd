"""Applications that sign their own users in, and the accounts by which they name people."""

from datetime import datetime
from typing import Protocol

from rekey.domain.application import Application, ForeignAccount
from rekey.ports.listing import Listing, Part


class ApplicationRepository(Protocol):
    async def add(self, application: Application) -> None:
        """Keep it. Raises: AlreadyExists (issuer) for an issuer of any application of the server."""
        ...

    async def get(self, application_id: str) -> Application | None:
        """Find an application that has not ended."""
        ...

    async def list(self, part: Part) -> Listing[Application]: ...

    async def replace(self, application: Application) -> None:
        """Change it whole. Raises: NotFound, AlreadyExists (issuer)."""
        ...

    async def end(self, application_id: str, at: datetime) -> bool:
        """End it and free its issuers; False if it had ended."""
        ...


class ForeignAccountRepository(Protocol):
    async def add(self, account: ForeignAccount) -> None: ...

    async def replace(self, account: ForeignAccount) -> None: ...

    async def of_person(self, person_id: str) -> ForeignAccount | None: ...

    async def of_people(self, person_ids: tuple[str, ...]) -> tuple[ForeignAccount, ...]: ...

    async def by_subject(self, application_id: str, subject: str) -> ForeignAccount | None: ...

    async def by_email(self, application_id: str, email: str) -> ForeignAccount | None:
        """Find who has the address listed."""
        ...

    async def by_phone(self, application_id: str, phone: str) -> ForeignAccount | None:
        """Find who has the number listed."""
        ...

    async def page(self, application_id: str, *, after: str, limit: int) -> tuple[ForeignAccount, ...]:
        """Give accounts whose ids lie past `after`, in their order; "" begins."""
        ...
