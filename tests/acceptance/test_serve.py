"""The program as a process: made once, served, stopped, found by its own commands."""

import json
import os
import signal
import stat
from pathlib import Path

import httpx
import pytest

from tests.support.process import RekeyProcess, run_here, run_rekey


def test_init_prints_the_organization_its_owner_and_keys_once(tmp_path: Path) -> None:
    made = json.loads(run_rekey("init", "--data", str(tmp_path / "new"), "--json").stdout)
    assert {name: set(part) for name, part in made.items()} == {
        "organization": {"id", "name", "domain"},
        "site": {"id", "name"},
        "owner": {"email", "password"},
        "keys": {"seam", "kisi", "rekey", "scim"},
    }


def test_no_secret_of_init_lies_readable_in_the_data_directory(tmp_path: Path) -> None:
    data = tmp_path / "new"
    made = json.loads(run_here("init", "--data", str(data), "--json").stdout)
    kept = b"".join(file.read_bytes() for file in data.rglob("*") if file.is_file())
    assert [name for name, key in made["keys"].items() if key.encode() in kept] == []
    assert made["owner"]["password"].encode() not in kept


def test_init_of_a_store_that_is_there_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    data = tmp_path / "new"
    run_here("init", "--data", str(data))
    before = (data / "keys" / "host.key").read_bytes()
    again = run_here("init", "--data", str(data))
    assert (again.returncode, "already" in again.stderr) == (1, True)
    assert (data / "keys" / "host.key").read_bytes() == before


def test_the_machines_own_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    run_here("init", "--data", str(tmp_path / "new"))
    key = tmp_path / "new" / "keys" / "host.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_serve_without_a_store_says_what_to_do(tmp_path: Path) -> None:
    refused = run_rekey("serve", "--data", str(tmp_path / "none"), check=False)
    assert (refused.returncode, "rekey init" in refused.stderr) == (1, True)


def test_a_setting_without_meaning_is_refused_before_anything_is_opened(tmp_path: Path) -> None:
    refused = run_rekey("serve", "--data", str(tmp_path), check=False, env={"REKEY_LOOP": "twisted"})
    assert (refused.returncode, "loop" in refused.stderr) == (1, True)


def test_a_server_answers_that_it_is_alive_and_ready(server: RekeyProcess) -> None:
    assert httpx.get(f"{server.url}/healthz").json() == {"alive": True}
    assert httpx.get(f"{server.url}/readyz").json() == {"ready": True, "failing": []}
    assert "rekey_requests_total" in httpx.get(f"{server.url}/metrics").text


def test_the_first_keys_are_recognised(server: RekeyProcess) -> None:
    bearer = {"authorization": f"Bearer {server.keys['rekey']}"}
    assert httpx.get(f"{server.url}/api/v1/organization", headers=bearer).json()["name"] == "Acme"
    assert httpx.get(f"{server.url}/api/v1/organization").status_code == 401


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_in_good_order(own_server: RekeyProcess, how: signal.Signals) -> None:
    os.kill(own_server.pid, how)
    assert own_server.stop() == 0
    assert not (own_server.data / "server.json").exists()


def test_what_was_acknowledged_is_there_after_a_kill(own_server: RekeyProcess) -> None:
    door = own_server.add_door("Front")
    own_server.kill()
    own_server.start()
    assert [one["id"] for one in own_server.command("door", "list")] == [door]


def test_a_second_process_on_an_embedded_store_is_refused_with_what_to_do(own_server: RekeyProcess) -> None:
    refused = run_rekey("serve", "--data", str(own_server.data), "--port", "0", check=False)
    assert (refused.returncode, "PostgreSQL" in refused.stderr) == (1, True)


def test_an_address_that_is_taken_is_told_plainly(server: RekeyProcess, tmp_path: Path) -> None:
    run_here("init", "--data", str(tmp_path / "new"))
    port = server.url.rpartition(":")[2]
    refused = run_rekey("serve", "--data", str(tmp_path / "new"), "--port", port, check=False)
    assert (refused.returncode, "cannot be used" in refused.stderr) == (1, True)


def test_plain_asyncio_serves_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REKEY_LOOP", "asyncio")
    with RekeyProcess(tmp_path / "rekey") as running:
        assert httpx.get(f"{running.url}/readyz").status_code == 200


def test_a_virtual_host_serves_a_dialect_at_its_root(tmp_path: Path) -> None:
    with RekeyProcess(tmp_path / "rekey", serve=("--vhost", "native=api.rekey.test")) as running:
        headers = {"host": "api.rekey.test", "authorization": f"Bearer {running.keys['rekey']}"}
        assert httpx.get(f"{running.url}/whoami", headers=headers).status_code == 200


def test_a_store_on_postgresql_is_made_and_served(postgres_server: RekeyProcess) -> None:
    door = postgres_server.add_door("Front")
    assert httpx.get(f"{postgres_server.url}/readyz").status_code == 200
    assert [one["id"] for one in postgres_server.command("door", "list")] == [door]


def test_the_log_holds_no_secret(server: RekeyProcess) -> None:
    httpx.get(
        f"{server.url}/api/v1/organization", headers={"authorization": f"Bearer {server.keys['rekey']}"}
    )
    log = server.log()
    assert [name for name, key in server.keys.items() if key in log] == []
