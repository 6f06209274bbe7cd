"""The published suite with which the author of a driver proves it.

Write a bench (`driver_bench.DriverBench`) for your door and give the suite a function that makes a fresh
one. With pytest, one test for each promise:

    @pytest.mark.parametrize("check", checks_for(make_bench().driver), ids=lambda check: check.sentence)
    def test_the_driver_keeps_its_promise(check):
        asyncio.run(check.prove(make_bench()))
"""

from collections.abc import Callable

from rekey.ports.door_driver import DoorDriver
from rekey.testing.driver_bench import DriverBench
from rekey.testing.driver_check import BrokenPromise, DriverCheck
from rekey.testing.driver_code_checks import CODES
from rekey.testing.driver_lease_checks import LEASES
from rekey.testing.driver_list_checks import LISTS
from rekey.testing.driver_order_checks import ORDERS

DRIVER_CHECKS: tuple[DriverCheck, ...] = (
    *ORDERS.checks,
    *LISTS.checks,
    *CODES.checks,
    *LEASES.checks,
)


def checks_for(driver: DoorDriver) -> tuple[DriverCheck, ...]:
    """Give the promises that the driver's abilities bind it to; what it does not claim, it must refuse."""
    return tuple(check for check in DRIVER_CHECKS if check.applies_to(driver.abilities))


async def broken_promises(make_bench: Callable[[], DriverBench]) -> dict[str, str]:
    """Run every check that applies, each on a fresh bench, and give what failed by its sentence."""
    broken: dict[str, str] = {}
    for check in checks_for(make_bench().driver):
        try:
            await check.prove(make_bench())
        except BrokenPromise as promise:
            broken[check.sentence] = str(promise)
    return broken
