"""Where this server may send: public https on the usual ports, and what its operator has let in by name."""

import pytest

from rekey.webkit.outgoing_address import (
    OutgoingRefused,
    OutgoingRules,
    checked_addresses,
    read_url,
)

STRICT = OutgoingRules(own_hosts=frozenset({"rekey.example"}))
AT_HOME = OutgoingRules(networks=("192.168.10.0/24", "127.0.0.0/8", "fd00:1::/32"))
ANYWHERE = read_url("https://hooks.example/path", STRICT)

LOCAL_SPELLINGS = [
    "127.0.0.1",
    "127.1",
    "0x7f.1",
    "0x7f000001",
    "2130706433",
    "0177.0.0.1",
    "0",
    "[::]",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::1]",
    "[2002:7f00:1::]",
    "localhost",
    "localhost.",
    "api.localhost",
]
SPECIAL = [
    "0.0.0.0",  # noqa: S104  # the address itself is what is tested
    "10.1.2.3",
    "100.64.0.1",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:10.0.0.1",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "2001:db8::1",
    "2001::1",
    "2002:7f00:1::",
    "3fff::1",
    "5f00::1",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "100::1",
]


@pytest.mark.parametrize("host", LOCAL_SPELLINGS)
def test_no_spelling_of_this_machine_is_sent_to(host: str) -> None:
    with pytest.raises(OutgoingRefused):
        read_url(f"https://{host}/", STRICT)


@pytest.mark.parametrize("address", SPECIAL)
def test_a_name_that_resolves_to_a_special_address_is_not_sent_to(address: str) -> None:
    with pytest.raises(OutgoingRefused):
        checked_addresses([address], ANYWHERE, STRICT)


def test_one_bad_address_among_good_ones_refuses_all() -> None:
    with pytest.raises(OutgoingRefused):
        checked_addresses(["93.184.216.34", "10.0.0.1"], ANYWHERE, STRICT)


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "172.32.0.1", "2606:2800:220:1::1"])
def test_a_public_address_is_sent_to(address: str) -> None:
    assert checked_addresses([address, address], ANYWHERE, STRICT) == (address,)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/",
        "ftp://hooks.example/",
        "file:///etc/passwd",
        "gopher://hooks.example/",
        "//hooks.example/",
        "hooks.example",
        "",
        "https://",
        "https://hooks.example:22/",
        "https://hooks.example:25/",
        "https://hooks.example:5432/",
        "https://hooks.example:0/",
        "https://hooks.example:99999/",
        "https://user@hooks.example/",
        "https://user:pass@hooks.example/",
        "https://hooks.example\\@127.0.0.1/",
        "https://hooks.example/#part",
        "https://hооks.example/",
        "https://hooks.example/\r\nX: y",
        "https://hooks.example/a b",
        "https://rekey.example/seam",
        "https://REKEY.example./",
        "https://[::1/",
    ],
)
def test_an_address_in_another_form_is_refused(url: str) -> None:
    with pytest.raises(OutgoingRefused):
        read_url(url, STRICT)


@pytest.mark.parametrize(
    "url", ["https://hooks.example/a?b=c", "https://hooks.example:8443/", "https://1.1.1.1/"]
)
def test_public_https_is_accepted(url: str) -> None:
    assert read_url(url, STRICT).geturl() == url


@pytest.mark.parametrize(
    "url", ["http://192.168.10.7:9000/hook", "http://127.0.0.1:1234/", "https://[fd00:1::5]/"]
)
def test_a_network_that_was_let_in_may_be_sent_to_on_any_port(url: str) -> None:
    assert read_url(url, AT_HOME).geturl() == url


def test_letting_one_network_in_lets_no_other_in() -> None:
    plain = read_url("http://nas.lan:9000/", AT_HOME)
    assert checked_addresses(["192.168.10.7"], plain, AT_HOME) == ("192.168.10.7",)
    for address in ("192.168.11.7", "93.184.216.34"):
        with pytest.raises(OutgoingRefused):
            checked_addresses([address], plain, AT_HOME)
