"""What the exit code of a revocation tells."""

import json
from typing import Any

import httpx

from tests.support.process import RekeyProcess, run_here


def switch(server: RekeyProcess, door: str, **switches: Any) -> None:
    headers = {"authorization": f"Bearer {server.keys['rekey']}"}
    url = f"{server.url}/api/v1/doors/{door}/simulate"
    httpx.patch(url, headers=headers, json=switches).raise_for_status()


def granted(server: RekeyProcess, door: str) -> str:
    server.command("person", "add", "Pia", "--email", "pia@acme.test")
    server.command("grant", "add", "Pia", "--door", door)
    server.command("door", "sync", door)
    return "Pia"


def revoke(server: RekeyProcess, door: str) -> tuple[int, dict[str, Any]]:
    done = run_here("revoke", "Pia", "--door", door, "--data", str(server.data), "--json")
    return done.returncode, json.loads(done.stdout)


def test_it_is_3_while_a_door_out_of_reach_may_still_open_and_says_until_when(
    own_server: RekeyProcess,
) -> None:
    door = own_server.add_door("Front")
    granted(own_server, door)
    switch(own_server, door, offline=True)
    code, revoked = revoke(own_server, door)
    line = revoked["receipt"]["doors"][0]
    assert (code, line["status"] in {"exposed", "pending"}, line["effective_by"] is not None) == (
        3,
        True,
        True,
    )
    assert [one["door"]["door"] for one in own_server.command("exposure")] == [door]


def test_it_is_4_when_a_door_lies_about_what_it_deleted(own_server: RekeyProcess) -> None:
    door = own_server.add_door("Front")
    granted(own_server, door)
    switch(own_server, door, lying_about_deletes=True)
    code, revoked = revoke(own_server, door)
    assert (code, revoked["receipt"]["doors"][0]["status"]) == (4, "refuted")
