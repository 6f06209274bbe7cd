"""The few look-ups that come before an organization is known."""

import sqlalchemy as sa

from rekey.domain.application import UrlKind
from rekey.domain.ids import ApplicationId, OrganizationId
from rekey.storage.conditions import equals
from rekey.storage.engine.connection import Database
from rekey.storage.engine.statement import Statement
from rekey.storage.tables import application_urls, keys, organizations, subscriptions

_oldest_first = sa.select(organizations.c.organization_id).order_by(
    organizations.c.created_at, organizations.c.organization_id
)
_ALL = Statement(_oldest_first)
_FIRST = Statement(_oldest_first.limit(1))
NAMED = Statement(sa.select(organizations.c.organization_id).where(equals(organizations.c.domain, "domain")))
OF_KEY = Statement(sa.select(keys.c.organization_id).where(equals(keys.c.secret_fingerprint, "fingerprint")))

WITH_URL = Statement(
    sa.select(application_urls.c.organization_id, application_urls.c.application_id).where(
        equals(application_urls.c.kind, "kind"), equals(application_urls.c.url, "url")
    )
)

SUBSCRIBED = Statement(
    sa.select(subscriptions.c.organization_id)
    .where(sa.text("subscriptions.ended_at IS NULL"))
    .distinct()
    .order_by(subscriptions.c.organization_id)
)


class SqlDirectory:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def first_organization(self) -> OrganizationId | None:
        """Give the oldest one."""
        return await self._one(_FIRST)

    async def organization_named(self, domain: str) -> OrganizationId | None:
        return await self._one(NAMED, domain=domain)

    async def organization_of_key(self, secret_fingerprint: str) -> OrganizationId | None:
        return await self._one(OF_KEY, fingerprint=secret_fingerprint)

    async def applications_with(
        self, kind: UrlKind, url: str
    ) -> tuple[tuple[OrganizationId, ApplicationId], ...]:
        rows = await self._database.ask(WITH_URL, kind=kind.value, url=url)
        return tuple((row.organization_id, row.application_id) for row in rows)

    async def all_organizations(self) -> tuple[OrganizationId, ...]:
        """Give all, the oldest first."""
        return tuple(row.organization_id for row in await self._database.ask(_ALL))

    async def subscribed_organizations(self) -> tuple[OrganizationId, ...]:
        return tuple(row.organization_id for row in await self._database.ask(SUBSCRIBED))

    async def _one(self, statement: Statement, **params: str) -> OrganizationId | None:
        rows = await self._database.ask(statement, **params)
        return rows[0].organization_id if rows else None
