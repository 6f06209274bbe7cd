"""Fixtures that every room of tests may use."""

import itertools
from collections.abc import Iterator

import pytest

from rekey.testing.postgres import PostgresServer

_serial = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """Give a running PostgreSQL server, one for each test process.

    Fails, and never skips, where the machine has no PostgreSQL.
    """
    with PostgresServer() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """Give the address of a new, empty database that no other test sees."""
    name = f"test_{next(_serial)}"
    yield postgres.create_database(name)
    postgres.drop_database(name)
