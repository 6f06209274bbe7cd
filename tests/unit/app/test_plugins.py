"""Drivers by their configured names."""

import pytest

from rekey.app import plugins
from rekey.app.errors import DriverNotLoaded, DriverUnknown
from rekey.app.plugins import load_drivers
from rekey.drivers.simulated import SimulatedDriver
from rekey.testing.frozen_clock import FrozenClock


class Offered:
    """Stands for an entry point of a stranger's package."""

    name = "broken"

    def load(self) -> object:
        raise ImportError("its library is missing")


def test_a_built_in_driver_comes_through_the_same_door_as_a_strangers() -> None:
    assert isinstance(load_drivers(["simulated"], FrozenClock())["simulated"], SimulatedDriver)


def test_only_what_is_configured_is_loaded() -> None:
    assert load_drivers([], FrozenClock()) == {}


def test_a_name_that_nothing_offers_is_refused_with_the_names_that_are_there() -> None:
    with pytest.raises(DriverUnknown, match=r"'imaginary'.*simulated"):
        load_drivers(["imaginary"], FrozenClock())


def test_a_broken_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugins, "entry_points", lambda **_: [Offered()])
    with pytest.raises(DriverNotLoaded, match=r"'broken'.*its library is missing"):
        load_drivers(["broken"], FrozenClock())
