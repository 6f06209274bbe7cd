"""The checks of the transport on a real server: ranges, spellings, and the limit of calls."""

import json
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.process import RekeyProcess


@pytest.fixture
def limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RekeyProcess]:
    """Give a server that counts calls as it does unless told otherwise."""
    monkeypatch.setenv("REKEY_CALLS_PER_SECOND", "5")
    with RekeyProcess(tmp_path / "rekey") as running:
        yield running


def curl(
    server: RekeyProcess, path: str, *options: str, key: str | None = "kisi"
) -> tuple[int, dict[str, str], str]:
    """Give the status, the headers and the body."""
    own = () if key is None else ("--header", f"Authorization: KISI-LOGIN {server.keys[key]}")
    done = subprocess.run(
        [
            "curl",
            "--silent",
            "--show-error",
            "--include",
            *options,
            *own,
            server.url + "/kisi" + path,
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    head, _empty, body = done.stdout.replace("\r\n", "\n").partition("\n\n")
    first, *lines = head.split("\n")
    headers = dict(line.lower().split(": ", 1) for line in lines if ": " in line)
    return int(first.split()[1]), headers, body


def test_six_calls_in_a_second_are_one_too_many(limited: RekeyProcess) -> None:
    answers = _at_once(limited, 8)
    assert 429 in answers
    assert answers[:5] == [200] * 5
    status, headers, _body = curl(limited, "/roles")
    assert status in {200, 429}
    assert status == 200 or int(headers["retry-after"]) >= 1


def _at_once(server: RekeyProcess, count: int) -> list[int]:
    """Send so many calls on one connection, one right after the other."""
    host, port = server.url.removeprefix("http://").split(":")
    call = (
        f"GET /kisi/roles HTTP/1.1\r\nHost: {host}:{port}\r\n"
        f"Authorization: KISI-LOGIN {server.keys['kisi']}\r\n\r\n"
    )
    last = call.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall((call * (count - 1) + last).encode())
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    return [int(part[:3]) for part in received.decode().split("HTTP/1.1 ")[1:]]


def test_lists_that_are_not_paged_have_no_range(server: RekeyProcess) -> None:
    status, headers, _body = curl(server, "/roles")
    assert status == 200
    assert "x-collection-range" not in headers
    _status, headers, body = curl(server, "/users?ids%5B%5D=1&ids%5B%5D=999999")
    assert headers["x-collection-range"].endswith("/1") or body == "[]"


def test_whoever_sends_null_signs_in_as_if_nothing_were_sent(server: RekeyProcess) -> None:
    owner = server.owner
    wanted = {"login": {"type": "device"}, "user": {"email": owner["email"], "password": owner["password"]}}
    null = ("--header", "Authorization: null")
    sent = ("--header", "Content-Type: application/json", "--data", json.dumps(wanted))
    assert curl(server, "/logins", *null, *sent, key=None)[0] == 200
    assert curl(server, "/users", *null, key=None)[0] == 401
