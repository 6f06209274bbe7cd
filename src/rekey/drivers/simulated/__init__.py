"""Doors that live in memory and decide alone, with switches for everything that goes wrong at real ones."""

from rekey.drivers.simulated.door import Opening
from rekey.drivers.simulated.driver import SimulatedDriver
from rekey.drivers.simulated.switches import Switches

__all__ = ["Opening", "SimulatedDriver", "Switches"]
