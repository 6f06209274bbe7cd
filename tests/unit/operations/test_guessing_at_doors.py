"""A keypad answers few wrong codes, then none for a while."""

import pytest

from rekey.domain.decision import Denied
from rekey.domain.errors import TooManyRequests
from tests.unit.operations.acme import Acme
from tests.unit.operations.at_doors import a_pin, present_pin

pytestmark = pytest.mark.anyio
BURST = 10


async def guessed_out(acme: Acme, door: str) -> None:
    for turn in range(BURST):
        shown = await present_pin(acme, door, f"9{turn:03d}")
        assert isinstance(shown.decision, Denied)


async def test_after_ten_unknown_codes_the_door_takes_none_not_even_the_right_one(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    await a_pin(acme, ada, "2468")
    await guessed_out(acme, door)
    for digits in ("9999", "2468"):
        with pytest.raises(TooManyRequests):
            await present_pin(acme, door, digits)
