"""The vendor's pages on sharing and revoking, by openssl, jq and curl, against a real server."""

import subprocess
from pathlib import Path

import httpx

from tests.support.process import RekeyProcess

SCRIPT = Path(__file__).with_name("doordeck_seed.sh")


def test_both_pages_work_to_the_letter(server: RekeyProcess) -> None:
    lock = server.add_door("Doordeck seed door")
    invitee = {"email": "doordeck-seed@acme.test", "password": "of no importance"}
    base = server.url + "/doordeck"
    assert httpx.post(base + "/auth/register?force=false", json=invitee).status_code == 200
    owner = server.owner
    done = subprocess.run(
        [SCRIPT, base, owner["email"], owner["password"], lock, invitee["email"]],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stdout) == (0, "both pages hold\n"), done.stderr
