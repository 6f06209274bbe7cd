"""The official JavaScript client, unmodified, against a real server."""

import json
from typing import Any

import pytest

from tests.support.node import run_node
from tests.support.process import RekeyProcess

TALE = """
import { createRequire } from "node:module";
import { createServer, request } from "node:http";
const required = createRequire(process.cwd() + "/")("kisi-client");
const Kisi = required.default ?? required;
const told = {};
const refusal = async (promise) => {
  try { await promise; return null; } catch (error) { return [error.status, error.code]; }
};
const [base, key, domain, email, password, tag] = process.argv.slice(2);
const owner = new Kisi({ baseURL: base });
owner.setLoginSecret(key);
told.organizations = (await owner.get("organizations")).length;
const user = await owner.post("users", { user: { name: "Ada " + tag, email: tag + "@acme.test", sendEmails: false } });
const place = (await owner.get("places")).data[0];
const lock = await owner.post("locks", { lock: { name: "Front " + tag, placeId: place.id } });
const group = await owner.post("groups", { group: { name: "Staff " + tag } });
await owner.post("group_locks", { groupLock: { groupId: group.id, lockId: lock.id } });
const right = await owner.post("role_assignments", {
  roleAssignment: { userId: user.id, groupId: group.id, roleId: "group_basic" } });
told.found = (await owner.get("users", { query: tag + "@acme.test" })).data.map((one) => one.id === user.id);
told.listed = await owner.get("role_assignments", { userId: user.id });
told.none = await owner.get("role_assignments", { groupId: 987654 });
const login = await owner.post("logins", { login: { type: "device", email: user.email, expire: "false" } });
const ada = new Kisi({ baseURL: base });
ada.setLoginSecret(login.secret);
told.opened = await ada.post("locks/" + lock.id + "/unlock");
told.switchedOff = await owner.put("users/" + user.id, { user: { accessEnabled: false } });
told.refusedOff = await refusal(ada.post("locks/" + lock.id + "/unlock"));
await owner.put("users/" + user.id, { user: { accessEnabled: true } });
told.openedAgain = await ada.post("locks/" + lock.id + "/unlock");
told.deleted = await owner.delete("role_assignments/" + right.id);
told.refused = await refusal(ada.post("locks/" + lock.id + "/unlock"));
told.invalid = await refusal(owner.post("users", { user: { name: "nobody" } }));
told.unknown = await refusal(owner.get("users/987654"));
await owner.delete("users/" + user.id);
told.gone = await refusal(ada.get("user"));
const signed = new Kisi({ baseURL: base });
told.wrong = await refusal(signed.signIn({ domain, email, password: "wrong" }));
told.signedIn = (await signed.signIn({ domain, email, password })).user.email;
told.legacy = (await signed.signIn({ email, password })).user.email;
await signed.signOut();
told.signedOut = await refusal(signed.get("user"));
console.log(JSON.stringify(told));
"""


def tell(server: RekeyProcess, base: str, tag: str) -> Any:
    owner, domain = server.owner, server.made["organization"]["domain"]
    done = run_node(TALE, base, server.keys["kisi"], domain, owner["email"], owner["password"], tag)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def told(server: RekeyProcess) -> Any:
    return tell(server, server.url + "/kisi/", "ada")


def test_the_client_signs_in_and_out(told: Any, server: RekeyProcess) -> None:
    assert told["wrong"] == [401, "afc516"]
    assert told["signedIn"] == told["legacy"] == server.owner["email"]
    assert told["signedOut"][0] == 401


def test_the_client_reads_pages_and_empty_lists(told: Any) -> None:
    assert told["found"] == [True]
    assert told["listed"]["pagination"] == {"offset": 0, "limit": 10, "count": 1}
    assert told["none"] == {"pagination": {"offset": 0, "limit": 0, "count": 0}, "data": []}
    assert told["organizations"] == 1


def test_the_client_opens_and_is_refused_as_the_switches_stand(told: Any) -> None:
    assert told["opened"] == told["openedAgain"] == {"message": "Unlocked!"}
    assert told["refusedOff"] == [403, "fcd8ff"]
    assert told["refused"] == [403, "fcd8ef"]


def test_the_client_maps_errors(told: Any) -> None:
    assert told["invalid"] == [422, "000000"]
    assert told["unknown"] == [404, "000404"]
    assert told["gone"][0] == 401


def test_the_client_works_at_the_root_of_a_virtual_host(own_host: RekeyProcess) -> None:
    base = own_host.url.replace("127.0.0.1", "localhost")
    assert tell(own_host, base, "eve")["opened"] == {"message": "Unlocked!"}


@pytest.fixture
def own_host(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Give a server whose host `localhost` is Kisi's alone."""
    with RekeyProcess(
        tmp_path_factory.mktemp("host") / "rekey", serve=("--vhost", "kisi=localhost")
    ) as running:
        yield running
