"""What acts may have changed, for door logs to follow."""

import sqlalchemy as sa

from rekey.domain.scope import Scope, ScopeKind
from rekey.ports.repositories.doors import Change, ChangeKind
from rekey.storage.conditions import in_organization
from rekey.storage.engine.clauses import upsert
from rekey.storage.engine.row import Row
from rekey.storage.engine.statement import Statement
from rekey.storage.session import Session
from rekey.storage.tables import changes

_KEY = ("organization_id", "position", "kind", "subject_id", "scope_id")
_ADD = upsert(changes, keys=_KEY)
_since = (
    sa.select(changes)
    .where(
        in_organization(changes),
        changes.c.position > sa.bindparam("after", type_=sa.BigInteger, required=True),
    )
    .order_by(changes.c.position, changes.c.kind, changes.c.subject_id)
)
_SINCE = Statement(_since)
_FIRST_SINCE = Statement(_since.limit(sa.bindparam("most", type_=sa.BigInteger, required=True)))


class SqlChanges:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, kind: ChangeKind, subject_id: str, scope: Scope | None = None) -> None:
        """Note the change at the act's position; a second time in one act adds nothing."""
        await self._session.insert(
            _ADD,
            position=self._session.carry(),
            kind=kind.value,
            subject_id=subject_id,
            scope_kind="" if scope is None else scope.kind.value,
            scope_id="" if scope is None else scope.id,
        )

    async def since(self, position: int, *, most: int | None = None) -> tuple[Change, ...]:
        if most is None:
            rows = await self._session.fetch(_SINCE, after=position)
        else:
            rows = await self._session.fetch(_FIRST_SINCE, after=position, most=most)
        return tuple(map(_read, rows))


def _read(row: Row) -> Change:
    scope = Scope(ScopeKind(row.scope_kind), row.scope_id) if row.scope_kind else None
    return Change(row.position, ChangeKind(row.kind), row.subject_id, scope)
