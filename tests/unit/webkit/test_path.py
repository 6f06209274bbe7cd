import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekey.webkit.path import is_plain_path


@pytest.mark.parametrize(
    "path",
    [
        b"/",
        b"/a",
        b"/a/",
        b"/device/3f0c/execute",
        b"/users/a%40b.example",
        b"/a%20b",
        b"/.well-known/x",
        b"/...",
        b"/%C3%A9",
        b"/a:b@c,d=e+f",
        b"/100%25",
    ],
)
def test_a_canonical_path_is_plain(path: bytes) -> None:
    assert is_plain_path(path)


@pytest.mark.parametrize(
    "path",
    [
        b"",
        b"*",
        b"a",
        b"http://evil.test/a",
        b"//",
        b"//evil.test",
        b"/a//b",
        b"/a//",
        b"/.",
        b"/..",
        b"/../a",
        b"/a/./b",
        b"/a/..",
        b"/%2e",
        b"/%2e%2e/a",
        b"/a/.%2E/b",
        b"/..%2fa",
        b"/a%2fb",
        b"/a%5Cb",
        b"/a\\b",
        b"/a;b",
        b"/a%3bb",
        b"/a%00",
        b"/a%0d%0a",
        b"/a\x00",
        b"/a b",
        b"/a%",
        b"/a%4",
        b"/a%zz",
        b"/%c0%af",
        b"/%ff",
        b"/\xc3\xa9",
        b"/a#b",
        b"/a?b",
        b"/a\n",
    ],
)
def test_a_path_with_two_readings_is_not_plain(path: bytes) -> None:
    assert not is_plain_path(path)


@given(st.binary(max_size=60))
def test_any_bytes_get_an_answer(raw_path: bytes) -> None:
    assert is_plain_path(b"/" + raw_path) in (True, False)
