"""The organization itself."""

import msgspec
import sqlalchemy as sa

from rekey.domain.canonical import canonical_json
from rekey.domain.errors import AlreadyExists, NotFound
from rekey.domain.estate import Organization, SignInRules
from rekey.storage.conditions import in_organization
from rekey.storage.engine.row import Row
from rekey.storage.engine.statement import Statement
from rekey.storage.session import Session
from rekey.storage.tables import organizations
from rekey.storage.times import instant_of, micros

_INSERT = Statement(sa.insert(organizations))
_GET = Statement(sa.select(organizations).where(in_organization(organizations)))
_SAME_DOMAIN = Statement(
    sa.select(organizations.c.organization_id).where(
        organizations.c.domain == sa.bindparam("domain", type_=sa.Text, required=True),
        organizations.c.organization_id != sa.bindparam("organization", type_=sa.Text, required=True),
    )
)
_SIGN_IN = Statement(
    sa.update(organizations)
    .where(in_organization(organizations))
    .values(sign_in=sa.bindparam("sign_in", type_=sa.Text, required=True))
)
_RENAME = Statement(
    sa.update(organizations)
    .where(in_organization(organizations))
    .values(name=sa.bindparam("name", type_=sa.Text, required=True))
)


class SqlOrganizations:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, organization: Organization) -> None:
        if organization.id != self._session.organization_id:
            raise ValueError("an organization is founded by an act of its own")
        if await self._session.fetch_one(_GET):
            raise AlreadyExists("organization", "id")
        # Two acts on two organizations can still race for a domain; then the unique index decides.
        if await self._session.fetch_one(_SAME_DOMAIN, domain=organization.domain):
            raise AlreadyExists("organization", "domain")
        await self._session.insert(
            _INSERT,
            name=organization.name,
            domain=organization.domain,
            sign_in=_write_rules(organization.sign_in),
            created_at=micros(organization.created_at),
        )

    async def get(self) -> Organization:
        row = await self._session.fetch_one(_GET)
        if row is None:
            raise NotFound("organization", self._session.organization_id)
        return _read(row)

    async def rename(self, name: str) -> None:
        if not await self._session.change(_RENAME, name=name):
            raise NotFound("organization", self._session.organization_id)

    async def set_sign_in(self, rules: SignInRules) -> None:
        if not await self._session.change(_SIGN_IN, sign_in=_write_rules(rules)):
            raise NotFound("organization", self._session.organization_id)


def _read(row: Row) -> Organization:
    return Organization(
        id=row.organization_id,
        name=row.name,
        domain=row.domain,
        sign_in=SignInRules(**msgspec.json.decode(row.sign_in)),
        created_at=instant_of(row.created_at),
    )


def _write_rules(rules: SignInRules) -> str:
    return canonical_json({"idle_session_seconds": rules.idle_session_seconds}).decode()
