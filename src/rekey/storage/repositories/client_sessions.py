"""Client sessions."""

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from rekey.domain.client_session import ClientSession
from rekey.ports.listing import Listing, Part
from rekey.storage.conditions import equals
from rekey.storage.engine.clauses import one_of
from rekey.storage.engine.row import Row
from rekey.storage.rows import Rows, Values
from rekey.storage.session import Session
from rekey.storage.tables.upstreams import client_sessions
from rekey.storage.times import instant_of, instant_or_none, micros, micros_or_none


def _read(row: Row) -> ClientSession:
    return ClientSession(
        id=row.id,
        number=row.number,
        key_id=row.key_id,
        person_id=row.person_id,
        external_key=row.external_key,
        customer_key=row.customer_key,
        upstream_ids=tuple(msgspec.json.decode(row.upstream_ids)),
        page_ids=tuple(msgspec.json.decode(row.page_ids)),
        read_only=row.read_only,
        sealed_token=row.sealed_token,
        created_at=instant_of(row.created_at),
        updated_at=instant_of(row.updated_at),
        revoked_at=instant_or_none(row.revoked_at),
        ended_at=instant_or_none(row.ended_at),
    )


def _write(session: ClientSession) -> Values:
    return {
        "id": session.id,
        "number": session.number,
        "key_id": session.key_id,
        "person_id": session.person_id,
        "external_key": session.external_key,
        "customer_key": session.customer_key,
        "upstream_ids": msgspec.json.encode(session.upstream_ids).decode(),
        "page_ids": msgspec.json.encode(session.page_ids).decode(),
        "read_only": session.read_only,
        "sealed_token": session.sealed_token,
        "created_at": micros(session.created_at),
        "updated_at": micros(session.updated_at),
        "revoked_at": micros_or_none(session.revoked_at),
        "ended_at": micros_or_none(session.ended_at),
    }


_PARTS = {
    "person_id": equals(client_sessions.c.person_id, "person_id"),
    "external_key": equals(client_sessions.c.external_key, "external_key"),
    "customer_key": equals(client_sessions.c.customer_key, "customer_key"),
    "ids": one_of(client_sessions.c.id, "ids"),
}
SESSIONS = Rows(
    client_sessions,
    read=_read,
    write=_write,
    alive=sa.text("client_sessions.ended_at IS NULL"),
    filters=_PARTS,
)
STANDING = Rows(
    client_sessions,
    read=_read,
    write=_write,
    alive=sa.text("client_sessions.revoked_at IS NULL AND client_sessions.ended_at IS NULL"),
    unique=(("external_key",),),
)


class SqlClientSessions:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, session: ClientSession) -> None:
        await STANDING.add(self._session, session)

    async def get(self, session_id: str) -> ClientSession | None:
        return await SESSIONS.get(self._session, session_id)

    async def of_key(self, key_id: str) -> ClientSession | None:
        return await SESSIONS.find(self._session, ended=True, key_id=key_id)

    async def by_external_key(self, key: str) -> ClientSession | None:
        return await STANDING.find(self._session, external_key=key)

    async def list(
        self,
        part: Part,
        *,
        person_id: str | None = None,
        external_key: str | None = None,
        customer_key: str | None = None,
        ids: Sequence[str] | None = None,
    ) -> Listing[ClientSession]:
        return await SESSIONS.list(
            self._session,
            part,
            person_id=person_id,
            external_key=external_key,
            customer_key=customer_key,
            ids=ids,
        )

    async def replace(self, session: ClientSession) -> None:
        await SESSIONS.replace(self._session, session)
