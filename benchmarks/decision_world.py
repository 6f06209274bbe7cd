"""One generated estate for every engine: 10,000 people, 1,000 doors, 101,000 edges, always valid.

Each person holds 7 doors directly and is in 3 groups; each of 100 groups reaches 10 doors.
"""

from dataclasses import dataclass
from random import Random
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeWorld:
    """The edges by id, and the questions with the answers that every engine must give."""

    people: tuple[str, ...]
    doors: tuple[str, ...]
    own: dict[str, tuple[str, ...]]
    groups_of: dict[str, tuple[str, ...]]
    doors_of_group: dict[str, tuple[str, ...]]
    questions: tuple[tuple[str, str], ...]

    def truth(self, person: str, door: str) -> bool:
        """Answer straight from the edges."""
        grouped = (door in self.doors_of_group[group] for group in self.groups_of[person])
        return door in self.own[person] or any(grouped)


def edge_world(*, people: int = 10_000, doors: int = 1_000, questions: int = 20_000) -> EdgeWorld:
    """Generate the world of one fixed seed; half of the questions are own doors, a quarter doors of a group."""
    dice = Random(7)

    def ids(count: int) -> tuple[str, ...]:
        return tuple(str(UUID(int=dice.getrandbits(128), version=4)) for _ in range(count))

    persons, portals, groups = ids(people), ids(doors), ids(doors // 10)
    own = {person: tuple(dice.sample(portals, 7)) for person in persons}
    groups_of = {person: tuple(dice.sample(groups, 3)) for person in persons}
    doors_of_group = {group: tuple(dice.sample(portals, 10)) for group in groups}

    def question() -> tuple[str, str]:
        person, kind = dice.choice(persons), dice.random()
        if kind < 0.5:
            return person, dice.choice(own[person])
        if kind < 0.75:
            return person, dice.choice(doors_of_group[dice.choice(groups_of[person])])
        return person, dice.choice(portals)

    return EdgeWorld(
        people=persons,
        doors=portals,
        own=own,
        groups_of=groups_of,
        doors_of_group=doors_of_group,
        questions=tuple(question() for _ in range(questions)),
    )
