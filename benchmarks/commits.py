"""Ratios 7 and 8: what the one writer makes durable, against the same disk written by hand.

Twice: a bare row, which is what the writer itself costs, and the least whole act, which adds the journal
row, its leaf in the tree and a signed checkpoint.
"""

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from uuid import uuid4

import sqlalchemy as sa

from benchmarks.figures import Effort, Ratio, Tell, per_second, quotients
from benchmarks.machine import SERVER_CORE, pinned, raw_commits, scratch
from rekey.app.serve import loop_factory
from rekey.domain.estate import Organization
from rekey.domain.ids import OrganizationId
from rekey.ports.store import UnitOfWork
from rekey.storage.engine.connection import Connection
from rekey.storage.engine.sqlite import SqliteDatabase
from rekey.storage.engine.statement import Statement
from rekey.storage.store import open_store
from rekey.storage.writer import Writer
from rekey.testing.frozen_clock import NOON
from rekey.testing.storage_world import PlainSigner, a_row

CALLERS = (1, 32, 256)
_FLOORS = {1: 0.35, 32: 5.0, 256: 9.0}
_ROWS = sa.Table(
    "rows",
    sa.MetaData(),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)
_INSERT = Statement(sa.insert(_ROWS))
_BODY = "x" * 160
Once = Callable[[], Awaitable[object]]


@dataclass
class _Unit:
    connection: Connection
    after_commit: Sequence[Callable[[], None]] = ()


class _BareHooks:
    """Hooks that add nothing to a batch."""

    async def open_batch(self, connection: Connection, organization_ids: Sequence[str]) -> Connection:
        return connection

    def snapshot(self, batch: Connection, organization_id: str) -> None:
        return None

    def begin(self, batch: Connection, organization_id: str) -> _Unit:
        return _Unit(batch)

    def undo(self, batch: Connection, organization_id: str, snapshot: object) -> None:
        return None

    async def close_batch(self, batch: Connection) -> None:
        return None


def run(effort: Effort, tell: Tell) -> list[Ratio]:
    """Measure raw writes, then both kinds of act with each number of callers, in each round."""
    with (
        scratch() as directory,
        pinned(SERVER_CORE),
        asyncio.Runner(loop_factory=loop_factory("auto")) as runner,
    ):
        return runner.run(_run(effort, directory, tell))


async def _run(effort: Effort, directory: Path, tell: Tell) -> list[Ratio]:
    raw: list[float] = []
    rates: dict[tuple[str, int], list[float]] = {}
    async with _Bare(directory) as bare, _Whole(directory) as whole:
        for number in range(effort.rounds):
            for callers in CALLERS:
                tell(f"round {number + 1}, {callers} callers")
                for name, once in (("bare row", bare.once), ("whole act", whole.once)):
                    rates.setdefault((name, callers), []).append(
                        await _rate(once, callers, effort.seconds / 2)
                    )
            # Here, between the contenders: the disk of a shared machine changes its mind.
            raw.append(raw_commits(directory, effort.seconds / 4)[0])
    return [_ratio(name, callers, rate, raw) for (name, callers), rate in sorted(rates.items())]


def _ratio(name: str, callers: int, rate: list[float], raw: list[float]) -> Ratio:
    plural = "caller" if callers == 1 else "callers"
    return Ratio(
        number="7" if callers == 1 else "8",
        name=f"{name}, {callers} {plural} / raw overwrite+fdatasync",
        rounds=quotients(rate, raw),
        bound=_FLOORS[callers],
        detail=f"{per_second(rate)} against {per_second(raw)}",
    )


async def _rate(once: Once, callers: int, seconds: float) -> float:
    done = 0
    began = time.perf_counter()
    until = began + seconds

    async def call() -> None:
        nonlocal done
        while time.perf_counter() < until:
            await once()
            done += 1

    await asyncio.gather(*(call() for _ in range(callers)))
    return done / (time.perf_counter() - began)


class _Bare:
    """The writer over one table of one row's width."""

    def __init__(self, directory: Path) -> None:
        file = directory / "bare.db"
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("CREATE TABLE rows (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID")
        self._database = SqliteDatabase(file)
        self._writer: Writer[Connection, _Unit] = Writer(self._database, _BareHooks())

    async def __aenter__(self) -> Self:
        await self._writer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._writer.close()
        await self._database.close()

    async def once(self) -> int:
        return await self._writer.submit("bench", _insert)


async def _insert(unit: _Unit) -> int:
    return await unit.connection.execute(_INSERT, id=str(uuid4()), body=_BODY)


class _Whole:
    """The store as the server opens it; the act does nothing but record its journal row."""

    def __init__(self, directory: Path) -> None:
        self._file = directory / "whole.db"
        self._organization_id = OrganizationId(str(uuid4()))

    async def __aenter__(self) -> Self:
        self._store = await open_store(self._file, PlainSigner())
        await self._store.act(self._organization_id, self._found)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._store.close()

    async def once(self) -> None:
        await self._store.act(self._organization_id, _record)

    async def _found(self, unit: UnitOfWork) -> None:
        acme = Organization(id=self._organization_id, name="Acme", domain="acme.test", created_at=NOON)
        await unit.organizations.add(acme)
        await unit.record(a_row(unit))


async def _record(unit: UnitOfWork) -> None:
    await unit.record(a_row(unit))
