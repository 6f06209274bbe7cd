"""One promise of a store as a value: its sentence and its proof on a fresh world."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from rekey.testing.storage_world import World

Proof = Callable[[World], Awaitable[None]]


class BrokenPromise(AssertionError):
    """The store did not do what every store promises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreCheck:
    """A promise and its proof, on a world with one founded organization."""

    sentence: str
    proof: Proof

    async def prove(self, world: World) -> None:
        """Try the promise. Raises: BrokenPromise; whatever the store raised where it should not have."""
        await world.found()
        await self.proof(world)


@dataclass(frozen=True, slots=True)
class Chapter:
    """Checks on one subject, filled by the decorator `promise`."""

    checks: list[StoreCheck] = field(default_factory=list)

    def promise(self, proof: Proof) -> Proof:
        """Add the proof; its name, read as a sentence, is the promise."""
        self.checks.append(StoreCheck(sentence=proof.__name__.replace("_", " "), proof=proof))
        return proof


def same(found: object, wanted: object) -> None:
    """Go on if the two are equal, else break the promise with both."""
    if found != wanted:
        raise BrokenPromise(f"{wanted!r} was due, the store gave {found!r}")


async def refuses(call: Awaitable[object], error: type[Exception]) -> Exception:
    """Await a call that must raise this error, and give it."""
    try:
        await call
    except error as refused:
        return refused
    raise BrokenPromise(f"{error.__name__} was due, the store said yes")
