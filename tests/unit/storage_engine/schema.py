"""The revisions of the small world; apart from it, so that a child process starts without Alembic."""

from pathlib import Path

from rekey.storage.migrate import Schema
from tests.unit.storage_engine.world import METADATA

SCHEMA = Schema(metadata=METADATA, versions=Path(__file__).with_name("revisions"))
