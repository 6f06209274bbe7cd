from dataclasses import fields, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from rekey.domain.ids import Position
from rekey.domain.journal import JournalRow, Outcome

ROW = JournalRow(
    position=Position(7),
    id="0f8fad5b-d9cb-469f-a165-70867728950e",
    at=datetime(2026, 6, 11, 12, 0, 0, 250, tzinfo=UTC),
    action="person.revoked",
    outcome=Outcome.DONE,
    via="native",
    operator_id="operator",
    person_id="ada",
    door_id="front door",
    detail={"scope": "door", "grants": ["b", "a"], "name": "Zoë"},
)
GOLDEN = (
    '{"action":"person.revoked","at":"2026-06-11T12:00:00.000250+00:00",'
    '"detail":{"grants":["b","a"],"name":"Zoë","scope":"door"},"door":"front door",'
    '"id":"0f8fad5b-d9cb-469f-a165-70867728950e","key":null,"operator":"operator",'
    '"outcome":"done","person":"ada","position":7,"site":null,"via":"native"}'
).encode()
CHANGES: dict[str, Any] = {
    "position": 8,
    "id": "another",
    "at": datetime(2026, 6, 11, 12, 0, 0, 251, tzinfo=UTC),
    "action": "person.suspended",
    "outcome": Outcome.REFUSED,
    "via": "kisi",
    "operator_id": "another",
    "key_id": "key",
    "person_id": "bob",
    "door_id": "back door",
    "site_id": "berlin",
    "detail": {},
}


def test_canonical_bytes_of_a_row_never_change() -> None:
    assert ROW.canonical() == GOLDEN


def test_leaf_is_the_rfc_9162_hash_of_the_canonical_bytes() -> None:
    assert ROW.leaf() == sha256(b"\x00" + GOLDEN).digest()


def test_every_field_has_a_change_to_try() -> None:
    assert set(CHANGES) == {field.name for field in fields(JournalRow)}


@pytest.mark.parametrize("name", CHANGES)
def test_leaf_depends_on_every_field(name: str) -> None:
    assert replace(ROW, **{name: CHANGES[name]}).leaf() != ROW.leaf()


def test_order_in_which_detail_was_written_does_not_matter() -> None:
    turned = replace(ROW, detail=dict(reversed(ROW.detail.items())))
    assert turned.leaf() == ROW.leaf()


def test_fraction_is_refused_because_its_text_is_not_stable() -> None:
    fractional: Any = {"seconds": 0.1}
    with pytest.raises(TypeError):
        replace(ROW, detail=fractional).canonical()
