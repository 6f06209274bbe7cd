"""Parameters: how they are spelt, and the words in which they are refused."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from rekey.dialects.seam.errors import InvalidInput, InvalidQuery
from rekey.dialects.seam.parameters import Arguments, Kind, Param, exactly_one, read_arguments
from rekey.webkit.message import Request

DECLARED = (
    Param("id", Kind.ID, required=True),
    Param("ids", Kind.TEXTS),
    Param("name", Kind.TEXT, nullable=True),
    Param("sync", Kind.BOOLEAN),
    Param("limit", Kind.NUMBER, positive=True),
    Param("before", Kind.TIME),
    Param("has", Kind.OBJECT, nullable=True),
)


def read(query: str = "", body: Any = None, method: str = "GET") -> Arguments:
    scope = {
        "method": method,
        "query_string": query.encode(),
        "headers": [(b"content-type", b"application/json")],
    }
    content = b"" if body is None else msgspec.json.encode(body)
    return read_arguments(Request(scope=scope, id="r", body=content), DECLARED)


def refused(query: str = "", body: Any = None) -> InvalidInput:
    with pytest.raises(InvalidInput) as refusal:
        read(query, body)
    return refusal.value


def test_the_strict_spelling_takes_repeated_names_alone() -> None:
    assert read("id=x&ids=a&ids=b%2Cc&_strict=true").texts("ids") == ("a", "b,c")
    assert read("id=x&ids=a&_strict=true").texts("ids") == ("a",)


def test_without_the_marker_brackets_and_commas_are_arrays_too() -> None:
    assert read("id=x&ids=a,b").texts("ids") == ("a", "b")
    assert read("id=x&ids%5B%5D=a&ids%5B%5D=b").texts("ids") == ("a", "b")


def test_an_empty_value_is_null_or_the_empty_array_by_the_declared_type() -> None:
    args = read("id=x&ids=&name=&_strict=true")
    assert args.texts("ids") == ()
    assert "name" in args
    assert args.text("name") is None


def test_objects_are_dotted_and_scalars_typed() -> None:
    args = read("id=X&has.floor=2&sync=true&limit=7&before=2026-01-02T03:04:05.678Z")
    assert args.mapping("has") == {"floor": "2"}
    assert (args.flag("sync"), args.number("limit", 1), args.required("id")) == (True, 7, "x")
    assert args.instant("before") == datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)


def test_a_scalar_sent_twice_cannot_be_read() -> None:
    with pytest.raises(InvalidQuery):
        read("id=x&id=y")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "id is required"),
        ({"id": "x", "ids": 7}, 'Expected array, received number for "ids"'),
        ({"id": "x", "sync": "yes"}, 'Expected boolean, received string for "sync"'),
        ({"id": "x", "limit": 0}, 'Number must be greater than 0 for "limit"'),
        ({"id": "x", "before": "2026-01-02"}, 'Invalid datetime for "before"'),
        ({"id": None}, 'Expected string, received null for "id"'),
        ({"ids": 7}, '2 Input Errors: id is required, Expected array, received number for "ids"'),
    ],
)
def test_a_refusal_says_what_was_expected(body: Any, message: str) -> None:
    assert str(refused(body=body)) == message


def test_the_reasons_form_a_tree_by_parameter() -> None:
    assert refused(body={"limit": "x", "id": "y"}).details() == {
        "validation_errors": {"_errors": [], "limit": {"_errors": ["Expected number, received string"]}}
    }


def test_exactly_one_of_two_must_be_sent() -> None:
    assert exactly_one(read("id=x"), "id", "name") == "id"
    for query in ("id=x&name=y", "id=x"):
        names = ("id", "name") if "name" in query else ("name", "ids")
        with pytest.raises(InvalidInput) as refusal:
            exactly_one(read(query), *names)
        assert refusal.value.root
