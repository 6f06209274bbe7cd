"""Bodies that no route may take, and values that no member may have."""

from rekey.webkit.body import DEPTH

NOT_JSON: dict[str, bytes] = {
    "cut off": b"{",
    "not json": b"name=ada",
    "nan": b'{"name":NaN}',
    "infinity": b'{"name":1e999}',
    "trailing junk": b'{"name":"a"} {}',
    "duplicate keys": b'{"name":"a","name":"b"}',
    "nested duplicate keys": b'{"login":{"a":1,"a":2},"user":{"a":1,"a":2}}',
    "byte order mark": b'\xef\xbb\xbf{"name":"a"}',
    "utf-16": '{"name":"a"}'.encode("utf-16"),
    "not utf-8": b'{"name":"\xff"}',
    "lone surrogate": b'{"name":"\\ud800"}',
    "nul": b'{"name":"a\\u0000b"}',
    "nul in a key": b'{"na\\u0000me":"a"}',
    "raw nul": b'{"name":"a\x00b"}',
    "nested a hundred thousand deep": b"[" * 100_000,
    "nested past the limit": b'{"a":' * (DEPTH + 1) + b"1" + b"}" * (DEPTH + 1),
    "integer of 5000 digits": b'{"name":' + b"9" * 5_000 + b"}",
    "integer of 2^63": b'{"name":9223372036854775808}',
    "array for object": b"[1]",
    "text for object": b'"x"',
    "null": b"null",
}

# Each stands in for every declared member in turn.
WRONG_VALUES: tuple[object, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    2**63 - 1,
    "",
    " ",
    "x",
    "\u00b2",
    "9" * 400,
    "a" * 20_000,
    "\u202e\u200b",
    "2026-01-01T00:00:00",
    "9999-12-31T23:59:59-12:00",
    "0001-01-01T00:00:00+14:00",
    [],
    ["x"],
    [None],
    {},
    {"a": "b"},
)
