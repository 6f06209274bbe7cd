"""Below the dialects stand our own words: a door is no lock, a person no acs_user, a grant no role_assignment."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import SOURCE, parsed, place, python_files

ROOMS = ["domain", "ports", "operations", "agentwire", "webkit", "storage", "testing"]
# Each of them is a word of our own that merely contains one of theirs.
OUR_OWN = re.compile(r"lock_?down|device_key|unlock", re.IGNORECASE)
VENDOR = re.compile(r"(?:^|_)(?:locks?|devices?|acs|role_assignments?)(?:_|$)")
# What keeps two writers apart is a lock in every language, and no door.
MUTUAL_EXCLUSION = {"asyncio", "fcntl", "multiprocessing", "threading"}
KEEPERS_OF_LOCKS = {"storage"}


def vendor_words(name: str) -> list[str]:
    """Give the vendors' words in an identifier, whichever way it is spelt."""
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", OUR_OWN.sub("", name)).lower()
    return [match.group().strip("_") for match in VENDOR.finditer(snake)]


@pytest.mark.parametrize(
    "name", ["Lock", "lock_id", "front_lock", "acs_user", "AcsUser", "RoleAssignment", "device"]
)
def test_a_word_of_a_vendor_is_seen_in_any_spelling(name: str) -> None:
    assert vendor_words(name) != []


@pytest.mark.parametrize(
    "name", ["lockdown", "lock_down", "LockDown", "device_key", "unlock", "locked_out", "block"]
)
def test_a_word_of_our_own_passes(name: str) -> None:
    assert vendor_words(name) == []


@pytest.mark.parametrize("room", ROOMS)
def test_no_word_of_a_vendor_names_anything(room: str) -> None:
    found = [
        f"{place(path, line)} {name}"
        for path in python_files(f"src/rekey/{room}")
        for name, line in _definitions(path)
        if vendor_words(name) and not _keeps_writers_apart(path, name)
    ]
    assert found == []


def _definitions(path: Path) -> Iterator[tuple[str, int]]:
    yield path.stem, 1
    for node in ast.walk(parsed(path)):
        match node:
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                yield node.name, node.lineno
            case ast.arg():
                yield node.arg, node.lineno
            case ast.Name(ctx=ast.Store()):
                yield node.id, node.lineno
            case ast.Attribute(ctx=ast.Store()):
                yield node.attr, node.lineno
            case _:
                continue


def _keeps_writers_apart(path: Path, name: str) -> bool:
    if set(vendor_words(name)) - {"lock", "locks"}:
        return False
    room = path.relative_to(SOURCE).parts[0]
    imported = {
        alias.name for node in ast.walk(parsed(path)) if isinstance(node, ast.Import) for alias in node.names
    }
    return room in KEEPERS_OF_LOCKS or bool(imported & MUTUAL_EXCLUSION)
