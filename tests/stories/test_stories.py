"""Every tale of this folder, played by every API in turn."""

import asyncio
from pathlib import Path

import pytest

from tests.support.story import FOLDER, Run, all_runs, casts_of
from tests.support.story_runner import play
from tests.support.world import open_world

RUNS = all_runs()


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.name)
def test_story(run: Run, tmp_path: Path) -> None:
    async def told() -> None:
        async with open_world(tmp_path) as world:
            await play(run, world)

    asyncio.run(told())


def test_every_tale_has_a_run() -> None:
    assert {run.tale for run in RUNS} == {path.stem for path in FOLDER.glob("*.yaml")}


def test_every_api_plays_each_of_its_parts() -> None:
    parts = {"granting": ["a", "b", "c"], "revoking": ["x", "y"]}
    for every_pairing in (False, True):
        casts = list(casts_of(parts, every_pairing=every_pairing))
        for part, apis in parts.items():
            assert {cast[part] for cast in casts} == set(apis)


@pytest.mark.parametrize(
    "tale", ["door_joins_a_group_later", "team_gets_a_grant_later", "import_brings_nobody_back"]
)
def test_a_server_that_forgets_revocations_is_caught(
    tale: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rekey.domain.access.silences", lambda _revocation, _path: False)
    run = next(run for run in RUNS if run.tale == tale)
    with pytest.raises(AssertionError, match="refused"):
        test_story(run, tmp_path)
