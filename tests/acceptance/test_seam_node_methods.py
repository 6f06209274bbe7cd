"""Every served method of the vendor's JavaScript clients, once with what exists and once with what does not."""

import json
from typing import Any

import pytest

from tests.acceptance.test_seam_methods import READS, WRITES, furnish
from tests.acceptance.test_seam_python import UNKNOWN, closing_client
from tests.support.node import run_node
from tests.support.process import RekeyProcess

SCRIPT = """
const [url, key, name, known, calls] = process.argv.slice(2).map((text, i) => (i < 3 ? text : JSON.parse(text)));
const { SeamHttp } = await import(name);
const seam = SeamHttp.fromApiKey(key, { endpoint: url + "/seam" });
const camel = (text) => text.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
const seen = {};
for (const [path, names] of calls) {
  const [method, ...spaces] = path.split(".").map(camel).reverse();
  const space = spaces.reverse().reduce((found, part) => found[part], seam);
  if (typeof space?.[method] !== "function") { seen[path] = "absent"; continue }
  const wanted = Object.fromEntries(names.map((name) => [name, known[name]]));
  try { await space[method](wanted); seen[path] = 200 } catch (error) { seen[path] = error.statusCode ?? error.message }
}
console.log(JSON.stringify(seen));
"""


def walk(server: RekeyProcess, package: str, known: dict[str, str], calls: list[Any]) -> dict[str, Any]:
    arguments = (json.dumps(known), json.dumps(calls))
    done = run_node(SCRIPT, server.url, server.keys["seam"], package, *arguments)
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


@pytest.mark.parametrize("package", ["@seamapi/http", "seam"])
def test_every_served_method_succeeds_with_what_exists(server: RekeyProcess, package: str) -> None:
    with closing_client(server, server.keys["seam"]) as seam:
        known = furnish(seam, server)
    seen = walk(server, package, known, [*READS, *WRITES])
    assert seen == dict.fromkeys(seen, 200)
    assert len(seen) == len(READS) + len(WRITES)


@pytest.mark.parametrize("package", ["@seamapi/http", "seam"])
def test_every_served_method_refuses_what_is_unknown(server: RekeyProcess, package: str) -> None:
    calls = [case for case in (*READS, *WRITES) if case[1]]
    known = {name: UNKNOWN for _path, names in calls for name in names}
    assert walk(server, package, known, calls) == dict.fromkeys((path for path, _names in calls), 404)
