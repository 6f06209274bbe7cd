"""Operators."""

import sqlalchemy as sa

from rekey.domain.errors import NotFound
from rekey.domain.operator import Operator
from rekey.ports.listing import Listing, Part
from rekey.storage.conditions import current, equals, in_organization
from rekey.storage.engine.row import Row
from rekey.storage.engine.statement import Statement
from rekey.storage.rows import Rows, Values
from rekey.storage.session import Session
from rekey.storage.tables import operators
from rekey.storage.times import instant_of, micros


def _read(row: Row) -> Operator:
    return Operator(
        id=row.id,
        number=row.number,
        name=row.name,
        person_id=row.person_id,
        email_verified=row.email_verified,
        is_automation=row.is_automation,
        created_at=instant_of(row.created_at),
    )


def _write(operator: Operator) -> Values:
    return {
        "id": operator.id,
        "number": operator.number,
        "name": operator.name,
        "person_id": operator.person_id,
        "email_verified": operator.email_verified,
        "is_automation": operator.is_automation,
        "created_at": micros(operator.created_at),
    }


OPERATORS = Rows(operators, read=_read, write=_write, alive=current(operators), unique=(("person_id",),))
_PASSWORD = Statement(
    sa.select(operators.c.password_hash).where(
        in_organization(operators), equals(operators.c.id, "key"), current(operators)
    )
)


class SqlOperators:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, operator: Operator, password_hash: str | None = None) -> None:
        """Add an operator. Raises: AlreadyExists if the person has one."""
        await OPERATORS.add(self._session, operator, password_hash=password_hash, until=None)

    async def get(self, operator_id: str) -> Operator | None:
        return await OPERATORS.get(self._session, operator_id)

    async def last_known(self, operator_id: str) -> Operator | None:
        return await OPERATORS.get(self._session, operator_id, ended=True)

    async def by_number(self, number: int) -> Operator | None:
        return await OPERATORS.find(self._session, number=number)

    async def of_person(self, person_id: str) -> Operator | None:
        return await OPERATORS.find(self._session, person_id=person_id)

    async def list(self, part: Part) -> Listing[Operator]:
        return await OPERATORS.list(self._session, part)

    async def replace(self, operator: Operator) -> None:
        await OPERATORS.replace(self._session, operator)

    async def password_hash(self, operator_id: str) -> str | None:
        row = await self._session.fetch_one(_PASSWORD, key=operator_id)
        found: str | None = None if row is None else row.password_hash
        return found

    async def set_password_hash(self, operator_id: str, password_hash: str | None) -> None:
        """Set it. Raises: NotFound for an operator who has ended."""
        if not await OPERATORS.set(self._session, operator_id, password_hash=password_hash):
            raise NotFound(OPERATORS.kind, operator_id)

    async def end(self, operator_id: str) -> None:
        await OPERATORS.set(self._session, operator_id, until=self._session.carry())
