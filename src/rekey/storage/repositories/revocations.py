"""Revocations: written once, never changed."""

from rekey.domain.grant import HolderKind
from rekey.domain.revocation import Revocation
from rekey.domain.scope import Scope, ScopeKind
from rekey.ports.listing import Listing, Part
from rekey.storage.conditions import equals
from rekey.storage.engine.row import Row
from rekey.storage.rows import Rows, Values
from rekey.storage.session import Session
from rekey.storage.tables import revocations
from rekey.storage.times import instant_of, micros


def read_revocation(row: Row) -> Revocation:
    return Revocation(
        id=row.id,
        person_id=row.person_id,
        scope=Scope(ScopeKind(row.scope_kind), row.scope_id),
        leaving=row.leaving,
        position=row.position,
        by_automation=row.by_automation,
        revoked_by=row.revoked_by,
        via=row.via,
        reason=row.reason,
        at=instant_of(row.at),
        holder_kind=HolderKind(row.holder_kind),
    )


def _write(revocation: Revocation) -> Values:
    return {
        "id": revocation.id,
        "person_id": revocation.person_id,
        "scope_kind": revocation.scope.kind.value,
        "scope_id": revocation.scope.id,
        "leaving": revocation.leaving,
        "position": revocation.position,
        "by_automation": revocation.by_automation,
        "revoked_by": revocation.revoked_by,
        "via": revocation.via,
        "reason": revocation.reason,
        "at": micros(revocation.at),
        "holder_kind": revocation.holder_kind.value,
    }


REVOCATIONS = Rows(
    revocations,
    read=read_revocation,
    write=_write,
    order="position",
    filters={"person_id": equals(revocations.c.person_id, "person_id")},
)


class SqlRevocations:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, revocation: Revocation) -> None:
        await REVOCATIONS.add(self._session, revocation)

    async def get(self, revocation_id: str) -> Revocation | None:
        return await REVOCATIONS.get(self._session, revocation_id)

    async def list(
        self, part: Part, *, person_id: str | None = None, newest_first: bool = True
    ) -> Listing[Revocation]:
        return await REVOCATIONS.list(self._session, part, newest_first=newest_first, person_id=person_id)
