"""Every folder of the source has its place; the import rule itself is in pyproject.toml."""

import re
import tomllib

from tests.architecture.tree import ROOT, SOURCE

ROOMS = {
    "domain",
    "ports",
    "operations",
    "agentwire",
    "webkit",
    "dialects",
    "console",
    "storage",
    "drivers",
    "connectors",
    "testing",
    "app",
    "agent",
    "cli",
}


def test_a_folder_under_the_source_is_a_room_of_the_house() -> None:
    found = {path.name for path in SOURCE.iterdir() if path.is_dir() and any(path.glob("**/*.py"))}
    assert found - ROOMS == set()


def test_nothing_stands_outside_the_rooms_but_the_version() -> None:
    assert sorted(path.name for path in SOURCE.glob("*.py")) == ["__init__.py"]


def test_every_room_has_its_layer_in_the_import_rule() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    assert set(re.findall(r"\w+", " ".join(layers))) == ROOMS
