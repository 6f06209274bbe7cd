from hashlib import sha256
from typing import Any

import pytest

from rekey.domain.door_log import EMPTY_HEAD, EntryKind, chain

FIRST: dict[str, Any] = {"seq": 1, "kind": EntryKind.PUT, "person_id": "ada", "terms": '{"paths":[]}'}


def test_head_is_the_hash_of_the_head_before_it_and_the_entry_s_canonical_form() -> None:
    entry = b'{"kind":"put","person":"ada","seq":1,"terms":"{\\"paths\\":[]}"}'
    assert chain(EMPTY_HEAD, **FIRST) == sha256(bytes(32) + entry).digest()


def test_golden_head_of_two_entries_never_changes() -> None:
    head = chain(chain(EMPTY_HEAD, **FIRST), seq=2, kind=EntryKind.DEL, person_id="ada", terms="")
    assert head.hex() == "a6e0696e7e5b94ee27e69d468780940c0f97045b22991f892e2ef7af915f3d82"


@pytest.mark.parametrize(
    "change",
    [{"seq": 2}, {"kind": EntryKind.DEL}, {"person_id": "bob"}, {"terms": ""}],
    ids=lambda c: next(iter(c)),
)
def test_head_depends_on_every_part_of_the_entry(change: dict[str, Any]) -> None:
    assert chain(EMPTY_HEAD, **(FIRST | change)) != chain(EMPTY_HEAD, **FIRST)


def test_head_depends_on_all_that_came_before() -> None:
    assert chain(sha256(b"another past").digest(), **FIRST) != chain(EMPTY_HEAD, **FIRST)
