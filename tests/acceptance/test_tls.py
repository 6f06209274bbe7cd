"""The server ends TLS itself: with a virtual host at the root, through its own commands, and with new files."""

import json
import os
import shutil
import signal
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from rekey.app.tls import ServerTls, trusting_only
from tests.support.process import RekeyProcess, run_rekey
from tests.support.tls import Shown, throw_away_certificate

HOST = "api.doordeck.test"


@pytest.fixture
def shown(tmp_path: Path) -> Shown:
    return throw_away_certificate(tmp_path / "tls", HOST, "127.0.0.1")


@pytest.fixture
def secure(tmp_path: Path, shown: Shown) -> Iterator[RekeyProcess]:
    options = (
        "--tls-cert",
        str(shown.chain),
        "--tls-key",
        str(shown.key),
        "--vhost",
        f"doordeck={HOST}",
    )
    with RekeyProcess(tmp_path / "data", serve=options) as server:
        yield server


def trusting(shown: Shown) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(shown.authority))


def test_a_dialect_answers_at_the_root_of_its_host_over_tls(secure: RekeyProcess, shown: Shown) -> None:
    with httpx.Client(verify=trusting(shown), trust_env=False) as client:
        assert secure.url.startswith("https://")
        answer = client.get(f"{secure.url}/time", headers={"host": HOST})
        assert (answer.status_code, set(answer.json())) == (200, {"now"})
        signed_in = client.post(f"{secure.url}/auth/token", headers={"host": HOST}, json=secure.owner)
        assert signed_in.status_code == 200


def test_a_client_without_the_authority_refuses_the_server(secure: RekeyProcess) -> None:
    with pytest.raises(httpx.ConnectError), httpx.Client(trust_env=False) as client:
        client.get(f"{secure.url}/healthz")


def test_plain_http_on_the_port_of_tls_is_not_answered(secure: RekeyProcess) -> None:
    host, port = secure.url.removeprefix("https://").rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=10) as plain:
        plain.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert not plain.recv(1024).startswith(b"HTTP/1.1 200")


def test_old_versions_of_tls_are_refused(secure: RekeyProcess, shown: Shown) -> None:
    host, port = secure.url.removeprefix("https://").rsplit(":", 1)
    context = trusting(shown)
    context.check_hostname = False
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    with (
        socket.create_connection((host, int(port)), timeout=10) as raw,
        context.wrap_socket(raw, server_hostname=HOST) as wrapped,
    ):
        assert wrapped.version() == "TLSv1.3"


def test_the_machines_own_commands_reach_the_server_over_tls(secure: RekeyProcess) -> None:
    assert json.loads(run_rekey("site", "list", "--data", str(secure.data), "--json").stdout)


def test_new_files_are_shown_after_a_hangup_and_bad_ones_change_nothing(
    secure: RekeyProcess, shown: Shown, tmp_path: Path
) -> None:
    renewed = throw_away_certificate(tmp_path / "renewed", HOST, "127.0.0.1")
    host, port = secure.url.removeprefix("https://").rsplit(":", 1)
    old = ssl.get_server_certificate((host, int(port)))
    shutil.copy(renewed.chain, shown.chain)
    os.kill(secure.pid, signal.SIGHUP)
    with httpx.Client(verify=False, trust_env=False) as client:  # noqa: S501  # what is shown is compared below
        assert client.get(f"{secure.url}/healthz").status_code == 200
    assert ssl.get_server_certificate((host, int(port))) == old
    shutil.copy(renewed.key, shown.key)
    os.kill(secure.pid, signal.SIGHUP)
    with httpx.Client(verify=trusting(renewed), trust_env=False) as client:
        assert client.get(f"{secure.url}/healthz").status_code == 200


def test_a_certificate_without_its_key_stops_the_start_with_a_line(tmp_path: Path, shown: Shown) -> None:
    other = throw_away_certificate(tmp_path / "other", HOST)
    run_rekey("init", "--data", str(tmp_path / "data"))
    refused = run_rekey(
        "serve",
        "--data",
        str(tmp_path / "data"),
        "--tls-cert",
        str(shown.chain),
        "--tls-key",
        str(other.key),
        check=False,
    )
    assert (refused.returncode, "tls_cert" in refused.stderr) == (1, True)


def test_a_client_that_trusts_one_certificate_trusts_no_other(tmp_path: Path, shown: Shown) -> None:
    other = throw_away_certificate(tmp_path / "other", HOST)
    tls = ServerTls(shown.chain, shown.key)
    assert tls.context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert len(trusting_only(other.chain).get_ca_certs()) <= 1
