"""Walk the steps with the vendor's Python client, and with its JavaScript client."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx
from seam.exceptions import SeamActionAttemptFailedError, SeamHttpApiError, SeamHttpUnauthorizedError
from seam.seam import Seam
from seam.seam_without_workspace import SeamWithoutWorkspace

from tests.acceptance.seam_sdk.stage import Stage
from tests.acceptance.seam_sdk.step import Step, filled, found_at
from tests.support.node import run_node
from tests.support.seam_schemas import Answer

_POLLS: dict[str, Any] = {"timeout": 10.0, "polling_interval": 0.05}
_SECONDS = 120.0
STRANGER = "seam_stranger_zzzzzzzzzzzzzzzzzzzzzzzz"
_FIRST_LINES = Path(__file__).with_name("walk.mjs")


def walk_python(stage: Stage, steps: Sequence[Step]) -> tuple[list[str], list[Answer]]:
    """Give what went otherwise than the steps say, and every answer of success."""
    known, faults = dict(stage.known), list[str]()
    answers: list[Answer] = []
    with _clients(stage, answers) as clients:
        for number, step in enumerate(steps):
            before = len(answers)
            seen = _tried(clients[step.by], step, known)
            if seen != (None if step.refused is None else list(step.refused)):
                faults.append(f"{number} {step.method}: {seen} instead of {step.refused}")
            if step.keep and seen is None:
                body = answers[-1].body if len(answers) > before else {}
                known.update(_kept(step, body))
    return faults, answers


def walk_node(stage: Stage, steps: Sequence[Step], folder: Path) -> tuple[list[str], list[Answer]]:
    """Do the same from node; `folder` is for scratch."""
    told = folder / "walk.json"
    told.write_text(
        json.dumps({**asdict(stage), "stranger": STRANGER, "steps": [asdict(step) for step in steps]})
    )
    done = run_node(_FIRST_LINES.read_text(), str(told), timeout=_SECONDS)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    return seen["faults"], [Answer(**answer) for answer in seen["answers"]]


def method_of(client: Any, name: str) -> Callable[..., Any]:
    """Find `acs.users.get` on a client."""
    for part in name.split("."):
        client = getattr(client, part)
    found: Callable[..., Any] = client
    return found


def _kept(step: Step, body: dict[str, Any]) -> dict[str, Any]:
    """Take what the step keeps; later steps tell what could not be found."""
    kept = {}
    for name, place in step.keep.items():
        with suppress(KeyError, IndexError):
            kept[name] = found_at(place, body)
    return kept


def _tried(client: Any, step: Step, known: dict[str, Any]) -> list[Any] | None:
    """Call, and give status and type of the refusal if it was one."""
    try:
        given = filled(step.given, known)
    except KeyError as missing:
        return [0, f"nothing was kept as {missing}"]
    try:
        method_of(client, step.method)(**given)
    except SeamHttpUnauthorizedError:
        return [401, "unauthorized"]
    except SeamHttpApiError as error:
        return [error.status_code, error.code]
    except SeamActionAttemptFailedError as error:
        return [200, error.code]
    except (TypeError, ValueError) as error:
        return [0, str(error)]
    return None


@contextmanager
def _clients(stage: Stage, answers: list[Answer]) -> Iterator[dict[str, Any]]:
    prefix = httpx.URL(stage.endpoint).path.rstrip("/")

    def note(response: httpx.Response) -> None:
        response.read()
        if response.is_success:
            path = response.request.url.path.removeprefix(prefix)
            answers.append(Answer(path, response.status_code, response.json()))

    watched = {"event_hooks": {"response": [note]}}
    key = Seam(stage.key, endpoint=stage.endpoint, wait_for_action_attempt=_POLLS, httpx_options=watched)
    stranger = Seam(STRANGER, endpoint=stage.endpoint, httpx_options=watched)
    person = SeamWithoutWorkspace(stage.token, endpoint=stage.endpoint, httpx_options=watched)
    try:
        yield {"key": key, "stranger": stranger, "person": person}
    finally:
        for client in (key, stranger, person):
            client.client.close()
