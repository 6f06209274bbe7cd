"""The embedded store passes the published suite."""

import asyncio
from pathlib import Path

import pytest

from rekey.storage.store import open_store
from rekey.testing.storage_check import StoreCheck
from rekey.testing.storage_suite import STORE_CHECKS, prove


@pytest.mark.parametrize("check", STORE_CHECKS, ids=lambda check: check.sentence)
def test_the_embedded_store_keeps_its_promise(check: StoreCheck, tmp_path: Path) -> None:
    asyncio.run(prove(check, lambda signer: open_store(tmp_path / "rekey.db", signer)))
