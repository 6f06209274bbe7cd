"""Random worlds, small enough that everything in them collides, with instants that lie on edges."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, NamedTuple, TypeVar

from rekey.domain.role import Role
from tests.property.naive import CLOCKS, LET_IN
from tests.property.rows import (
    AsksRow,
    BlockRow,
    CredentialRow,
    DoorRow,
    EnrolmentRow,
    GivenRow,
    GrantRow,
    LinkRow,
    MembershipRow,
    Question,
    RevocationRow,
    RuleRow,
    ScheduleRow,
    WindowRow,
    World,
)

T = TypeVar("T")

ZONES = tuple(CLOCKS)
SPELLINGS = (*ZONES, "UTC", "UTC", "UTC")
ROLES = (*[role.value for role in Role], "basic", "basic", "basic")
CAUSES = ("operator", "access_switch", "directory", "suspension", "leaver", "lockdown", "lockdown")
STATES = (*["active"] * 6, "suspended", "ended", "inactive", "unassigned")
WINDOW_EDGES = (0, 15, 60, 90, 120, 150, 165, 180, 1320, 1410, 1439)
POINTS = (0, 1, 10)
RADII = (100, 300, 2_000)
LISTED = ("10.0.0.0/8", "192.0.2.7", "2001:db8::/32")
ASKED = {
    "door": ("addresses", "windows", "hours", "hours", "radius", "proximity"),
    "door_group": ("app", "hours", "hours", "primary", "managed", "tap", "radius", "proximity"),
}
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
_MINUTE = timedelta(minutes=1)
_TICK = timedelta(microseconds=1)
_STEPS = tuple(timedelta(minutes=m) for m in (-1440, -60, -30, -1, 0, 0, 1, 30, 60, 90, 1440))
_TICKS = (-_TICK, timedelta(), timedelta(), _TICK)


def _turning_points() -> tuple[datetime, ...]:
    """Give the clock changes of 2026 and one midnight of an ordinary day of each zone."""
    points = [since for changes in CLOCKS.values() for since, _ in changes if since.year == 2026]
    noonless = datetime(2026, 6, 11, tzinfo=UTC)
    for changes in CLOCKS.values():
        offset = next(minutes for since, minutes in reversed(changes) if since <= noonless)
        points.append(noonless - offset * _MINUTE)
    return tuple(points)


TURNING_POINTS = _turning_points()


class _Names(NamedTuple):
    people: tuple[str, ...]
    doors: tuple[str, ...]
    teams: tuple[str, ...] = ("t1", "t2")
    groups: tuple[str, ...] = ("g1", "g2")
    sites: tuple[str, ...] = ("s1", "s2")
    links: tuple[str, ...] = ("l1", "l2")

    @property
    def askers(self) -> tuple[str, ...]:
        return (*self.people, *self.people, *self.links)


class _Dice:
    """One world's chances: ids of that world, times around one turning point, positions 1 to 9."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.chance = rng.random
        self.around = self.pick(TURNING_POINTS)
        self.names = _Names(
            ("p1", "p2", "p3")[: self.up_to(3) or 1], ("d1", "d2", "d3")[: self.up_to(3) or 1]
        )

    def pick(self, options: tuple[T, ...]) -> T:
        return options[int(self.chance() * len(options))]

    def up_to(self, most: int) -> int:
        return int(self.chance() * (most + 1))

    def several(self, most: int, make: Callable[[int], T]) -> tuple[T, ...]:
        return tuple(make(number) for number in range(self.up_to(most)))

    def instant(self) -> datetime:
        return self.around + self.pick(_STEPS)

    def maybe_instant(self) -> datetime | None:
        return self.instant() if self.chance() < 0.3 else None

    def span(self) -> tuple[datetime | None, datetime | None]:
        start, end = self.maybe_instant(), self.maybe_instant()
        if start is not None and end is not None and end <= start:
            return None, end
        return start, end

    def scope(self) -> tuple[str, str]:
        names = self.names
        kind = self.pick(("door", "door", "door_group", "site", "organization"))
        if kind == "organization":
            return kind, "o2" if self.chance() < 0.05 else "o1"
        return kind, self.pick({"door": names.doors, "door_group": names.groups, "site": names.sites}[kind])

    def schedule(self) -> ScheduleRow:
        near = (self.around + timedelta(hours=11)).date()
        exceptions = self.several(2, lambda _: near + timedelta(days=self.up_to(3) - 2))
        return ScheduleRow(self.several(2, lambda _: self.window()), exceptions)

    def window(self) -> WindowRow:
        one_day = ((self.around.weekday() + self.up_to(2) - 1) % 7,)
        days = EVERY_DAY if self.chance() < 0.5 else one_day
        return WindowRow(days, self.pick(WINDOW_EDGES), self.pick(WINDOW_EDGES))


def random_world(rng: Random) -> World:
    """Make one world; everything comes from the generator, so a seed names a world."""
    dice = _Dice(rng)
    names = dice.names
    return World(
        spelled_in=dice.pick(SPELLINGS),
        around=dice.around,
        sites={site: dice.pick(ZONES) for site in names.sites},
        doors={door: DoorRow(dice.pick(names.sites), _organization(dice)) for door in names.doors},
        group_doors=dice.several(4, lambda _: (dice.pick(names.groups), dice.pick(names.doors))),
        people={person: _organization(dice) for person in names.people},
        credentials={f"c{n}": _credential(dice) for n in range(dice.up_to(2))},
        memberships=tuple(
            MembershipRow(team, person, dice.up_to(9), dice.chance() < 0.3)
            for team in names.teams
            for person in names.people
            if dice.chance() < 0.5
        ),
        grants=dice.several(5, lambda number: _grant(dice, number)),
        revocations=dice.several(2, lambda number: _revocation(dice, number)),
        blocks=dice.several(3, lambda number: _block(dice, number)) if dice.chance() < 0.4 else (),
        enrolments=tuple(
            EnrolmentRow(f"e{person}{site}", person, site, *dice.span())
            for person in names.people
            for site in names.sites
            if dice.chance() < 0.2
        ),
        **_circumstances(dice),
        links={link: _link(dice) for link in names.links if dice.chance() < 0.6},
        lost=dice.several(4, lambda _: (f"r{dice.up_to(4)}", dice.pick(names.doors)))
        if dice.chance() < 0.3
        else (),
    )


def _circumstances(dice: _Dice) -> dict[str, Any]:
    """Make what is asked beside grants, in every third world."""
    if dice.chance() < 0.65:
        return {"asks": {}, "rules": (), "points": {}}
    doors = [("door", door) for door in dice.names.doors if dice.chance() < 0.6]
    groups = [("door_group", group) for group in dice.names.groups if dice.chance() < 0.8]
    asks = {subject: _asks(dice, subject[0]) for subject in (*doors, *groups)}
    timed = tuple(subject for subject, row in asks.items() if row.hours)
    return {
        "asks": asks,
        "rules": dice.several(4, lambda _: _rule(dice, dice.pick(timed))) if timed else (),
        "points": {door: dice.pick(POINTS) for door in dice.names.doors if dice.chance() < 0.8},
    }


def _asks(dice: _Dice, kind: str) -> AsksRow:
    """Let each thing be asked for alone as often as with others, so that each decides now and then."""
    asked = {name for name in ASKED[kind] if dice.chance() < 0.15} | {dice.pick(ASKED[kind])}
    return AsksRow(
        app="app" not in asked,
        tap="tap" in asked,
        primary="primary" in asked,
        managed="managed" in asked,
        radius=dice.pick(RADII) if "radius" in asked else None,
        proximity="proximity" in asked,
        hours="hours" in asked,
        addresses=dice.several(2, lambda _: dice.pick(LISTED)) if "addresses" in asked else (),
        windows=dice.several(2, lambda _: (dice.window(), dice.pick(ZONES))) if "windows" in asked else (),
    )


def _rule(dice: _Dice, subject: tuple[str, str]) -> RuleRow:
    kind = dice.pick(("weekly", "weekly", "single", "days"))
    schedule, start = dice.schedule(), dice.instant()
    return RuleRow(
        subject=subject,
        window=dice.window() if kind == "weekly" else None,
        zone=dice.pick(ZONES) if dice.chance() < 0.3 else "",
        exceptions=schedule.exceptions,
        span=(start, start + timedelta(hours=2)) if kind == "single" else None,
        days=tuple((dice.around + timedelta(days=day)).date() for day in (-1, 0, 1) if dice.chance() < 0.5),
        enabled=dice.chance() < 0.85,
        override=dice.chance() < 0.25,
    )


def random_given(rng: Random, world: World) -> GivenRow:
    """Ask in some way, with more or less proof of it, where anything asks."""
    if not world.asks:
        return GivenRow()
    return GivenRow(
        means=_one_of(rng, ("app", "app", "link", "reader", "cloud", "direct")),
        address=_one_of(rng, tuple(LET_IN)),
        at=_one_of(rng, (*POINTS, *POINTS, None)),
        at_reader=rng.random() < 0.5,
        primary=rng.random() < 0.5,
        managed=rng.random() < 0.5,
    )


def random_question(rng: Random, world: World) -> Question:
    """Ask about someone and somewhere in the world, now and then about nobody or nowhere."""
    askers = tuple(world.links) if world.links and rng.random() < 0.3 else tuple(world.people)
    person = _one_of(rng, askers) if rng.random() < 0.99 else "p9"
    door = _one_of(rng, tuple(world.doors)) if rng.random() < 0.99 else "d9"
    owned = tuple(name for name, row in world.credentials.items() if row.person in {person, ""})
    unknown = () if owned and rng.random() < 0.9 else ("c9",)
    credential = _one_of(rng, owned + unknown) if rng.random() < (0.5 if owned else 0.02) else ""
    named = edges_of(world) if rng.random() < 0.5 else ()
    instant = _one_of(rng, named) if named else world.around + _one_of(rng, _STEPS)
    given = random_given(rng, world)
    second = _one_of(rng, ("", "4711", "4711", "0000")) if credential else ""
    return Question(person, door, instant + _one_of(rng, _TICKS), credential, given, second)


def edges_of(world: World) -> tuple[datetime, ...]:
    """Give each instant that some row names."""
    spans: list[datetime | None] = [row.until for row in world.blocks]
    spans += [edge for row in world.grants for edge in (row.start, row.end)]
    spans += [edge for row in world.enrolments for edge in (row.start, row.end)]
    spans += [edge for row in world.rules if row.span for edge in row.span]
    spans += [edge for row in world.links.values() for edge in (row.start, row.end)]
    spans += [edge for row in world.credentials.values() for edge in (row.start, row.end)]
    return tuple(edge for edge in spans if edge is not None)


def _one_of(rng: Random, options: tuple[T, ...]) -> T:
    return options[int(rng.random() * len(options))]


def _organization(dice: _Dice) -> str:
    return "o2" if dice.chance() < 0.03 else "o1"


def _credential(dice: _Dice) -> CredentialRow:
    state = dice.pick(STATES)
    holder = "" if state == "unassigned" else dice.pick(dice.names.askers)
    doors = dice.several(2, lambda _: dice.pick(dice.names.doors)) if dice.chance() < 0.4 else ()
    most = dice.up_to(2) or None if dice.chance() < 0.3 else None
    second = "4711" if dice.chance() < 0.2 else ""
    return CredentialRow(
        holder, state, *dice.span(), tuple(dict.fromkeys(doors)), most, dice.up_to(2), second
    )


def _link(dice: _Dice) -> LinkRow:
    person = dice.pick((*dice.names.people, "p9")) if dice.chance() < 0.5 else ""
    most = dice.up_to(2) or None if dice.chance() < 0.4 else None
    return LinkRow(_organization(dice), person, *dice.span(), most, dice.up_to(2))


def _grant(dice: _Dice, number: int) -> GrantRow:
    to_whom = dice.chance()
    holder = ("team", dice.pick(dice.names.teams)) if to_whom < 0.4 else _single(dice, to_whom < 0.6)
    start, end = dice.span()
    return GrantRow(
        id=f"r{number}",
        holder=holder,
        scope=dice.scope(),
        role=dice.pick(ROLES),
        start=start,
        end=end,
        schedule=dice.schedule() if dice.chance() < 0.4 else None,
        position=dice.up_to(9),
        automation=dice.chance() < 0.3,
    )


def _single(dice: _Dice, to_link: bool) -> tuple[str, str]:
    return ("link", dice.pick(dice.names.links)) if to_link else ("person", dice.pick(dice.names.people))


def _revocation(dice: _Dice, number: int) -> RevocationRow:
    return RevocationRow(
        f"v{number}", dice.pick(dice.names.askers), dice.scope(), dice.up_to(9), dice.chance() < 0.3
    )


def _block(dice: _Dice, number: int) -> BlockRow:
    names = dice.names
    enrolment = f"e{dice.pick(names.people)}{dice.pick(names.sites)}"
    subject = dice.pick(
        (
            ("organization", "o2" if dice.chance() < 0.5 else "o1"),
            ("site", dice.pick(names.sites)),
            ("door", dice.pick(names.doors)),
            ("person", dice.pick(names.people)),
            ("enrolment", enrolment),
            ("team", "t1"),
            ("team", "t1"),
            ("team", "t2"),
            ("credential", "c0"),
            ("link", dice.pick(names.links)),
        )
    )
    return BlockRow(f"b{number}", subject, dice.pick(CAUSES), dice.maybe_instant(), dice.up_to(9))
