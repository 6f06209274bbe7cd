"""The vendor's clients, made with every other proof than an API key, against a served store."""

import asyncio
import json
import secrets
from typing import Any

import httpx
import pytest
from seam.exceptions import SeamHttpUnauthorizedError
from seam.seam import AsyncSeam, Seam
from seam.seam_without_workspace import SeamWithoutWorkspace

from tests.acceptance.seam_sdk.stage import Stage, set_stage
from tests.acceptance.test_seam_python import UNKNOWN
from tests.support.node import run_node
from tests.support.process import RekeyProcess

_CONSOLE = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiMSJ9.c2lnbmF0dXJl"
_WALK = """
const given = JSON.parse(process.argv[2]);
const { SeamHttp, SeamHttpWithoutWorkspace } = await import("@seamapi/http");
const options = { endpoint: given.endpoint };
const seen = {};
const refused = async (call) => {
  try { await call(); return null } catch (error) { return [error.statusCode ?? null, error.code ?? error.name] }
};
const ids = (devices) => devices.map((device) => device.device_id).sort();

const person = SeamHttp.fromPersonalAccessToken(given.token, given.workspace, options);
seen.person = (await person.workspaces.get()).workspace_id;
seen.personElsewhere = await refused(() =>
  SeamHttp.fromPersonalAccessToken(given.token, given.unknown, options).devices.list());
seen.personAtLarge = (await SeamHttpWithoutWorkspace.fromPersonalAccessToken(given.token, options)
  .workspaces.list()).some((one) => one.workspace_id === given.workspace);

const key = SeamHttp.fromApiKey(given.key, options);
const { token, client_session_id } = await key.clientSessions.create({
  connected_account_ids: [given.account], user_identifier_key: given.tag });
const session = SeamHttp.fromClientSessionToken(token, options);
seen.sessionSees = ids(await session.devices.list());
seen.sessionIsItself = (await session.clientSessions.get()).client_session_id === client_session_id;
seen.sessionOutside = await refused(() => session.devices.get({ device_id: given.door }));
seen.sessionMayNot = await refused(() => session.userIdentities.create({ full_name: "Eve" }));
const webview = await session.connectWebviews.create({});
seen.sessionSeesItsOwn = (await session.connectWebviews.list()).map((one) => one.connect_webview_id);
seen.webview = webview.connect_webview_id;
await session.updateClientSessionToken(token);
await key.clientSessions.revoke({ client_session_id });
seen.sessionRevoked = await refused(() => session.devices.list());
await key.clientSessions.delete({ client_session_id });
seen.sessionDeleted = await refused(() => session.devices.list());

const shop = await SeamHttp.fromPublishableKey(given.publishable, `${given.tag}-shop`, options);
seen.shopSees = ids(await shop.devices.list());
seen.shopIsTheSame = (await (await SeamHttp.fromPublishableKey(given.publishable, `${given.tag}-shop`, options))
  .clientSessions.get()).client_session_id === (await shop.clientSessions.get()).client_session_id;
seen.shopUnknown = await refused(() =>
  SeamHttp.fromPublishableKey("seam_pk1stranger_zzzzzzzzzzzzzzzzzzzzzzzz", given.tag, options));

seen.console = await refused(() =>
  SeamHttp.fromConsoleSessionToken(given.console, given.workspace, options).devices.list());
process.stdout.write(JSON.stringify(seen));
"""


@pytest.fixture(scope="module")
def stage(root_server: RekeyProcess) -> Stage:
    return set_stage(root_server, at_root=False)


def called(stage: Stage, path: str, **body: Any) -> dict[str, Any]:
    """Call with the API key."""
    answer = httpx.post(
        f"{stage.endpoint}{path}", json=body, headers={"authorization": f"Bearer {stage.key}"}
    )
    assert answer.is_success, answer.text
    document: dict[str, Any] = answer.json()
    return document


def doors_of_account(stage: Stage) -> list[str]:
    listed = called(stage, "/devices/list", connected_account_id=stage.known["account"])
    return sorted(device["device_id"] for device in listed["devices"])


@pytest.fixture(scope="module")
def walked(stage: Stage) -> dict[str, Any]:
    """Walk once with the JavaScript client."""
    called(stage, "/workspaces/update", is_publishable_key_auth_enabled=True)
    given = {
        "endpoint": stage.endpoint,
        "key": stage.key,
        "token": stage.token,
        "publishable": called(stage, "/workspaces/get")["workspace"]["publishable_key"],
        "console": _CONSOLE,
        "workspace": stage.known["workspace"],
        "account": stage.known["account"],
        "door": stage.known["front"],
        "unknown": UNKNOWN,
        "tag": secrets.token_hex(8),
    }
    done = run_node(_WALK, json.dumps(given))
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


def test_a_persons_token_reaches_the_workspace_that_it_names_and_no_other(
    walked: dict[str, Any], stage: Stage
) -> None:
    assert walked["person"] == stage.known["workspace"]
    assert walked["personElsewhere"] == [401, "unauthorized"]
    assert walked["personAtLarge"] is True


def test_a_client_session_sees_the_doors_of_its_accounts_alone(walked: dict[str, Any], stage: Stage) -> None:
    assert walked["sessionSees"] == doors_of_account(stage)
    assert walked["sessionIsItself"] is True
    assert walked["sessionOutside"] == [401, "unauthorized"]
    assert walked["sessionMayNot"] == [401, "unauthorized"]
    assert walked["sessionSeesItsOwn"] == [walked["webview"]]


def test_a_client_session_that_was_revoked_or_deleted_reaches_nothing(walked: dict[str, Any]) -> None:
    assert walked["sessionRevoked"] == [401, "unauthorized"]
    assert walked["sessionDeleted"] == [401, "unauthorized"]


def test_a_publishable_key_opens_an_empty_session_and_gives_it_again(walked: dict[str, Any]) -> None:
    assert walked["shopSees"] == []
    assert walked["shopIsTheSame"] is True
    assert walked["shopUnknown"] == [401, "unauthorized"]


def test_a_session_of_a_console_is_unauthorized(walked: dict[str, Any], stage: Stage) -> None:
    assert walked["console"] == [401, "unauthorized"]
    proof = {"authorization": f"Bearer {_CONSOLE}", "seam-workspace": stage.known["workspace"]}
    answer = httpx.get(f"{stage.endpoint}/devices/list", headers=proof)
    assert (answer.status_code, answer.json()["error"]["type"]) == (401, "unauthorized")


def test_the_python_client_takes_a_persons_token_for_one_workspace(stage: Stage) -> None:
    workspace = stage.known["workspace"]
    with Seam.from_personal_access_token(stage.token, workspace, endpoint=stage.endpoint) as seam:
        assert seam.workspaces.get().workspace_id == workspace
        assert stage.known["front"] in [device.device_id for device in seam.devices.list()]
    with (
        Seam.from_personal_access_token(stage.token, UNKNOWN, endpoint=stage.endpoint) as elsewhere,
        pytest.raises(SeamHttpUnauthorizedError),
    ):
        elsewhere.devices.list()


def test_the_python_client_lists_the_workspaces_of_a_persons_token(stage: Stage) -> None:
    client: Any = SeamWithoutWorkspace.from_personal_access_token(stage.token, endpoint=stage.endpoint)
    try:
        listed = [one.workspace_id for one in client.workspaces.list()]
    finally:
        client.client.close()
    assert stage.known["workspace"] in listed


def test_the_python_client_works_without_blocking(stage: Stage) -> None:
    async def walk() -> tuple[str, str]:
        async with AsyncSeam(stage.key, endpoint=stage.endpoint) as seam:
            attempt = await seam.locks.unlock_door(device_id=stage.known["front"])
            return (await seam.workspaces.get()).workspace_id, attempt.status

    assert asyncio.run(walk()) == (stage.known["workspace"], "success")
