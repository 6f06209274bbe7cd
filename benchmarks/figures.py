"""What a benchmark gives back: ratios of two contenders that ran in turn, against a floor or a ceiling."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How long to measure. `seconds` is for one contender in one round; `quick` also shrinks the data."""

    rounds: int = 5
    seconds: float = 2.0
    quick: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """One line of the table: a figure of each round, and the bound beyond which something is broken."""

    number: str
    name: str
    rounds: tuple[float, ...]
    bound: float
    at_most: bool = False
    detail: str = ""

    @property
    def value(self) -> float:
        return median(self.rounds)

    @property
    def spread(self) -> tuple[float, float]:
        return min(self.rounds), max(self.rounds)

    @property
    def holds(self) -> bool:
        return self.value <= self.bound if self.at_most else self.value >= self.bound

    @property
    def verdict(self) -> str:
        if self.holds:
            return "ok"
        return "ABOVE THE CEILING" if self.at_most else "BELOW THE FLOOR"


Tell = Callable[[str], None]
"""Says what is being measured now."""


def quotients(above: Sequence[float], below: Sequence[float]) -> tuple[float, ...]:
    """Divide round by round, so that a slow minute of the machine hits both sides."""
    return tuple(over / under for over, under in zip(above, below, strict=True))


def shown(value: float) -> str:
    """Write a number with about three digits that count."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def per_second(values: Sequence[float]) -> str:
    return f"{shown(median(values))}/s"


def microseconds(seconds: float) -> str:
    return f"{shown(seconds * 1e6)} us"
