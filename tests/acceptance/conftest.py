"""A real server for tests from outside: `rekey init`, then `rekey serve` as a process of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.process import RekeyProcess


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RekeyProcess]:
    """Give a server on an embedded store that the tests of one test process share.

    A test makes its own people, doors and groups, and touches nobody else's.
    """
    with RekeyProcess(tmp_path_factory.mktemp("server") / "rekey") as running:
        yield running


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[RekeyProcess]:
    """Give a server on an embedded store of the test's own."""
    with RekeyProcess(tmp_path / "rekey") as running:
        yield running


@pytest.fixture
def postgres_server(tmp_path: Path, postgres_url: str) -> Iterator[RekeyProcess]:
    """Give a server on a PostgreSQL database of the test's own."""
    with RekeyProcess(tmp_path / "rekey", database=postgres_url) as running:
        yield running


@pytest.fixture(scope="session")
def root_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RekeyProcess]:
    """Give a server that serves Seam's API at the root of a host of its own as well."""
    data = tmp_path_factory.mktemp("root") / "rekey"
    with RekeyProcess(data, serve=("--vhost", "seam=localhost")) as running:
        yield running
