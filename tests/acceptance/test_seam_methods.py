"""Every method of the vendor's Python client about access, with success and with refusal, on a served store."""

from pathlib import Path
from typing import Any

import pytest
from seam.seam import Seam

from rekey.dialects.seam.letters import LETTERS
from tests.acceptance.seam_sdk.every import ELSEWHERE, NEVER_THERE, STEPS
from tests.acceptance.seam_sdk.stage import set_stage
from tests.acceptance.seam_sdk.walks import STRANGER, walk_python
from tests.support.process import RekeyProcess
from tests.support.seam_schemas import faults_of


def paths_of(client: Any) -> set[str]:
    """Name every route that a client has a method for."""
    found: set[str] = set()
    for name in dir(client):
        if name.startswith("_") or name in {"client", "defaults"}:
            continue
        part = getattr(client, name)
        path = getattr(part, "__seam_path__", None)
        if path is not None:
            found.add(path)
        elif type(part).__module__.startswith("seam.routes"):
            found |= paths_of(part)
    return found


def routes_of_client() -> set[str]:
    client = Seam(STRANGER, endpoint="http://127.0.0.1:1")
    try:
        return paths_of(client)
    finally:
        client.client.close()


def test_every_method_about_access_is_called_for_success_and_for_refusal() -> None:
    wanted = {path for path in routes_of_client() if not path.startswith(ELSEWHERE)}
    assert {step.path for step in STEPS if step.refused is None} == wanted - NEVER_THERE
    assert {step.path for step in STEPS if step.refused is not None} == wanted


def test_every_method_of_the_client_is_a_route_that_is_known_here() -> None:
    assert routes_of_client() == set(LETTERS)


@pytest.mark.parametrize("at_root", [False, True], ids=["prefix", "root"])
def test_every_method_answers_as_published(root_server: RekeyProcess, at_root: bool, tmp_path: Path) -> None:
    faults, answers = walk_python(set_stage(root_server, at_root=at_root), STEPS)
    assert faults == []
    assert faults_of(answers, tmp_path) == []
