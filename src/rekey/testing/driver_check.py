"""One promise of a driver as a value: its sentence, when it applies, and the proof."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from rekey.domain.errors import CoreError
from rekey.ports.door_driver import Ability
from rekey.testing.driver_bench import DriverBench

Proof = Callable[[DriverBench], Awaitable[None]]


class BrokenPromise(AssertionError):
    """The driver did not do what every driver promises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverCheck:
    """A promise and its proof; it applies to drivers that claim all of `needs` and none of `lacks`."""

    sentence: str
    proof: Proof
    needs: frozenset[Ability] = frozenset()
    lacks: frozenset[Ability] = frozenset()

    def applies_to(self, abilities: frozenset[Ability]) -> bool:
        return self.needs <= abilities and not self.lacks & abilities

    async def prove(self, bench: DriverBench) -> None:
        """Try the promise on a fresh bench.

        Raises: BrokenPromise, also for an error of the core that the promise does not speak of; any
        other exception of the driver passes through, because a driver raises core errors only.
        """
        try:
            await self.proof(bench)
        except CoreError as error:
            raise BrokenPromise(f"{self.sentence}: the driver raised {error!r}") from error


@dataclass(frozen=True, slots=True)
class Chapter:
    """Checks on one subject, filled by the decorator `promise`."""

    checks: list[DriverCheck] = field(default_factory=list)

    def promise(self, *needs: Ability, lacks: frozenset[Ability] = frozenset()) -> Callable[[Proof], Proof]:
        """Add the decorated proof; its name, read as a sentence, is the promise."""

        def add(proof: Proof) -> Proof:
            sentence = proof.__name__.replace("_", " ")
            self.checks.append(
                DriverCheck(sentence=sentence, proof=proof, needs=frozenset(needs), lacks=lacks)
            )
            return proof

        return add


def hold(truth: bool, otherwise: str) -> None:
    """Go on if it is true, else break the promise with what was seen instead."""
    if not truth:
        raise BrokenPromise(otherwise)


async def refuses(call: Awaitable[object], error: type[CoreError]) -> None:
    """Await a call that must raise this error of the core."""
    try:
        await call
    except error:
        return
    except CoreError as other:
        raise BrokenPromise(f"{error.__name__} was due, the driver raised {other!r}") from other
    raise BrokenPromise(f"{error.__name__} was due, the driver said yes")
