"""What directories provision, where each stands, and its calls."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from rekey.domain.directory import (
    DirectoryAlarm,
    DirectoryCall,
    DirectoryEntry,
    DirectoryKind,
    DirectoryState,
    fold_directory_name,
)
from rekey.storage.conditions import contains, current, equals, in_organization, pattern
from rekey.storage.engine.clauses import one_of, upsert
from rekey.storage.engine.row import Row
from rekey.storage.engine.statement import Statement
from rekey.storage.rows import Rows, Values
from rekey.storage.session import Session
from rekey.storage.tables import people
from rekey.storage.tables.directory import directory_calls, directory_entries, directory_states
from rekey.storage.times import instant_of, instant_or_none, micros, micros_or_none


def _read_entry(row: Row) -> DirectoryEntry:
    return DirectoryEntry(
        kind=DirectoryKind(row.kind),
        id=row.id,
        name=row.name,
        external_id=row.external_id,
        attributes=msgspec.json.decode(row.attributes),
        created_at=instant_of(row.created_at),
        updated_at=instant_of(row.updated_at),
    )


def _write_entry(entry: DirectoryEntry) -> Values:
    return {
        "id": entry.id,
        "kind": entry.kind.value,
        "folded_name": fold_directory_name(entry.name),
        "name": entry.name,
        "external_id": entry.external_id,
        "attributes": msgspec.json.encode(entry.attributes).decode(),
        "created_at": micros(entry.created_at),
        "updated_at": micros(entry.updated_at),
    }


ENTRIES = Rows(
    directory_entries,
    read=_read_entry,
    write=_write_entry,
    unique=(("kind", "folded_name"), ("kind", "external_id")),
    filters={"ids": one_of(directory_entries.c.id, "ids")},
    order="created_at",
)
_END = Statement(
    sa.delete(directory_entries).where(
        in_organization(directory_entries), equals(directory_entries.c.id, "key")
    )
)


def _may_hold(*columns: "sa.ColumnElement[Any]") -> "sa.ColumnElement[bool]":
    foreign = (sa.func.octet_length(column) != sa.func.length(column) for column in columns)
    return sa.or_(contains("text", *columns), *foreign)


def _of_people(condition: "Callable[[sa.Table], sa.ColumnElement[bool]]") -> Statement:
    """Find people by what they are themselves, or by their entries; without repetition."""
    own = sa.select(people.c.id).where(in_organization(people), current(people), condition(people))
    entries = sa.select(directory_entries.c.id).where(
        in_organization(directory_entries),
        directory_entries.c.kind == sa.literal_column(f"'{DirectoryKind.PERSON.value}'"),
        condition(directory_entries),
    )
    return Statement(sa.union(own, entries))


def _texts_of(table: sa.Table) -> "sa.ColumnElement[bool]":
    if table is people:
        return _may_hold(people.c.name, people.c.email, people.c.id)
    return _may_hold(
        directory_entries.c.name, directory_entries.c.external_id, directory_entries.c.attributes
    )


_MENTIONING = _of_people(_texts_of)
_CHANGED_SINCE = _of_people(
    lambda table: table.c.updated_at >= sa.bindparam("at", type_=sa.BigInteger, required=True)
)


class SqlDirectoryEntries:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, entry: DirectoryEntry) -> None:
        await ENTRIES.add(self._session, entry)

    async def get(self, id: str) -> DirectoryEntry | None:  # noqa: A002  # as the port has it
        return await ENTRIES.get(self._session, id)

    async def by_name(self, kind: DirectoryKind, name: str) -> DirectoryEntry | None:
        return await ENTRIES.find(self._session, kind=kind.value, folded_name=fold_directory_name(name))

    async def by_external_id(self, kind: DirectoryKind, external_id: str) -> DirectoryEntry | None:
        return await ENTRIES.find(self._session, kind=kind.value, external_id=external_id)

    async def several(self, ids: Collection[str]) -> dict[str, DirectoryEntry]:
        return {entry.id: entry for entry in await ENTRIES.all(self._session, ids=list(ids))}

    async def people_mentioning(self, text: str) -> frozenset[str]:
        rows = await self._session.fetch(_MENTIONING, text=pattern(text))
        return frozenset(row.id for row in rows)

    async def people_changed_since(self, at: datetime) -> frozenset[str]:
        rows = await self._session.fetch(_CHANGED_SINCE, at=micros(at))
        return frozenset(row.id for row in rows)

    async def replace(self, entry: DirectoryEntry) -> None:
        await ENTRIES.replace(self._session, entry)

    async def end(self, id: str) -> bool:  # noqa: A002  # as the port has it
        return await self._session.change(_END, key=id) > 0


_STATE = Statement(sa.select(directory_states).where(in_organization(directory_states)))
_SAVE = upsert(
    directory_states,
    keys=("organization_id", "id"),
    changes=[column.name for column in directory_states.c if column.name not in {"organization_id", "id"}],
)
_LOG = Statement(sa.insert(directory_calls))
_FORGET = Statement(
    sa.delete(directory_calls).where(
        in_organization(directory_calls),
        directory_calls.c.number <= sa.bindparam("last", type_=sa.BigInteger, required=True),
    )
)
CALLS = Statement(
    sa.select(directory_calls)
    .where(
        in_organization(directory_calls),
        directory_calls.c.number < sa.bindparam("before", type_=sa.BigInteger, required=True),
    )
    .order_by(directory_calls.c.number.desc())
    .limit(sa.bindparam("most", type_=sa.BigInteger, required=True))
)
_THE_ONE = "directory"
_BEYOND_ALL = 2**62


class SqlDirectoryStates:
    """Where an organization's one directory stands."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self) -> DirectoryState:
        row = await self._session.fetch_one(_STATE)
        return DirectoryState() if row is None else _read_state(row)

    async def save(self, state: DirectoryState) -> None:
        await self._session.insert(_SAVE, id=_THE_ONE, **_write_state(state))

    async def log(self, call: DirectoryCall, *, keep: int) -> None:
        await self._session.insert(_LOG, **_write_call(call))
        if call.number > keep:
            await self._session.change(_FORGET, last=call.number - keep)

    async def calls(self, *, limit: int, before: int | None = None) -> tuple[DirectoryCall, ...]:
        rows = await self._session.fetch(CALLS, before=before or _BEYOND_ALL, most=limit)
        return tuple(map(_read_call, rows))


def _read_state(row: Row) -> DirectoryState:
    told: dict[str, int] = msgspec.json.decode(row.told)
    return DirectoryState(
        enabled=row.enabled,
        configured=row.configured,
        ends_sign_ins=row.ends_sign_ins,
        silent_after_hours=row.silent_after_hours,
        leaver_limit=row.leaver_limit,
        leaver_minutes=row.leaver_minutes,
        last_call_at=instant_or_none(row.last_call_at),
        calls=row.calls,
        leavers_since=instant_or_none(row.leavers_since),
        leavers=row.leavers,
        due=frozenset(DirectoryAlarm(name) for name in msgspec.json.decode(row.due)),
        told={DirectoryAlarm(name): instant_of(at) for name, at in told.items()},
        links_door_groups=row.links_door_groups,
    )


def _write_state(state: DirectoryState) -> Values:
    told = {alarm.value: micros(at) for alarm, at in sorted(state.told.items())}
    return {
        "enabled": state.enabled,
        "configured": state.configured,
        "ends_sign_ins": state.ends_sign_ins,
        "silent_after_hours": state.silent_after_hours,
        "leaver_limit": state.leaver_limit,
        "leaver_minutes": state.leaver_minutes,
        "last_call_at": micros_or_none(state.last_call_at),
        "calls": state.calls,
        "leavers_since": micros_or_none(state.leavers_since),
        "leavers": state.leavers,
        "due": msgspec.json.encode(sorted(alarm.value for alarm in state.due)).decode(),
        "told": msgspec.json.encode(told).decode(),
        "links_door_groups": state.links_door_groups,
    }


def _read_call(row: Row) -> DirectoryCall:
    return DirectoryCall(
        number=row.number,
        at=instant_of(row.at),
        method=row.method,
        path=row.path,
        status=row.status,
        outcome=row.outcome,
        sent=row.sent,
        subject_id=row.subject_id,
        key_id=row.key_id,
        address=row.address,
    )


def _write_call(call: DirectoryCall) -> Values:
    return {
        "number": call.number,
        "at": micros(call.at),
        "method": call.method,
        "path": call.path,
        "status": call.status,
        "outcome": call.outcome,
        "sent": call.sent,
        "subject_id": call.subject_id,
        "key_id": call.key_id,
        "address": call.address,
    }
