"""An organization in a store under test, and short ways to act on it and to read it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import uuid4

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from rekey.domain.estate import Organization
from rekey.domain.ids import OrganizationId
from rekey.domain.journal import JournalRow, Outcome
from rekey.ports.store import Store, UnitOfWork, View
from rekey.testing.frozen_clock import NOON

T = TypeVar("T")


class PlainSigner:
    """A JournalSigner with a key of its own."""

    def __init__(self) -> None:
        self._key: Final = SigningKey.generate()
        self.name: Final = "rekey-test"
        self.public_key: Final = bytes(self._key.verify_key)

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message).signature

    def verify(self, message: bytes, signature: bytes) -> bool:
        try:
            VerifyKey(self.public_key).verify(message, signature)
        except BadSignatureError:
            return False
        return True


def new_id() -> str:
    return str(uuid4())


def a_row(work: UnitOfWork, *, at: datetime = NOON, action: str = "thing.done", **parts: Any) -> JournalRow:
    """Make the journal row of an act."""
    given = {"outcome": Outcome.DONE, "via": "suite"} | parts
    return JournalRow(position=work.position, id=new_id(), at=at, action=action, **given)


class World:
    """One organization; `other` gives a second one in the same store."""

    def __init__(self, store: Store, signer: PlainSigner) -> None:
        self.store = store
        self.signer = signer
        self.organization_id = OrganizationId(new_id())

    async def found(self, *, domain: str | None = None, created_at: datetime = NOON) -> None:
        organization = Organization(
            id=self.organization_id,
            name="Acme",
            domain=domain or f"{self.organization_id}.test",
            created_at=created_at,
        )
        await self.act(lambda work: work.organizations.add(organization))

    async def other(self) -> "World":
        world = World(self.store, self.signer)
        await world.found()
        return world

    async def act(self, work: Callable[[UnitOfWork], Awaitable[T]], **row: Any) -> T:
        """Run the work in an act that records a plain journal row after it."""

        async def run(unit: UnitOfWork) -> T:
            result = await work(unit)
            await unit.record(a_row(unit, **row))
            return result

        return await self.store.act(self.organization_id, run)

    async def acts(self, work: Callable[[UnitOfWork], Awaitable[T]], times: int) -> list[T]:
        """Run so many acts at once."""
        return list(await asyncio.gather(*(self.act(work) for _ in range(times))))

    async def read(self, work: Callable[[View], Awaitable[T]]) -> T:
        return await self.store.read(self.organization_id, work)

    async def position(self) -> int:
        return await self.read(_position)


async def nothing(_work: View) -> None:
    """Work that only takes its place in the order."""


async def _position(view: View) -> int:
    return view.position
