"""Every method of the vendor's JavaScript client about access, with success and with refusal, on a served store."""

from pathlib import Path

import pytest

from tests.acceptance.seam_sdk.every import ELSEWHERE, STEPS
from tests.acceptance.seam_sdk.stage import set_stage
from tests.acceptance.seam_sdk.walks import walk_node
from tests.support.node import run_node
from tests.support.process import RekeyProcess
from tests.support.seam_schemas import faults_of

_ROUTES = """
const { SeamHttpEndpoints } = await import("@seamapi/http");
const names = Object.getOwnPropertyNames(SeamHttpEndpoints.prototype);
process.stdout.write(names.filter((name) => name.startsWith("/")).join(" "));
"""
_SAME = """
const [one, other] = await Promise.all([import("@seamapi/http"), import("seam")]);
process.stdout.write(String(one.SeamHttp === other.SeamHttp));
"""


def test_every_method_about_access_is_called_for_refusal_and_so_exists() -> None:
    routes = {path for path in run_node(_ROUTES).stdout.split() if not path.startswith(ELSEWHERE)}
    assert {step.path for step in STEPS} == routes


def test_the_other_package_brings_the_same_client() -> None:
    assert run_node(_SAME).stdout == "true"


@pytest.mark.parametrize("at_root", [False, True], ids=["prefix", "root"])
def test_every_method_answers_as_published(root_server: RekeyProcess, at_root: bool, tmp_path: Path) -> None:
    faults, answers = walk_node(set_stage(root_server, at_root=at_root), STEPS, tmp_path)
    assert faults == []
    assert faults_of(answers, tmp_path) == []
