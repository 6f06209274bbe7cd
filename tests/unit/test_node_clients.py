"""The vendors' JavaScript clients load on this machine, in both module forms."""

import json
from pathlib import Path

import pytest

from tests.support.node import CLIENTS, run_node


@pytest.mark.parametrize(
    ("package", "member"), [("kisi-client", "default"), ("seam", "Seam"), ("@seamapi/http", "SeamHttp")]
)
def test_a_client_can_be_imported(package: str, member: str) -> None:
    done = run_node(f"const found = await import('{package}'); console.log(typeof found['{member}'])")
    assert (done.stdout, done.stderr) == ("function\n", "")


def test_the_kisi_client_can_be_required() -> None:
    done = run_node(
        "import { createRequire } from 'node:module';"
        "const require = createRequire(process.cwd() + '/');"
        "console.log(typeof require('kisi-client').default)"
    )
    assert (done.stdout, done.stderr) == ("function\n", "")


def test_a_script_sees_its_arguments_and_its_environment() -> None:
    done = run_node(
        "console.log(JSON.stringify([process.argv.slice(2), process.env.WHO]))", "a", "b c", env={"WHO": "me"}
    )
    assert json.loads(done.stdout) == [["a", "b c"], "me"]


def test_a_failing_script_gives_its_exit_code() -> None:
    assert run_node("process.exit(3)").returncode == 3


def test_the_lock_file_holds_every_package_by_its_hash_and_none_by_address() -> None:
    packages = json.loads(Path(CLIENTS, "package-lock.json").read_text())["packages"]
    loose = [name for name, entry in packages.items() if name and "integrity" not in entry]
    placed = [name for name, entry in packages.items() if "resolved" in entry]
    assert (loose, placed) == ([], [])
