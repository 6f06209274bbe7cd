"""A server killed at any moment loses nothing that it acknowledged, and keeps nothing by half."""

import asyncio
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from rekey.storage.migrate import upgrade
from tests.unit.storage_engine.schema import SCHEMA
from tests.unit.storage_engine.world import HEAD, ids, opened

ROOT = Path(__file__).parents[3]
CYCLES = 10


def killed_run(location: str, name: str, acknowledgements: int) -> list[str]:
    """Run the child until it has acknowledged so many, kill it, and give all it acknowledged."""
    command = [sys.executable, "-m", "tests.unit.storage_engine.kill_child", location, name]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, env=dict(os.environ)) as child:
        assert child.stdout is not None
        told = [child.stdout.readline() for _ in range(acknowledgements)]
        child.kill()
        told += child.stdout.readlines()
    # A last line without its end was being written when the child died.
    return [line.decode().strip() for line in told if line.endswith(b"\n")]


async def check(location: str, acknowledged: set[str]) -> None:
    async with opened(location) as database:
        kept = await ids(database)
        assert acknowledged <= set(kept)
        assert await database.ask(HEAD, id="a") == [(len(kept),)]


def test_kill_minus_nine_loses_nothing_acknowledged(tmp_path: Path) -> None:
    location = str(tmp_path / "rekey.db")
    asyncio.run(upgrade(location, SCHEMA))
    moments = random.Random(20)
    acknowledged: set[str] = set()
    for cycle in range(CYCLES):
        acknowledged |= set(killed_run(location, f"r{cycle}", moments.randint(1, 400)))
        asyncio.run(check(location, acknowledged))
    assert len(acknowledged) > CYCLES


def test_a_writer_killed_beside_a_living_postgres_loses_nothing_acknowledged(postgres_url: str) -> None:
    asyncio.run(upgrade(postgres_url, SCHEMA))
    acknowledged: set[str] = set()
    for cycle in range(3):
        acknowledged |= set(killed_run(postgres_url, f"r{cycle}", 50 + cycle))
        asyncio.run(check(postgres_url, acknowledged))
    assert len(acknowledged) >= 150


@pytest.mark.soak
def test_many_kills_lose_nothing_acknowledged(tmp_path: Path) -> None:
    location = str(tmp_path / "rekey.db")
    asyncio.run(upgrade(location, SCHEMA))
    acknowledged: set[str] = set()
    for cycle in range(300):
        acknowledged |= set(killed_run(location, f"r{cycle}", 1 + cycle % 97))
        asyncio.run(check(location, acknowledged))
    assert len(acknowledged) > 300
