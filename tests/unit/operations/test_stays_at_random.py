"""Stays against a naive model: random bookings, uses and passing days give the same ways in."""

from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from rekey.domain.bundle import MediumKind
from rekey.domain.decision import Granted
from rekey.domain.validity import Validity
from rekey.operations.bundle_media import WantedMedium
from rekey.operations.give_bundle import GiveBundle, give_bundle
from rekey.operations.open_door import OpenDoor, open_door
from rekey.testing.frozen_clock import NOON, FrozenClock
from tests.support.world import open_world
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio

SEEDS, STEPS = 12, 25
DAY = timedelta(days=1)


class Naive:
    """Each booking is a list of what happened to it; nothing here is shared with the server."""

    def __init__(self) -> None:
        self.bookings: list[tuple[str, datetime, datetime, datetime]] = []  # guest, made, from, until
        self.used: set[tuple[str, str]] = set()
        self.shut: set[tuple[str, str]] = set()

    def begun(self, guest: str) -> tuple[datetime, int]:
        at = next(i for i, one in enumerate(self.bookings) if one[0] == guest)
        _guest, made, start, _until = self.bookings[at]
        return max(made, start), at

    def may(self, guest: str, door: str, now: datetime) -> bool:
        open_now = any(start <= now < until for who, _, start, until in self.bookings if who == guest)
        return open_now and (guest, door) not in self.shut

    def use(self, guest: str, door: str, now: datetime) -> None:
        if not self.may(guest, door, now) or (guest, door) in self.used:
            return
        self.used.add((guest, door))
        for other, *_ in self.bookings:
            if other != guest and self.begun(other)[0] <= now and self.begun(other) < self.begun(guest):
                self.shut.add((other, door))


async def book(acme: Acme, naive: Naive, doors: tuple[str, ...], dice: Random) -> str:
    guest = await acme.person(f"Guest {len(naive.bookings)}")
    start = acme.clock.now() + DAY * dice.choice((-1, 0, 0, 1, 2, 5))
    until = acme.clock.now() + DAY * dice.choice((6, 8, 30))
    wanted = GiveBundle(
        person_id=guest,
        stay_key=f"r{guest}",
        validity=Validity(start=start, end=until),
        door_ids=doors,
        media=(WantedMedium(kind=MediumKind.CLOUD_KEY),),
    )
    await acme.do(give_bundle, wanted)
    naive.bookings.append((guest, acme.clock.now(), start, until))
    return guest


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_stays_take_over_as_the_naive_model_says(seed: int, tmp_path: Path) -> None:
    dice, clock, naive = Random(seed), FrozenClock(), Naive()
    async with open_world(tmp_path, clock=clock) as world:
        acme = Acme(world, clock)
        doors = (await acme.door("front"), await acme.door("back"))
        guests = [await book(acme, naive, doors, dice)]
        assert clock.now() == NOON
        for _step in range(STEPS):
            what = dice.random()
            if what < 0.2:
                guests.append(await book(acme, naive, doors, dice))
            elif what < 0.35:
                acme.pass_time(hours=dice.choice((1, 12, 24)))
            else:
                guest, door = dice.choice(guests), dice.choice(doors)
                expected = naive.may(guest, door, clock.now())
                opened = await acme.do(open_door, OpenDoor(door_id=door, person_id=guest))
                naive.use(guest, door, clock.now())
                assert isinstance(opened.decision, Granted) == expected
        for guest in guests:
            for door in doors:
                assert await acme.may(guest, door) == naive.may(guest, door, clock.now())
