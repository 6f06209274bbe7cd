"""Every method of the official JavaScript client, and its successor, against a real server.

The successor is not published: it joins base and path, sends arrays by comma, and reads JSON whenever the header
says JSON, so that an empty answer of that type throws.
"""

import json
from typing import Any

import pytest

from tests.support.node import run_node
from tests.support.process import RekeyProcess

OFFICIAL = """
import { createRequire } from "node:module";
const required = createRequire(process.cwd() + "/")("kisi-client");
const Kisi = required.default ?? required;
const makeClient = (base) => new Kisi({ baseURL: base });
"""
SUCCESSOR = """
class KisiError extends Error {
  constructor(status, code = "000000", reason = null) {
    super("failed");
    Object.assign(this, { status, code, reason });
  }
}
const snake = (name) => name.replace(/[A-Z]/g, (letter) => "_" + letter.toLowerCase());
const camel = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
const deep = (value, rename) => Array.isArray(value) ? value.map((one) => deep(one, rename))
  : value && typeof value === "object"
    ? Object.fromEntries(Object.entries(value).map(([name, one]) => [rename(name), deep(one, rename)])) : value;
class Successor {
  constructor(base) { this.base = base; this.secret = null; }
  setLoginSecret(secret) { this.secret = secret; }
  async call(method, path, params, data) {
    const query = new URLSearchParams(Object.entries(deep(params, snake)).map(([name, one]) => [name, String(one)]));
    const headers = { Accept: "application/json", "Content-Type": "application/json" };
    if (this.secret) headers.Authorization = "KISI-LOGIN " + this.secret;
    const body = data === undefined ? undefined : JSON.stringify(deep(data, snake));
    const answer = await fetch(this.base + "/" + path + (query.size ? "?" + query : ""), { method, headers, body });
    const isJson = (answer.headers.get("content-type") ?? "").includes("application/json");
    const read = isJson ? deep(await answer.json(), camel) : null;
    if (!answer.ok) throw new KisiError(answer.status, read?.code, read?.error ?? read?.errors);
    const range = /^(?:\\*|(\\d+)-(\\d+))\\/(\\d+)$/.exec(answer.headers.get("x-collection-range") ?? "");
    if (!range) return read;
    const [offset, end, count] = range.slice(1).map(Number);
    const limit = Number.isNaN(offset) ? 0 : end - offset + 1;
    return { pagination: { offset: offset || 0, limit, count }, data: read };
  }
  get(path, params = {}) { return this.call("GET", path, params); }
  post(path, data = {}) { return this.call("POST", path, {}, data); }
  put(path, data = {}) { return this.call("PUT", path, {}, data); }
  delete(path, params = {}) { return this.call("DELETE", path, params); }
  async signIn(user) {
    this.setLoginSecret(null);
    const login = await this.post("logins", { login: { type: "device" }, user });
    this.setLoginSecret(login.secret);
    return login;
  }
  async signOut() { await this.delete("login"); this.setLoginSecret(null); }
  async signUp(email, password) {
    this.setLoginSecret(null);
    return this.post("users", { user: { email, password, termsAndConditions: true } });
  }
}
const makeClient = (base) => new Successor(base.replace(/\\/$/, ""));
"""
TALE = """
const told = {};
const refusal = async (promise) => {
  try { await promise; return null; } catch (error) { return [error.status, error.code, error.reason !== null]; }
};
const [base, key, domain, email, password, tag] = process.argv.slice(2);
const owner = makeClient(base);
const login = await owner.signIn({ domain, email, password });
told.signedIn = [login.user.email, typeof login.secret];
const made = [];
for (let count = 0; count < 15; count += 1) {
  made.push(await owner.post("teams", { team: { name: tag + " " + String(count).padStart(2, "0") } }));
}
const ids = made.map((one) => one.id);
told.second = (await owner.get("teams", { ids, limit: 10, offset: 10 })).pagination;
told.sorted = (await owner.get("teams", { ids: ids.slice(0, 2), sort: "-name" })).data.map((one) => one.name);
told.empty = await owner.get("teams", { query: "nobody is called this" });
told.unpaged = Array.isArray(await owner.get("roles"));
told.put = await owner.put("teams/" + ids[0], { team: { name: tag + " renamed" } });
told.renamed = (await owner.get("teams/" + ids[0])).name;
told.deleted = await owner.delete("teams/" + ids[0]);
told.missing = await refusal(owner.get("teams/" + ids[0]));
told.invalid = await refusal(owner.post("teams", { team: {} }));
const place = (await owner.get("places")).data[0];
const lock = await owner.post("locks", { lock: { name: tag + " door", placeId: place.id } });
told.opened = (await owner.post("locks/" + lock.id + "/unlock")).message;
const user = await owner.post("users",
  { user: { name: tag, email: tag + "@acme.test", sendEmails: false, confirm: true, metadata: { badge: "7" } } });
told.metadata = user.metadata;
const theirs = await owner.post("logins", { login: { type: "device", email: user.email, expire: "false" } });
const nobody = makeClient(base);
nobody.setLoginSecret(theirs.secret);
told.denied = await refusal(nobody.post("locks/" + lock.id + "/unlock", {}));
told.forbidden = await refusal(nobody.get("users"));
const stranger = makeClient(base);
stranger.setLoginSecret(null);
told.stranger = await refusal(stranger.get("users"));
told.signedUp = await refusal(stranger.signUp(tag + ".new@elsewhere.test", "correct horse battery"));
await owner.signOut();
told.signedOut = await refusal(owner.get("user"));
console.log(JSON.stringify(told));
"""


@pytest.fixture(scope="module", params=["official", "successor"])
def told(request: pytest.FixtureRequest, server: RekeyProcess) -> Any:
    """Tell the same tale by both clients."""
    script = {"official": OFFICIAL, "successor": SUCCESSOR}[request.param] + TALE
    owner, domain = server.owner, server.made["organization"]["domain"]
    done = run_node(
        script,
        f"{server.url}/kisi/",
        server.keys["kisi"],
        domain,
        owner["email"],
        owner["password"],
        request.param,
    )
    assert done.returncode == 0, done.stderr
    return {**json.loads(done.stdout), "tag": request.param, "email": owner["email"]}


def test_signing_in_out_and_up(told: Any) -> None:
    assert told["signedIn"] == [told["email"], "string"]
    assert told["signedOut"][0] == 401
    assert told["signedUp"] is None


def test_lists_pages_filters_and_the_empty_list(told: Any) -> None:
    assert told["second"] == {"offset": 10, "limit": 10, "count": 15}
    assert told["sorted"] == [f"{told['tag']} 01", f"{told['tag']} 00"]
    assert told["empty"] == {"pagination": {"offset": 0, "limit": 0, "count": 0}, "data": []}
    assert told["unpaged"] is True


def test_changing_and_deleting_answer_nothing(told: Any) -> None:
    assert told["put"] in ("", None)
    assert told["deleted"] in ("", None)
    assert told["renamed"] == f"{told['tag']} renamed"


def test_unlocking_and_being_refused(told: Any) -> None:
    assert told["opened"] == "Unlocked!"
    assert told["denied"] == [403, "fcd8ef", True]
    assert told["forbidden"] == [403, "fcd8ef", True]
    assert told["stranger"] == [401, "000401", True]
    assert told["missing"] == [404, "000404", True]
    assert told["invalid"][0] == 422
    assert told["metadata"] == {"badge": "7"}
