"""The identity provider from the command line: what it did, its settings, its key."""

from typing import Any

import httpx

from tests.support.process import RekeyProcess, run_here

_USER = "urn:ietf:params:scim:schemas:core:2.0:User"


def ask(server: RekeyProcess, method: str, path: str, key: str = "", **more: Any) -> httpx.Response:
    headers = {"authorization": f"Bearer {key or server.keys['scim']}"}
    return httpx.request(method, f"{server.url}/scim/v2{path}", headers=headers, timeout=30, **more)


def test_its_calls_and_whom_it_switched_off_are_listed(own_server: RekeyProcess) -> None:
    body = {"schemas": [_USER], "userName": "ada@acme.test", "displayName": "Ada"}
    made = ask(own_server, "POST", "/Users", json=body).json()
    assert own_server.command("directory", "inactive") == []
    ask(own_server, "PUT", f"/Users/{made['id']}", json={**body, "active": False}).raise_for_status()
    newest, first = own_server.command("directory", "calls", "--limit", "2")
    assert (first["method"], first["status"], newest["method"]) == ("POST", 201, "PUT")
    assert [one["email"] for one in own_server.command("directory", "inactive")] == ["ada@acme.test"]


def test_a_new_key_ends_the_old_one_at_once(own_server: RekeyProcess) -> None:
    fresh = own_server.command("directory", "reset-key")["secret"]
    assert ask(own_server, "GET", "/Users").status_code == 401
    assert ask(own_server, "GET", "/Users", fresh).status_code == 200


def test_a_setting_is_changed_and_the_others_stay(own_server: RekeyProcess) -> None:
    before = own_server.command("directory", "show")
    after = own_server.command("directory", "edit", "--no-enabled", "--leaver-limit", "5")
    assert after == {**before, "enabled": False, "leaver_limit": 5}
    assert ask(own_server, "GET", "/Users").status_code == 403


def test_an_edit_that_names_nothing_says_so(own_server: RekeyProcess) -> None:
    done = run_here("directory", "edit", "--data", str(own_server.data))
    assert done.returncode == 2
    assert "name a setting" in done.stderr
