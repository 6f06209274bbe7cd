"""The pages on drivers say what is so."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from rekey.drivers.simulated import Switches
from rekey.ports.door_driver import Ability
from rekey.testing.driver_suite import DRIVER_CHECKS

ROOT = Path(__file__).parents[3]
DRIVERS = ROOT / "src" / "rekey" / "drivers"
PAGES = ROOT / "docs" / "drivers"
CHECKLISTS = sorted(DRIVERS.glob("*/quality.yaml"))
CLAIMS = [claim for page in CHECKLISTS for claim in yaml.safe_load(page.read_text())["claims"]]


def test_the_example_runs_as_it_stands_on_the_page() -> None:
    page = (ROOT / "docs" / "drivers.md").read_text()
    blocks = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    names: dict[str, object] = {"__name__": "day_one"}
    exec(compile("\n".join(blocks), "docs/drivers.md", "exec"), names)  # noqa: S102  # our own page
    assert "test_the_relay_driver_keeps_its_promise" in names


@pytest.mark.parametrize("switch", [switch.name for switch in fields(Switches)])
def test_the_page_names_the_switch(switch: str) -> None:
    assert f"| `{switch}` |" in (PAGES / "simulated.md").read_text()


def test_every_driver_has_its_checklist_and_its_page() -> None:
    packages = {package.parent.name for package in DRIVERS.glob("*/__init__.py")}
    assert packages == {checklist.parent.name for checklist in CHECKLISTS}
    assert packages <= {page.stem for page in PAGES.glob("*.md")}


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim["rule"])
def test_a_claim_has_a_grade_and_either_a_proof_that_exists_or_a_reason(claim: dict[str, object]) -> None:
    assert claim["grade"] in (1, 2, 3)
    if not claim["met"]:
        assert claim["why"]
        return
    sentences = {check.sentence for check in DRIVER_CHECKS}
    tests = {name for page in Path(__file__).parent.glob("test_*.py") for name in _tests_of(page)}
    assert claim["proof"] in sentences | tests


def _tests_of(page: Path) -> list[str]:
    return re.findall(r"^def (test_\w+)", page.read_text(), flags=re.MULTILINE)


def test_every_ability_is_spoken_of_in_the_pages() -> None:
    text = "".join(page.read_text() for page in (ROOT / "docs" / "drivers.md", PAGES / "simulated.md"))
    spoken = [ability for ability in Ability if ability.name in text]
    assert set(Ability) - set(spoken) <= {Ability.OPEN, Ability.SET_MODE}
