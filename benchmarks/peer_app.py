"""An ordinary stack doing the same: FastAPI, the ORM of SQLAlchemy with asyncio, aiosqlite.

`python -m benchmarks.peer_app FILE PORT`. An unlock checks the key, looks up person, door and grant, makes
the order and its audit row durable before the door is told, and then its end and a second audit row, as
Rekey does. SQLite runs with the same pragmas.
"""

import asyncio
import hashlib
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import sqlalchemy as sa
import uvicorn
from fastapi import FastAPI, Header, HTTPException
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

PEOPLE, DOORS = 50, 5
KEY = "peer-key"


class Base(DeclarativeBase):
    """The tables."""


class Key(Base):
    __tablename__ = "keys"
    fingerprint: Mapped[str] = mapped_column(primary_key=True)


class Person(Base):
    __tablename__ = "people"
    id: Mapped[str] = mapped_column(primary_key=True)
    blocked: Mapped[bool]


class Door(Base):
    __tablename__ = "doors"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


class Grant(Base):
    __tablename__ = "grants"
    id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(sa.ForeignKey("people.id"), index=True)
    door_id: Mapped[str] = mapped_column(sa.ForeignKey("doors.id"))
    starts: Mapped[float]
    ends: Mapped[float | None]


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[str] = mapped_column(primary_key=True)
    door_id: Mapped[str]
    person_id: Mapped[str]
    state: Mapped[str]


class Audit(Base):
    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[float]
    action: Mapped[str]
    person_id: Mapped[str]
    door_id: Mapped[str]
    order_id: Mapped[str]


class Unlock(BaseModel):
    """Whose access is used."""

    person: str


class Unlocked(BaseModel):
    """The order as it ended."""

    id: str
    door: str
    person: str
    state: str


engine = create_async_engine(f"sqlite+aiosqlite:///{sys.argv[1] if len(sys.argv) > 1 else ':memory:'}")
sessions = async_sessionmaker(engine, expire_on_commit=False)


@sa.event.listens_for(engine.sync_engine, "connect")
def _prepare(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]  # a driver's connection
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@asynccontextmanager
async def _filled(_app: FastAPI) -> AsyncIterator[None]:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with sessions.begin() as session:
        session.add(Key(fingerprint=_fingerprint(KEY)))
        session.add_all(Person(id=f"person-{n}", blocked=False) for n in range(PEOPLE))
        session.add_all(Door(id=f"door-{n}", name=f"Door {n}") for n in range(DOORS))
        await session.flush()
        session.add_all(
            Grant(id=str(uuid4()), person_id=f"person-{p}", door_id=f"door-{d}", starts=0.0, ends=None)
            for p in range(PEOPLE)
            for d in range(DOORS)
        )
    yield


app = FastAPI(lifespan=_filled)


def _fingerprint(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


@app.get("/healthz")
async def hello() -> dict[str, bool]:
    """Answer that the server lives."""
    return {"alive": True}


@app.post("/doors/{door_id}/open")
async def unlock(door_id: str, wanted: Unlock, authorization: str = Header()) -> Unlocked:
    """Decide, order, and tell how it ended."""
    async with sessions() as session:
        order = await _ordered(session, door_id, wanted.person, authorization)
        await session.commit()
    async with sessions() as session:
        kept = await session.get_one(Order, order.id)
        kept.state = "confirmed"
        session.add(_audit("door.opened", kept))
        await session.commit()
    return Unlocked(id=kept.id, door=kept.door_id, person=kept.person_id, state=kept.state)


async def _ordered(session: AsyncSession, door_id: str, person_id: str, authorization: str) -> Order:
    if await session.get(Key, _fingerprint(authorization.removeprefix("Bearer "))) is None:
        raise HTTPException(401)
    person, door = await session.get(Person, person_id), await session.get(Door, door_id)
    if person is None or door is None:
        raise HTTPException(404)
    now = time.time()
    held = sa.select(Grant).where(Grant.person_id == person_id, Grant.door_id == door_id, Grant.starts <= now)
    grants = (await session.scalars(held)).all()
    if person.blocked or not any(grant.ends is None or grant.ends > now for grant in grants):
        raise HTTPException(403)
    order = Order(id=str(uuid4()), door_id=door_id, person_id=person_id, state="sent")
    session.add_all((order, _audit("door.open_requested", order)))
    return order


def _audit(action: str, order: Order) -> Audit:
    return Audit(
        at=time.time(), action=action, person_id=order.person_id, door_id=order.door_id, order_id=order.id
    )


if __name__ == "__main__":
    config = uvicorn.Config(
        app, port=int(sys.argv[2]), http="httptools", log_level="warning", access_log=False
    )
    asyncio.run(uvicorn.Server(config).serve())
