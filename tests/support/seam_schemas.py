"""Answers of the Seam dialect against what the vendor publishes: its description and its own zod schemas.

Both come with `@seamapi/types`, which node reads; nothing of it is kept here.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from tests.support.node import run_node

Schema = dict[str, Any]

_DUMP = """
const { openapi } = await import("@seamapi/types/connect");
const bodies = {};
for (const [path, verbs] of Object.entries(openapi.paths)) {
  const described = (verbs.post ?? Object.values(verbs)[0]).responses["200"]?.content?.["application/json"];
  if (described) bodies[path] = described.schema;
}
process.stdout.write(JSON.stringify({ bodies, components: { schemas: openapi.components.schemas } }));
"""
_ZOD = """
import { readFileSync } from "node:fs";
const { schemas } = await import("@seamapi/types/connect");
const faults = [];
for (const [path, name, value] of JSON.parse(readFileSync(process.argv[2], "utf8"))) {
  const schema = schemas[name === "event" ? "seam_event" : name];
  const seen = schema?.safeParse(value);
  if (seen && !seen.success)
    faults.push(...seen.error.issues.map((issue) => `${path}: ${name}.${issue.path.join(".")}: ${issue.message}`));
}
process.stdout.write(JSON.stringify(faults));
"""
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client was answered: the route, the status and the document."""

    path: str
    status: int
    body: dict[str, Any]


def faults_of(answers: Sequence[Answer], folder: Path) -> list[str]:
    """Name every place where an answer of success breaks what is published; `folder` is for scratch."""
    told = [replace(answer, body=_without_newer(answer.body)) for answer in answers]
    kept = {json.dumps([answer.path, answer.body], sort_keys=True): answer for answer in told}
    found = [fault for answer in kept.values() for fault in _by_description(answer)]
    return sorted({*found, *_by_zod([*kept.values()], folder)})


def _without_newer(body: Any) -> Any:
    """Leave out what the vendor's API knows by now and the newest package of its schemas does not yet.

    That are a mutation of access methods, and the access method as the result of writing a card.
    """
    if isinstance(body, list):
        return [_without_newer(part) for part in body if not _is_newer(part)]
    if not isinstance(body, dict):
        return body
    if body.get("action_type") == "ENCODE_CREDENTIAL" and "access_method_id" in (body.get("result") or {}):
        body = {**body, "status": "pending", "result": None}
    return {name: _without_newer(part) for name, part in body.items()}


def _is_newer(part: Any) -> bool:
    return isinstance(part, dict) and part.get("mutation_code") == "waiting_for_access_on_acs_system"


def _by_description(answer: Answer) -> Iterator[str]:
    validator = _validator(answer.path)
    if validator is None:
        return
    for error in validator.iter_errors(answer.body):
        place = ".".join("[]" if isinstance(part, int) else str(part) for part in error.instance_path)
        yield f"{answer.path}: {place}: {error.message[:300]}"


def _by_zod(answers: Sequence[Answer], folder: Path) -> list[str]:
    """Let the vendor's own schemas judge every resource; some resources have none."""
    bodies = _published()["bodies"]
    cases: list[tuple[str, str, Any]] = []
    for answer in answers:
        for key, described in bodies.get(answer.path, {}).get("properties", {}).items():
            reference = described.get("$ref") or described.get("items", {}).get("$ref")
            if reference is None or key not in answer.body:
                continue
            found = answer.body[key]
            name = reference.rpartition("/")[2]
            cases += [(answer.path, name, one) for one in (found if isinstance(found, list) else [found])]
    told = folder / "answers.json"
    told.write_text(json.dumps(cases))
    done = run_node(_ZOD, str(told))
    assert done.returncode == 0, done.stderr
    faults: list[str] = json.loads(done.stdout)
    return faults


@cache
def _published() -> Schema:
    done = run_node(_DUMP)
    assert done.returncode == 0, done.stderr
    published: Schema = json.loads(done.stdout)
    return published


@cache
def _validator(path: str) -> jsonschema_rs.Validator | None:
    body = _published()["bodies"].get(path)
    if body is None:
        return None
    described = {"$schema": _DRAFT, "components": _components(), **_plain(body)}
    return jsonschema_rs.validator_for(described, validate_formats=True)


@cache
def _components() -> Schema:
    components: Schema = _plain(_published()["components"])
    return components


def _plain(schema: Any) -> Any:
    """Write the description's own dialect of JSON Schema as the standard has it: null is a type."""
    if isinstance(schema, list):
        return [_plain(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: _plain(part) for key, part in schema.items() if key not in {"nullable", "discriminator"}}
    if plain.get("exclusiveMinimum") is True:
        plain["exclusiveMinimum"] = plain.pop("minimum")
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("nullable") is True else plain
