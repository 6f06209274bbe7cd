"""Stories: a tale is told once in YAML and runs with its parts played by every API in turn.

A tale has `people`, `doors`, `parts` (who may play what) and `steps`; a step is one verb with its words.
A word such as `$granting` stands for the API that plays this part in the run at hand.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[1] / "stories"


@dataclass(frozen=True, slots=True)
class Step:
    """A verb and its words; `line` says where in the tale it stands."""

    verb: str
    words: Mapping[str, Any]
    line: int


@dataclass(frozen=True, slots=True)
class Run:
    """One tale with every part given to an API."""

    tale: str
    cast: Mapping[str, str]
    people: Sequence[str]
    doors: Sequence[str]
    steps: Sequence[Step]

    @property
    def name(self) -> str:
        return "-".join([self.tale, *(f"{part}={api}" for part, api in self.cast.items())])


def all_runs() -> list[Run]:
    """Read every tale and give its runs."""
    return [run for path in sorted(FOLDER.glob("*.yaml")) for run in runs_of(path)]


def runs_of(path: Path) -> Iterator[Run]:
    tale = yaml.safe_load(path.read_text(encoding="utf-8"))
    for cast in casts_of(tale.get("parts", {}), every_pairing=tale.get("every_pairing", False)):
        steps = [_step(number, told, cast) for number, told in enumerate(tale["steps"], start=1)]
        yield Run(path.stem, cast, tale["people"], tale["doors"], steps)


def casts_of(parts: Mapping[str, Sequence[str]], *, every_pairing: bool) -> Iterator[dict[str, str]]:
    """Give each API each of its parts at least once; with `every_pairing` beside every other one."""
    if every_pairing:
        for chosen in itertools.product(*parts.values()):
            yield dict(zip(parts, chosen, strict=True))
        return
    for turn in range(max((len(apis) for apis in parts.values()), default=1)):
        # Each part begins one further, so that one API does not play all of them.
        yield {part: apis[(turn + nth) % len(apis)] for nth, (part, apis) in enumerate(parts.items())}


def _step(number: int, told: Mapping[str, Any], cast: Mapping[str, str]) -> Step:
    ((verb, words),) = told.items()
    return Step(verb, {name: _filled(word, cast) for name, word in words.items()}, number)


def _filled(word: Any, cast: Mapping[str, str]) -> Any:
    return cast[word[1:]] if isinstance(word, str) and word.startswith("$") else word
