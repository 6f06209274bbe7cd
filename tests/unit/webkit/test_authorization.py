import base64
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekey.webkit.authorization import (
    AuthorizationRefused,
    BasicCredentials,
    parse_basic,
    parse_bearer,
)


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize("header", ["Bearer abc.DEF-_~+/=", "bearer  abc.DEF-_~+/= "])
def test_a_bearer_token_is_read(header: str) -> None:
    assert parse_bearer(header) == "abc.DEF-_~+/="


@pytest.mark.parametrize("header", [None, "Basic abc", "null", ""])
def test_no_bearer_header_is_no_token(header: str | None) -> None:
    assert parse_bearer(header) is None


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Bearer a, Bearer b", "Bearer \u00e9"])
def test_a_bearer_header_that_cannot_be_read_is_refused(header: str) -> None:
    with pytest.raises(AuthorizationRefused):
        parse_bearer(header)


def test_basic_credentials_are_read_and_a_password_may_hold_a_colon() -> None:
    assert parse_basic(basic("owner:a:b")) == BasicCredentials("owner", "a:b")


def test_basic_credentials_are_utf8() -> None:
    assert parse_basic(basic("\u00e9:\u00fc")) == BasicCredentials("\u00e9", "\u00fc")


@pytest.mark.parametrize("header", [None, "Bearer abc"])
def test_no_basic_header_is_no_credentials(header: str | None) -> None:
    assert parse_basic(header) is None


@pytest.mark.parametrize(
    "header", ["Basic", "Basic !", "Basic YQ", basic("no colon"), basic("a\n:b"), "Basic /zpi"]
)
def test_a_basic_header_that_cannot_be_read_is_refused(header: str) -> None:
    with pytest.raises(AuthorizationRefused):
        parse_basic(header)


def test_an_oversized_header_is_refused() -> None:
    with pytest.raises(AuthorizationRefused):
        parse_bearer("Bearer " + "a" * 20_000)


def test_a_password_is_not_in_the_repr() -> None:
    assert "hunter2" not in repr(BasicCredentials("owner", "hunter2"))


@given(st.text(max_size=60))
def test_whatever_follows_the_scheme_is_read_or_refused(rest: str) -> None:
    with contextlib.suppress(AuthorizationRefused):
        assert isinstance(parse_basic("Basic " + rest), BasicCredentials)
    with contextlib.suppress(AuthorizationRefused):
        assert isinstance(parse_bearer("Bearer " + rest), str)
