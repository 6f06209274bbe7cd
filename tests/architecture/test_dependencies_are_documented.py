"""Every package that the project asks for has its line in docs/dependencies.md."""

import re
import tomllib

from tests.architecture.tree import ROOT

_NAME = re.compile(r"[A-Za-z0-9-]+")


def test_every_dependency_is_documented() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = [*project["project"]["dependencies"]]
    for group in project["dependency-groups"].values():
        asked += group
    names = {found[0] for package in asked if (found := _NAME.match(package))}
    documented = set(_NAME.findall((ROOT / "docs" / "dependencies.md").read_text()))
    assert names
    assert names - documented == set()
