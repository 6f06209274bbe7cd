"""The vendor's JavaScript clients, unmodified, against a served store."""

import json
from typing import Any

from tests.support.node import run_node
from tests.support.process import RekeyProcess

SCRIPT = """
const [url, key, door, site] = process.argv.slice(2);
const { SeamHttp } = await import(%(package)s);
const seam = SeamHttp.fromApiKey(key, { endpoint: url + "/seam" });
const seen = {};
const failure = async (call) => {
  try { await call(); return null } catch (error) { return [error.statusCode ?? null, error.code ?? error.name] }
};
const person = await seam.userIdentities.create({ full_name: "Jay Script", email_address: %(email)s });
const link = { user_identity_id: person.user_identity_id, device_id: door };
const reached = async () =>
  (await seam.userIdentities.listAccessibleDevices({ user_identity_id: link.user_identity_id })).map(
    (device) => device.device_id,
  );
await seam.userIdentities.grantAccessToDevice(link);
seen.granted = await reached();
await seam.userIdentities.revokeAccessToDevice(link);
seen.revoked = await reached();
seen.unknown = await failure(() =>
  seam.userIdentities.revokeAccessToDevice({ ...link, user_identity_id: "no-such-person" }));
const by = { user_identity_id: link.user_identity_id, acs_system_id: site };
const entrances = async () => (await seam.acs.users.listAccessibleEntrances(by)).length;
await seam.acs.entrances.grantAccess({ user_identity_id: by.user_identity_id, acs_entrance_id: door });
seen.entrances = [await entrances()];
await seam.acs.users.revokeAccessToAllEntrances(by);
seen.entrances.push(await entrances());
seen.selector = await failure(() => seam.acs.users.revokeAccessToAllEntrances({ ...by, acs_user_id: site }));
seen.attempt = (await seam.locks.unlockDoor({ device_id: door })).status;
seen.nobody = await seam.userIdentities.list({ user_identity_ids: [] });
seen.stranger = await failure(() =>
  SeamHttp.fromApiKey("seam_stranger_zzzzzzzzzzzzzzzzzzzzzzzz", { endpoint: url + "/seam" }).devices.list());
console.log(JSON.stringify(seen));
"""


def run(server: RekeyProcess, package: str) -> dict[str, Any]:
    door = server.add_door(f"Door of {package}")
    email = f"{package.strip('@').replace('/', '-')}@js.test"
    script = SCRIPT % {"package": json.dumps(package), "email": json.dumps(email)}
    done = run_node(script, server.url, server.keys["seam"], door, server.site_id)
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)
    assert seen.pop("granted") == [door]
    return seen


EXPECTED = {
    "revoked": [],
    "unknown": [404, "user_identity_not_found"],
    "entrances": [1, 0],
    "selector": [400, "invalid_input"],
    "attempt": "success",
    "nobody": [],
    "stranger": [401, "unauthorized"],
}


def test_the_current_client_grants_revokes_and_opens(server: RekeyProcess) -> None:
    assert run(server, "@seamapi/http") == EXPECTED


def test_the_older_client_which_posts_its_reads_does_the_same(server: RekeyProcess) -> None:
    assert run(server, "seam") == EXPECTED
