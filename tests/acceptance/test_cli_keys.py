"""A lost phone, and the authority's next key, from the command line."""

import asyncio
import json
from hashlib import sha256
from pathlib import Path

from rekey.app.bootstrap import open_server
from rekey.app.housekeeping import Housekeeper
from rekey.app.settings import Settings
from rekey.domain.credential import CredentialKind
from rekey.domain.ids import OrganizationId
from rekey.operations.issue_credential import IssueCredential, issue_credential
from tests.support.process import run_here


async def _give_key(data: Path, organization_id: str, email: str) -> None:
    server = await open_server(Settings(data=data))
    try:
        organization = OrganizationId(organization_id)
        actor = await Housekeeper(server.core, server.services.orders).actor(organization)
        person = await server.core.store.read(organization, lambda view: view.people.by_email(email))
        assert person is not None
        wanted = IssueCredential(
            person_id=person.id,
            kind=CredentialKind.DEVICE_KEY,
            fingerprint=sha256(b"key").hexdigest(),
            label="phone",
            public_part=b"key",
        )
        await server.core.perform(issue_credential, actor, wanted)
    finally:
        await server.close()


def test_a_lost_phones_key_is_found_and_ended(tmp_path: Path) -> None:
    data = tmp_path / "data"
    made = json.loads(run_here("init", "--data", str(data), "--json").stdout)
    email = made["owner"]["email"]
    asyncio.run(_give_key(data, made["organization"]["id"], email))
    (key,) = json.loads(run_here("person", "keys", email, "--data", str(data), "--json").stdout)
    assert (key["label"], key["state"]) == ("phone", "active")
    unknown = run_here("person", "end-key", email, "999", "--data", str(data))
    assert unknown.returncode == 2
    ended = run_here("person", "end-key", email, str(key["number"]), "--data", str(data), "--json")
    assert json.loads(ended.stdout) == {"ended": key["id"]}
    assert json.loads(run_here("person", "keys", email, "--data", str(data), "--json").stdout) == []


def test_the_issuing_key_is_shown_and_rotated(tmp_path: Path) -> None:
    from rekey.dialects.doordeck.cert_authority import CertAuthority
    from rekey.dialects.doordeck.keyring import authority_directory
    from rekey.testing.frozen_clock import NOON
    from rekey.webkit.settings import DialectSettings

    data = tmp_path / "data"
    run_here("init", "--data", str(data))
    assert run_here("certificates", "rotate", "--data", str(data)).returncode == 1
    CertAuthority.create(authority_directory(DialectSettings(data=data)), now=NOON)
    before = json.loads(run_here("certificates", "show", "--data", str(data), "--json").stdout)
    after = json.loads(run_here("certificates", "rotate", "--data", str(data), "--json").stdout)
    assert (before["generation"], after["generation"]) == (1, 2)
    assert before["issuing_serial"] != after["issuing_serial"]
    assert before["root_until"] == after["root_until"]
