"""Keys of operators."""

from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa

from rekey.domain.canonical import canonical_json
from rekey.domain.operator import Key, KeyKind
from rekey.domain.role import Permission
from rekey.ports.listing import Listing, Part
from rekey.storage.conditions import equals, in_organization
from rekey.storage.engine.row import Row
from rekey.storage.engine.statement import Statement
from rekey.storage.rows import Rows, Values
from rekey.storage.session import Session
from rekey.storage.tables import keys
from rekey.storage.times import instant_of, instant_or_none, micros, micros_or_none


def _read_permissions(text: str | None) -> frozenset[Permission] | None:
    return None if text is None else frozenset(map(Permission, msgspec.json.decode(text)))


def _write_permissions(permissions: frozenset[Permission] | None) -> str | None:
    if permissions is None:
        return None
    return canonical_json(sorted(permission.value for permission in permissions)).decode()


def _read(row: Row) -> Key:
    return Key(
        id=row.id,
        number=row.number,
        operator_id=row.operator_id,
        kind=KeyKind(row.kind),
        name=row.name,
        via=row.via,
        hint=row.hint,
        permissions=_read_permissions(row.permissions),
        expires_at=instant_or_none(row.expires_at),
        created_at=instant_of(row.created_at),
        ended_at=instant_or_none(row.ended_at),
        is_primary=row.is_primary,
        last_used_at=instant_or_none(row.last_used_at),
        idle_limit=None if row.idle_seconds is None else timedelta(seconds=row.idle_seconds),
        about=() if row.about is None else tuple(sorted(msgspec.json.decode(row.about).items())),
        consent_id=row.consent_id,
    )


def _write(key: Key) -> Values:
    return {
        "id": key.id,
        "number": key.number,
        "operator_id": key.operator_id,
        "kind": key.kind.value,
        "name": key.name,
        "via": key.via,
        "hint": key.hint,
        "permissions": _write_permissions(key.permissions),
        "expires_at": micros_or_none(key.expires_at),
        "created_at": micros(key.created_at),
        "ended_at": micros_or_none(key.ended_at),
        "is_primary": key.is_primary,
        "last_used_at": micros_or_none(key.last_used_at),
        "idle_seconds": None if key.idle_limit is None else int(key.idle_limit.total_seconds()),
        "about": canonical_json(dict(key.about)).decode() if key.about else None,
        "consent_id": key.consent_id,
    }


_NOT_ENDED = keys.c.ended_at.is_(None)
KEYS = Rows(
    keys,
    read=_read,
    write=_write,
    alive=_NOT_ENDED,
    filters={"operator_id": equals(keys.c.operator_id, "operator_id"), "kind": equals(keys.c.kind, "kind")},
)
_ALL_OF = sa.update(keys).where(in_organization(keys), equals(keys.c.operator_id, "operator"), _NOT_ENDED)
_AT = {"ended_at": sa.bindparam("at", type_=sa.BigInteger, required=True)}
_END_ALL = Statement(_ALL_OF.values(_AT))
_END_ALL_OF_KIND = Statement(_ALL_OF.where(equals(keys.c.kind, "of_kind")).values(_AT))


class SqlKeys:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, key: Key, secret_fingerprint: str) -> None:
        await KEYS.add(self._session, key, secret_fingerprint=secret_fingerprint)

    async def get(self, key_id: str) -> Key | None:
        return await KEYS.get(self._session, key_id, ended=True)

    async def by_number(self, number: int) -> Key | None:
        """Find a key, ended ones too."""
        return await KEYS.find(self._session, ended=True, number=number)

    async def by_secret(self, secret_fingerprint: str) -> Key | None:
        return await KEYS.find(self._session, ended=True, secret_fingerprint=secret_fingerprint)

    async def list(
        self, part: Part, *, operator_id: str | None = None, kind: KeyKind | None = None
    ) -> Listing[Key]:
        return await KEYS.list(
            self._session, part, operator_id=operator_id, kind=None if kind is None else kind.value
        )

    async def replace(self, key: Key) -> None:
        """Change a key. Raises: NotFound for one that has ended."""
        await KEYS.replace(self._session, key)

    async def touch(self, key_id: str, at: datetime) -> bool:
        return await KEYS.set(self._session, key_id, last_used_at=micros(at))

    async def prolong(self, key_id: str, until: datetime) -> bool:
        return await KEYS.set(self._session, key_id, expires_at=micros(until))

    async def end(self, key_id: str, at: datetime) -> bool:
        return await KEYS.set(self._session, key_id, ended_at=micros(at))

    async def end_all(self, operator_id: str, at: datetime, *, kind: KeyKind | None = None) -> int:
        if kind is None:
            return await self._session.change(_END_ALL, operator=operator_id, at=micros(at))
        return await self._session.change(
            _END_ALL_OF_KIND, operator=operator_id, at=micros(at), of_kind=kind.value
        )
