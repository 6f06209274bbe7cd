"""Switches are set from a door's driver settings, strictly."""

from dataclasses import fields

import pytest

from rekey.domain.errors import Invalid
from rekey.drivers.simulated import SimulatedDriver, Switches
from rekey.drivers.simulated.driver import ABILITIES
from rekey.ports.door_driver import Ability, Keypad, KeypadLimits, Simulation
from rekey.testing.frozen_clock import FrozenClock

VALUES: dict[str, tuple[str, object]] = {
    "offline": ("true", True),
    "disconnected": ("true", True),
    "hub_offline": ("true", True),
    "removed": ("true", True),
    "unpaid": ("true", True),
    "slow": ("2.5", 2.5),
    "lying_about_deletes": ("true", True),
    "full_table": ("64", 64),
    "wrong_clock": ("-3600", -3600.0),
    "drops_replies": ("true", True),
    "refuses": ("true", True),
    "forgets": ("true", True),
    "jammed": ("true", True),
    "max_codes": ("3", 3),
    "code_lengths": ("4,6", (4, 6)),
    "foreign_codes": ("1234,0000", ("1234", "0000")),
    "changed_codes": ("1234:5678,11:22", (("1234", "5678"), ("11", "22"))),
    "code_rules": ("no_zeros,name_length", ("no_zeros", "name_length")),
    "preset_codes": ("1234,5678", ("1234", "5678")),
    "longest_name": ("12", 12),
    "computes_codes": ("false", False),
}


def test_every_switch_can_be_set_from_text() -> None:
    switches = Switches()
    switches.apply((name, text) for name, (text, _) in VALUES.items())
    assert {switch.name: getattr(switches, switch.name) for switch in fields(Switches)} == {
        name: value for name, (_, value) in VALUES.items()
    }


def test_an_empty_table_size_means_the_size_of_the_hardware() -> None:
    switches = Switches(full_table=3)
    switches.apply([("full_table", "")])
    assert switches.full_table is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("offline", "yes"),
        ("offline", ""),
        ("slow", "-1"),
        ("slow", "nan"),
        ("slow", "inf"),
        ("wrong_clock", "1e300"),
        ("wrong_clock", "nan"),
        ("full_table", "-1"),
        ("full_table", "1.5"),
        ("max_codes", "-1"),
        ("code_lengths", "four"),
        ("foreign_codes", "12a4"),
        ("on_fire", "true"),
    ],
)
def test_an_unknown_switch_or_an_unfit_value_is_refused_and_sets_nothing(name: str, text: str) -> None:
    switches = Switches()
    with pytest.raises(Invalid, match=name):
        switches.apply([("refuses", "true"), (name, text)])
    assert switches == Switches()


def test_settings_and_the_control_object_work_on_the_same_door() -> None:
    driver = SimulatedDriver(FrozenClock())
    driver.configure("door", [("slow", "1")])
    assert (driver.switches("door").slow, driver.switches("other").slow) == (1.0, 0.0)


def test_a_simulated_door_claims_every_ability() -> None:
    assert SimulatedDriver(FrozenClock()).abilities == ABILITIES == frozenset(Ability)


def test_the_simulated_driver_offers_its_hands_to_the_rooms_above() -> None:
    assert isinstance(SimulatedDriver(FrozenClock()), Simulation)


def test_the_simulated_driver_says_what_its_keypads_hold() -> None:
    driver = SimulatedDriver(FrozenClock())
    driver.configure("door", [("max_codes", "2"), ("code_lengths", "4,6")])
    assert isinstance(driver, Keypad)
    assert driver.limits("door") == KeypadLimits(lengths=(4, 6), most=2)
