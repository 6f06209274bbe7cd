"""A committed file works on any machine: it names no registry's host and no folder of a developer."""

import re

from tests.architecture.tree import place, project_files

# Spelt with gaps, so that this file does not find itself.
REGISTRIES = [
    "pypi [.] org",
    "pythonhosted [.] org",
    "npmjs [.] (?:org|com)",
    "deb [.] debian [.] org",
    "crates [.] io",
]
DEVELOPERS = [r"(?<![\w.\-/}]) / work /", r"(?<![\w.\-/}]) / home / \w", r"(?<![\w.\-/}]) / root /"]
FOREIGN = re.compile("|".join(REGISTRIES + DEVELOPERS), re.VERBOSE)


def test_no_committed_file_names_a_registry_or_a_developers_folder() -> None:
    found = [
        place(path, number)
        for path in project_files()
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if FOREIGN.search(line)
    ]
    assert found == []
