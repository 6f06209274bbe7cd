"""The commands that the README shows beside a running server do what it says."""

import shlex
from pathlib import Path

from tests.support.process import RekeyProcess, run_rekey

README = Path(__file__).parents[2] / "README.md"
_PROGRAM = ".venv/bin/rekey"
_MADE_BY_THE_FIXTURE = {"init", "serve"}


def commands() -> list[list[str]]:
    lines = [line for line in README.read_text().splitlines() if line.startswith(_PROGRAM)]
    told = [shlex.split(line)[1:] for line in lines]
    return [words for words in told if words[0] not in _MADE_BY_THE_FIXTURE]


def test_the_commands_of_the_readme_run_one_after_the_other(own_server: RekeyProcess) -> None:
    assert [words[0] for words in commands()] == ["door", "person", "grant", "revoke"]
    for words in commands():
        done = run_rekey(*words, check=False, env={"REKEY_DATA": str(own_server.data)})
        assert done.returncode == 0, (words, done.stdout, done.stderr)
