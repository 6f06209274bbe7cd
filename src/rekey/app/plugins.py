"""Drivers, loaded by their configured names; the built-in ones come through the same door."""

from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points

from rekey.app.errors import DriverNotLoaded, DriverUnknown
from rekey.ports.clock import Clock
from rekey.ports.door_driver import DoorDriver

GROUP = "rekey.drivers"


def load_drivers(names: Iterable[str], clock: Clock) -> dict[str, DoorDriver]:
    """Make one driver for each name. Raises: DriverUnknown, DriverNotLoaded."""
    offered = {entry.name: entry for entry in entry_points(group=GROUP)}
    return {name: _make(name, offered, clock) for name in names}


def _make(name: str, offered: dict[str, EntryPoint], clock: Clock) -> DoorDriver:
    if name not in offered:
        raise DriverUnknown(name, tuple(sorted(offered)))
    try:
        driver: DoorDriver = offered[name].load()(clock)
        _ = driver.abilities
    except Exception as broken:  # whatever a stranger's package raises, its name must be told
        raise DriverNotLoaded(name, f"{type(broken).__name__}: {broken}") from broken
    return driver
