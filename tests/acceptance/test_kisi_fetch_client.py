"""A client of the second style: fetch, arrays joined by comma, and JSON read wherever the header says JSON."""

import json
from typing import Any

import pytest

from tests.support.node import run_node
from tests.support.process import RekeyProcess

TALE = """
const [base, key] = process.argv.slice(2);
const call = async (secret, method, path, { query, body } = {}) => {
  const joined = Object.entries(query ?? {}).map(([name, value]) => [name, String(value)]);
  const url = base + path + (joined.length ? "?" + new URLSearchParams(joined) : "");
  const headers = { Accept: "application/json", "Content-Type": "application/json" };
  if (secret) headers.Authorization = "KISI-LOGIN " + secret;
  const answer = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
  const isJson = (answer.headers.get("content-type") ?? "").includes("json");
  const data = isJson ? await answer.json() : null;
  return { status: answer.status, data, range: answer.headers.get("x-collection-range") };
};
const told = {};
const owner = (...rest) => call(key, ...rest);
const made = [];
for (const name of ["fern", "fay"]) {
  const body = { user: { name, email: name + "@acme.test", send_emails: false, confirm: true } };
  made.push((await owner("POST", "/users", { body })).data);
}
const ids = made.map((one) => one.id);
told.both = await owner("GET", "/users", { query: { ids, sort: "name" } })
  .then(({ data, range }) => [data.map((one) => one.name), range]);
const place = (await owner("GET", "/places")).data[0];
const lock = (await owner("POST", "/locks", { body: { lock: { name: "Fetched", place_id: place.id } } })).data;
const group = (await owner("POST", "/groups", { body: { group: { name: "Fetched" } } })).data;
await owner("POST", "/group_locks", { body: { group_lock: { group_id: group.id, lock_id: lock.id } } });
const right = { user_id: ids[0], group_id: group.id, role_id: "group_basic" };
const { data: assignment } = await owner("POST", "/role_assignments", { body: { role_assignment: right } });
const body = { login: { type: "device", email: "fern@acme.test", expire: "false" } };
const { secret } = (await owner("POST", "/logins", { body })).data;
told.opened = (await call(secret, "POST", `/locks/${lock.id}/unlock`)).data;
const off = { user: { access_enabled: "false" } };
told.empty = [
  await owner("PATCH", "/users/" + ids[0], { body: off }),
  await owner("DELETE", "/role_assignments/" + assignment.id),
  await owner("DELETE", "/users/" + ids[0]),
  await owner("DELETE", "/users/" + ids[1]),
].map(({ status, data }) => [status, data]);
told.none = await owner("GET", "/users", { query: { ids } }).then(({ data, range }) => [data, range]);
told.roles = (await owner("GET", "/roles")).range;
told.gone = (await call(secret, "GET", "/user")).status;
told.stranger = (await call(null, "GET", "/users")).data;
console.log(JSON.stringify(told));
"""


@pytest.fixture(scope="module")
def told(server: RekeyProcess) -> Any:
    done = run_node(TALE, server.url + "/kisi", server.keys["kisi"])
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_ids_joined_by_comma_and_sorting_reach_the_list(told: Any) -> None:
    assert told["both"] == [["fay", "fern"], "0-49/2"]
    assert told["none"] == [[], "*/0"]
    assert told["roles"] is None


def test_an_empty_answer_never_claims_to_be_json(told: Any) -> None:
    assert told["empty"] == [[204, None]] * 4


def test_the_door_opens_and_the_removed_user_is_signed_out(told: Any) -> None:
    assert told["opened"] == {"message": "Unlocked!"}
    assert told["gone"] == 401
    assert set(told["stranger"]) == {"error", "code"}
