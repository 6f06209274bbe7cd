"""The vendor's page "Remove access rights" by curl, word for word."""

import subprocess
from pathlib import Path

import httpx

from tests.support.process import RekeyProcess

SCRIPT = Path(__file__).with_name("kisi_seed.sh")


def test_the_page_works_to_the_letter(server: RekeyProcess) -> None:
    email = "kisi-seed-page@acme.test"
    with httpx.Client(
        base_url=server.url + "/kisi", headers={"Authorization": f"KISI-LOGIN {server.keys['kisi']}"}
    ) as api:
        user = api.post("/users", json={"user": {"name": "Seed", "email": email}}).json()
        group = api.post("/groups", json={"group": {"name": "Seed staff"}}).json()
        wanted = {"user_id": user["id"], "group_id": group["id"], "role_id": "group_basic"}
        assert api.post("/role_assignments", json={"role_assignment": wanted}).status_code == 200
    done = subprocess.run(
        [SCRIPT, server.url + "/kisi", server.keys["kisi"], email],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (0, "the whole page holds\n"), done.stderr
