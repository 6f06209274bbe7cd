"""What an application is believed by, and how browsers write where a page comes from."""

import pytest

from rekey.domain.application import ApplicationKey, origin_of, private_members
from rekey.testing.frozen_clock import NOON


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://App.Tower.test", "https://app.tower.test"),
        ("https://app.tower.test:443/path?x=1", "https://app.tower.test"),
        ("http://localhost:3000/", "http://localhost:3000"),
        ("HTTP://127.0.0.1:80", "http://127.0.0.1"),
        ("https://[::1]:8443", "https://[::1]:8443"),
    ],
)
def test_an_origin_is_scheme_host_and_a_port_that_is_not_the_default(url: str, origin: str) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize(
    "url",
    ["", "null", "*", "app.tower.test", "ftp://tower.test", "https://", "https://a@b.test", "https://a b"],
)
def test_what_is_no_web_address_has_no_origin(url: str) -> None:
    with pytest.raises(ValueError, match="web address"):
        origin_of(url)


@pytest.mark.parametrize(
    ("times", "counts"),
    [
        ({}, True),
        ({"exp": 0}, False),
        ({"nbf": 4_000_000_000}, False),
        ({"nbf": 0, "exp": 4_000_000_000}, True),
    ],
)
def test_a_key_counts_within_its_own_times(times: dict[str, int], counts: bool) -> None:
    assert ApplicationKey(kid="k", jwk={"kid": "k", **times}).counts(NOON) is counts


def test_the_private_members_of_every_kind_of_key_are_known() -> None:
    rsa = {"n": "", "e": "", "d": "", "p": "", "q": "", "dp": "", "dq": "", "qi": "", "oth": ""}
    assert private_members(rsa) == {"d", "p", "q", "dp", "dq", "qi", "oth"}
    assert private_members({"kty": "oct", "k": ""}) == {"k"}
